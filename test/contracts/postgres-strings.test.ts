import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Client } from 'pg';
import { openConnector } from '../../src/connectors/open.ts';
import { permit } from './permit.ts';
import { postgresServer } from './servers.ts';

const server = await postgresServer();
const missing = 'missing' in server ? server.missing : false;
after(async () => {
  if (!('missing' in server)) await server.stop();
});

test(
  'a role that reads backslashes in strings otherwise reads them as inspection did',
  { skip: missing },
  async () => {
    if ('missing' in server) return;
    const admin = new Client({ connectionString: server.url });
    const role = `sallyport_strings_${process.pid}`;
    await admin.connect();
    await admin.query(`CREATE ROLE ${role} LOGIN SUPERUSER`);
    await admin.query(`ALTER ROLE ${role} SET standard_conforming_strings = off`);
    const url = new URL(server.url);
    url.username = role;
    const connector = openConnector({ kind: 'postgres', name: 'backend', url: url.href, pool: { max: 1 } });
    try {
      const statement = String.raw`SELECT '\' AS one, ' || version() || ' AS two`;
      const execution = await connector.run(permit({ kind: 'postgres', text: statement }), {
        signal: new AbortController().signal,
      });
      assert.ok(execution.ok, JSON.stringify(execution));
      assert.deepEqual(execution.result.rows, [['\\', ' || version() || ']]);
    } finally {
      await connector.close();
      await admin.query(`DROP ROLE ${role}`);
      await admin.end();
    }
  },
);
