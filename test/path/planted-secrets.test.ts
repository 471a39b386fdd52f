import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text as bodyOf } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { command } from '../cli/command.ts';
import { modernCall, send } from '../clients/http-fixture.ts';
import { createVisitor } from '../console/browserless.ts';
import { postgresServer } from '../contracts/servers.ts';
import { startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import { connectAgent, type Agent } from './agent.ts';
import { exampleFolder, regulated, someCustomer, type Customer } from './example.ts';
import { assertNotIn, assertNotInStore, recordsIn } from './on-record.ts';
import { until } from './waiting.ts';

/** Values of nobody that the agent itself brings along, in shapes that nobody wrote a rule for by accident. */
const BROUGHT = {
  email: 'zelda.quist+vip@secret-shop.co.uk',
  card: '4556 7375 8689 9855',
  ssn: '219-09-9999',
  iban: 'DE89370400440532013000',
} as const;
const PASSWORD = 'S3cr3t-of-the-backend';
const DATABASE = `sallyport_planted_${process.pid}`;

const found = await postgresServer();
const postgres = 'missing' in found ? null : found;

let gateway: GatewayProcess;
let customer: Customer;
let agents: readonly Agent[] = [];
let apiKey: string;
/** Everything that any client was told. */
const wire: string[] = [];
/** What those were told who wait for requests for approval. */
const delivered: string[] = [];
const receiver = createServer((request, response) => {
  void bodyOf(request).then((body) => {
    delivered.push(JSON.stringify(request.headers) + body);
    response.writeHead(204).end();
  });
});
/** What may be nowhere: not in an answer, the record, the log or a metric. */
const planted: string[] = [];
/** What may be nowhere but in the hands of its owner. */
const credentials: string[] = [];

before(async () => {
  const pg = await plantedDatabase();
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const address = receiver.address();
  const hook = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`;
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  credentials.push(secret);
  const folder = await exampleFolder({
    config: (yaml) =>
      yaml
        .replace('{ wait: 0s }', `{ wait: 0s, webhooks: [{ url: '${hook}', secret: ${secret} }] }`)
        .concat('record: { readers: [audit] }\n'),
    connections: `  pg: { kind: postgres, url: '${pg}', environment: test }
  away: { kind: mysql, url: 'mysql://svc:${PASSWORD}@127.0.0.1:1/app?ssl-mode=disable' }
`,
    tools: `  pg_sql:
    description: SQL on PostgreSQL.
    connection: pg
    input: { type: object, properties: { statement: { type: string } }, required: [statement], additionalProperties: false }
    sql: { from: statement }
  away_sql:
    description: SQL on a server that is away.
    connection: away
    input: { type: object, properties: { statement: { type: string } }, required: [statement], additionalProperties: false }
    sql: { from: statement }
`,
  });
  const config = ['--config', folder.configPath];
  const created = await command('keys', 'create', '--service', 'robot', '--groups', 'support', ...config);
  apiKey = created.stdout.trim();
  gateway = await startGateway({ folder });
  customer = someCustomer(gateway);
  planted.push(...regulated(customer), ...Object.values(BROUGHT), PASSWORD);
  planted.push(Array.from(BROUGHT.email).toReversed().join(''));
  credentials.push(apiKey, apiKey.slice(-24), ...Object.values(gateway.tokens));
  credentials.push(...Object.values(gateway.tokens).map((token) => token.split('.')[2]!));
  const connect = (token: string): Promise<Agent> => connectAgent(gateway.endpoint, token);
  agents = await Promise.all([gateway.tokens['bob']!, gateway.tokens['alice']!, apiKey].map(connect));
});
after(async () => {
  try {
    await Promise.all(agents.map((agent) => agent.close()));
    await gateway.stop();
    receiver.close();
  } finally {
    if (postgres !== null) await onPostgres(postgres.url, `DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`);
    await postgres?.stop();
  }
});

/** A table whose errors quote values: PostgreSQL says which row violates what, and what it could not cast. */
async function plantedDatabase(): Promise<string> {
  if (postgres === null) return `postgres://svc:${PASSWORD}@127.0.0.1:1/app`;
  await onPostgres(postgres.url, `CREATE DATABASE ${DATABASE}`);
  const url = new URL(postgres.url);
  url.pathname = DATABASE;
  await onPostgres(
    url.href,
    `CREATE TABLE people (email text PRIMARY KEY, card text CHECK (card <> 'no'), n int);
     INSERT INTO people VALUES ('${BROUGHT.email}', '${BROUGHT.card}', 1)`,
  );
  // The server trusts everybody here, so a password can be planted that it never asks for.
  url.password = PASSWORD;
  url.searchParams.set('sslmode', 'disable');
  return url.href;
}

async function onPostgres(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

const ON_POSTGRES = [
  'SELECT * FROM people',
  `SELECT 'x' || email AS a, reverse(email), card AS c FROM people`,
  `INSERT INTO people VALUES ('${BROUGHT.email}', 'a', 1)`,
  `INSERT INTO people VALUES ('a', 'no', 1), ('${BROUGHT.ssn}', '${BROUGHT.iban}', 1)`,
  'SELECT CAST(email AS integer) FROM people',
  `SELECT CAST('${BROUGHT.card}' AS integer)`,
  `SELECT ('{"email": "${BROUGHT.email}", ' || card)::json FROM people`,
  `SELECT * FROM people WHERE "${BROUGHT.email}" = 1`,
  `DROP TABLE "${BROUGHT.email}"`,
  `SELEC '${BROUGHT.ssn}'`,
];

test('reads, writes, failures that quote values, and refusals bring no planted value over the wire', async () => {
  const [bob, alice, robot] = agents;
  const told = async (
    agent: Agent | undefined,
    tool: string,
    args: Record<string, unknown>,
  ): Promise<string> => {
    const { whole, outcome } = await agent!.call(tool, args);
    wire.push(whole);
    return outcome;
  };
  const outcomes = new Set<string>();
  for (const agent of [bob, alice, robot]) {
    outcomes.add(await told(agent, 'find_customer', { email: customer.email }));
    outcomes.add(await told(agent, 'add_note', { customer_id: customer.id, body: JSON.stringify(BROUGHT) }));
    outcomes.add(await told(agent, 'search_notes', { text: 'secret-shop' }));
    outcomes.add(await told(agent, 'run_sql', { statement: 'SELECT * FROM customers WHERE id < 400' }));
    outcomes.add(
      await told(agent, 'run_sql', {
        statement: 'SELECT notes AS n, body FROM customers JOIN notes ON 1 LIMIT 300',
      }),
    );
    outcomes.add(
      await told(agent, 'run_sql', {
        statement: `DELETE FROM notes WHERE body = '${BROUGHT.card}' ${BROUGHT.email}`,
      }),
    );
    outcomes.add(
      await told(agent, 'run_sql', {
        statement: `UPDATE customers SET email = '${customer.email}' WHERE id = ${customer.id + 1}`,
      }),
    );
    outcomes.add(await told(agent, 'find_customer', { email: BROUGHT.ssn, [BROUGHT.card]: BROUGHT.email }));
    outcomes.add(await told(agent, 'away_sql', { statement: `SELECT '${BROUGHT.email}'` }));
  }
  for (const statement of ON_POSTGRES) outcomes.add(await told(bob, 'pg_sql', { statement }));
  assert.deepEqual(
    [...outcomes].toSorted(),
    ['answered', 'awaiting_approval', 'failed', 'refused'],
    'the run was mixed',
  );
  assertNotIn('an answer', wire.join('\n'), planted);
});

test('wrong credentials, bad paths and bad headers are answered without repeating them', async () => {
  const { headers, message } = modernCall('find_customer', { email: BROUGHT.email });
  const wrong = `${gateway.tokens['bob']!.slice(0, -8)}AAAAAAAA`;
  const wrongKey = `${apiKey.slice(0, -6)}AAAAAA`;
  credentials.push(wrong, wrongKey, 'Basic-of-somebody');
  for (const authorization of [`Bearer ${wrong}`, `Bearer ${wrongKey}`, 'Basic Basic-of-somebody']) {
    const { status, text } = await send(gateway.endpoint, { ...headers, authorization }, message);
    assert.equal(status, 401);
    wire.push(text);
  }
  const good = { ...headers, authorization: `Bearer ${apiKey}` };
  wire.push((await send(`${gateway.endpoint}?access_token=${apiKey}`, good, message)).text);
  wire.push((await send(gateway.endpoint, { ...good, 'mcp-name': BROUGHT.email }, message)).text);
  wire.push(
    (await send(gateway.endpoint, { ...good, origin: `https://${BROUGHT.ssn}.example` }, message)).text,
  );
  wire.push((await send(gateway.endpoint, good, `{"email": "${BROUGHT.email}`)).text);
});

test('no answer held a credential', () => {
  assertNotIn('an answer', wire.join('\n'), credentials);
});

test('no planted value and no credential is in the files of the store', async () => {
  assert.ok((await recordsIn(gateway)).length > 50);
  assertNotInStore(gateway, [...planted, ...credentials]);
});

test('none is in the log', () => {
  assert.match(gateway.stderr(), /refused at the door/);
  assertNotIn('the log', gateway.stderr(), [...planted, ...credentials]);
});

test('none is in what webhooks were told', async () => {
  await until('a webhook', () => (delivered.length > 0 ? true : null));
  assert.match(delivered.join('\n'), /apr_/);
  assertNotIn('a webhook', delivered.join('\n'), [...planted, ...credentials]);
});

test('none is on a page of the console', async () => {
  const visitor = createVisitor(new URL(gateway.endpoint).origin);
  const pages = [await (await visitor.get('/console/approvals')).text()];
  const token = gateway.tokens['bob']!;
  await visitor.post('/console/sign-in/development', { token, return: '/console/approvals' });
  const inbox = await (await visitor.get('/console/approvals')).text();
  const requests = new Set(inbox.match(/\/console\/approvals\/apr_[0-9a-f-]+/g));
  assert.ok(requests.size > 0, inbox);
  for (const path of requests) pages.push(await (await visitor.get(path)).text());
  assertNotIn('the console', [inbox, ...pages].join('\n'), [...planted, ...credentials]);
});

test('none is in the log that is published', async () => {
  const headers = { authorization: `Bearer ${gateway.tokens['carol']!}` };
  const get = async (path: string): Promise<string> => {
    const response = await fetch(new URL(`/log/${path}`, gateway.endpoint), { headers });
    assert.equal(response.status, 200, path);
    return Buffer.from(await response.arrayBuffer()).toString('latin1');
  };
  const checkpoint = await get('checkpoint');
  const size = Number(checkpoint.split('\n')[1]);
  assert.ok(size > 50);
  const published = [checkpoint];
  for (let tile = 0; tile * 256 < size; tile++) {
    const width = Math.min(256, size - tile * 256);
    const name = `${String(tile).padStart(3, '0')}${width === 256 ? '' : `.p/${width}`}`;
    published.push(await get(`tile/0/${name}`), await get(`tile/entries/${name}`));
  }
  assertNotIn('the log', published.join('\n'), [...planted, ...credentials]);
});

test('none is in the metrics', async () => {
  const metrics = await (await fetch(new URL('/metrics', gateway.endpoint))).text();
  assert.match(metrics, /sallyport_calls_total/);
  assertNotIn('the metrics', metrics, [...planted, ...credentials]);
});

test('none is in any other file that the gateway wrote; only the key file of development tokens can make one', () => {
  const data = join(gateway.dir, 'data');
  const files = readdirSync(data).filter((name) => !name.startsWith('crm.db'));
  assert.ok(files.includes('sallyport.db.dev-key.json') && existsSync(join(data, 'sallyport.db')));
  for (const name of files)
    assertNotIn(name, readFileSync(join(data, name)).toString('latin1'), [...planted, ...credentials]);
});

test('what the command line shows of the record holds none', async () => {
  const config = ['--config', gateway.configPath];
  const listed = await command('sessions', 'list', '--json', ...config);
  const sessions = listed.json() as readonly { readonly id: string }[];
  assert.ok(sessions.length >= 3);
  const shown = await Promise.all(
    sessions
      .slice(0, 3)
      .flatMap(({ id }) => [
        command('sessions', 'show', id, '--full', ...config),
        command('sessions', 'show', id, '--full', '--json', ...config),
      ]),
  );
  for (const { code, stderr } of shown) assert.equal(code, 0, stderr);
  assertNotIn('sessions show', shown.map((one) => one.stdout).join('\n'), [...planted, ...credentials]);
});
