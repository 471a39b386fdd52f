import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { postgresServer, type TestServer } from '../contracts/servers.ts';
import { connectAgent, type Agent } from '../path/agent.ts';
import { exampleFolder, regulated, someCustomer, type Customer } from '../path/example.ts';
import { assertNotIn, recordsIn } from '../path/on-record.ts';
import { startGateway, type GatewayProcess } from '../support/gateway-process.ts';

/** One customer per database, in every guise in which the statements below ask for it. */
function guises({ email, phone, card_number, ssn }: Customer): readonly string[] {
  return [email, phone, card_number, ssn].flatMap((value) => {
    const bytes = Buffer.from(value);
    const digits = value.replaceAll(/[^0-9]/g, '');
    return [
      value,
      bytes.toString('hex'),
      bytes.toString('hex').toUpperCase(),
      bytes.toString('base64'),
      Array.from(value).toReversed().join(''),
      value.replaceAll('-', '.'),
      value.replace('@', ' at '),
      ...(digits.length > 6 ? [digits] : []),
    ];
  });
}

const found = await postgresServer();

test('a value in disguise, from SQLite', async (t) => {
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

  for (const select of [
    "SELECT hex(ssn), substr(ssn, 1, 5), ssn || '', json_object('a', ssn), printf('%s', ssn), quote(email) FROM c",
    'SELECT x FROM (SELECT hex(ssn) AS x FROM c)',
    "WITH t(a, b) AS (SELECT hex(ssn), replace(email, '@', ' at ') FROM c) SELECT * FROM t",
    "SELECT 'x' AS a UNION ALL SELECT hex(ssn) FROM c",
    'SELECT group_concat(hex(email)), json_group_array(hex(ssn)), json_group_object(hex(ssn), 1) FROM c',
    'SELECT first_value(hex(email)) OVER (ORDER BY id) AS city FROM c',
    "SELECT CAST(replace(ssn, '-', '') AS INTEGER) AS n FROM c",
    'SELECT j.value FROM c JOIN json_each(json_array(hex(ssn))) AS j',
    'WITH RECURSIVE r(i, s) AS (SELECT 1, ssn FROM c UNION ALL SELECT i + 1, s FROM r WHERE i < 2) SELECT hex(s) FROM r',
    'SELECT (SELECT hex(q) FROM (SELECT c.ssn AS q)) AS name FROM c',
    'SELECT city FROM (SELECT hex(ssn) AS city FROM c UNION SELECT city FROM customers WHERE id = 0)',
    "SELECT json_extract('{}', hex(ssn)) FROM c",
    "SELECT json_extract('{}', hex(email)) FROM c",
  ])
    await t.test(select, async () => {
      const statement = select.replaceAll(
        /\bFROM c\b/g,
        `FROM (SELECT * FROM customers WHERE id = ${customer.id}) AS c`,
      );
      const told = await alice.call('run_sql', { statement });
      assertNotIn('the answer', told.whole, guises(customer));
      assert.ok(told.outcome === 'answered' || told.reason.includes('[redacted:'), told.text);
    });

  await t.test('none is on record or in the log', async () => {
    assertNotIn('the record', JSON.stringify(await recordsIn(gateway)), guises(customer));
    assertNotIn('the log', gateway.stderr(), regulated(customer));
  });
});

test(
  'a value in disguise, from PostgreSQL',
  { skip: 'missing' in found ? found.missing : false },
  async (t) => {
    const server = found as TestServer;
    const database = `sallyport_attack_${process.pid}`;
    const customer: Customer = {
      id: 1,
      name: 'Ann Lee',
      email: 'ann.lee@mailbox.org',
      phone: '+49 30 901820',
      card_number: '4111111111111111',
      ssn: '219-09-9999',
    };
    let gateway: GatewayProcess;
    let alice: Agent;
    const admin = new Client({ connectionString: server.url });
    before(async () => {
      await admin.connect();
      await admin.query(`CREATE DATABASE ${database}`);
      const url = new URL(server.url);
      url.pathname = `/${database}`;
      const filler = new Client({ connectionString: url.href });
      await filler.connect();
      await filler.query(
        'CREATE TABLE c (id int, name text, email text, phone text, card_number text, ssn text)',
      );
      await filler.query('INSERT INTO c VALUES ($1, $2, $3, $4, $5, $6)', Object.values(customer));
      await filler.end();
      const folder = await exampleFolder({
        connections: `  pg: { kind: postgres, url: '${url.href}?sslmode=disable', environment: test }\n`,
        tools: `  run_pg:
    description: Runs a statement.
    connection: pg
    input: { type: object, properties: { statement: { type: string } }, required: [statement], additionalProperties: false }
    sql: { from: statement }
`,
        policy:
          'permit (principal in Group::"support", action == Action::"run_pg", resource) when { !context.sql.writes };',
      });
      gateway = await startGateway({ folder });
      alice = await connectAgent(gateway.endpoint, gateway.tokens['alice']!);
    });
    after(async () => {
      await alice.close();
      await gateway.stop();
      await admin.query(`DROP DATABASE ${database} WITH (FORCE)`);
      await admin.end();
      await server.stop();
    });

    for (const statement of [
      "SELECT encode(ssn::bytea, 'hex'), left(ssn, 5), format('%s', ssn), reverse(ssn), translate(ssn, '-', '.') FROM c",
      'SELECT c FROM c',
      "SELECT encode(c::text::bytea, 'hex') FROM c",
      "SELECT k.key, encode(k.value::bytea, 'hex') FROM c, jsonb_each_text(to_jsonb(c)) AS k",
      "SELECT x FROM c, unnest(ARRAY[encode(ssn::bytea, 'hex')]) AS x",
      "SELECT * FROM json_to_recordset((SELECT json_agg(json_build_object('k', encode(ssn::bytea, 'hex'))) FROM c)) AS r(k text)",
      "SELECT mode() WITHIN GROUP (ORDER BY encode(ssn::bytea, 'hex')) FROM c",
      // What an error says of the value it stumbled over.
      "SELECT CAST(encode(email::bytea, 'hex') AS int) FROM c",
      "SELECT 1 FROM c WHERE encode(email::bytea, 'hex')::int = 1",
      "SELECT ('{\"a\":' || encode(ssn::bytea, 'hex'))::jsonb FROM c",
      "SELECT ('<a>' || encode(ssn::bytea, 'hex'))::xml FROM c",
      "SELECT encode(ssn::bytea, 'hex')::regclass FROM c",
      "SELECT ('\"' || reverse(ssn) || '\"')::int FROM c",
      "SELECT chr(replace(ssn, '-', '')::int) FROM c",
    ])
      await t.test(statement, async () => {
        const told = await alice.call('run_pg', { statement });
        assertNotIn('the answer', told.whole, guises(customer));
        assert.ok(['answered', 'failed'].includes(told.outcome), told.text);
      });

    await t.test('none is on record', async () => {
      assertNotIn('the record', JSON.stringify(await recordsIn(gateway)), guises(customer));
    });

    await t.test('an agent is still told what to mend', async () => {
      const told = await alice.call('run_pg', { statement: 'SELECT nmae FROM c' });
      assert.match(told.reason, /column "nmae" does not exist/);
    });
  },
);
