import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import { connectAgent, type Agent } from './agent.ts';
import { exampleFolder, peek, regulated, someCustomer, type Customer } from './example.ts';
import { assertNotInStore, history } from './on-record.ts';

let gateway: GatewayProcess;
let customer: Customer;
let agents: Readonly<Record<'alice' | 'bob' | 'carol' | 'gwen', Agent>>;

before(async () => {
  gateway = await startGateway({ folder: await exampleFolder() });
  customer = someCustomer(gateway);
  const connect = (user: string): Promise<Agent> => connectAgent(gateway.endpoint, gateway.tokens[user]!);
  const [alice, bob, carol, gwen] = await Promise.all(['alice', 'bob', 'carol', 'gwen'].map(connect));
  agents = { alice: alice!, bob: bob!, carol: carol!, gwen: gwen! };
});
after(async () => {
  await Promise.all(Object.values(agents).map((agent) => agent.close()));
  await gateway.stop();
});

test('what no policy permits is refused, and the agent is told that no policy permits it', async () => {
  const args = { customer_id: customer.id, body: 'an auditor writes' };
  const told = await agents.carol.call('add_note', args);
  assert.equal(told.outcome, 'refused');
  assert.match(told.reason, /^No policy permits this call of add_note on crm/);
  assert.deepEqual(told.policies, []);
  assert.equal(peek(gateway, `SELECT count(*) FROM notes WHERE body = '${args.body}'`), 0);
  const [refused] = await history(gateway, told.call, ['call.refused']);
  assert.equal(refused.event['cause'], 'default_deny');
  assert.equal(refused.event['principal'], 'carol');
});

test('a principal of no group may call nothing, whatever the tool', async () => {
  const told = await agents.gwen.call('list_customers', { city: 'Berlin', limit: 1 });
  assert.equal(told.outcome, 'refused');
  assert.deepEqual((await agents.gwen.client.listTools()).tools, [], 'and is shown no tool');
});

test('a forbidden call is refused with the policy’s own reason, though another policy permits it', async () => {
  const told = await agents.bob.call('run_sql', { statement: 'DROP TABLE notes' });
  assert.deepEqual(
    { outcome: told.outcome, policies: told.policies, reason: told.reason },
    {
      outcome: 'refused',
      policies: ['guardrails.schema'],
      reason: 'Schema changes go through migrations, not through an agent.',
    },
  );
  assert.ok(told.text.includes('guardrails.schema') && told.text.includes(told.call), told.text);
  assert.ok(Number(peek(gateway, 'SELECT count(*) FROM notes')) > 0, 'the table is still there');
  const [refused] = await history(gateway, told.call, ['call.refused']);
  const { cause, policies, reason } = refused.event;
  assert.deepEqual(
    { cause, policies, reason },
    { cause: 'forbidden', policies: told.policies, reason: told.reason },
  );
});

test('every policy that forbids is named, not only the first', async () => {
  const told = await agents.bob.call('run_sql', { statement: 'DELETE FROM notes; DROP TABLE notes' });
  assert.deepEqual(told.policies, [
    'guardrails.one-statement',
    'guardrails.schema',
    'guardrails.unbounded-write',
  ]);
});

test('a call that needs an approval runs nothing and says whose approval it needs', async () => {
  const statement = `UPDATE customers SET city = 'Nowhere' WHERE email = '${customer.email}'`;
  const told = await agents.alice.call('run_sql', { statement });
  assert.equal(told.outcome, 'awaiting_approval');
  assert.deepEqual(told.policies, ['approvals.free-form-writes']);
  assert.match(told.reason, /approved by a DBA.*the approval of dba/);
  assert.equal(peek(gateway, `SELECT count(*) FROM customers WHERE city = 'Nowhere'`), 0);
  const [requested, held] = await history(gateway, told.call, ['approval.requested', 'call.held']);
  assert.match(JSON.stringify(requested.payload), /\[redacted:email\]/);
  assert.equal(held.event['answer'], 'awaiting_approval');
  assert.equal(held.event['approval'], requested.event['approval']);
});

test('the same statement is a DBA’s to run', async () => {
  const statement = `UPDATE customers SET city = 'Somewhere' WHERE email = '${customer.email}'`;
  const told = await agents.bob.call('run_sql', { statement });
  assert.equal(told.outcome, 'answered');
  assert.equal(told.rowsAffected, 1);
});

test('refusals keep no value of a statement in the store', () => {
  assertNotInStore(gateway, regulated(customer));
});
