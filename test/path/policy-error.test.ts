import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import { connectAgent, type Agent } from './agent.ts';
import { exampleFolder } from './example.ts';
import { history } from './on-record.ts';

/** Type-checks, and overflows at any customer but the first: Cedar would skip it and let the call through. */
const ERRS = `
@id("probe.overflows")
forbid (principal, action == Action::"customer_orders", resource)
when { context.input.customer_id * 9223372036854775807 < 0 };
`;

let gateway: GatewayProcess;
let alice: Agent;
before(async () => {
  gateway = await startGateway({ folder: await exampleFolder({ policy: ERRS }) });
  alice = await connectAgent(gateway.endpoint, gateway.tokens['alice']!);
});
after(async () => {
  await alice.close();
  await gateway.stop();
});

test('a policy that does not err lets the call through', async () => {
  assert.equal((await alice.call('customer_orders', { customer_id: 1 })).outcome, 'answered');
});

test('a policy that errs refuses the call, though another permits it and Cedar would skip it', async () => {
  const told = await alice.call('customer_orders', { customer_id: 2 });
  assert.equal(told.outcome, 'refused');
  assert.deepEqual(told.policies, ['probe.overflows']);
  const [refused] = await history(gateway, told.call, ['call.refused']);
  assert.equal(refused.event['cause'], 'policy_error');
  assert.deepEqual(refused.event['policies'], ['probe.overflows']);
});

test('it refuses the same call again, and stays with the calls it speaks about', async () => {
  assert.equal((await alice.call('customer_orders', { customer_id: 2 })).outcome, 'refused');
  assert.equal((await alice.call('list_customers', { city: 'Paris', limit: 1 })).outcome, 'answered');
});
