import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import { connectAgent, type Agent } from './agent.ts';
import { exampleFolder, peek, regulated, someCustomer, type Customer } from './example.ts';
import { assertNotIn, assertNotInStore, history, recordsIn } from './on-record.ts';

let gateway: GatewayProcess;
let customer: Customer;
let agents: Readonly<Record<'alice' | 'bob' | 'frank', Agent>>;

before(async () => {
  gateway = await startGateway({ folder: await exampleFolder() });
  customer = someCustomer(gateway);
  const connect = (user: string): Promise<Agent> => connectAgent(gateway.endpoint, gateway.tokens[user]!);
  agents = { alice: await connect('alice'), bob: await connect('bob'), frank: await connect('frank') };
});
after(async () => {
  await Promise.all(Object.values(agents).map((agent) => agent.close()));
  await gateway.stop();
});

test('a read is answered with its rows, masked in both renderings', async () => {
  const told = await agents.alice.call('find_customer', { email: customer.email });
  assert.equal(told.outcome, 'answered');
  assert.equal(told.rows.length, 1);
  assert.deepEqual(told.rows[0]?.slice(0, 2), [customer.id, customer.name]);
  assert.match(told.text, /\[redacted:email\]/);
  assertNotIn('the answer', told.whole, regulated(customer));
});

test('what masking.yaml says of a class is done: an author’s query shows the last four of a card', async () => {
  const told = await agents.alice.call('find_customer', { email: customer.email });
  const last = customer.card_number.slice(-4);
  assert.ok(told.text.includes(`[payment_card *${last}]`), told.text);
});

test('a query that the agent wrote gets no last four, which it could have computed from others', async () => {
  const statement = `SELECT card_number FROM customers WHERE id = ${customer.id}`;
  const told = await agents.bob.call('run_sql', { statement });
  assert.deepEqual(told.rows, [['[redacted:payment_card]']]);
});

test('the intent of a read is on record before its outcome, with who, what, by which policy and rules', async () => {
  const told = await agents.alice.call('find_customer', { email: customer.email });
  const [intent, outcome] = await history(gateway, told.call, ['call.intent', 'call.outcome']);
  const { tool, skill, connection, principal, policies, rules } = intent.event;
  assert.deepEqual(
    { tool, skill, connection, principal, policies },
    {
      tool: 'find_customer',
      skill: 'customer-support',
      connection: 'crm',
      principal: 'alice',
      policies: ['access.support'],
    },
  );
  assert.match(rules as string, /^[0-9a-f]{64}$/);
  assert.deepEqual(intent.payload, { email: '[redacted:email]' });
  assert.equal(outcome.event['outcome'], 'answered');
  assert.equal(outcome.event['rows'], 1);
  assert.ok(intent.index < outcome.index);
});

test('a write happens once, whole, and is on record masked', async () => {
  const body = `Call ${customer.email} back about ${customer.ssn}.`;
  const told = await agents.alice.call('add_note', { customer_id: customer.id, body });
  assert.equal(told.outcome, 'answered');
  assert.equal(told.rowsAffected, 1);
  assert.equal(peek(gateway, `SELECT count(*) FROM notes WHERE body = '${body}'`), 1);
  const [intent, outcome] = await history(gateway, told.call, ['call.intent', 'call.outcome']);
  assert.deepEqual(intent.payload, {
    customer_id: customer.id,
    body: 'Call [redacted:email] back about [redacted:us_ssn].',
  });
  assert.equal(outcome.event['rowsAffected'], 1);
});

test('fraud sees contact data in the clear and nothing else; the record shows none of it and says who saw what', async () => {
  const told = await agents.frank.call('find_customer', { email: customer.email });
  assert.ok(told.text.includes(customer.email) && told.text.includes(customer.phone), told.text);
  assertNotIn('the answer', told.whole, [customer.card_number, customer.ssn]);
  const [, outcome] = await history(gateway, told.call, ['call.intent', 'call.outcome']);
  assertNotIn('the record', JSON.stringify(outcome), regulated(customer));
  const masking = outcome.event['masking'] as readonly { readonly class: string; readonly did: string }[];
  const shown = masking.filter(({ did }) => did === 'shown').map((finding) => finding.class);
  assert.deepEqual(shown.toSorted(), ['email', 'phone']);
});

test('calls of one client are one session, which was opened before its first call', async () => {
  const first = await agents.bob.call('list_customers', { city: 'Berlin', limit: 1 });
  const second = await agents.bob.call('list_customers', { city: 'Paris', limit: 1 });
  const [one] = await history(gateway, first.call, ['call.intent', 'call.outcome']);
  const [two] = await history(gateway, second.call, ['call.intent', 'call.outcome']);
  assert.equal(one.session, two.session);
  const opened = (await recordsIn(gateway)).find(
    ({ type, session }) => type === 'session.opened' && session === one.session,
  );
  assert.ok(opened !== undefined && opened.index < one.index);
  assert.equal(opened.event['principal'], 'bob');
});

test('no value of the customer is in the files of the store or in the log', () => {
  assertNotInStore(gateway, regulated(customer));
  assertNotIn('the log', gateway.stderr(), regulated(customer));
});
