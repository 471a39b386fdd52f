import { objectOf, textOf, textsOf, type PackRecord } from '../pack-record.ts';
import { endpointOf, ocsfEvent, SEVERITY, type OcsfEvent, type OcsfLog } from './event.ts';

const CREATE = 1;

/** Refusals that somebody should look at: the rest are questions of who may do what. */
const TITLES: Readonly<Record<string, readonly [title: string, severity: number]>> = {
  forbidden: ['A policy forbade a call', SEVERITY.medium],
  not_understood: ['A command could not be understood, and was refused', SEVERITY.medium],
  policy_error: ['A policy failed, and the call was refused', SEVERITY.medium],
  masking_failed: ['A result could not be masked, and was withheld', SEVERITY.high],
  data_blocked: ['A result held data that may not leave, and was withheld', SEVERITY.high],
};

/** Null for a record that is no finding. */
export function findingEvent(record: PackRecord, log: OcsfLog): OcsfEvent | null {
  const found = findingOf(record);
  if (found === null) return null;
  const [title, severity, types] = found;
  const { event, index, time } = record;
  return ocsfEvent(record, log, 'detection_finding', {
    activity: CREATE,
    severity,
    fields: {
      finding_info: {
        uid: `${log.origin}#${index}`,
        title,
        created_time: time,
        ...(types.length === 0 ? {} : { types: [...types] }),
      },
      status_id: 1,
      evidences: [{ src_endpoint: endpointOf(event) }],
      ...(textOf(event, 'tool') === null
        ? {}
        : { resources: [{ name: textOf(event, 'tool'), type: 'tool' }] }),
    },
  });
}

function findingOf({ type, event }: PackRecord): readonly [string, number, readonly string[]] | null {
  const cause = TITLES[textOf(event, 'cause') ?? ''];
  if (type === 'call.refused') return cause === undefined ? null : [...cause, textsOf(event, 'policies')];
  if (type !== 'call.outcome') return null;
  const outcome = textOf(event, 'outcome');
  if (outcome === 'refused' && cause !== undefined) return [...cause, textsOf(event, 'classes')];
  if (outcome === 'unknown') return ['Nobody can tell what a write did', SEVERITY.medium, []];
  const patterns = textsOf(objectOf(event['text']), 'patterns');
  return event['text'] === undefined
    ? null
    : ['A result held text that may be meant to steer the agent', SEVERITY.medium, patterns];
}
