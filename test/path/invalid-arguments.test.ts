import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import { connectAgent, type Agent } from './agent.ts';
import { exampleFolder, regulated, someCustomer, type Customer } from './example.ts';
import { assertNotIn, assertNotInStore, history } from './on-record.ts';

let gateway: GatewayProcess;
let alice: Agent;
let customer: Customer;
before(async () => {
  gateway = await startGateway({ folder: await exampleFolder() });
  customer = someCustomer(gateway);
  alice = await connectAgent(gateway.endpoint, gateway.tokens['alice']!);
});
after(async () => {
  await alice.close();
  await gateway.stop();
});

const CASES = [
  ['of the wrong type', 'customer_orders', { customer_id: 'three' }, /\/customer_id must be integer/],
  ['that is missing', 'customer_orders', {}, /customer_id/],
  ['out of range', 'list_customers', { city: 'Berlin', limit: 1_000_000 }, /\/limit must be <= 100/],
  ['that is no e-mail address', 'find_customer', { email: 'nobody' }, /\/email must match format "email"/],
  [
    'that the schema does not name',
    'find_customer',
    { email: 'a@example.com', all: true },
    /must not have .*propert/,
  ],
  ['that is too long', 'find_customer', { email: `${'a'.repeat(300)}@example.com` }, /254/],
] as const;

for (const [what, tool, args, says] of CASES)
  test(`an argument ${what} is refused, and the agent is told which one and what was expected`, async () => {
    const told = await alice.call(tool, args);
    assert.equal(told.outcome, 'refused');
    assert.match(told.reason, /^The arguments do not fit the tool's input schema: /);
    assert.match(told.reason, says);
    const [refused] = await history(gateway, told.call, ['call.refused']);
    assert.equal(refused.event['cause'], 'invalid_arguments');
  });

test('the refusal repeats no value, and the arguments are on record masked', async () => {
  const told = await alice.call('find_customer', {
    email: `${customer.email} ${customer.ssn}`,
    [customer.email]: 1,
  });
  assert.equal(told.outcome, 'refused');
  assertNotIn('the answer', told.whole, regulated(customer));
  await history(gateway, told.call, ['call.refused']);
  assertNotInStore(gateway, regulated(customer));
});
