import type { PackRecord } from '../pack-record.ts';
import {
  heldEvent,
  intentEvent,
  outcomeEvent,
  refusedEvent,
  runningCall,
  type RunningCall,
} from './call-events.ts';
import { entityEvent } from './entity-events.ts';
import type { OcsfEvent, OcsfLog } from './event.ts';
import { findingEvent } from './finding-events.ts';
import { sessionClosed, sessionOpened, signedIn, turnedAway } from './session-events.ts';

/** Everything else is told as what became of a thing: configuration, keys, approvals, tasks. */
const TELLS: Readonly<Record<string, (record: PackRecord, log: OcsfLog) => OcsfEvent>> = {
  'call.intent': intentEvent,
  'call.refused': refusedEvent,
  'call.held': heldEvent,
  'session.opened': sessionOpened,
  'session.closed': sessionClosed,
  'console.signed_in': signedIn,
  'console.signed_out': sessionClosed,
  'door.refused': turnedAway,
};

/** Every record is exactly one event of what happened, and some are a finding beside it. */
export function createOcsf(log: OcsfLog): (record: PackRecord) => readonly OcsfEvent[] {
  const running = new Map<string, RunningCall>();

  function happened(record: PackRecord): OcsfEvent {
    const { type, call } = record;
    if (type === 'call.intent' && call !== null) running.set(call, runningCall(record));
    if (type !== 'call.outcome') return (TELLS[type] ?? entityEvent)(record, log);
    const intent = running.get(call ?? '') ?? null;
    running.delete(call ?? '');
    return outcomeEvent(record, intent, log);
  }

  return (record) => {
    const finding = findingEvent(record, log);
    return finding === null ? [happened(record)] : [happened(record), finding];
  };
}
