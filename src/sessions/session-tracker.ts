import { hash } from 'node:crypto';
import type { JsonObject } from '../model/json.ts';
import type { Principal } from '../model/principal.ts';
import type { NewRecord } from '../model/record.ts';
import type { CallOrigin } from '../model/tool-call.ts';

/** Which calls belong together, and how many there were: what an auditor holds against the calls on record. */
export interface SessionTracker {
  /**
   * The session a call belongs to, opened where there is none: its record is on its way before the call's own.
   * Throws only where `maskText` does.
   */
  enter(principal: Principal, origin: CallOrigin): string;
  /** Counts a record of a call, once it is durable. A session that was closed meanwhile is not counted. */
  count(session: string, what: 'intent' | 'refused'): void;
  /** A transport session ended: all sessions that it carried are closed. */
  leave(transportSession: string, reason: string): void;
  /** Closes what was idle too long. Call it about once a minute. Resolves when the closings are on record or failed. */
  sweep(): Promise<void>;
  /** Closes everything, at shutdown, after the last call. Resolves when the closings are on record or failed. */
  closeAll(reason: string): Promise<void>;
}

export interface SessionTrackerOptions {
  readonly append: (records: readonly NewRecord[]) => Promise<void>;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly newId: () => string;
  /** Milliseconds after which a session without a transport session is over: 30 minutes unless told. */
  readonly idleMs?: number;
  /** Masks what a client says of itself: an address of somebody can stand in any of it. */
  readonly maskText: (text: string) => string;
  /** Sessions that are remembered: 10,000 unless told. Beyond it, the one idle longest is closed. */
  readonly maxSessions?: number;
  /** Sessions of one principal: 200 unless told, so that nobody closes those of others by opening many. */
  readonly maxSessionsPerPrincipal?: number;
}

interface Tracked {
  readonly id: string;
  readonly key: string;
  readonly owner: string;
  readonly transportSession: string | undefined;
  /** What both records of the session say of it. */
  readonly about: JsonObject;
  /** What only the first one says. */
  readonly details: JsonObject;
  lastAt: number;
  calls: number;
  refused: number;
  opened: 'no' | 'pending' | 'yes';
}

export function createSessionTracker(options: SessionTrackerOptions): SessionTracker {
  const { append, clock, newId, maskText } = options;
  const { idleMs = 30 * 60_000, maxSessions = 10_000, maxSessionsPerPrincipal = 200 } = options;
  // In the order of last use, which a Map keeps where an entry is taken out and put back.
  const byKey = new Map<string, Tracked>();
  const byId = new Map<string, Tracked>();
  const perOwner = new Map<string, number>();
  // Closings that the store would not take. The next sweep tries them again.
  let owed: NewRecord[] = [];

  function open(key: string, principal: Principal, origin: CallOrigin, now: number): Tracked {
    const owner = JSON.stringify([principal.kind, principal.issuer, principal.id]);
    const fresh: Tracked = {
      id: newId(),
      key,
      owner,
      transportSession: origin.transportSession,
      about: about(principal, origin, maskText),
      details: details(principal, origin, maskText),
      lastAt: now,
      calls: 0,
      refused: 0,
      opened: 'no',
    };
    makeRoom(owner);
    byId.set(fresh.id, fresh);
    perOwner.set(owner, (perOwner.get(owner) ?? 0) + 1);
    return fresh;
  }

  function makeRoom(owner: string): void {
    if ((perOwner.get(owner) ?? 0) >= maxSessionsPerPrincipal) {
      const oldest = firstOf(byKey, (session) => session.owner === owner);
      if (oldest !== undefined) void record(close([oldest], 'too_many'));
    }
    if (byKey.size >= maxSessions) {
      const oldest = firstOf(byKey, () => true);
      if (oldest !== undefined) void record(close([oldest], 'too_many'));
    }
  }

  function recordOpening(session: Tracked, time: number): void {
    session.opened = 'pending';
    const event = { ...session.about, ...session.details };
    append([{ type: 'session.opened', time, session: session.id, call: null, event, payload: null }]).then(
      () => {
        session.opened = 'yes';
      },
      // The caller's own append meets the same store and reports it; the next call of the session tries again.
      () => {
        session.opened = 'no';
      },
    );
  }

  /** Forgets the sessions and gives the records of their end. */
  function close(sessions: readonly Tracked[], reason: string): readonly NewRecord[] {
    const now = clock();
    return sessions.map((session) => {
      const { id, key, owner, calls, refused } = session;
      byKey.delete(key);
      byId.delete(id);
      const left = (perOwner.get(owner) ?? 1) - 1;
      if (left > 0) perOwner.set(owner, left);
      else perOwner.delete(owner);
      const event = { ...session.about, reason, calls, refused };
      return { type: 'session.closed', time: now, session: id, call: null, event, payload: null };
    });
  }

  async function record(closings: readonly NewRecord[]): Promise<void> {
    if (closings.length === 0) return;
    try {
      await append(closings);
    } catch {
      // Bounded like the sessions themselves. What falls out stays open in the record, which an auditor sees.
      owed = [...owed, ...closings].slice(-maxSessions);
    }
  }

  /** Owed ones get the time at which they are written: times in the log do not run backwards. */
  function withOwed(closings: readonly NewRecord[]): readonly NewRecord[] {
    const time = clock();
    const again = owed.map((closing) => ({ ...closing, time }));
    owed = [];
    return [...again, ...closings];
  }

  function isOver(session: Tracked, now: number): boolean {
    return session.transportSession === undefined && now - session.lastAt > idleMs;
  }

  return {
    enter: (principal, origin) => {
      const now = clock();
      const key = keyOf(principal, origin);
      const known = byKey.get(key);
      if (known !== undefined && isOver(known, now)) void record(close([known], 'idle'));
      const session = byKey.get(key) ?? open(key, principal, origin, now);
      byKey.delete(key);
      byKey.set(key, session);
      session.lastAt = Math.max(session.lastAt, now);
      if (session.opened === 'no') recordOpening(session, now);
      return session.id;
    },
    count: (id, what) => {
      const session = byId.get(id);
      if (session === undefined) return;
      if (what === 'intent') session.calls += 1;
      else session.refused += 1;
    },
    leave: (transportSession, reason) => {
      const ended = [...byKey.values()].filter((session) => session.transportSession === transportSession);
      void record(close(ended, reason));
    },
    sweep: () => {
      const now = clock();
      const idle = [...byKey.values()].filter((session) => isOver(session, now));
      return record(withOwed(close(idle, 'idle')));
    },
    closeAll: (reason) => record(withOwed(close([...byKey.values()], reason))),
  };
}

