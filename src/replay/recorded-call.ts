import type { Json, JsonObject } from '../model/json.ts';
import type { StoredRecord } from '../model/record.ts';

/** A call that policy decided, as it is on record. */
export interface RecordedCall {
  readonly index: number;
  readonly call: string;
  readonly session: string;
  readonly time: number;
  readonly tool: string;
  readonly principal: string;
  readonly issuer: string;
  /** Digest of the rules that it was decided by. */
  readonly rules: string;
  /** The environment of its connection at the time; null where that is not on record. */
  readonly environment: string | null;
  /** Masked. Null where they are not on record any more. */
  readonly arguments: JsonObject | null;
  /** Masked. */
  readonly facts: JsonObject;
  /** Null where no policy read it. Masked. */
  readonly client: string | null;
  /** Where masking changed what was decided on; null in records of versions that did not write it down. */
  readonly masked: readonly (readonly string[])[] | null;
  /** The classes of the tokens that were to be turned back. */
  readonly tokens: readonly string[];
  readonly answer: Answered;
}

/** What policy answered. */
export interface Answered {
  readonly effect: 'allow' | 'ask' | 'refuse';
  /** The answer is the one that was given once the call was approved. */
  readonly approved: boolean;
  /** Why it was refused; null for other answers. */
  readonly because: string | null;
  /** Ids of the policies that spoke, sorted; null where they are not on record. */
  readonly policies: readonly string[] | null;
}

/** What became of a call that never came before policy, or that did and ended for another reason. */
export interface EndedElsewhere {
  readonly cause: string;
}

const BY_POLICY: readonly string[] = ['default_deny', 'forbidden', 'policy_error'];
const WAITED: readonly string[] = ['approval_required', 'approval_declined', 'approval_expired'];

/** Reads an intent, a refusal or a call that is held; null for any other record. */
export function recordedCall(record: StoredRecord): RecordedCall | EndedElsewhere | null {
  const { type, event } = record;
  const approval = text(event['approval']);
  const policies = listed(event['policies']).toSorted();
  if (type === 'call.intent')
    return callOf(record, { effect: 'allow', approved: approval !== null, because: null, policies });
  if (type === 'call.held') {
    const known = event['policies'] === undefined ? null : policies;
    return callOf(record, { effect: 'ask', approved: false, because: null, policies: known });
  }
  if (type !== 'call.refused') return null;
  const cause = text(event['cause']) ?? '';
  if (BY_POLICY.includes(cause))
    return callOf(record, { effect: 'refuse', approved: approval !== null, because: cause, policies });
  // Its policies are those of the request, which may have been made under other rules.
  if (WAITED.includes(cause))
    return callOf(record, { effect: 'ask', approved: false, because: null, policies: null });
  return { cause };
}

function callOf(record: StoredRecord, answer: Answered): RecordedCall | EndedElsewhere {
  const { index, call, session, time, event, payload } = record;
  const tool = text(event['tool']);
  const principal = text(event['principal']);
  // A refusal whose words could not be masked has none of them.
  if (call === null || session === null || tool === null || principal === null) return { cause: 'withheld' };
  const replay = object(event['replay']);
  return {
    index,
    call,
    session,
    time,
    tool,
    principal,
    issuer: text(event['issuer']) ?? '',
    rules: text(event['rules']) ?? '',
    environment: text(event['environment']),
    arguments: object(payload),
    facts: object(event['facts']) ?? {},
    client: replay === null ? null : text(replay['client']),
    masked: replay === null ? null : listed(replay['masked']).map(pathOf),
    tokens: replay === null ? [] : listed(replay['tokens']),
    answer,
  };
}

/** The names in a JSON pointer (RFC 6901). */
function pathOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
}

export function text(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

export function listed(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

export function object(value: Json | undefined): JsonObject | null {
  return isObject(value) ? value : null;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
