import { textOf, textsOf, numberOf, type PackRecord } from '../pack-record.ts';
import {
  actorOf,
  endpointOf,
  ocsfEvent,
  SERVICE,
  SEVERITY,
  STATUS,
  userOf,
  type OcsfEvent,
  type OcsfLog,
} from './event.ts';

const AUTHENTICATION = { logon: 1, logoff: 2 } as const;
const AUTHORIZE = { assignGroups: 2 } as const;

/** A session is opened for a principal with the groups that policy decides by. */
export function sessionOpened(record: PackRecord, log: OcsfLog): OcsfEvent {
  const { event, session } = record;
  return ocsfEvent(record, log, 'authorize_session', {
    activity: AUTHORIZE.assignGroups,
    severity: SEVERITY.informational,
    fields: {
      actor: actorOf(record),
      user: userOf(event),
      // One group is all that a field of the class takes; privileges take all of them.
      privileges: [...textsOf(event, 'groups')],
      ...(session === null ? {} : { session: { uid: session } }),
      src_endpoint: endpointOf(event),
      status_id: STATUS.success,
    },
  });
}

export function sessionClosed(record: PackRecord, log: OcsfLog): OcsfEvent {
  const { event, session } = record;
  const reason = textOf(event, 'reason');
  return ocsfEvent(record, log, 'authentication', {
    activity: AUTHENTICATION.logoff,
    severity: SEVERITY.informational,
    fields: {
      user: userOf(event),
      service: SERVICE,
      ...(session === null ? {} : { session: { uid: session } }),
      status_id: STATUS.success,
      ...(reason === null ? {} : { status_detail: reason }),
    },
  });
}

export function signedIn(record: PackRecord, log: OcsfLog): OcsfEvent {
  return ocsfEvent(record, log, 'authentication', {
    activity: AUTHENTICATION.logon,
    severity: SEVERITY.informational,
    fields: {
      user: userOf(record.event),
      service: { name: 'Sallyport console' },
      src_endpoint: endpointOf(record.event),
      status_id: STATUS.success,
    },
  });
}

export function turnedAway(record: PackRecord, log: OcsfLog): OcsfEvent {
  const { event } = record;
  const count = numberOf(event, 'count');
  const failure = textOf(event, 'failure');
  const detail = textOf(event, 'detail');
  return ocsfEvent(record, log, 'authentication', {
    activity: AUTHENTICATION.logon,
    severity: SEVERITY.low,
    fields: {
      user: userOf(event),
      service: SERVICE,
      src_endpoint: endpointOf(event),
      status_id: STATUS.failure,
      ...(failure === null ? {} : { status_code: failure }),
      ...(detail === null ? {} : { status_detail: detail }),
      ...(count === null ? {} : { count }),
    },
  });
}
