/** A mixed run of real calls through a real gateway, replayed. */
import assert from 'node:assert/strict';
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { runAs, tokenFor } from '../approval/held-gateway.ts';
import { command } from '../cli/command.ts';
import { connectAgent, type Agent } from '../path/agent.ts';
import { exampleFolder, someCustomer } from '../path/example.ts';
import { recordsIn } from '../path/on-record.ts';
import { until } from '../path/waiting.ts';
import { startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import type { Difference, Totals } from '../../src/replay/replay.ts';

/** A database that takes no call and counts who comes. */
let counting: Server;
let connections = 0;
let gateway: GatewayProcess;
/** The policies of the first half of the run, and of the second. */
const kept = mkdtempSync(join(tmpdir(), 'sallyport-replay-'));
const first = join(kept, 'first');
const second = join(kept, 'second');
/** Ids of calls by what they are for. */
const made: Record<string, string[]> = {};

const PROBE = `
permit (principal in Group::"support", action in Action::"skill:probe", resource);
@id("probe.one-city")
forbid (principal, action == Action::"list_customers", resource) when { context.input.city == "Paris" };
@id("probe.columns")
forbid (principal in Group::"audit", action == Action::"run_sql", resource) when { context.sql.columns.contains("iban") };
@id("probe.one-address")
forbid (principal in Group::"fraud", action == Action::"find_customer", resource)
when { context.input.email like "*@blocked.example" };
@id("probe.client")
forbid (principal in Group::"audit", action == Action::"customer_orders", resource) unless { context.client == "test-agent" };
`;

before(async () => {
  counting = createServer((socket) => {
    connections += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await until('the counting database', () => Promise.resolve(counting.listening ? true : null));
  const { port } = counting.address() as AddressInfo;
  const folder = await exampleFolder({
    connections: `  counted: { kind: postgres, url: "postgres://nobody:x@127.0.0.1:${port}/none", environment: demo }\n`,
    tools: `  ask_counted:
    description: Asks the database that counts.
    connection: counted
    input: { type: object, properties: {}, additionalProperties: false }
    sql: SELECT 1
`,
    policy: PROBE,
  });
  gateway = await startGateway({ folder });
  await run('first');
  cpSync(join(gateway.dir, 'policies'), first, { recursive: true });
  appendFileSync(
    join(gateway.dir, 'policies/probe.cedar'),
    '@id("probe.no-lists") forbid (principal, action == Action::"list_customers", resource);\n',
  );
  await until('the reload', async () =>
    (await recordsIn(gateway)).filter(({ type }) => type === 'rules.loaded').length > 1 ? true : null,
  );
  cpSync(join(gateway.dir, 'policies'), second, { recursive: true });
  await run('second');
});
after(async () => {
  await gateway.stop();
  counting.close();
  rmSync(kept, { recursive: true, force: true });
});

async function run(half: string): Promise<void> {
  const note = (what: string, call: string): void => void (made[`${half} ${what}`] ??= []).push(call);
  const tokens = new Map<string, string>();
  for (const [user, ...groups] of [
    ['alice', 'support'],
    ['bob', 'dba'],
    ['carol', 'audit'],
    ['frank', 'fraud'],
    ['gwen'],
    ['harry', 'audit', 'support'],
  ] as const)
    tokens.set(user, await tokenFor(gateway, user, ...groups));
  const agents = new Map<string, Agent>();
  for (const [user, token] of tokens)
    agents.set(
      user,
      await connectAgent(gateway.endpoint, token, { era: user === 'bob' ? 'legacy' : 'modern' }),
    );
  const call = async (
    user: string,
    tool: string,
    args: Record<string, unknown>,
    what = tool,
  ): Promise<string> => {
    const told = await agents.get(user)!.call(tool, args);
    note(what, told.call);
    return told.outcome;
  };
  const { email } = someCustomer(gateway);
  for (const user of ['alice', 'carol', 'frank', 'gwen']) {
    for (const city of ['Berlin', 'Paris'])
      await call(user, 'list_customers', { city, limit: 2 }, `list ${user} ${city}`);
    await call(user, 'customer_orders', { customer_id: 1 }, `orders ${user}`);
    await call(user, 'find_customer', { email }, `find ${user}`);
  }
  await call('alice', 'ask_counted', {});
  for (const statement of [
    'SELECT id, city FROM customers ORDER BY id LIMIT 2',
    'SELECT iban FROM customers LIMIT 1',
    `SELECT id FROM customers WHERE email = '${email}'`,
    'DROP TABLE customers',
    'UPDATE orders SET status = 1',
    'this is no statement',
  ])
    for (const user of ['alice', 'bob', 'carol', 'harry']) await call(user, 'run_sql', { statement });
  const statement = `UPDATE orders SET status = 'paid' WHERE id = ${half === 'first' ? 1 : 2}`;
  await call('alice', 'run_sql', { statement }, 'held');
  await call('alice', 'run_sql', { statement: `${statement} -- ${email}` }, 'held and masked');
  const list = await runAs(gateway, tokens.get('bob')!, 'approvals', 'list', '--json');
  for (const { request } of JSON.parse(list.stdout).pending as {
    request: { id: string; arguments: { statement: string } };
  }[])
    if (request.arguments.statement === statement) {
      const approved = await runAs(gateway, tokens.get('bob')!, 'approvals', 'approve', request.id);
      assert.equal(approved.code, 0, approved.stderr);
    }
  assert.equal(await call('alice', 'run_sql', { statement }, 'approved'), 'answered');
  await call('alice', 'no_such_tool', {}).catch(() => undefined);
  await call('alice', 'customer_orders', { customer_id: 'x' }, 'invalid');
  await Promise.all([...agents.values()].map((agent) => agent.close()));
}

interface Replayed {
  readonly code: number;
  readonly stdout: string;
  readonly differences: readonly Difference[];
  readonly totals: Totals & { readonly rules: string };
}

async function replay(...args: readonly string[]): Promise<Replayed> {
  const { code, stdout, stderr } = await command(
    'sessions',
    'replay',
    ...args,
    '--json',
    '--config',
    gateway.configPath,
  );
  assert.equal(stderr, '');
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return { code, stdout, differences: lines.slice(0, -1), totals: lines.at(-1) };
}

const changed = ({ differences }: Replayed): readonly Extract<Difference, { kind: 'decision' }>[] =>
  differences.filter((one) => one.kind === 'decision');

test('the rules of each half give no difference in their half, and in the other exactly what was edited', async () => {
  const [then, now] = [await replay('--policies', first), await replay('--policies', second)];
  assert.equal(then.totals.sameRulesChanged, 0);
  assert.equal(now.totals.sameRulesChanged, 0);
  assert.equal(then.totals.sameRules + now.totals.sameRules, now.totals.decided, 'each half is somebody’s');
  assert.ok(then.totals.sameRules > 30 && now.totals.sameRules > 30);
  // Gwen is refused for want of a permit where nothing forbids.
  const lists = (half: string): readonly string[] =>
    ['alice', 'carol', 'frank', 'gwen'].flatMap((user) =>
      ['Berlin', 'Paris'].flatMap((city) => made[`${half} list ${user} ${city}`] ?? []),
    );
  assert.deepEqual(
    changed(now)
      .map(({ call }) => call)
      .toSorted(),
    lists('first').toSorted(),
  );
  assert.deepEqual(
    changed(then)
      .map(({ call }) => call)
      .toSorted(),
    lists('second').toSorted(),
  );
  for (const { after: is, newPolicies } of changed(now)) {
    assert.equal(is.effect, 'refuse');
    assert.deepEqual(newPolicies, ['probe.no-lists']);
  }
  assert.deepEqual([then.code, now.code], [1, 1]);
});

test('a session of one half replayed by its own rules exits with 0, and one that does not exist with 66', async () => {
  const [call] = made['second orders alice'] ?? [];
  const session = (await recordsIn(gateway)).find((record) => record.call === call)?.session ?? '';
  const replayed = await replay(session, '--policies', second);
  assert.deepEqual([replayed.code, replayed.differences], [0, []]);
  assert.ok(replayed.totals.decided > 5);
  const missing = await command(
    'sessions',
    'replay',
    'ses_0',
    '--policies',
    second,
    '--config',
    gateway.configPath,
  );
  assert.equal(missing.code, 66);
});

test('what policies read and the record holds masked is not decidable, and the place is named', async () => {
  const { differences, totals } = await replay('--policies', second);
  const open = differences.filter((one) => one.kind === 'not_decidable');
  assert.equal(totals.notDecidable, open.length);
  const expected = [...(made['first find frank'] ?? []), ...(made['second find frank'] ?? [])];
  // The policy that reads the address is about fraud: of nobody else's calls does it matter.
  assert.deepEqual(open.map(({ call }) => call).toSorted(), expected.toSorted());
  for (const one of open) assert.deepEqual(one.reads, ['input.email']);
  const none = ['--strict', '--policies', first, '--from', '2100-01-01', '--config', gateway.configPath];
  const { code } = await command('sessions', 'replay', ...none);
  assert.equal(code, 0, 'and of nothing at all there is nothing that can’t be told');
});

test('nothing is executed: no database is opened, and the one that counts is not called', async () => {
  assert.ok(connections > 0, 'it was called when the calls were made');
  const calls = connections;
  const crm = join(gateway.dir, 'data/crm.db');
  renameSync(crm, `${crm}.away`);
  try {
    const { totals } = await replay('--policies', second);
    assert.ok(totals.decided > 60);
  } finally {
    renameSync(`${crm}.away`, crm);
  }
  assert.equal(connections, calls);
});

test('a candidate that holds, lifts and shows says so of exactly those calls', async () => {
  const candidate = join(kept, 'candidate');
  cpSync(second, candidate, { recursive: true });
  const edit = (file: string, change: (text: string) => string): void => {
    const path = join(candidate, file);
    const text = readFileSync(path, 'utf8');
    const edited = change(text);
    assert.notEqual(edited, text);
    writeFileSync(path, edited);
  };
  edit('approvals.cedar', (text) =>
    text.replace('when { context.sql.writes }', 'when { context.sql.tables.contains("customers") }'),
  );
  edit('unmask.cedar', (text) => text.replace('Group::"fraud"', 'Group::"audit"'));
  const replayed = await replay('--policies', candidate);
  const moves = new Map<string, string>();
  for (const { call, before: was, after: is } of changed(replayed))
    moves.set(
      call,
      `${was.approved ? 'approved ' : ''}${was.effect} → ${is.approved ? 'approved ' : ''}${is.effect}`,
    );
  for (const half of ['first', 'second']) {
    assert.deepEqual(
      (made[`${half} held`] ?? []).map((call) => moves.get(call)),
      ['ask → allow'],
    );
    // The text is masked on record, what it does is not.
    assert.deepEqual(
      (made[`${half} held and masked`] ?? []).map((call) => moves.get(call)),
      ['ask → allow'],
    );
    assert.deepEqual(
      (made[`${half} approved`] ?? []).map((call) => moves.get(call)),
      ['approved allow → allow'],
    );
  }
  const seen = replayed.differences.filter((one) => one.kind === 'seen');
  const places = new Set(seen.map(({ principal, class: of, change }) => `${principal} ${of} ${change}`));
  assert.deepEqual(
    [...places].toSorted(),
    ['carol email shown', 'frank email hidden', 'harry email shown'].filter(
      (place) => !place.startsWith('harry') || seen.some(({ principal }) => principal === 'harry'),
    ),
  );
});

test('the report is Markdown in which nothing of the record can be anything but text', async () => {
  const { code, stdout } = await command(
    'sessions',
    'replay',
    '--policies',
    second,
    '--config',
    gateway.configPath,
  );
  assert.equal(code, 1);
  assert.match(
    stdout,
    /^# Replay\n\n- \d+ calls decided again: \d+ the same, 8 otherwise, \d+ not decidable/,
  );
  assert.match(stdout, /### \d × `list_customers`: allow → refuse \(forbidden\), now by `probe.no-lists`/);
  assert.match(stdout, /\| `call_[0-9a-f-]+` \| 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d \| `alice` \|/);
});
