import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import { connectAgent, type Agent } from './agent.ts';
import { exampleFolder } from './example.ts';
import { assertNotInStore, history } from './on-record.ts';

const PNG = Buffer.from('89504e470d0a1a0a', 'hex').toString('base64');
const LOYALTY = 'LC-1234567890';

let gateway: GatewayProcess;
let alice: Agent;
let frank: Agent;

before(async () => {
  const folder = await exampleFolder({
    tools: `  show_card:
    description: Show a customer's card and photo.
    connection: crm
    input: { type: object, properties: {}, additionalProperties: false }
    sql: SELECT '${LOYALTY}' AS bonus_card, '${LOYALTY}' AS memo, x'89504e470d0a1a0a' AS photo, x'89504e470d0a1a0a' AS scan
    columns: { memo: loyalty_number }
    binary: [photo]
  show_profile:
    description: Show a profile.
    connection: crm
    input: { type: object, properties: {}, additionalProperties: false }
    sql: SELECT json_object('plan', 'gold', 'contact', json_object('nick', 'Wu')) AS profile, email AS other FROM customers LIMIT 1
  read_profile:
    description: Run one statement.
    connection: crm
    input: { type: object, properties: { statement: { type: string } }, required: [statement], additionalProperties: false }
    sql: { from: statement }
`,
    policy: `permit (principal, action in Action::"skill:probe", resource);
permit (principal in Group::"fraud", action == Action::"unmask", resource == DataClass::"loyalty_number");
permit (principal in Group::"fraud", action == Action::"unmask", resource == DataClass::"binary");
`,
  });
  writeFileSync(
    join(folder.dir, 'policies/masking.yaml'),
    'classes: { loyalty_number: { description: Number of a loyalty card., columns: [bonus_card] } }\npaths: { $.profile.contact.*: person_name, $.name.*: person_name }\n',
  );
  gateway = await startGateway({ folder });
  alice = await connectAgent(gateway.endpoint, gateway.tokens['alice']!);
  frank = await connectAgent(gateway.endpoint, gateway.tokens['frank']!);
});
after(async () => {
  await Promise.all([alice.close(), frank.close()]);
  await gateway.stop();
});

test("a class of the operator's own is masked for those who may not see it, and shown to those who may", async () => {
  const masked = '[redacted:loyalty_number]';
  const { rows } = await alice.call('show_card', {});
  assert.deepEqual(rows, [[masked, masked, '[redacted:binary]', '[redacted:binary]']]);
  const told = await frank.call('show_card', {});
  assert.deepEqual(told.rows, [[LOYALTY, LOYALTY, { base64: PNG }, '[redacted:binary]']]);
  const [, outcome] = await history(gateway, told.call, ['call.intent', 'call.outcome']);
  const dids = outcome.event['masking'] as { class: string; path: string; did: string }[];
  assert.deepEqual(
    dids.map(({ class: of, path, did }) => `${path} ${of} ${did}`),
    [
      'bonus_card loyalty_number shown',
      'memo loyalty_number shown',
      'photo binary shown',
      'scan binary redact',
    ],
  );
  assertNotInStore(gateway, [LOYALTY, PNG]);
});

test('what stands at a path is masked, and so is what a statement took from where a path leads', async () => {
  const { rows } = await alice.call('show_profile', {});
  const [profile] = rows[0] ?? [];
  assert.deepEqual(JSON.parse(String(profile)), {
    plan: 'gold',
    contact: { nick: '[redacted:person_name]' },
  });
  // No class is said to stand in `name`, but a path begins there.
  const statement =
    "SELECT json_object('first', substr(name, 1, 3)) AS x, upper(name) AS y, id FROM customers LIMIT 1";
  const taken = await alice.call('read_profile', { statement });
  assert.deepEqual(taken.rows, [['{"first":"[redacted:person_name]"}', '[redacted:person_name]', 1]]);
});
