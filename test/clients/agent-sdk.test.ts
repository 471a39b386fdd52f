/** The Claude Agent SDK, as its users run it, works through the gateway: only the model is scripted. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { McpServerConfig, Query } from '@anthropic-ai/claude-agent-sdk';
import {
  commandLine,
  gatewayFolder,
  startGateway,
  type GatewayFolder,
  type GatewayProcess,
} from '../support/gateway-process.ts';
import { overHttp, runAgent, use, type AgentRun } from './agent-sdk-run.ts';
import { callOf, hasEnded, isRunning, readRecord, untilRecorded } from './agent-sdk-record.ts';

const ALL_TOOLS = [
  'mcp__sallyport__add_note',
  'mcp__sallyport__customer_orders',
  'mcp__sallyport__find_customer',
  'mcp__sallyport__list_customers',
  'mcp__sallyport__run_sql',
  'mcp__sallyport__search_notes',
  'mcp__sallyport__update_customer_phone',
];

const ENDLESS = 'WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c';

interface Running {
  readonly folder: GatewayFolder;
  /** The gateway as alice registers it with her agent. */
  readonly alice: McpServerConfig;
  readonly stop: () => Promise<void>;
}

interface Setting {
  readonly transport: 'http' | 'stdio';
  /** Who vouches for alice. */
  readonly issuer: string;
  readonly protocols: RegExp;
  readonly start: () => Promise<Running>;
}

const settings: readonly Setting[] = [
  {
    transport: 'http',
    issuer: 'urn:sallyport:dev',
    protocols: /^"2026-07-28"$/,
    async start() {
      const gateway = await startGateway();
      return {
        folder: gateway,
        alice: overHttp(gateway.endpoint, gateway.tokens['alice']),
        stop: async () => assert.equal(await gateway.stop(), 0),
      };
    },
  },
  {
    transport: 'stdio',
    issuer: 'local',
    // The agent asks for 2026-07-28, and for 2025-11-25 where a busy machine lets it wait 3 s for an answer.
    protocols: /^"(2026-07-28|2025-11-25)"$/,
    async start() {
      const folder = await gatewayFolder();
      const alice = { ...commandLine('stdio', '--config', folder.configPath), alwaysLoad: true };
      return { folder, alice, stop: () => Promise.resolve() };
    },
  },
];

const NOTES = ['Reach them at', 'with card', 'Call back on', 'Verified by SSN', 'Refund goes to'];
const ALIASES = 'SELECT ssn AS a, card_number AS b, email AS c FROM customers LIMIT 50';

