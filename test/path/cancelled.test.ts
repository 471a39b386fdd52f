import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { postgresServer, type TestServer } from '../contracts/servers.ts';
import { startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import { connectAgent } from './agent.ts';
import { exampleFolder } from './example.ts';
import { history } from './on-record.ts';
import { intentOf, until } from './waiting.ts';

const MARK = `probe_${process.pid}`;
const found = await postgresServer();

test('a call that its client gives up', { skip: 'missing' in found ? found.missing : false }, async (t) => {
  const server = found as TestServer;
  const watcher = new Client({ connectionString: server.url });
  let gateway: GatewayProcess;
  before(async () => {
    await watcher.connect();
    const folder = await exampleFolder({
      connections: `  pg: { kind: postgres, url: '${server.url}?sslmode=disable', environment: test }\n`,
      // Ten thousand million rows, counted one by one.
      tools: `  count_for_ever:
    description: Counts for ever.
    connection: pg
    input: { type: object, properties: {}, additionalProperties: false }
    sql: SELECT '${MARK}' AS mark, count(*) AS n FROM generate_series(1, 100000) AS a, generate_series(1, 100000) AS b
    limits: { timeout: 60s }
`,
    });
    gateway = await startGateway({ folder });
  });
  after(async () => {
    await gateway.stop();
    await watcher.end();
    await server.stop();
  });

  async function running(): Promise<number> {
    const { rows } = await watcher.query<{ n: string }>(
      `SELECT count(*) AS n FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%${MARK}%' AND pid <> pg_backend_pid()`,
    );
    return Number(rows[0]!.n);
  }

  for (const era of ['modern', 'legacy'] as const)
    await t.test(`is stopped at the database and is on record as cancelled (${era})`, async () => {
      const bob = await connectAgent(gateway.endpoint, gateway.tokens['bob']!, { era });
      const abort = new AbortController();
      let progress = 0;
      const call = bob.call(
        'count_for_ever',
        {},
        { signal: abort.signal, onprogress: () => void (progress += 1) },
      );
      const rejected = assert.rejects(call);
      await until('the statement to run', async () => ((await running()) === 1 ? true : null));
      await until('progress', () => (progress > 0 ? true : null));
      const id = await intentOf(gateway, 'count_for_ever');
      abort.abort();
      await rejected;
      await until('the statement to stop', async () => ((await running()) === 0 ? true : null));
      const outcome = await until('the outcome', async () => {
        const records = await history(gateway, id, ['call.intent', 'call.outcome']).catch(() => null);
        return records === null ? null : records[1];
      });
      const { outcome: ending, failure } = outcome.event;
      assert.deepEqual({ ending, failure }, { ending: 'failed', failure: 'cancelled' });
      await bob.close();
    });
});
