import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import { connectAgent } from './agent.ts';
import { exampleFolder } from './example.ts';
import { openLine, type Line } from './line.ts';
import { history, recordsIn } from './on-record.ts';
import { intentOf } from './waiting.ts';

/** More than a second of a core: long enough to be running when the signal comes. */
const SLOW =
  'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 4000000) SELECT count(*) FROM c';

let line: Line;
let gateway: GatewayProcess;
before(async () => {
  line = await openLine();
  gateway = await startGateway({ folder: await exampleFolder() });
});
after(async () => {
  await line.close();
  gateway.kill();
  await gateway.exited;
});

test('a call that comes once the shutdown has begun is refused, says so, and is on record', async () => {
  const answer = await line.call('list_customers', { city: 'Berlin', limit: 1 }, { accepting: () => false });
  assert.ok(answer.outcome === 'refused' && answer.cause === 'shutting_down');
  assert.equal(answer.reason, 'The gateway is shutting down. Call again in a moment.');
  const [refused] = await history(line.folder, answer.call, ['call.refused']);
  assert.equal(refused.event['cause'], 'shutting_down');
});

test('a call that is running when the signal comes is finished, answered and on record; then the process exits 0', async () => {
  const bob = await connectAgent(gateway.endpoint, gateway.tokens['bob']!);
  const running = bob.call('run_sql', { statement: SLOW });
  const call = await intentOf(gateway, 'run_sql');
  const stopping = gateway.stop();
  const told = await running;
  assert.equal(told.outcome, 'answered');
  assert.deepEqual(told.rows, [[4000000]]);
  assert.equal(told.call, call);
  await bob.close();
  assert.equal(await stopping, 0);

  const [, outcome] = await history(gateway, call, ['call.intent', 'call.outcome']);
  const records = await recordsIn(gateway);
  const closed = records.find(({ type }) => type === 'session.closed');
  const stopped = records.at(-1);
  assert.ok(closed !== undefined && outcome.index < closed.index, 'the session closes after its last call');
  assert.equal(stopped?.type, 'server.stopped');
  const started = records.find(({ type }) => type === 'server.started');
  assert.deepEqual(stopped.event, { reason: 'SIGTERM', process: started?.event['process'] });
});

test('the log is one JSON line an event from the start to the stop, which it tells', () => {
  const lines = gateway.stderr().trim().split('\n');
  const messages = lines.map((each) => (JSON.parse(each) as { readonly msg: string }).msg);
  assert.ok(messages.includes('listening'));
  assert.deepEqual(messages.slice(-2), ['stopping: running calls are finished', 'stopped']);
});

test('after the stop nothing answers any more', async () => {
  await assert.rejects(fetch(gateway.endpoint));
});
