import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { sallyport, startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import { connectAgent } from './agent.ts';
import { exampleFolder } from './example.ts';
import { intentOf, until } from './waiting.ts';

/** Hours of counting: it ends only where somebody ends it. */
const ENDLESS =
  'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 100000000000) SELECT count(*) FROM c';

let gateway: GatewayProcess;
before(async () => {
  gateway = await startGateway({ folder: await exampleFolder() });
});
after(async () => {
  gateway.kill();
  await gateway.exited;
});

const get = (path: string): Promise<Response> => fetch(new URL(path, gateway.endpoint));

test('/healthz says that the process answers, to anybody and under any name', async () => {
  const response = await get('/healthz');
  assert.deepEqual([response.status, await response.json()], [200, { status: 'ok' }]);
});

test('/readyz says that calls can be served', async () => {
  const response = await get('/readyz');
  assert.deepEqual(
    [response.status, await response.json()],
    [200, { ready: true, checks: { store: 'ok', tools: '7' } }],
  );
});

test('/metrics counts calls by outcome, times every station, and shows the store’s queue', async () => {
  const bob = await connectAgent(gateway.endpoint, gateway.tokens['bob']!);
  await bob.call('run_sql', { statement: 'SELECT 1' });
  await bob.call('run_sql', { statement: 'SELECT nonsense' });
  await bob.call('run_sql', { statement: 'DROP TABLE notes' });
  await bob.close();
  const text = await (await get('/metrics')).text();
  for (const line of [
    'sallyport_calls_total{tool="run_sql",outcome="answered",cause=""} 1',
    'sallyport_calls_total{tool="run_sql",outcome="failed",cause=""} 1',
    'sallyport_calls_total{tool="run_sql",outcome="refused",cause="forbidden"} 1',
    'sallyport_call_duration_seconds_count{outcome="answered"} 1',
    'sallyport_store_queue_records{state="queued"} 0',
    'sallyport_store_queue_records{state="in_flight"} 0',
  ])
    assert.ok(text.includes(line), line);
  const passed = (station: string): number =>
    Number(
      new RegExp(`sallyport_station_duration_seconds_count\\{station="${station}"\\} (\\d+)`).exec(text)?.[1],
    );
  for (const station of ['identify', 'address', 'inspect', 'decide'])
    assert.equal(passed(station), 3, station);
  for (const station of ['intent', 'execute', 'mask', 'outcome']) assert.equal(passed(station), 2, station);
});

test('a gateway that starts where another listens says so and exits with 71; the first goes on', async () => {
  const { code, stderr } = await sallyport(gateway, 'serve');
  assert.equal(code, 71);
  assert.match(stderr, /cannot listen: .*EADDRINUSE.*Is another gateway running\?/);
  assert.equal((await get('/healthz')).status, 200);
});

test('a store that is another program’s is refused and left as it is, with exit code 69', async () => {
  const folder = await exampleFolder();
  const foreign = join(folder.dir, 'foreign.db');
  const database = new DatabaseSync(foreign);
  database.exec("CREATE TABLE theirs (a); INSERT INTO theirs VALUES ('precious')");
  database.close();
  const bytes = readFileSync(foreign);
  const yaml = readFileSync(folder.configPath, 'utf8');
  writeFileSync(folder.configPath, yaml.replace('./data/sallyport.db', './foreign.db'));
  const { code, stderr } = await sallyport(folder, 'serve');
  assert.equal(code, 69);
  assert.match(stderr, /cannot start: /);
  assert.deepEqual(readFileSync(foreign), bytes);
});

test('a start with an error in a policy tells file and line, and exits with 78 before it makes a store', async () => {
  const folder = await exampleFolder({
    policy: '\npermit (principal in Group::"nobody", action, resource);\n',
  });
  const { code, stderr } = await sallyport(folder, 'serve');
  assert.equal(code, 78);
  assert.match(stderr, /^policies\/probe\.cedar:2:\d+: error: /m);
});

test('a second signal ends the process at once, though a call is running', async () => {
  const bob = await connectAgent(gateway.endpoint, gateway.tokens['bob']!);
  const running = bob.call('run_sql', { statement: ENDLESS }).catch(() => 'cut off');
  await intentOf(gateway, 'run_sql');
  const backends = childrenOf(gateway.pid);
  assert.ok(backends.length > 0, 'the statement runs in a process of its own');
  const first = gateway.stop();
  await until('the door to close', () => refusesConnections(gateway.endpoint));
  process.kill(gateway.pid, 'SIGTERM');
  assert.equal(await first, 128 + 15);
  assert.equal(await running, 'cut off');
  // They end by themselves at the statement's time limit; a test need not wait for that.
  for (const pid of backends) end(pid);
  await bob.close().catch(() => undefined);
});

function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

function refusesConnections(endpoint: string): Promise<true | null> {
  const { hostname, port } = new URL(endpoint);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.on('connect', () => {
      socket.destroy();
      resolve(null);
    });
    socket.on('error', () => resolve(true));
  });
}
