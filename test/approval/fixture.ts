/** Held calls, people and desks on a store, for tests of approval. */
import { randomUUID } from 'node:crypto';
import { makeTool, service, sqlFacts, user } from '../policy/fixture.ts';
import { createApprovalDesk, type ApprovalDeskOptions } from '../../src/approval/desk.ts';
import type { Approval } from '../../src/model/approval.ts';
import type { ApprovalDesk, HeldCall, Ruling } from '../../src/model/approval-desk.ts';
import type { ApprovalDemand } from '../../src/model/decision.ts';
import type { SqlFacts } from '../../src/model/facts.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import type { Principal } from '../../src/model/principal.ts';
import type { Masked } from '../../src/model/result.ts';
import type { CallId, ToolCall } from '../../src/model/tool-call.ts';
import type { Tool } from '../../src/model/tool.ts';

export { service, user };

export const KEY = new Uint8Array(32).fill(7);

export const runSql = makeTool(
  'run_sql',
  { statement: { type: 'string' } },
  { action: { kind: 'sql', dialect: 'sqlite', from: 'statement' } },
);

export const MINUTE = 60_000;

export function demand(over: Partial<ApprovalDemand> = {}): ApprovalDemand {
  return {
    policy: { id: 'held', reason: 'Writes are approved.' },
    from: 'dba',
    approvals: 1,
    justify: false,
    ...over,
  };
}

export function callOf(over: Partial<ToolCall> & { readonly statement?: string } = {}): ToolCall {
  const { statement = 'UPDATE customers SET phone = 1 WHERE id = 7', ...rest } = over;
  const id: CallId = `call_${randomUUID()}`;
  return {
    id,
    session: 'ses_1',
    principal: user('alice', 'support'),
    tool: runSql,
    arguments: { statement },
    origin: {
      transport: 'http',
      protocolVersion: '2026-07-28',
      client: { name: 'claude-code', version: '2.1' },
      elicitation: { form: true, url: false },
    },
    receivedAt: 0,
    ...rest,
  };
}

export interface HeldOver {
  readonly statement?: string;
  readonly principal?: Principal;
  readonly tool?: Tool;
  readonly arguments?: JsonObject;
  readonly facts?: Partial<SqlFacts>;
  readonly demands?: readonly ApprovalDemand[];
}

export function held(over: HeldOver = {}): HeldCall {
  const { facts = {}, demands = [demand()], ...call } = over;
  return {
    call: callOf(call),
    facts: { sql: sqlFacts({ kinds: ['UPDATE'], writes: true, tablesWritten: ['customers'], ...facts }) },
    decision: {
      effect: 'ask',
      demands,
      policies: demands.map(({ policy }) => policy),
      reason: 'Writes are approved.',
    },
    rules: 'rules-1',
  };
}

export function ruling(over: Partial<Ruling> = {}): Ruling {
  return { approve: true, comment: '', grantMs: null, channel: 'cli', assurance: 'high', ...over };
}

/** Masks the word `secret`. */
export const mask = {
  text: (text: string): string => text.replaceAll('secret', '[masked]'),
  json: (value: Json): Masked<Json> =>
    ({
      value: JSON.parse(JSON.stringify(value).replaceAll('secret', '[masked]')) as Json,
      report: { findings: [] },
    }) as unknown as Masked<Json>,
};

export function deskOn(
  store: ApprovalDeskOptions['store'],
  clock: () => number,
  over: Partial<ApprovalDeskOptions> = {},
): Omit<ApprovalDesk, 'request'> & { readonly request: (call: HeldCall) => Promise<Approval> } {
  const desk = createApprovalDesk({
    store,
    clock,
    newId: () => `apr_${randomUUID()}`,
    mask,
    mayApprove: (reviewer) => reviewer.kind === 'user',
    digestKey: KEY,
    defaults: { pollMs: 20 },
    ...over,
  });
  return {
    ...desk,
    async request(call) {
      const filed = await desk.request(call);
      if (filed === 'too_many') throw new Error('too many requests are pending');
      return filed;
    },
  };
}
