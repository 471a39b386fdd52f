import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { tableOutputSchema } from '../../src/server/answer.ts';
import type { Answer, RefusalCause } from '../../src/model/answer.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Identified, IdentityFailure, Principal } from '../../src/model/principal.ts';
import type { Masked, MaskedResult } from '../../src/model/result.ts';
import type { CallId, CallRequest } from '../../src/model/tool-call.ts';
import type { CallIo, DoorRefusal, Gateway, ListedTool } from '../../src/govern/gateway.ts';
import { createFixtureApprovals, type FixtureApprovals } from './fixture-approvals.ts';
import { fixtureSkills } from './fixture-skills.ts';
import { createFixtureTasks } from './fixture-tasks.ts';

/** A gateway in memory that keeps what a front told it. */
export interface FixtureGateway extends Gateway {
  readonly calls: CallRequest[];
  readonly refusals: DoorRefusal[];
  readonly ended: { readonly session: string; readonly reason: string }[];
  /** Tools whose signal was aborted while they ran. */
  readonly aborted: string[];
  /** What people are asked; idle where the option is not set. */
  readonly approvals: FixtureApprovals;
  /** Adds a tool to the list and tells the listeners. */
  addTool(name: string): void;
  /** From here on the token is revoked. */
  revoke(token: string): void;
  setReady(ready: boolean): void;
  /** Resolves when `predicate` holds; fails after five seconds. */
  until(predicate: () => boolean): Promise<void>;
}

export interface FixtureOptions {
  /** Identify callers without a token, as a conformance run needs. */
  readonly anonymous?: boolean;
  readonly localUser?: boolean;
  /** Lists the tools that ask people; bob and the local user are reviewers. */
  readonly approvals?: boolean;
  /** Lists the tools that are answered with tasks. */
  readonly tasks?: boolean;
  readonly extraTools?: readonly Pick<ListedTool, 'name' | 'inputSchema'>[];
  /** What tools by other names do. */
  readonly aliases?: Readonly<Record<string, { readonly tool: string; readonly arguments?: JsonObject }>>;
  /** Milliseconds between reports of progress. */
  readonly progressMs?: number;
}

function principal(id: string, kind: 'jwt' | 'local', expiresAt?: number): Principal {
  return {
    kind: 'user',
    id,
    issuer: 'https://idp.test',
    groups: ['support'],
    credential: { kind, id: `proof-of-${id}`, ...(expiresAt === undefined ? {} : { expiresAt }) },
  };
}

