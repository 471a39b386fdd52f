import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Execution } from '../../src/model/result.ts';
import type { TlsOptions } from '../../src/model/tls-mode.ts';
import { openConnector } from '../../src/connectors/open.ts';
import { permit } from './permit.ts';
import { mysqlServer, postgresServer } from './servers.ts';

const directory = mkdtempSync(join(tmpdir(), 'sallyport-tls-'));
after(() => rmSync(directory, { recursive: true, force: true }));
const cert = join(directory, 'cert.pem');
const key = join(directory, 'key.pem');
const made = spawnSync(process.env['OPENSSL'] ?? 'openssl', [
  ...'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost'.split(
    ' ',
  ),
  '-addext',
  'subjectAltName=DNS:localhost',
  '-keyout',
  key,
  '-out',
  cert,
]);
const skip = made.status === 0 ? false : 'openssl is not installed';
if (made.status === 0) {
  chmodSync(directory, 0o755);
  chmodSync(key, 0o600);
  if (process.getuid?.() === 0) chownSync(key, 65534, 65534);
}

for (const [kind, start] of [
  [
    'postgres',
    () =>
      postgresServer({ own: ['-c', 'ssl=on', '-c', `ssl_cert_file=${cert}`, '-c', `ssl_key_file=${key}`] }),
  ],
  ['mysql', () => mysqlServer({ own: [`--ssl-cert=${cert}`, `--ssl-key=${key}`] })],
] as const) {
  test(`a ${kind} server is verified as far as the mode says`, { skip }, async (context) => {
    const server = await start();
    if ('missing' in server) return context.skip(server.missing);
    try {
      const ask = async (
        host: string,
        ssl: TlsOptions,
        text: string,
        timeoutMs = 5000,
      ): Promise<Execution> => {
        const url = new URL(server.url);
        url.hostname = host;
        const connector = openConnector({ kind, name: 'backend', url: url.href, ssl });
        try {
          return await connector.run(permit({ kind, text, limits: { timeoutMs } }), {
            signal: new AbortController().signal,
          });
        } finally {
          await connector.close();
        }
      };
      const encrypted =
        kind === 'postgres'
          ? 'SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()'
          : "SELECT IF(VARIABLE_VALUE = '', 'false', 'true') FROM information_schema.SESSION_STATUS WHERE VARIABLE_NAME = 'Ssl_cipher'";
      const trusted = { caFile: cert };
      for (const [host, ssl, expected] of [
        ['localhost', { mode: 'verify-full', ...trusted }, 'true'],
        ['127.0.0.1', { mode: 'verify-ca', ...trusted }, 'true'],
        ['127.0.0.1', { mode: 'require' }, 'true'],
        ['127.0.0.1', { mode: 'disable' }, 'false'],
        ['127.0.0.1', {}, 'false'],
        ...(kind === 'mysql' ? [] : [['127.0.0.1', { mode: 'verify-full', ...trusted }, null] as const]),
        ['localhost', { mode: 'verify-full' }, null],
        ['localhost', { mode: 'verify-ca' }, null],
      ] as const) {
        const execution = await ask(host, ssl, encrypted);
        const said = `${host} ${JSON.stringify(ssl)}: ${JSON.stringify(execution)}`;
        if (expected === null) {
          assert.ok(!execution.ok && execution.failure === 'unavailable', said);
          assert.match(execution.message, /TLS/u, said);
        } else assert.deepEqual(execution.ok && execution.result.rows, [[expected]], said);
      }
      if (kind === 'mysql') {
        const named = ask('127.0.0.1', { mode: 'verify-full', ...trusted }, encrypted);
        await assert.rejects(named, /verify-full needs the server's host name/u);
      }
      const slow = kind === 'postgres' ? 'SELECT pg_sleep(30)' : 'SELECT SLEEP(30)';
      const cut = await ask('localhost', { mode: 'verify-full', ...trusted }, slow, 300);
      assert.equal(!cut.ok && cut.failure, 'timeout');
    } finally {
      await server.stop();
    }
  });
}
