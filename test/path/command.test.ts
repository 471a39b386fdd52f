import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import { connectAgent, type Agent } from './agent.ts';
import { exampleFolder, regulated, someCustomer } from './example.ts';
import { assertNotIn, assertNotInStore, history } from './on-record.ts';

const TOOLS = `  file_command:
    description: Files a command that runs at night.
    connection: crm
    input:
      type: object
      properties:
        customer: { type: integer }
        command: { type: string }
      required: [customer, command]
      additionalProperties: false
    sql: INSERT INTO notes (customer_id, author, written_at, body) VALUES (:customer, 'agent', 'now', :command)
    inspect: { command: shell }
`;

let gateway: GatewayProcess;
let bob: Agent;
before(async () => {
  const folder = await exampleFolder({
    tools: TOOLS,
    policy: '@id("night") permit (principal in Group::"dba", action in Action::"skill:probe", resource);',
  });
  gateway = await startGateway({ folder });
  bob = await connectAgent(gateway.endpoint, gateway.tokens['bob']!);
});
after(async () => {
  await bob.close();
  await gateway.stop();
});

test('a command that policy allows goes through, with its facts on record', async () => {
  const told = await bob.call('file_command', { customer: 1, command: 'git status && ls > files.txt' });
  assert.equal(told.outcome, 'answered', told.reason);
  const [intent] = await history(gateway, told.call, ['call.intent', 'call.outcome']);
  const { shell } = intent.event['facts'] as { readonly shell: Record<string, unknown> };
  assert.deepEqual(shell['programs'], ['git', 'ls']);
  assert.deepEqual(shell['pathsWritten'], ['files.txt']);
});

test('a command that the shipped guardrails forbid is refused by name, and on record', async () => {
  const told = await bob.call('file_command', { customer: 1, command: 'true; r""m -rf "$HOME"' });
  assert.equal(told.outcome, 'refused');
  assert.match(told.whole, /guardrails\.shell-destroys/);
  const [refused] = await history(gateway, told.call, ['call.refused']);
  assert.equal(refused.event['cause'], 'forbidden');
});

test('a command that is not understood is not put before any policy', async () => {
  const told = await bob.call('file_command', { customer: 1, command: '$(cat x) -rf /' });
  assert.equal(told.outcome, 'refused');
  assert.match(told.reason, /^The command was not understood, and what is not understood is not run\. ./);
  const [refused] = await history(gateway, told.call, ['call.refused']);
  assert.equal(refused.event['cause'], 'not_understood');
});

test('what is regulated in a command is masked in the answer and on record', async () => {
  const customer = someCustomer(gateway);
  for (const command of [`grep ${customer.email} a.txt > ${customer.ssn}.txt`, `nosuch ${customer.email}`]) {
    const told = await bob.call('file_command', { customer: 1, command });
    assertNotIn('the answer', told.whole, regulated(customer));
  }
  assertNotInStore(gateway, regulated(customer));
});
