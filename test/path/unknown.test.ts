import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { command } from '../cli/command.ts';
import { postgresServer, type TestServer } from '../contracts/servers.ts';
import { tcpProxy, type TcpProxy } from '../contracts/tcp-proxy.ts';
import { startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import { connectAgent, type Agent } from './agent.ts';
import { exampleFolder, peek } from './example.ts';
import { openLine, type Line } from './line.ts';
import { history } from './on-record.ts';

const DATABASE = `sallyport_unknown_${process.pid}`;
const found = await postgresServer();

test(
  'a write whose commit is lost on the network',
  { skip: 'missing' in found ? found.missing : false },
  async (t) => {
    const server = found as TestServer;
    const admin = new Client({ connectionString: server.url });
    let proxy: TcpProxy;
    let gateway: GatewayProcess;
    let bob: Agent;
    before(async () => {
      await admin.connect();
      await admin.query(`CREATE DATABASE ${DATABASE}`);
      const url = new URL(server.url);
      proxy = await tcpProxy(Number(url.port === '' ? 5432 : url.port));
      url.pathname = DATABASE;
      const direct = new Client({ connectionString: url.href });
      await direct.connect();
      await direct.query('CREATE TABLE ledger (entry text)');
      await direct.end();
      const through = `postgres://${url.username}@127.0.0.1:${proxy.port}/${DATABASE}?sslmode=disable`;
      const folder = await exampleFolder({
        connections: `  pg: { kind: postgres, url: '${through}', environment: test }\n`,
        tools: `  book:
    description: Writes one entry.
    connection: pg
    input: { type: object, properties: { entry: { type: string } }, required: [entry], additionalProperties: false }
    sql: INSERT INTO ledger (entry) VALUES (:entry)
    limits: { timeout: 1s }
  look:
    description: Reads the entries.
    connection: pg
    input: { type: object, properties: {}, additionalProperties: false }
    sql: SELECT entry FROM ledger ORDER BY entry
    limits: { timeout: 5s }
`,
      });
      gateway = await startGateway({ folder });
      bob = await connectAgent(gateway.endpoint, gateway.tokens['bob']!);
    });
    after(async () => {
      await bob.close();
      await gateway.stop();
      await proxy.close();
      await admin.query(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`);
      await admin.end();
      await server.stop();
    });

    await t.test(
      'is told to be unknown, which is neither yes nor no, and is on record as unknown',
      async () => {
        assert.equal((await bob.call('book', { entry: 'first' })).outcome, 'answered');
        proxy.stallAt('COMMIT');
        const told = await bob.call('book', { entry: 'second' });
        assert.equal(told.outcome, 'unknown');
        assert.match(told.reason, /may or may not have been carried out.*not be repeated.*Look at the data/);
        const [, outcome] = await history(gateway, told.call, ['call.intent', 'call.outcome']);
        assert.equal(outcome.event['outcome'], 'unknown');
        const { stdout } = await command(
          'sessions',
          'show',
          String(outcome.session),
          '--config',
          gateway.configPath,
        );
        assert.match(stdout, /unknown/);
      },
    );

    await t.test('is not repeated when the network is back', async () => {
      proxy.restore();
      const told = await bob.call('look', {});
      assert.equal(told.outcome, 'answered');
      const second = told.rows.filter(([entry]) => entry === 'second').length;
      assert.ok(second <= 1, `written ${second} times`);
    });
  },
);

test('a connector that throws', async (t) => {
  let line: Line;
  before(async () => {
    line = await openLine();
  });
  after(() => line.close());
  const execute = () => Promise.reject(new Error('a bug in a connector'));

  await t.test('leaves a write unknown, for nobody can tell how far it came', async () => {
    const answer = await line.call('add_note', { customer_id: 1, body: 'perhaps' }, { execute });
    assert.equal(answer.outcome, 'unknown');
    const [, outcome] = await history(line.folder, answer.call, ['call.intent', 'call.outcome']);
    const { outcome: ending, failure } = outcome.event;
    assert.deepEqual({ ending, failure }, { ending: 'unknown', failure: 'internal' });
    assert.equal(peek(line.folder, `SELECT count(*) FROM notes WHERE body = 'perhaps'`), 0);
  });

  await t.test('fails a read, which changed nothing', async () => {
    const answer = await line.call('list_customers', { city: 'Berlin', limit: 1 }, { execute });
    assert.ok(answer.outcome === 'failed');
    assert.equal(answer.message.value, 'The connector failed.');
    await history(line.folder, answer.call, ['call.intent', 'call.outcome']);
  });
});
