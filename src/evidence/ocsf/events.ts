import { type PackRecord } from '../pack-record.ts';
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

/** Every record is exactly one event of what happened, and some are a finding beside it. */
export function createOcsf(log: OcsfLog): (record: PackRecord) => readonly OcsfEvent[] {
  const running = new Map<string, RunningCall>();

  function happened(record: PackRecord): OcsfEvent {
    const { type, call } = record;
    switch (type) {
      case 'call.intent':
        if (call !== null) running.set(call, runningCall(record));
        return intentEvent(record, log);
      case 'call.outcome': {
        const intent = running.get(call ?? '') ?? null;
        running.delete(call ?? '');
        return outcomeEvent(record, intent, log);
      }
      case 'call.refused':
        return refusedEvent(record, log);
      case 'call.held':
        return heldEvent(record, log);
      case 'session.opened':
        return sessionOpened(record, log);
      case 'session.closed':
        return sessionClosed(record, log);
      case 'console.signed_in':
        return signedIn(record, log);
      case 'door.refused':
        return turnedAway(record, log);
      default:
        return entityEvent(record, log);
    }
  }

  return (record) => {
    const finding = findingEvent(record, log);
    return finding === null ? [happened(record)] : [happened(record), finding];
  };
}