/**
 * A transport session is bound to its principal: whoever presents the same `Mcp-Session-Id` with another identity is in
 * another session. Where there is none, it is the same client with the same credential. With other groups it is another
 * session as well: those on record with a session are those that every call of it was decided with. A list in JSON, so
 * that no name can be made up that runs into the next field.
 */
function keyOf(principal: Principal, origin: CallOrigin): string {
  const { kind, id, issuer, credential, groups } = principal;
  const { transportSession, client } = origin;
  const rest =
    transportSession === undefined ? [credential.id, client.name, client.version] : [transportSession];
  return JSON.stringify([kind, issuer, id, keyOfGroups(groups), ...rest]);
}

/** A verified token hands out the same list each time, so that a long one is read once. */
const groupKeys = new WeakMap<readonly string[], string>();
const SHORT_KEY = 200;

function keyOfGroups(groups: readonly string[]): string {
  const known = groupKeys.get(groups);
  if (known !== undefined) return known;
  const text = JSON.stringify(groups);
  // Some directories put a person into thousands, and a key is kept for every session.
  const key = text.length <= SHORT_KEY ? text : hash('sha256', text);
  groupKeys.set(groups, key);
  return key;
}

function about(principal: Principal, origin: CallOrigin, maskText: (text: string) => string): JsonObject {
  const { name, version } = origin.client;
  return {
    principal: principal.id,
    kind: principal.kind,
    issuer: principal.issuer,
    client: maskText(cut(`${name} ${version}`)),
    transport: origin.transport,
  };
}

function details(principal: Principal, origin: CallOrigin, maskText: (text: string) => string): JsonObject {
  const { credential, groups } = principal;
  const recorded = fitting(groups);
  return {
    groups: recorded,
    ...(recorded.length === groups.length ? {} : { groupsOmitted: groups.length - recorded.length }),
    credential: { kind: credential.kind, id: credential.id },
    protocol: maskText(cut(origin.protocolVersion)),
    ...(origin.remote === undefined ? {} : { remote: origin.remote }),
  };
}

function firstOf(sessions: Map<string, Tracked>, wanted: (session: Tracked) => boolean): Tracked | undefined {
  for (const session of sessions.values()) if (wanted(session)) return session;
  return undefined;
}

/** An entry of the log is at most 64 KiB, and some directories put a person into thousands of groups. */
function fitting(groups: readonly string[]): readonly string[] {
  let room = 8_000;
  return groups.filter((group) => (room -= group.length + 3) >= 0);
}

/** What a client says of itself has no length of its own. */
function cut(text: string): string {
  return text.slice(0, 256);
}
