import { statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import type {
  CedarValueJson,
  EntityJson,
  EntityUid,
  StatefulAuthorizationCall,
} from '@cedar-policy/cedar-wasm/nodejs';
import { Misfit, narrow, project, projectRecord } from './project.ts';
import { principalType } from './scope.ts';
import { readAt, readsOf } from './reads.ts';
import { cedarSchema } from './schema.ts';
import type { Action, Vocabulary } from './schema.ts';
import type { Policy } from './policy.ts';
import type { Projected } from './project.ts';
import type { Reads } from './reads.ts';
import type { Slots } from './slots.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Principal } from '../model/principal.ts';
import type { Connection } from '../model/tool.ts';

/** The policies that can speak about one action, parsed once, with what they read. */
export interface Slice {
  readonly action: Action;
  readonly policies: readonly Policy[];
  readonly reads: Reads;
  readonly known: ReadonlySet<string>;
  readonly policySet: string;
  readonly schema: string;
}

/**
 * A request cut to what the slice reads. Cedar is given this and nothing else, so it is also exactly what a decision
 * may be remembered by.
 */
export interface SliceRequest {
  readonly principal: EntityUid;
  readonly groups: readonly string[];
  readonly context: Record<string, CedarValueJson>;
}

export type Evaluation =
  | { readonly ok: true; readonly allowed: boolean; readonly determining: readonly string[] }
  /** A policy that errs is skipped by Cedar, which would make an erring forbid permit: any error ends here. */
  | { readonly ok: false; readonly erring: readonly string[]; readonly detail: string };

export function prepareSlice(
  action: Action,
  policies: readonly Policy[],
  vocabulary: Vocabulary,
  slots: Slots,
): Slice {
  const reads = readsOf(policies.map((policy) => policy.json));
  const cut: Action = { ...action, context: narrow(action.context, reads.context) };
  return {
    action,
    policies,
    reads,
    known: new Set(vocabulary.groups),
    policySet: slots.policySet(policies),
    schema: slots.schema(cedarSchema(vocabulary, [cut], action.groups)),
  };
}

/** Parts of a context that are the same in every call, cut to what a slice reads. */
export type Ready = ReadonlyMap<string, Projected>;

/** Cuts a part of the context once, for requests that all have it. */
export function readyAt(slice: Slice, name: string, value: Json): Ready {
  const attribute = slice.action.context.attributes.get(name);
  if (attribute === undefined) return new Map();
  return new Map([[name, project(attribute.type, value, readAt(slice.reads.context, [name]), name)]]);
}

/** Cuts a request to what the slice reads; a misfit is a value that can't be decided on. */
export function requestOf(
  slice: Slice,
  principal: Principal,
  context: JsonObject,
  ready?: Ready,
): SliceRequest | Misfit {
  const { reads } = slice;
  if (!principal.id.isWellFormed())
    return new Misfit('principal', 'has an id that is not well-formed Unicode');
  const projected = projectRecord(slice.action.context, context, reads.context, '', ready);
  if (projected instanceof Misfit) return projected;
  return {
    principal: { type: principalType(principal), id: reads.principalId ? principal.id : '' },
    groups: principal.groups.filter(
      (group) => slice.known.has(group) && (reads.allGroups || reads.groups.has(group)),
    ),
    context: projected ?? {},
  };
}

/** Equal for requests that Cedar could not tell apart. */
export function requestKey(request: SliceRequest): string {
  return JSON.stringify(request);
}

/** What is acted on. */
export type Resource =
  | { readonly type: 'Connection'; readonly connection: Connection }
  | { readonly type: 'DataClass'; readonly name: string; readonly connection: Connection };

/** `beside` are entities that the context names. */
export function evaluate(
  slice: Slice,
  request: SliceRequest,
  resource: Resource,
  beside: readonly EntityJson[] = [],
): Evaluation {
  return authorize(callOf(slice, slice.policySet, request, resource, beside));
}

/** The call of Cedar, for the whole slice or another parsed set of policies. */
export function callOf(
  slice: Slice,
  policySet: string,
  request: SliceRequest,
  resource: Resource,
  beside: readonly EntityJson[] = [],
): StatefulAuthorizationCall {
  const { connection } = resource;
  const place: EntityUid = { type: 'Connection', id: connection.name };
  return {
    principal: request.principal,
    action: { type: 'Action', id: slice.action.name },
    resource: resource.type === 'Connection' ? place : { type: 'DataClass', id: resource.name },
    context: request.context,
    entities: [
      { uid: request.principal, attrs: {}, parents: request.groups.map((id) => ({ type: 'Group', id })) },
      { uid: place, attrs: {}, parents: [{ type: 'Environment', id: connection.environment }] },
      ...beside,
    ],
    preparsedPolicySetId: policySet,
    preparsedSchemaName: slice.schema,
    validateRequest: true,
  };
}

export function authorize(call: StatefulAuthorizationCall): Evaluation {
  try {
    const answer = statefulIsAuthorized(call);
    if (answer.type === 'failure')
      return { ok: false, erring: [], detail: answer.errors.map((error) => error.message).join('; ') };
    const { decision, diagnostics } = answer.response;
    if (diagnostics.errors.length > 0) {
      return {
        ok: false,
        erring: diagnostics.errors.map((error) => error.policyId).sort(),
        detail: diagnostics.errors.map(({ error }) => error.message).join('; '),
      };
    }
    return { ok: true, allowed: decision === 'allow', determining: [...diagnostics.reason].sort() };
  } catch (error) {
    // Cedar's WASM throws where it can't read a value at all; the instance answers on.
    return { ok: false, erring: [], detail: error instanceof Error ? error.message : String(error) };
  }
}
