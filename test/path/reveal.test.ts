import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import { command } from '../cli/command.ts';
import { connectAgent, type Agent } from './agent.ts';
import { exampleFolder, someCustomer, type Customer } from './example.ts';
import { assertNotIn, assertNotInStore, history } from './on-record.ts';

let gateway: GatewayProcess;
let customer: Customer;
let alice: Agent;
let carol: Agent;
let bob: Agent;

const TOOLS = `  contact_of:
    description: The address of a customer.
    connection: crm
    input: { type: object, properties: { id: { type: integer } }, required: [id], additionalProperties: false }
    sql: SELECT email, phone, name FROM customers WHERE id = :id
    columns: { name: person_name }
  customer_at:
    description: Who has an address; takes the token of one.
    connection: crm
    input: { type: object, properties: { email: { type: string } }, required: [email], additionalProperties: false }
    sql: SELECT id, :email AS echo, upper(:email) AS loud FROM customers WHERE email = :email
    reveals: { email: email }
  broken_at:
    description: Says what it was given in an error.
    connection: crm
    input: { type: object, properties: { name: { type: string } }, required: [name], additionalProperties: false }
    sql: SELECT json_extract('{}', :name)
    reveals: { name: person_name }
  called:
    description: Who has a name; takes the token of one.
    connection: crm
    input: { type: object, properties: { name: { type: string } }, required: [name], additionalProperties: false }
    sql: "SELECT id, 'dear ' || upper(:name) AS note, json_object('x', :name) AS document FROM customers WHERE name = :name"
    reveals: { name: person_name }
`;

before(async () => {
  const folder = await exampleFolder({
    tools: TOOLS,
    policy: `permit (principal, action in Action::"skill:probe", resource);
permit (principal in Group::"support", action == Action::"reveal", resource);
permit (principal in Group::"audit", action == Action::"reveal", resource == DataClass::"email");
`,
  });
  writeFileSync(
    join(folder.dir, 'policies/masking.yaml'),
    'classes: { email: { strategy: tokenise_reversibly }, phone: { strategy: tokenise_reversibly }, person_name: { strategy: tokenise_reversibly } }\n',
  );
  gateway = await startGateway({ folder });
  customer = someCustomer(gateway);
  const connect = (name: string): Promise<Agent> => connectAgent(gateway.endpoint, gateway.tokens[name]!);
  [alice, bob, carol] = await Promise.all([connect('alice'), connect('bob'), connect('carol')]);
});
after(async () => {
  await Promise.all([alice.close(), bob.close(), carol.close()]);
  await gateway.stop();
});

async function tokensFor(agent: Agent): Promise<readonly [email: string, phone: string, name: string]> {
  const { rows } = await agent.call('contact_of', { id: customer.id });
  const [email, phone, name] = (rows as string[][])[0]!;
  assert.match(email!, /^\[email ~[a-zA-F]+\]$/);
  assert.match(phone!, /^\[phone ~[a-zA-F]+\]$/);
  assert.match(name!, /^\[person_name ~[a-zA-F]+\]$/);
  return [email!, phone!, name!];
}

test('an agent works with an address that it never sees, and the record has neither', async () => {
  const [email] = await tokensFor(alice);
  const told = await alice.call('customer_at', { email });
  assert.equal(told.outcome, 'answered');
  assert.equal((told.rows as unknown[][])[0]![0], customer.id);
  assert.equal((told.rows as unknown[][])[0]![1], email, 'what the tool echoes is the token again');
  assertNotIn('the answer', told.whole.toLowerCase(), [customer.email.toLowerCase()]);
  const [intent] = await history(gateway, told.call, ['call.intent', 'call.outcome']);
  assert.deepEqual(intent.event['revealed'], { email: 'email' });
  assertNotInStore(gateway, [customer.email, customer.email.toUpperCase()]);
});

test('a name, which nothing gives away, does not come back in rows, in documents or in an error', async () => {
  const [, , name] = await tokensFor(alice);
  const told = await alice.call('called', { name });
  assert.equal(told.outcome, 'answered');
  assert.equal((told.rows as unknown[][])[0]![0], customer.id);
  const failed = await alice.call('broken_at', { name });
  assert.notEqual(failed.outcome, 'answered');
  for (const { whole } of [told, failed])
    assertNotIn('the answer', whole.toLowerCase(), [customer.name.toLowerCase()]);
  assertNotInStore(gateway, [customer.name, customer.name.toUpperCase()]);
});

test('a value that is no token is bound as it is', async () => {
  const told = await alice.call('customer_at', { email: customer.email });
  assert.equal((told.rows as unknown[][])[0]![0], customer.id);
  const [intent] = await history(gateway, told.call, ['call.intent', 'call.outcome']);
  assert.equal(intent.event['revealed'], undefined);
});

test('who may not have tokens turned back is refused, and nothing runs', async () => {
  const [email] = await tokensFor(bob);
  const told = await bob.call('customer_at', { email });
  assert.equal(told.outcome, 'refused');
  assert.match(told.text, /No policy permits that tokens of email are turned back here/);
  await history(gateway, told.call, ['call.refused']);
});

test('a token of another session, of another class, or made up, is refused', async () => {
  const [email, phone] = await tokensFor(alice);
  const elsewhere = await carol.call('customer_at', { email });
  assert.equal(elsewhere.outcome, 'refused');
  assert.match(elsewhere.text, /not one of this session/);
  const other = await alice.call('customer_at', { email: phone });
  assert.match(other.text, /takes tokens of email/);
  const forged = await alice.call('customer_at', { email: phone.replace('[phone', '[email') });
  assert.match(forged.text, /not one of this session/);
  const [fresh] = await tokensFor(carol);
  assert.notEqual(fresh, email);
  assert.equal((await carol.call('customer_at', { email: fresh })).outcome, 'answered');
});

test('replayed by the same policies every call comes out the same, those whose tokens were refused as well', async () => {
  const argv = ['sessions', 'replay', '--json', '--strict', '--config', gateway.configPath];
  const { code, stdout } = await command(...argv);
  assert.equal(code, 0, stdout);
  assert.ok(JSON.parse(stdout).decided > 10, stdout);
});