export function createFixtureGateway(options: FixtureOptions = {}): FixtureGateway {
  const calls: CallRequest[] = [];
  const refusals: DoorRefusal[] = [];
  const ended: { session: string; reason: string }[] = [];
  const aborted: string[] = [];
  const revoked = new Set<string>();
  const listeners = new Set<() => void>();
  const tools = new Map<string, ListedTool>();
  const approvals = createFixtureApprovals();
  const tasks = createFixtureTasks();
  let ready = true;

  for (const name of ['slow', 'echo', 'forbidden', 'failing', 'alice_only']) tools.set(name, listed(name));
  if (options.approvals === true) for (const name of approvals.names) tools.set(name, listed(name));
  if (options.tasks === true) for (const name of tasks.names) tools.set(name, listed(name));
  for (const tool of options.extraTools ?? []) tools.set(tool.name, { ...listed(tool.name), ...tool });
  for (const name of Object.keys(options.aliases ?? {})) tools.set(name, listed(name));

  function change(name: string): void {
    tools.set(name, listed(name));
    for (const listener of listeners) listener();
  }

  function identify(credential: Parameters<Gateway['identify']>[0]): Identified {
    switch (credential.kind) {
      case 'local':
        return options.localUser === false
          ? refused('local_user_off')
          : { ok: true, principal: principal('local-alice', 'local') };
      case 'none':
        return options.anonymous === true
          ? { ok: true, principal: principal('anonymous', 'jwt') }
          : refused('no_credential');
      case 'bearer': {
        if (revoked.has(credential.token)) return refused('expired');
        const brief = /^brief-(\d+)$/.exec(credential.token);
        if (brief !== null) return { ok: true, principal: principal('brief', 'jwt', Number(brief[1])) };
        const known = /^(alice|bob)-token$/.exec(credential.token);
        return known?.[1] === undefined
          ? refused('bad_signature')
          : { ok: true, principal: principal(known[1], 'jwt') };
      }
    }
  }

  async function call(request: CallRequest, io: CallIo): Promise<Answer> {
    calls.push(request);
    const id: CallId = `call_${randomUUID()}`;
    const identified = identify(request.credential);
    if (!identified.ok) return refusal(id, 'unidentified', [], 'The token is not accepted.');
    const alias = options.aliases?.[request.tool];
    if (alias !== undefined) return run(id, { ...request, ...alias }, io);
    return run(id, request, io);
  }

  async function run(id: CallId, request: CallRequest, io: CallIo): Promise<Answer> {
    switch (request.tool) {
      case 'change_tools':
        change(`changed_${calls.length}`);
        return { outcome: 'answered', call: id, result: echoed(request.arguments) };
      case 'echo':
        return { outcome: 'answered', call: id, result: echoed(request.arguments) };
      case 'slow':
        return slow(id, request, io);
      case 'forbidden':
        return refusal(id, 'forbidden', ['guardrails#2'], 'Schema changes go through migrations.');
      case 'lost_identity':
        return refusal(id, 'unidentified', [], 'The token is not accepted any more.');
      case 'failing':
        return { outcome: 'failed', call: id, message: masked('relation "x" does not exist') };
      case 'file_request':
        approvals.file('apr_filed');
        return { outcome: 'answered', call: id, result: echoed({}) };
      default:
        if (options.approvals === true && approvals.names.includes(request.tool)) {
          return approvals.run(id, request, io, (value) => ({
            outcome: 'answered',
            call: id,
            result: echoed(value),
          }));
        }
        if (options.tasks === true && tasks.names.includes(request.tool))
          return await tasks.run(id, request, echoed, masked);
        if (tools.has(request.tool))
          return { outcome: 'answered', call: id, result: echoed(request.arguments) };
        return refusal(id, 'unknown_tool', [], 'No such tool.');
    }
  }

  async function slow(id: CallId, request: CallRequest, io: CallIo): Promise<Answer> {
    const started = performance.now();
    const { ms } = request.arguments;
    const lasts = typeof ms === 'number' ? ms : 10_000;
    while (performance.now() - started < lasts) {
      try {
        await sleep(Math.min(options.progressMs ?? 50, lasts), undefined, { signal: io.signal });
      } catch {
        aborted.push(request.tool);
        return { outcome: 'failed', call: id, message: masked('cancelled') };
      }
      const elapsedMs = Math.round(performance.now() - started);
      io.progress?.({ elapsedMs, message: `running for ${elapsedMs} ms` });
    }
    return { outcome: 'answered', call: id, result: echoed(request.arguments) };
  }

  return {
    name: 'fixture',
    version: '1.2.3',
    instructions: 'Every call is governed.',
    calls,
    refusals,
    ended,
    aborted,
    approvals,
    identify,
    doorRefused(refusalAtDoor) {
      refusals.push(refusalAtDoor);
      return Promise.resolve();
    },
    call,
    tasks: tasks.desk,
    tools: (who) =>
      [...tools.values()]
        .filter((tool) => tool.name !== 'alice_only' || who.id === 'alice')
        .filter((tool) => tool.name !== 'review_approvals' || ['bob', 'local-alice'].includes(who.id))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    skills: (who) => fixtureSkills.filter(({ name }) => name !== 'for-alice' || who.id === 'alice'),
    onListsChanged(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    sessionEnded: (session, reason) => ended.push({ session, reason }),
    ready: () => Promise.resolve({ ready, checks: { store: ready ? 'ok' : 'no answer' } }),
    metrics: () => Promise.resolve({ contentType: 'text/plain; version=0.0.4', body: 'fixture_up 1\n' }),
    addTool: change,
    revoke: (token) => revoked.add(token),
    setReady(value) {
      ready = value;
    },
    async until(predicate) {
      const deadline = performance.now() + 5_000;
      while (!predicate()) {
        if (performance.now() > deadline) throw new Error('it did not happen within five seconds');
        await sleep(5);
      }
    },
  };
}

function refused(failure: IdentityFailure): Identified {
  return { ok: false, failure, detail: `fixture: ${failure}` };
}

function refusal(call: CallId, cause: RefusalCause, policies: readonly string[], reason: string): Answer {
  return { outcome: 'refused', cause, call, policies, reason };
}

/** Stands in for `masking/`: nothing in a fixture needs masking. */
function masked<T>(value: T): Masked<T> {
  return { value, report: { findings: [] } } as unknown as Masked<T>;
}

function echoed(args: JsonObject): MaskedResult {
  return masked({
    kind: 'table',
    columns: [{ name: 'said', type: 'json' }],
    rows: [[args]],
    truncated: null,
    rowsAffected: null,
  });
}

function listed(name: string): ListedTool {
  return {
    name,
    title: `The ${name} tool`,
    description: `Fixture tool ${name}.`,
    inputSchema: { type: 'object', properties: { text: { type: 'string', 'x-mcp-header': 'Text' } } },
    outputSchema: tableOutputSchema,
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    meta: { 'sallyport/skill': 'fixture' },
  };
}
