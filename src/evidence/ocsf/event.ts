import { isIP } from 'node:net';
import type { JsonObject } from '../../model/json.ts';
import { objectOf, textOf, textsOf, type PackRecord } from '../pack-record.ts';

/** The version of OCSF that events are written in. */
const OCSF_VERSION = '1.6.0';

export type OcsfClass =
  | 'api_activity'
  | 'datastore_activity'
  | 'authorize_session'
  | 'authentication'
  | 'entity_management'
  | 'detection_finding';

const CLASSES: Readonly<Record<OcsfClass, { readonly category: number; readonly uid: number }>> = {
  api_activity: { category: 6, uid: 6003 },
  datastore_activity: { category: 6, uid: 6005 },
  authorize_session: { category: 3, uid: 3003 },
  authentication: { category: 3, uid: 3002 },
  entity_management: { category: 3, uid: 3004 },
  detection_finding: { category: 2, uid: 2004 },
};

/** Of each class: numbers of OCSF 1.6.0 that more than one file uses. */
export const SEVERITY = { informational: 1, low: 2, medium: 3, high: 4 } as const;
export const STATUS = { unknown: 0, success: 1, failure: 2, other: 99 } as const;
export const OTHER = 99;

export interface OcsfEvent {
  readonly class: OcsfClass;
  readonly body: JsonObject;
}

export interface EventOptions {
  readonly activity: number;
  /** Where the activity is 99: what it was. */
  readonly activityName?: string;
  readonly severity: number;
  readonly profiles?: readonly string[];
  readonly fields: JsonObject;
}

/** Makes one event of a record. What OCSF has no place for stands under `unmapped`, so that nothing is lost. */
export function ocsfEvent(record: PackRecord, log: OcsfLog, of: OcsfClass, options: EventOptions): OcsfEvent {
  const { category, uid } = CLASSES[of];
  const { activity, activityName, severity, profiles = [], fields } = options;
  return {
    class: of,
    body: {
      activity_id: activity,
      ...(activityName === undefined ? {} : { activity_name: activityName }),
      category_uid: category,
      class_uid: uid,
      type_uid: uid * 100 + activity,
      severity_id: severity,
      time: record.time,
      metadata: {
        version: OCSF_VERSION,
        product: { name: 'Sallyport', vendor_name: 'Sallyport', version: log.version },
        log_name: log.origin,
        sequence: record.index,
        event_code: record.type,
        uid: `${log.origin}#${record.index}`,
        ...(record.call === null ? {} : { correlation_uid: record.call }),
        ...(profiles.length === 0 ? {} : { profiles: [...profiles] }),
      },
      ...fields,
      unmapped: record.event,
    },
  };
}

export interface OcsfLog {
  readonly origin: string;
  /** Of this program. */
  readonly version: string;
}

/** `User` objects want a name or an id; a caller that nobody could identify has neither. */
export function userOf(event: JsonObject, key = 'principal'): JsonObject {
  const uid = textOf(event, key);
  if (uid === null) return { name: 'unidentified', type_id: 0 };
  const groups = textsOf(event, 'groups').map((name) => ({ name }));
  const credential = textOf(objectOf(event['credential']), 'id');
  return {
    uid,
    name: uid,
    type_id: textOf(event, 'kind') === 'service' ? 3 : 1,
    ...(textOf(event, 'issuer') === null ? {} : { domain: textOf(event, 'issuer') }),
    ...(groups.length === 0 ? {} : { groups }),
    ...(credential === null ? {} : { credential_uid: credential }),
  };
}

/** The agent: its address where it came over HTTP, and what it calls itself. */
export function endpointOf(event: JsonObject): JsonObject {
  const remote = textOf(event, 'remote');
  const client = textOf(event, 'client');
  const transport = textOf(event, 'transport') ?? 'unknown';
  return {
    ...(remote !== null && isIP(remote) !== 0 ? { ip: remote } : {}),
    name: client ?? remote ?? transport,
  };
}

export function actorOf(record: PackRecord): JsonObject {
  const { event, session } = record;
  const client = textOf(event, 'client');
  return {
    user: userOf(event),
    ...(session === null ? {} : { session: { uid: session } }),
    ...(client === null ? {} : { app_name: client }),
  };
}

export const SERVICE: JsonObject = { name: 'Sallyport' };
