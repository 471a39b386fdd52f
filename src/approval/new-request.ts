import { personOf } from './person.ts';
import type { Transition } from './transitions.ts';
import type { Approval, ApprovalId, ApprovalRequest } from '../model/approval.ts';
import type { HeldCall } from '../model/approval-desk.ts';
import { withoutUrl, type Facts, type SqlFacts } from '../model/facts.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Masked } from '../model/result.ts';
import type { Tool } from '../model/tool.ts';

/** Masking by the rules of the moment. */
export interface DeskMask {
  readonly json: (value: Json) => Masked<Json>;
  readonly text: (text: string) => string;
}

export interface NewRequestParts {
  readonly held: HeldCall;
  readonly id: ApprovalId;
  readonly digest: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Milliseconds, for demands that do not say. */
  readonly expiresMs: number;
  readonly mask: DeskMask;
}

/** A request for exactly this act, open until the first of its demands runs out. */
export function newRequest(parts: NewRequestParts): Extract<Transition, { ok: true }> {
  const { held, id, digest, now, mask } = parts;
  const { call, decision, rules } = held;
  const { principal, tool, origin } = call;
  const shown = mask.json(call.arguments);
  const expiresMs = Math.min(...decision.demands.map((demand) => demand.expiresMs ?? parts.expiresMs));
  const request: ApprovalRequest = {
    id,
    call: call.id,
    session: call.session,
    requester: personOf(principal),
    requesterGroups: principal.groups,
    client: mask.text(`${origin.client.name} ${origin.client.version}`.slice(0, 256)),
    tool: tool.name,
    connection: tool.connection.name,
    environment: tool.connection.environment,
    digest,
    shape: shapeOf(held.facts),
    rules,
    demands: decision.demands,
    reason: decision.reason,
    arguments: shown.value,
    facts: factsShown(held.facts, tool, mask),
    createdAt: now,
    expiresAt: now + (Number.isFinite(expiresMs) ? expiresMs : parts.expiresMs),
  };
  const approval: Approval = {
    request,
    status: 'pending',
    verdicts: [],
    justification: null,
    grantedUntil: null,
    uses: [],
    endedBy: null,
    version: 1,
  };
  return {
    ok: true,
    approval,
    record: {
      type: 'approval.requested',
      time: now,
      session: call.session,
      call: call.id,
      event: requested(request),
      payload: shown,
    },
  };
}

/** What a grant for a while is a grant of: the shape of everything that was inspected. */
export function shapeOf({ sql, shell, http }: Facts): string | null {
  const shapes = [sql?.fingerprint, shell?.fingerprint, http?.fingerprint].filter((one) => one !== undefined);
  return shapes.length === 0 ? null : shapes.join(':');
}

function requested(request: ApprovalRequest): JsonObject {
  const { id, tool, connection, environment, requester, digest, shape, rules, reason, expiresAt } = request;
  return {
    approval: id,
    tool,
    connection,
    environment,
    requester: requester.id,
    requesterKind: requester.kind,
    issuer: requester.issuer,
    client: request.client,
    digest,
    ...(shape === null ? {} : { shape }),
    demands: request.demands.map(({ policy, from, approvals, justify, assurance }) => ({
      policy: policy.id,
      from,
      approvals,
      ...(justify ? { justify } : {}),
      ...(assurance === undefined ? {} : { assurance }),
    })),
    reason,
    rules,
    expiresAt,
    facts: request.facts,
  };
}

/** The facts that policies and reviewers see. In what an agent wrote, a name can hold anything. */
function factsShown({ sql, shell, http, text }: Facts, tool: Tool, mask: DeskMask): JsonObject {
  return {
    ...(sql === undefined ? {} : { sql: sqlShown(sql, tool, mask) }),
    ...(shell === undefined ? {} : { shell: mask.json({ ...shell }).value }),
    ...(http === undefined ? {} : { http: mask.json(withoutUrl(http)).value }),
    // Names out of patterns.yaml and words of our own: no part of the text.
    ...(text === undefined ? {} : { text: { ...text } }),
  };
}

function sqlShown(sql: SqlFacts, tool: Tool, mask: DeskMask): JsonObject {
  const { kinds, tables, tablesRead, tablesWritten, columns, columnsCompared, systemTables, functions } = sql;
  const names = {
    kinds,
    tables,
    tablesRead,
    tablesWritten,
    columns,
    columnsCompared,
    systemTables,
    functions,
  };
  const { dialect, fingerprint, statements, writes, unbounded } = sql;
  const shown = 'statement' in tool.action ? names : mask.json(names).value;
  return { ...objectOf(shown), dialect, fingerprint, statements, writes, unbounded };
}

function objectOf(value: Json): JsonObject {
  return typeof value === 'object' && value !== null && !isArray(value) ? value : {};
}

/** `Array.isArray` as a guard loses the readonly kind. */
function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
