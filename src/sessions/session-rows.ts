import type { EncodedRecord, SessionAbout } from './entry.ts';

/** What a batch changes in one row of the list of sessions. */
export interface SessionChange {
  readonly id: string;
  about: SessionAbout | null;
  openedAt: number;
  closedAt: number | null;
  lastAt: number;
  calls: number;
  refused: number;
}

/** One row a session and batch, not one a record: the list costs a commit next to nothing. */
export function sessionChanges(records: readonly EncodedRecord[]): readonly SessionChange[] {
  const changes = new Map<string, SessionChange>();
  for (const { session, type, time, about } of records) {
    if (session === null) continue;
    const change = changes.get(session) ?? unchanged(session, time);
    changes.set(session, change);
    change.about = about ?? change.about;
    change.openedAt = Math.min(change.openedAt, time);
    change.lastAt = Math.max(change.lastAt, time);
    if (type === 'session.closed') change.closedAt = time;
    if (type === 'call.intent') change.calls += 1;
    if (type === 'call.refused') change.refused += 1;
  }
  return [...changes.values()];
}

function unchanged(id: string, time: number): SessionChange {
  return { id, about: null, openedAt: time, closedAt: null, lastAt: time, calls: 0, refused: 0 };
}
