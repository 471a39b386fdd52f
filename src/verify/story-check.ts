import { shownId, type Findings } from './finding.ts';
import type { Entry } from './entry.ts';

/** What one record after the other has to fit: calls, the counts of sessions, the clock. */
export interface StoryCheck {
  add(index: number, entry: Entry): void;
  /** After the last record. */
  end(): void;
}

/** Records wait for each other's commits, and processes share a file: so much disorder is none. Milliseconds. */
const CLOCK_TOLERANCE = 60_000;

export function createStoryCheck(findings: Findings): StoryCheck {
  const open = new Map<string, number>();
  const sessions = new Map<string, { calls: number; refused: number }>();
  let latest = Number.NEGATIVE_INFINITY;

  function count(session: string | null, what: 'calls' | 'refused'): void {
    if (session === null) return;
    const counts = sessions.get(session) ?? { calls: 0, refused: 0 };
    counts[what] += 1;
    sessions.set(session, counts);
  }

  function closed(index: number, session: string, event: Entry['event']): void {
    const { calls, refused } = sessions.get(session) ?? { calls: 0, refused: 0 };
    sessions.delete(session);
    const said = [event['calls'], event['refused']].map((value) => (typeof value === 'number' ? value : 0));
    const [saidCalls = 0, saidRefused = 0] = said;
    if (calls >= saidCalls && refused >= saidRefused) return;
    const found = `${calls} permitted and ${refused} refused calls`;
    const message = `session ${shownId(session)} ended with ${saidCalls} permitted and ${saidRefused} refused calls, and ${found} are on record`;
    findings.add('session_incomplete', index, message);
  }

  return {
    add(index, { type, time, session, call, event }) {
      if (time < latest - CLOCK_TOLERANCE) {
        const seconds = Math.round((latest - time) / 1000);
        findings.add(
          'clock_backwards',
          index,
          `the clock went back by ${seconds} seconds before record ${index}`,
        );
        latest = time;
      }
      latest = Math.max(latest, time);
      if (type === 'call.refused') count(session, 'refused');
      if (type === 'session.closed' && session !== null) closed(index, session, event);
      if (type === 'call.intent') count(session, 'calls');
      if (call === null) return;
      if (type === 'call.intent') open.set(call, index);
      if (type === 'call.outcome' && !open.delete(call)) {
        const message = `record ${index} is the outcome of call ${shownId(call)}, whose intent is not on record`;
        findings.add('outcome_without_intent', index, message);
      }
    },
    end() {
      for (const [call, index] of open) {
        const message = `call ${shownId(call)} was permitted in record ${index} and has no outcome: it is unknown, or still running`;
        findings.add('outcome_missing', index, message);
      }
    },
  };
}
