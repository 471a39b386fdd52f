/** The real gateway with policies that hold writes, people with tokens, and what came of it in database and record. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import assert from 'node:assert/strict';
import { loadConfiguration } from '../../src/app/configuration.ts';
import { makeDevToken } from '../../src/app/dev-token.ts';
import { runProgram } from '../../src/cli/program.ts';
import type { Approval } from '../../src/model/approval.ts';
import type { StoredRecord } from '../../src/model/record.ts';
import { askedSettings, type Asked, type AskedOptions } from '../clients/asked-client.ts';
import { modernCall, send, type HttpFixture } from '../clients/http-fixture.ts';
import { recordsIn, storeOf } from '../path/on-record.ts';
import {
  gatewayFolder,
  startGateway,
  type GatewayFolder,
  type GatewayProcess,
} from '../support/gateway-process.ts';

/** A column of text in each table of the example: marking a row leaves one more mark each time it is executed. */
const TEXT = { customers: 'notes', orders: 'status', notes: 'body' } as const;
export type Table = keyof typeof TEXT;
const MARK = '~';

export interface HeldOptions {
  /** For each table, the annotations of the policy that holds writes to it. */
  readonly held: Partial<Record<Table, string>>;
  /** `approval.wait`; none where left out, so that a held call is answered at once. */
  readonly wait?: string;
  /** YAML under `approval:`, indented by two. */
  readonly approval?: string;
  readonly policy?: string;
  /** Changes the rest of the configuration. */
  readonly config?: (yaml: string) => string;
}

export async function heldFolder({
  held,
  wait = '0s',
  approval = '',
  policy = '',
  config = (yaml) => yaml,
}: HeldOptions): Promise<GatewayFolder> {
  const folder = await gatewayFolder({
    config: (yaml) => `${config(yaml)}\napproval:\n  wait: ${wait}\n${approval}`,
  });
  const policies = Object.entries(held).map(
    ([table, annotations]) => `@id("held.${table}")
${annotations}
@reason("Changes of ${table} are approved.")
forbid (principal in Group::"support", action == Action::"run_sql", resource)
when { context.sql.tablesWritten.contains("${table}") }
unless { context.approved };`,
  );
  writePolicy(
    folder,
    'approvals',
    `${policies.join('\n')}
${policy}
permit (principal in Group::"dba", action == Action::"approve", resource);
@id("approvals.not-ones-own")
forbid (principal, action == Action::"approve", resource) when { principal == context.requester };
`,
  );
  return folder;
}

export function writePolicy({ dir }: GatewayFolder, name: string, text: string): void {
  writeFileSync(join(dir, `policies/${name}.cedar`), text);
}

export async function startHeld(options: HeldOptions): Promise<GatewayProcess> {
  return await startGateway({ folder: await heldFolder(options) });
}

/** As `sallyport token` makes it. */
export async function tokenFor(
  { configPath }: GatewayFolder,
  user: string,
  ...groups: readonly string[]
): Promise<string> {
  const loaded = await loadConfiguration(configPath, {});
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors));
  const wanted = { user, groups, email: undefined, ttlSeconds: 600 };
  const made = await makeDevToken(loaded.value, wanted);
  if (!made.ok) throw new Error(made.problem);
  return made.token;
}

/**
 * One command of the command line, by the person whose token it is. It runs in this process, by the very function that
 * `main.ts` calls: a process of its own costs more than all else that a test does. `test/cli` runs the real thing.
 */
export async function runAs(
  { configPath }: GatewayFolder,
  token: string,
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  let stdout = '';
  let stderr = '';
  const output = {
    out: (text: string) => void (stdout += text),
    err: (text: string) => void (stderr += text),
  };
  const code = await runProgram([...args, '--config', configPath], output, {
    ...process.env,
    SALLYPORT_TOKEN: token,
  });
  return { code, stdout, stderr };
}

export function mark(table: Table, row: number): { readonly statement: string } {
  const column = TEXT[table];
  return {
    statement: `UPDATE ${table} SET ${column} = coalesce(${column}, '') || '${MARK}' WHERE id = ${row}`,
  };
}

/** How often the row was marked. */
export function marks({ dir }: GatewayFolder, table: Table, row: number): number {
  const database = new DatabaseSync(join(dir, 'data/crm.db'), { readOnly: true });
  try {
    const found = database.prepare(`SELECT ${TEXT[table]} AS text FROM ${table} WHERE id = ?`).get(row);
    return String(found?.['text'] ?? '').split(MARK).length - 1;
  } finally {
    database.close();
  }
}

export async function approvalsOf(folder: GatewayFolder): Promise<readonly Approval[]> {
  return await (await storeOf(folder)).approvals({ limit: 100 });
}

export async function approvalOf(folder: GatewayFolder, id: string): Promise<Approval> {
  return (await (await storeOf(folder)).approval(id)) ?? assert.fail(`no approval ${id}`);
}

