import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import { connectAgent, type Agent } from './agent.ts';
import { exampleFolder, peek, regulated, someCustomer, type Customer } from './example.ts';
import { assertNotIn, assertNotInStore, history } from './on-record.ts';

const PASSWORD = 'correct-horse-battery';
const SLOW =
  'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 1000000000) SELECT count(*) FROM c';

let silent: Server;
let gateway: GatewayProcess;
let customer: Customer;
let bob: Agent;

before(async () => {
  // Accepts connections and says nothing: a backend that hangs.
  silent = createServer((socket) => socket.on('error', () => undefined).resume()).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const folder = await exampleFolder({
    connections: `  gone: { kind: postgres, url: 'postgres://svc:${PASSWORD}@127.0.0.1:1/app' }
  hanging: { kind: postgres, url: 'postgres://svc:${PASSWORD}@127.0.0.1:${port}/app' }
`,
    tools: `  slow_count:
    description: Counts for too long.
    connection: crm
    input: { type: object, properties: {}, additionalProperties: false }
    sql: ${SLOW}
    limits: { timeout: 500ms }
  ask_gone:
    description: Asks a server that is not there.
    connection: gone
    input: { type: object, properties: {}, additionalProperties: false }
    sql: SELECT 1 AS one
  ask_hanging:
    description: Asks a server that does not answer.
    connection: hanging
    input: { type: object, properties: {}, additionalProperties: false }
    sql: UPDATE t SET a = 1 WHERE b = 2
    limits: { timeout: 700ms }
`,
  });
  gateway = await startGateway({ folder });
  customer = someCustomer(gateway);
  bob = await connectAgent(gateway.endpoint, gateway.tokens['bob']!);
});
after(async () => {
  await bob.close();
  await gateway.stop();
  silent.close();
});

test('a statement that the database rejects fails in the database’s words, and is on record as failed', async () => {
  const told = await bob.call('run_sql', { statement: 'SELECT nonsense FROM customers' });
  assert.equal(told.outcome, 'failed');
  assert.match(told.reason, /no such column: nonsense/);
  assert.match(told.text, /^Failed: /);
  const [intent, outcome] = await history(gateway, told.call, ['call.intent', 'call.outcome']);
  const { outcome: ending, failure } = outcome.event;
  assert.deepEqual({ ending, failure }, { ending: 'failed', failure: 'rejected' });
  assert.ok(intent.index < outcome.index);
});

test('a write that the database rejects has changed nothing', async () => {
  const count = peek(gateway, 'SELECT count(*) FROM customers');
  const statement = `INSERT INTO customers (id, name, email, created_at) VALUES (900001, 'x', 'new@example.com', ''), (900002, 'x', '${customer.email}', '')`;
  const told = await bob.call('run_sql', { statement });
  assert.equal(told.outcome, 'failed');
  assert.match(told.reason, /UNIQUE constraint failed/);
  assert.equal(peek(gateway, 'SELECT count(*) FROM customers'), count);
});

test('a statement that takes too long is stopped at its limit, which the agent is told', async () => {
  const told = await bob.call('slow_count', {});
  assert.equal(told.outcome, 'failed');
  assert.match(told.reason, /time limit of 500 ms/);
  const [, outcome] = await history(gateway, told.call, ['call.intent', 'call.outcome']);
  assert.equal(outcome.event['failure'], 'timeout');
});

test('a backend that is not there fails the call without a word of its address or credentials', async () => {
  const told = await bob.call('ask_gone', {});
  assert.equal(told.outcome, 'failed');
  assertNotIn('the answer', told.whole, [PASSWORD, '127.0.0.1']);
  const [, outcome] = await history(gateway, told.call, ['call.intent', 'call.outcome']);
  assert.equal(outcome.event['failure'], 'unavailable');
});

test('a backend that hangs before anything was sent fails within the limit, for a write too', async () => {
  const told = await bob.call('ask_hanging', {});
  assert.equal(told.outcome, 'failed', 'nothing was sent, so nothing is unknown');
  assertNotIn('the answer', told.whole, [PASSWORD]);
  const [, outcome] = await history(gateway, told.call, ['call.intent', 'call.outcome']);
  assert.equal(outcome.event['failure'], 'timeout');
});

test('a failure is not the end: the next call is answered', async () => {
  assert.deepEqual((await bob.call('run_sql', { statement: 'SELECT 1' })).rows, [[1]]);
});

test('failures keep no value and no password in the store or the log', () => {
  const planted = [...regulated(customer), PASSWORD];
  assertNotInStore(gateway, planted);
  assertNotIn('the log', gateway.stderr(), planted);
});
