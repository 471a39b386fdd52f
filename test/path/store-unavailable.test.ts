import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { command } from '../cli/command.ts';
import { startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import { connectAgent, type Agent } from './agent.ts';
import { exampleFolder, peek } from './example.ts';
import { history, recordsIn } from './on-record.ts';
import { intentOf, until } from './waiting.ts';

let gateway: GatewayProcess;
let bob: Agent;
before(async () => {
  gateway = await startGateway({ folder: await exampleFolder() });
  bob = await connectAgent(gateway.endpoint, gateway.tokens['bob']!);
  // The processes behind the connection start now, while files may grow, so that only the store is short of room.
  const warm = Array.from({ length: 4 }, () => bob.call('run_sql', { statement: 'SELECT 1' }));
  for (const { outcome } of await Promise.all(warm)) assert.equal(outcome, 'answered');
});
after(async () => {
  disk('has room');
  await bob.close();
  await gateway.stop();
});

/** RLIMIT_FSIZE of the gateway: a write beyond it fails the way a full disk fails. */
function disk(state: 'is full' | 'has room'): void {
  const bytes = state === 'is full' ? '1024' : 'unlimited';
  execFileSync('prlimit', ['--pid', String(gateway.pid), `--fsize=${bytes}:`]);
}

async function ready(): Promise<{ readonly status: number; readonly body: string }> {
  const response = await fetch(new URL('/readyz', gateway.endpoint));
  return { status: response.status, body: await response.text() };
}

/** A statement that writes after more than a second of counting. */
const slowWrite = (city: string): string =>
  `UPDATE customers SET city = '${city}' WHERE id = 1 AND (WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 4000000) SELECT count(*) FROM c) > 0`;
const SLOW_READ =
  'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 4000000) SELECT count(*) AS told FROM c';

test('where the intent can’t be put on record, nothing runs and the agent is told so', async () => {
  assert.equal((await ready()).status, 200);
  disk('is full');
  const statement = "INSERT INTO notes VALUES (900001, 1, 'a', 'b', 'while the disk was full')";
  const told = await bob.call('run_sql', { statement });
  assert.equal(told.outcome, 'refused');
  assert.match(told.reason, /could not be put on record, and nothing runs unrecorded\. Nothing was executed/);
  assert.equal(peek(gateway, "SELECT count(*) FROM notes WHERE body LIKE 'while the disk%'"), 0);
  const { status, body } = await ready();
  assert.equal(status, 503);
  assert.deepEqual(JSON.parse(body), { ready: false, checks: { store: 'cannot append' } });
  disk('has room');
  await until('the store to recover', async () => ((await ready()).status === 200 ? true : null));
  assert.deepEqual(await recordsOf(told.call), []);
});

test('with room again, calls run and are on record', async () => {
  const told = await bob.call('run_sql', { statement: 'SELECT 2' });
  assert.equal(told.outcome, 'answered');
  await history(gateway, told.call, ['call.intent', 'call.outcome']);
});

test('where the outcome of a read can’t be put on record, its result does not leave', async () => {
  const running = bob.call('run_sql', { statement: SLOW_READ });
  const call = await intentOf(gateway, 'run_sql');
  disk('is full');
  const told = await running;
  disk('has room');
  assert.equal(told.outcome, 'refused');
  assert.match(told.reason, /result could not be put on record and was withheld\. Nothing was changed/);
  assert.ok(!told.whole.includes('4000000'), told.whole);
  assert.equal(told.call, call);
});

test('where the outcome of a write can’t be put on record, it is unknown to the agent and to the record', async () => {
  const running = bob.call('run_sql', { statement: slowWrite('Elsewhere') });
  const call = await until('the write to be on record', async () => {
    const last = (await recordsIn(gateway)).at(-1);
    return last?.type === 'call.intent' && JSON.stringify(last.payload).includes('Elsewhere')
      ? last.call
      : null;
  });
  disk('is full');
  const told = await running;
  disk('has room');
  assert.equal(told.outcome, 'unknown');
  assert.match(told.reason, /may have been carried out\. Look at the data/);
  assert.equal(peek(gateway, 'SELECT city FROM customers WHERE id = 1'), 'Elsewhere', 'it was carried out');
  await until('the store to recover', async () => ((await ready()).status === 200 ? true : null));
  assert.deepEqual(await recordsOf(call), ['call.intent']);
  const [intent] = await history(gateway, call, ['call.intent']);
  const { stdout } = await command(
    'sessions',
    'show',
    String(intent.session),
    '--config',
    gateway.configPath,
  );
  assert.match(stdout, /unknown/);
});

test('the log says that the store failed and that it recovered', () => {
  assert.match(gateway.stderr(), /store: append failed/);
  assert.match(gateway.stderr(), /store: append recovered/);
});

async function recordsOf(call: string): Promise<readonly string[]> {
  return (await recordsIn(gateway)).filter((record) => record.call === call).map(({ type }) => type);
}
