import type { JsonObject } from '../../model/json.ts';
import { numberOf, objectOf, objectsOf, textOf, textsOf, type PackRecord } from '../pack-record.ts';
import {
  actorOf,
  endpointOf,
  ocsfEvent,
  OTHER,
  SERVICE,
  SEVERITY,
  STATUS,
  type OcsfEvent,
  type OcsfLog,
} from './event.ts';

const PROFILES = ['security_control'];
/** Numbers of the profile security_control. */
const ACTION = { allowed: 1, denied: 2, observed: 3, modified: 4, other: 99 } as const;
const DISPOSITION = { allowed: 1, blocked: 2, error: 18, logged: 17, other: 99 } as const;

/** What is known of a call from its intent, until its outcome comes. */
export interface RunningCall {
  readonly record: PackRecord;
  readonly statement: boolean;
}

const API = { create: 1, read: 2, update: 3, delete: 4 } as const;
const DATASTORE = { read: 1, update: 2, query: 4, write: 5, create: 6, delete: 7 } as const;

export function intentEvent(record: PackRecord, log: OcsfLog): OcsfEvent {
  return ocsfEvent(record, log, 'api_activity', {
    ...apiActivity(record.event),
    severity: SEVERITY.informational,
    profiles: PROFILES,
    fields: {
      ...callFields(record),
      status_id: STATUS.success,
      action_id: ACTION.allowed,
      disposition_id: DISPOSITION.allowed,
      ...policyOf(record.event),
    },
  });
}

export function refusedEvent(record: PackRecord, log: OcsfLog): OcsfEvent {
  const { event } = record;
  return ocsfEvent(record, log, 'api_activity', {
    ...apiActivity(event),
    severity: SEVERITY.low,
    profiles: PROFILES,
    fields: {
      ...callFields(record),
      status_id: STATUS.failure,
      ...texts({ status_code: textOf(event, 'cause'), status_detail: textOf(event, 'reason') }),
      action_id: ACTION.denied,
      disposition_id: DISPOSITION.blocked,
      ...policyOf(event),
    },
  });
}

export function heldEvent(record: PackRecord, log: OcsfLog): OcsfEvent {
  return ocsfEvent(record, log, 'api_activity', {
    activity: OTHER,
    activityName: 'Held for approval',
    severity: SEVERITY.informational,
    profiles: PROFILES,
    fields: {
      ...callFields(record),
      status_id: STATUS.other,
      ...texts({ status_code: textOf(record.event, 'answer') }),
      action_id: ACTION.other,
      action: 'Held for approval',
      disposition_id: DISPOSITION.other,
      disposition: 'Held for approval',
    },
  });
}

/** Where an outcome's intent is before the period, what the call was about is not known here. */
export function outcomeEvent(record: PackRecord, intent: RunningCall | null, log: OcsfLog): OcsfEvent {
  const { event } = record;
  const about = intent?.record ?? record;
  const outcome = textOf(event, 'outcome');
  const duration = numberOf(event, 'durationMs');
  const masked = objectsOf(event['masking']).some((found) => textOf(found, 'did') !== 'shown');
  const fields: JsonObject = {
    actor: actorOf({ ...about, session: record.session }),
    src_endpoint: endpointOf(about.event),
    status_id: STATUSES[outcome ?? ''] ?? STATUS.unknown,
    ...texts({ status_code: outcome, status_detail: textOf(event, 'failure') ?? textOf(event, 'cause') }),
    ...(duration === null ? {} : { duration }),
    action_id: outcome === 'refused' ? ACTION.denied : masked ? ACTION.modified : ACTION.observed,
    disposition_id:
      outcome === 'answered'
        ? DISPOSITION.logged
        : outcome === 'refused'
          ? DISPOSITION.blocked
          : DISPOSITION.error,
  };
  const severity = outcome === 'answered' ? SEVERITY.informational : SEVERITY.low;
  const shared = { severity, profiles: PROFILES };
  if (intent !== null && intent.statement) {
    const name = textOf(intent.record.event, 'connection') ?? 'unknown';
    const database = { name, type_id: 1 };
    const activity = datastoreActivity(intent.record.event);
    return ocsfEvent(record, log, 'datastore_activity', {
      ...shared,
      ...activity,
      fields: { ...fields, database },
    });
  }
  const api = apiOf(about);
  return ocsfEvent(record, log, 'api_activity', {
    ...shared,
    ...apiActivity(about.event),
    fields: { ...fields, api },
  });
}

export function runningCall(record: PackRecord): RunningCall {
  return { record, statement: objectOf(record.event['facts'])['sql'] !== undefined };
}

const STATUSES: Readonly<Record<string, number>> = {
  answered: STATUS.success,
  failed: STATUS.failure,
  refused: STATUS.failure,
};

function callFields(record: PackRecord): JsonObject {
  return { actor: actorOf(record), api: apiOf(record), src_endpoint: endpointOf(record.event) };
}

function apiOf({ event, call }: PackRecord): JsonObject {
  return {
    operation: textOf(event, 'tool') ?? 'unknown',
    service: SERVICE,
    ...texts({ version: textOf(event, 'protocol') }),
    ...(call === null ? {} : { request: { uid: call } }),
  };
}

/** The policies that spoke, and the digest of the rules they are in. */
function policyOf(event: JsonObject): JsonObject {
  const ids = textsOf(event, 'policies');
  if (ids.length === 0) return {};
  return { policy: { name: ids.join(' '), ...texts({ version: textOf(event, 'rules') }) } };
}

interface Activity {
  readonly activity: number;
  readonly activityName?: string;
}

function kindsOf(event: JsonObject): readonly string[] {
  return textsOf(objectOf(objectOf(event['facts'])['sql']), 'kinds');
}

function apiActivity(event: JsonObject): Activity {
  return activityOf(kindsOf(event), {
    SELECT: API.read,
    INSERT: API.create,
    UPDATE: API.update,
    DELETE: API.delete,
  });
}

function datastoreActivity(event: JsonObject): Activity {
  return activityOf(kindsOf(event), {
    SELECT: DATASTORE.query,
    INSERT: DATASTORE.write,
    UPDATE: DATASTORE.update,
    DELETE: DATASTORE.delete,
    CREATE: DATASTORE.create,
  });
}

/** One kind has a number of its own; several, or another, are told by name. */
function activityOf(kinds: readonly string[], numbers: Readonly<Record<string, number>>): Activity {
  const [only, ...more] = kinds;
  const activity = only === undefined || more.length > 0 ? undefined : numbers[only];
  if (activity !== undefined) return { activity };
  return { activity: OTHER, activityName: kinds.length === 0 ? 'Call' : kinds.join(', ') };
}

function texts(found: Readonly<Record<string, string | null>>): JsonObject {
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== null));
}
