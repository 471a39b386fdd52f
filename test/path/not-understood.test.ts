import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import { connectAgent, type Agent } from './agent.ts';
import { exampleFolder, regulated, someCustomer, type Customer } from './example.ts';
import { assertNotIn, assertNotInStore, history } from './on-record.ts';

let gateway: GatewayProcess;
let bob: Agent;
let customer: Customer;
before(async () => {
  gateway = await startGateway({ folder: await exampleFolder() });
  customer = someCustomer(gateway);
  bob = await connectAgent(gateway.endpoint, gateway.tokens['bob']!);
});
after(async () => {
  await bob.close();
  await gateway.stop();
});

const STATEMENTS = [
  ['no SQL at all', 'please list the customers'],
  ['an unfinished statement', 'SELECT id FROM customers WHERE ('],
  ['a NUL, which engines and parsers read differently', 'SELECT 1\0; DROP TABLE notes'],
  ['a string that never ends', "SELECT 'abc FROM customers"],
  ['nothing but a comment', '-- nothing here'],
  ['nesting that a parser would die of', `SELECT ${'('.repeat(9000)}1${')'.repeat(9000)}`],
] as const;

for (const [what, statement] of STATEMENTS)
  test(`${what} is not run, though the caller may run anything`, async () => {
    const told = await bob.call('run_sql', { statement });
    assert.equal(told.outcome, 'refused');
    assert.match(told.reason, /^The statement was not understood, and what is not understood is not run\. ./);
    const [refused] = await history(gateway, told.call, ['call.refused']);
    assert.equal(refused.event['cause'], 'not_understood');
    assert.match(refused.event['detail'] as string, /^[a-z_]+$/);
  });

test('a statement that was not understood is masked in the answer and on record', async () => {
  const told = await bob.call('run_sql', {
    statement: `SELEC * FROM "${customer.email}" WHERE ssn = '${customer.ssn}'`,
  });
  assertNotIn('the answer', told.whole, regulated(customer));
  assertNotInStore(gateway, regulated(customer));
});

test('the next statement is understood: the parser outlives what it could not read', async () => {
  assert.deepEqual((await bob.call('run_sql', { statement: 'SELECT 1' })).rows, [[1]]);
});
