import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import { connectAgent, type Agent } from './agent.ts';
import { exampleFolder, regulated, someCustomer, type Customer } from './example.ts';
import { assertNotIn, assertNotInStore, history } from './on-record.ts';

let gateway: GatewayProcess;
let customer: Customer;
let alice: Agent;
let bob: Agent;

before(async () => {
  const folder = await exampleFolder();
  writeFileSync(
    join(folder.dir, 'policies/masking.yaml'),
    'classes: { us_ssn: { strategy: block }, email: { strategy: tokenise } }\n',
  );
  gateway = await startGateway({ folder });
  customer = someCustomer(gateway);
  alice = await connectAgent(gateway.endpoint, gateway.tokens['alice']!);
  bob = await connectAgent(gateway.endpoint, gateway.tokens['bob']!);
});
after(async () => {
  await Promise.all([alice.close(), bob.close()]);
  await gateway.stop();
});

test('a result with a class that is blocked does not leave, nor go on record, and both say why', async () => {
  const told = await alice.call('find_customer', { email: customer.email });
  assert.equal(told.outcome, 'refused');
  assert.match(told.text, /holds data of a class that may not leave: us_ssn/);
  assertNotIn('the answer', told.whole, regulated(customer));
  const [, outcome] = await history(gateway, told.call, ['call.intent', 'call.outcome']);
  assert.equal(outcome.event['cause'], 'data_blocked');
  assert.deepEqual(outcome.event['classes'], ['us_ssn']);
  assert.equal(outcome.event['executed'], true);
  assert.equal(outcome.payload, null);
  assertNotInStore(gateway, regulated(customer));
});

test('a statement that an agent wrote gets no token, for it could ask for that of any value', async () => {
  const statement = `SELECT email FROM customers WHERE id = ${customer.id}`;
  const byAgent = await bob.call('run_sql', { statement });
  assert.deepEqual(byAgent.rows, [['[redacted:email]']]);
});
