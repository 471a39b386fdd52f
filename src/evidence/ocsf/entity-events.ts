import type { JsonObject } from '../../model/json.ts';
import { textOf, type PackRecord } from '../pack-record.ts';
import { ocsfEvent, OTHER, SEVERITY, STATUS, type OcsfEvent, type OcsfLog } from './event.ts';

const ACTIVITY = { create: 1, update: 3, delete: 4, activate: 10, deactivate: 11 } as const;

/** What was done to which kind of thing, by the type of the record. Others are told by their type. */
const DONE: Readonly<Record<string, readonly [activity: number, kind: string, id: string]>> = {
  'server.started': [ACTIVITY.activate, 'server', 'process'],
  'server.stopped': [ACTIVITY.deactivate, 'server', 'process'],
  'rules.loaded': [ACTIVITY.update, 'rules', 'rules'],
  'rules.rejected': [OTHER, 'rules', 'kept'],
  'api_key.created': [ACTIVITY.create, 'api key', 'id'],
  'api_key.revoked': [ACTIVITY.deactivate, 'api key', 'id'],
  'approval.requested': [ACTIVITY.create, 'approval', 'approval'],
  'approval.decided': [ACTIVITY.update, 'approval', 'approval'],
  'approval.expired': [ACTIVITY.deactivate, 'approval', 'approval'],
  'approval.revoked': [ACTIVITY.deactivate, 'approval', 'approval'],
  'task.cancelled': [ACTIVITY.delete, 'task', 'task'],
};

/** Everything that is neither a call nor somebody who comes or goes: configuration, keys, approvals, tasks. */
export function entityEvent(record: PackRecord, log: OcsfLog): OcsfEvent {
  const { type, event } = record;
  const [activity, kind, id] = DONE[type] ?? [OTHER, type.split('.')[0] ?? type, kindOfId(type)];
  const uid = textOf(event, id);
  const by = textOf(event, 'by') ?? textOf(event, 'requester');
  const comment = textOf(event, 'comment') ?? textOf(event, 'justification');
  return ocsfEvent(record, log, 'entity_management', {
    activity,
    ...(activity === OTHER ? { activityName: type } : {}),
    severity: SEVERITY.informational,
    fields: {
      entity: entity(kind, uid),
      ...(by === null ? {} : { actor: { user: { uid: by, name: by, type_id: 1 } } }),
      ...(comment === null ? {} : { comment }),
      status_id: type === 'rules.rejected' ? STATUS.failure : STATUS.success,
    },
  });
}

function entity(kind: string, uid: string | null): JsonObject {
  return { type_id: OTHER, type: kind, name: kind, ...(uid === null ? {} : { uid }) };
}

function kindOfId(type: string): string {
  return type.startsWith('approval.') ? 'approval' : type.startsWith('task.') ? 'task' : 'id';
}