/** The records that tell of one approval, apart from those of calls. */
export async function toldOf(folder: GatewayFolder, id: string): Promise<readonly StoredRecord[]> {
  const records = await recordsIn(folder);
  return records.filter(({ type, event }) => type.startsWith('approval.') && event['approval'] === id);
}

export type ClientName = 'v2 of 2026' | 'v2 of 2025' | 'v1 of 2025';

/** A person with a real client that asks them. */
export async function connectPerson(
  { endpoint }: Pick<GatewayProcess, 'endpoint'>,
  client: ClientName,
  options: AskedOptions,
): Promise<Asked> {
  const setting = askedSettings.find(({ name }) => name === `SDK ${client} over http`);
  if (setting === undefined) throw new Error(`no client ${client}`);
  // Of a fixture, a client over HTTP needs the address alone.
  return await setting.connect({ url: new URL(endpoint) } as unknown as HttpFixture, options);
}

/** What a call came to, whichever client made it. */
export interface Came {
  /** `answered`, `input_required`, what the gateway says, or `error` where the protocol itself refuses. */
  readonly outcome: string;
  readonly approval: string | undefined;
  readonly text: string;
  readonly state: string | undefined;
  /** What the person is asked. */
  readonly message: string;
  /** The page that the person is to visit, where they are not asked by form. */
  readonly url: string | undefined;
}

export function came(result: Readonly<Record<string, unknown>>): Came {
  const { structuredContent, content, resultType, requestState, inputRequests } = result as {
    readonly structuredContent?: {
      readonly sallyport?: { readonly outcome: string; readonly approval?: string };
    };
    readonly content?: readonly { readonly text: string }[];
    readonly resultType?: string;
    readonly requestState?: string;
    readonly inputRequests?: {
      readonly sallyport: { readonly params: { readonly message: string; readonly url?: string } };
    };
  };
  const said = structuredContent?.sallyport;
  return {
    outcome: said?.outcome ?? (resultType === 'input_required' ? resultType : 'answered'),
    approval: said?.approval,
    text: content?.map(({ text }) => text).join('\n') ?? '',
    state: requestState,
    message: inputRequests?.sallyport.params.message ?? '',
    url: inputRequests?.sallyport.params.url,
  };
}

export interface Answering {
  readonly state: string;
  readonly action?: string;
  readonly content?: Readonly<Record<string, unknown>>;
}

/** One call of 2026-07-28, byte for byte, by a client that takes forms, links, both or nothing. */
export async function post(
  { endpoint }: Pick<GatewayProcess, 'endpoint'>,
  token: string,
  tool: string,
  args: object,
  options: {
    readonly asks?: boolean;
    readonly answer?: Answering;
    readonly elicitation?: { readonly form?: object; readonly url?: object };
  } = {},
): Promise<Came> {
  const { asks = false, answer } = options;
  const { elicitation = asks || answer !== undefined ? { form: {} } : undefined } = options;
  const meta =
    elicitation === undefined ? {} : { 'io.modelcontextprotocol/clientCapabilities': { elicitation } };
  const { headers, message } = modernCall(tool, args, meta);
  if (answer !== undefined) {
    const { state, action = 'accept', content = { decision: 'approve' } } = answer;
    const inputResponses = { sallyport: { action, content } };
    Object.assign(message['params'] as object, { requestState: state, inputResponses });
  }
  const reply = await send(endpoint, { ...headers, authorization: `Bearer ${token}` }, message);
  const { result, error } = reply.messages.at(-1) as {
    readonly result?: Readonly<Record<string, unknown>>;
    readonly error?: { readonly message: string };
  };
  return result === undefined
    ? { ...came({}), outcome: 'error', text: error?.message ?? reply.text }
    : came(result);
}

/** Makes the call, which must be held, and says under which request. */
export async function hold(gateway: GatewayProcess, token: string, args: object): Promise<string> {
  const held = await post(gateway, token, 'run_sql', args);
  assert.equal(held.outcome, 'awaiting_approval', held.text);
  return held.approval ?? assert.fail('no approval id');
}

/** Asks for reviews until this request is shown, and brings the state with which it is answered. */
export async function shown(
  gateway: Pick<GatewayProcess, 'endpoint'>,
  reviewer: string,
  approval: string,
): Promise<Came & { readonly state: string }> {
  let now = await post(gateway, reviewer, 'review_approvals', {}, { asks: true });
  while (now.state !== undefined && !now.message.includes(`(${approval})`)) {
    const answer = { state: now.state, content: { decision: 'later' } };
    now = await post(gateway, reviewer, 'review_approvals', {}, { answer });
  }
  const { state } = now;
  return state === undefined ? assert.fail(`${approval} is not shown: ${now.text}`) : { ...now, state };
}

/** What the reviewer's client sends when the person decided. */
export async function rule(
  gateway: Pick<GatewayProcess, 'endpoint'>,
  reviewer: string,
  approval: string,
  content: Readonly<Record<string, unknown>> = { decision: 'approve' },
): Promise<Came> {
  const { state } = await shown(gateway, reviewer, approval);
  return await post(gateway, reviewer, 'review_approvals', {}, { answer: { state, content } });
}