for (const { transport, issuer, protocols, start } of settings) {
  describe(`an agent of alice over ${transport}`, { timeout: 400_000 }, () => {
    let running: Running;
    let customers: readonly Customer[];
    let found: Customer;
    let run: AgentRun;
    let record: Awaited<ReturnType<typeof readRecord>>;
    before(async () => {
      running = await start();
      customers = customersOf(running.folder);
      found = customers.find(({ ssn }) => ssn !== null) ?? assert.fail('no customer has an SSN');
      run = await runAgent({
        server: running.alice,
        script: [
          { call: [use('find_customer', { email: found.email }, 'toolu_find')] },
          { call: NOTES.map((text, index) => use('search_notes', { text }, `toolu_note_${index}`)) },
          { call: [use('run_sql', { statement: ALIASES }, 'toolu_alias')] },
          { call: [use('run_sql', { statement: 'DROP TABLE customers' }, 'toolu_drop')] },
          {
            call: [
              use('list_customers', { city: 'Berlin', limit: 3 }, 'toolu_city'),
              use('customer_orders', { customer_id: 7 }, 'toolu_orders'),
            ],
          },
          { say: 'Done.' },
        ],
      });
      // Over stdio the gateway goes with its agent, and closes the session a moment later.
      await untilRecorded(
        running.folder,
        'toolu_drop',
        ({ session }) => transport === 'http' || session.closedAt !== null,
      );
      record = await readRecord(running.folder);
    });
    after(() => running.stop());

    test('is offered exactly the tools that policy could permit her, and told that they are governed', () => {
      assert.equal(statusOf(run.messages), 'connected');
      const [asked] = run.model.requests;
      assert.deepEqual(asked?.tools, ALL_TOOLS);
      assert.match(asked?.told ?? '', /Tools behind this server are governed\./);
    });

    test('gets what she may read, with regulated values masked', () => {
      const row = firstRow(run.results.get('toolu_find')?.text);
      assert.equal(row['id'], found.id);
      assert.equal(row['email'], '[redacted:email]');
      assert.equal(row['ssn'], '[redacted:us_ssn]');
      assert.equal(row['card_number'], `[payment_card *${found.card_number.slice(-4)}]`);
      for (const id of ['toolu_alias', ...NOTES.map((_, index) => `toolu_note_${index}`)]) {
        const { isError, text } = run.results.get(id) ?? assert.fail(`no result for ${id}`);
        assert.equal(isError, false, text);
        assert.match(text, /\[(redacted:|payment_card \*)/, id);
      }
    });

    test('never learns an unmasked value, from a column, an alias or a note; nor does the record', () => {
      const secrets = customers.flatMap(({ email, phone, card_number, ssn, iban }) =>
        [email, phone, card_number, ssn, iban].filter((value) => value !== null),
      );
      assert.equal(run.model.requests.length, 6);
      for (const { told } of run.model.requests) assertFree(told, secrets);
      // The search does find what is there: the model's own words hold the address it looked for.
      assert.throws(() => assertFree(run.model.requests.at(-1)?.raw ?? '', secrets), /AssertionError/);
      assertFree(JSON.stringify(record), secrets);
    });

    test('is refused by policy in words that name the policy, the reason and the call', () => {
      const result = run.results.get('toolu_drop');
      assert.equal(result?.isError, true);
      assert.match(result?.text ?? '', /guardrails\.schema/);
      assert.match(result?.text ?? '', /Schema changes go through migrations, not through an agent\./);
      const { entry } = callOf(record, 'toolu_drop') ?? assert.fail('not on record');
      assert.ok(result?.text.includes(`Call id: ${entry.call}`), result?.text);
      assert.equal(entry.kind, 'refused');
      assert.deepEqual(entry.policies, ['guardrails.schema']);
      assert.deepEqual(entry.arguments, { statement: 'DROP TABLE customers' });
      assert.equal(customersOf(running.folder).length, customers.length);
    });

    test('has calls that the model makes at once answered, each with its own result', () => {
      assert.equal(firstRow(run.results.get('toolu_city')?.text)['city'], 'Berlin');
      assert.ok('total_cents' in firstRow(run.results.get('toolu_orders')?.text));
    });

    test('leaves a record in which every call stands under the id of the tool_use block that caused it', () => {
      const caused = [...run.results.keys()];
      assert.equal(caused.length, 10);
      for (const id of caused) {
        const { session, entry } = callOf(record, id) ?? assert.fail(`${id} is not on record`);
        assert.equal(
          entry.kind === 'call' ? entry.outcome : entry.kind,
          id === 'toolu_drop' ? 'refused' : 'answered',
        );
        const { protocol } = entry.kind === 'call' ? entry.intent : entry.event;
        assert.match(JSON.stringify(protocol), protocols);
        assert.equal(session.principal, 'alice');
        assert.equal(session.issuer, issuer);
        assert.equal(session.transport, transport);
        assert.match(session.client, /^claude-code /);
      }
      assert.equal(record.length, 1);
      // Over stdio the session is the process, which went with the agent.
      assert.equal(record[0]?.summary.closedAt !== null, transport === 'stdio');
    });

    test('takes a slow statement along when its user aborts it, and the record tells', async () => {
      const abortController = new AbortController();
      const { brokeOff, model } = await runAgent({
        server: running.alice,
        script: [{ call: [use('run_sql', { statement: ENDLESS }, 'toolu_aborted')] }],
        options: { abortController },
        async meanwhile() {
          await untilRecorded(running.folder, 'toolu_aborted', isRunning);
          abortController.abort();
        },
      });
      assert.match(brokeOff?.message ?? '', /aborted by user/);
      assert.equal(model.requests.length, 1);
      const { entry } = await untilRecorded(
        running.folder,
        'toolu_aborted',
        // Over stdio the gateway goes with its agent, and closes the session behind it.
        (call) => hasEnded(call) && (transport === 'http' || call.session.closedAt !== null),
      );
      assert.equal(entry.kind, 'call');
      // Neither `timeout`, which would end it later, nor an answer: there is none.
      assert.deepEqual([entry.outcome, entry.failure], ['failed', 'cancelled']);
    });

    test('can have one call interrupted, and goes on with the next', async () => {
      const interrupted = Promise.withResolvers<void>();
      const { results } = await runAgent({
        server: running.alice,
        script: [
          { call: [use('run_sql', { statement: ENDLESS }, 'toolu_interrupted')] },
          { call: [use('customer_orders', { customer_id: 7 }, 'toolu_next')] },
          { say: 'Done.' },
        ],
        prompts: (async function* () {
          yield 'Count to the end.';
          await interrupted.promise;
          yield 'Then only show the orders.';
        })(),
        async meanwhile(agent) {
          await untilRecorded(running.folder, 'toolu_interrupted', isRunning);
          await agent.interrupt();
          interrupted.resolve();
        },
      });
      assert.ok('total_cents' in firstRow(results.get('toolu_next')?.text));
      const next = await untilRecorded(running.folder, 'toolu_next', hasEnded);
      const { session, entry } = await untilRecorded(running.folder, 'toolu_interrupted', hasEnded);
      assert.equal(entry.kind, 'call');
      assert.deepEqual([entry.outcome, entry.failure], ['failed', 'cancelled']);
      assert.equal(next.session.id, session.id);
    });
  });
}

describe('the gateway in front of agents over http', { timeout: 400_000 }, () => {
  let gateway: GatewayProcess;
  before(async () => {
    gateway = await startGateway();
  });
  after(async () => assert.equal(await gateway.stop(), 0));

  test('turns an agent with a wrong token away: no tools, a failed server, and nothing of the token in the log', async () => {
    const [header, payload] = (gateway.tokens['alice'] ?? '').split('.');
    const forged = `${header}.${payload}.${Buffer.alloc(64, 7).toString('base64url')}`;
    const { messages, model } = await runAgent({
      server: overHttp(gateway.endpoint, forged),
      script: [{ say: 'I have no tools.' }],
    });
    assert.equal(statusOf(messages), 'failed');
    assert.deepEqual(model.requests[0]?.tools, []);
    assert.match(gateway.stderr(), /"failure":"bad_signature".*refused at the door/);
    assert.ok(!gateway.stderr().includes(forged.slice(-20)));
    assert.deepEqual(await readRecord(gateway), []);
  });

  test('takes a tool away from a running agent when a policy is written that never permits it', async () => {
    const file = join(gateway.dir, 'policies/no-sql.cedar');
    const started = Promise.withResolvers<Query>();
    const { model, results } = await runAgent({
      server: overHttp(gateway.endpoint, gateway.tokens['alice']),
      meanwhile: (agent) => Promise.resolve(started.resolve(agent)),
      async script({ results: [refused] }) {
        if (refused !== undefined) return { say: 'It is gone.' };
        const agent = await started.promise;
        assert.ok((await toolsKnownTo(agent)).includes('run_sql'));
        writeFileSync(file, 'forbid (principal in Group::"support", action == Action::"run_sql", resource);');
        while ((await toolsKnownTo(agent)).includes('run_sql')) await sleep(50);
        // The agent offers its model what it knew when the query began; the gateway goes by what holds now.
        return { call: [use('run_sql', { statement: 'SELECT 1' }, 'toolu_too_late')] };
      },
    });
    assert.deepEqual(model.requests[0]?.tools, ALL_TOOLS);
    assert.equal(results.get('toolu_too_late')?.isError, true);
    assert.match(results.get('toolu_too_late')?.text ?? '', /policy no-sql#1/);
  });
});

/** What the gateway told the agent when it listed its tools last. */
async function toolsKnownTo(agent: Query): Promise<readonly string[]> {
  const [status] = await agent.mcpServerStatus();
  return status?.tools?.map(({ name }) => name) ?? [];
}

interface Customer {
  readonly id: number;
  readonly email: string;
  readonly phone: string;
  readonly card_number: string;
  readonly ssn: string | null;
  readonly iban: string | null;
}

function customersOf({ dir }: GatewayFolder): readonly Customer[] {
  const database = new DatabaseSync(join(dir, 'data/crm.db'), { readOnly: true });
  try {
    const rows = database.prepare('SELECT id, email, phone, card_number, ssn, iban FROM customers').all();
    return rows as unknown as readonly Customer[];
  } finally {
    database.close();
  }
}

/** What the SDK says of the gateway when it has started. */
function statusOf(messages: AgentRun['messages']): string | undefined {
  const init = messages.find((message) => message.type === 'system' && message.subtype === 'init');
  return init?.mcp_servers.find(({ name }) => name === 'sallyport')?.status;
}

/** The agent shows its model `structuredContent`, with words of its own behind the last result. */
function firstRow(text = ''): Record<string, unknown> {
  const { columns, rows } = JSON.parse(text.split('\n\n<system-reminder>')[0] ?? '') as {
    readonly columns: readonly { readonly name: string }[];
    readonly rows: readonly (readonly unknown[])[];
  };
  return Object.fromEntries(columns.map(({ name }, index) => [name, rows[0]?.[index]]));
}

/** That a text holds none of the values, however their characters are grouped. */
function assertFree(text: string, secrets: readonly string[]): void {
  const bare = (value: string): string => value.replaceAll(/[ -]/g, '').toLowerCase();
  const searched = bare(text);
  const found = secrets.filter((secret) => searched.includes(bare(secret)));
  assert.deepEqual(found, []);
}
