import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as fc from 'fast-check';
import { z } from 'zod';
import { connectionSchema } from '../connectors/options.ts';
import { identitySchema } from '../identity/config.ts';
import type { LoadError } from '../model/load-error.ts';
import { loadConfig } from './load.ts';

const schemas = { identity: identitySchema, connection: connectionSchema };

type Env = Readonly<Record<string, string | undefined>>;
type Files = Readonly<Record<string, string>>;

async function load(text: string, env: Env = {}, files: Files = {}) {
  return loadConfig({
    path: 'etc/sallyport.yaml',
    text,
    env,
    readFile: async (path) => {
      const content = files[path];
      if (content === undefined) throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' });
      return content;
    },
    schemas,
  });
}

async function loaded(text: string, env: Env = {}, files: Files = {}) {
  const result = await load(text, env, files);
  assert.ok(result.ok, JSON.stringify(result));
  return result;
}

function shown(errors: readonly LoadError[]): string[] {
  return errors.map(({ file, line, column, message, suggestion }) => {
    assert.equal(file, 'etc/sallyport.yaml');
    return `${String(line)}:${String(column)} ${message}${suggestion === undefined ? '' : ` | ${suggestion}`}`;
  });
}

async function errorsOf(text: string, env: Env = {}, files: Files = {}): Promise<string[]> {
  const result = await load(text, env, files);
  assert.ok(!result.ok, 'it loaded');
  return shown(result.errors);
}

const WITNESS = 'witness.example.com+6dfb4047+BNMwFPiyoGKb09bPKdmwR8vzNOjv6pEUDLb3gK1RjyUJ';
const BASE = 'store: sqlite:./data/s.db\n';

test('what is left out has a default, and paths begin at the folder of the file', async () => {
  const { value, warnings } = await loaded(BASE);
  const directory = resolve('etc');
  assert.deepEqual(warnings, []);
  assert.deepEqual(
    { ...value, identity: null },
    {
      file: 'etc/sallyport.yaml',
      directory,
      written: new Map([['store', '"sqlite:./data/s.db"']]),
      server: {
        listen: { host: '127.0.0.1', port: 8400 },
        publicUrl: 'http://127.0.0.1:8400',
        allowedOrigins: [],
        allowedHosts: [],
        maxBodyBytes: 1024 ** 2,
        sessionIdleMs: 1_800_000,
      },
      store: {
        kind: 'sqlite',
        path: resolve(directory, 'data/s.db'),
        beside: resolve(directory, 'data/s.db'),
      },
      record: {
        origin: null,
        keyFile: resolve(directory, 'data/s.db.log-key'),
        checkpointFile: resolve(directory, 'data/s.db.checkpoint'),
        readers: [],
        witnesses: [],
        witnessEveryMs: 10_000,
        timestamps: null,
        payloadKey: { kind: 'file', path: resolve(directory, 'data/s.db.payload-key') },
        retention: {},
      },
      identity: null,
      connections: new Map(),
      skills: resolve(directory, 'skills'),
      policies: resolve(directory, 'policies'),
      log: { level: 'info', format: 'json' },
      telemetry: { otlpEndpoint: null },
      limits: { rows: 1000, bytes: 1024 ** 2, timeoutMs: 10_000 },
      approval: { waitMs: 45_000, mostPending: 50, webhooks: [] },
      console: null,
    },
  );
});

test('every key is read', async () => {
  const { value } = await loaded(
    `
server:
  listen: "[::1]:0"
  public_url: https://gate.example.com/mcp-gate/
  allowed_origins: [https://App.example.com]
  allowed_hosts: [Gate.example.com, "127.0.0.1:8400"]
  max_body: 4MiB
  session_idle: 2h
store: sqlite:/var/lib/s.db
connections:
  crm: { kind: sqlite, path: ./crm.db, environment: demo }
  ledger: { kind: postgres, url: "\${env:LEDGER}", environment: production }
skills: ../skills
log: { level: debug, format: pretty }
telemetry: { otlp_endpoint: "http://127.0.0.1:4318" }
record: { origin: example.com/log, key_file: ../keys/log, checkpoint_file: /mnt/other/checkpoint, readers: [audit], witness_every: 1m, witnesses: [{ url: https://w.example.com/a/, key: ${WITNESS} }], timestamps: { url: https://tsa.example.com/tsr }, encryption: { key_env: RECORD_KEY }, retention: { results: 30d, arguments: 12h } }
limits: { rows: 10, bytes: 2048, timeout: 3s }
approval: { wait: 1m, most_pending: 7 }
`,
    { LEDGER: 'postgres://u:pw@db.example/ledger', RECORD_KEY: 'the key' },
  );
  assert.deepEqual(value.server, {
    listen: { host: '::1', port: 0 },
    publicUrl: 'https://gate.example.com/mcp-gate',
    allowedOrigins: ['https://app.example.com'],
    allowedHosts: ['gate.example.com', '127.0.0.1:8400'],
    maxBodyBytes: 4 * 1024 ** 2,
    sessionIdleMs: 7_200_000,
  });
  assert.equal(value.store.beside, '/var/lib/s.db');
  assert.deepEqual(value.record, {
    origin: 'example.com/log',
    keyFile: resolve('keys/log'),
    checkpointFile: '/mnt/other/checkpoint',
    readers: ['audit'],
    witnesses: [{ url: 'https://w.example.com/a', monitor: 'https://w.example.com/a', key: WITNESS }],
    witnessEveryMs: 60_000,
    timestamps: { url: 'https://tsa.example.com/tsr', everyMs: 3_600_000 },
    payloadKey: { kind: 'env', name: 'RECORD_KEY', text: 'the key' },
    retention: { results: { ms: 2_592_000_000, text: '30d' }, arguments: { ms: 43_200_000, text: '12h' } },
  });
  const [crm, ledger] = [value.connections.get('crm'), value.connections.get('ledger')];
  assert.equal(crm?.kind === 'sqlite' && crm.path, resolve('etc/crm.db'));
  assert.equal(ledger?.kind === 'postgres' && ledger.url, 'postgres://u:pw@db.example/ledger');
  assert.deepEqual(value.limits, { rows: 10, bytes: 2048, timeoutMs: 3000 });
  assert.deepEqual(value.log, { level: 'debug', format: 'pretty' });
  assert.deepEqual(value.approval, { waitMs: 60_000, mostPending: 7, webhooks: [] });
});

test('a key that is not that of a witness, or has a typing error, is refused', async () => {
  for (const key of [
    WITNESS.replace('6dfb4047', '6dfb4048'),
    WITNESS.replace('+BNM', '+BNN'),
    'example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx',
    'x',
  ]) {
    const yaml = `${BASE}record: { witnesses: [{ url: https://w.example.com, key: "${key}" }] }\n`;
    const [error = ''] = await errorsOf(yaml);
    assert.match(error, /expected the verifier key of a witness/);
  }
});

test('the configuration cannot be changed once it is loaded', async () => {
  const { value } = await loaded(`${BASE}connections:\n  crm: { kind: sqlite, path: a.db }\n`);
  const crm = value.connections.get('crm');
  for (const part of [value, value.server, value.server.listen, value.identity, crm])
    assert.ok(Object.isFrozen(part));
});

test('an unknown key names its place and its nearest neighbour, at every depth', async () => {
  assert.deepEqual(
    await errorsOf(`${BASE}servers: {}\nserver:\n  lisen: 127.0.0.1:1\nlog: { levle: info }\n`),
    [
      '2:1 the file: unknown key "servers"; expected one of server, store, record, identity, connections, skills, policies, log, telemetry, limits, approval, console | did you mean "server"?',
      '4:3 server: unknown key "lisen"; expected one of listen, public_url, allowed_origins, allowed_hosts, max_body, session_idle | did you mean "listen"?',
      '5:8 log: unknown key "levle"; expected one of level, format | did you mean "level"?',
    ],
  );
  assert.match(
    (await errorsOf(`${BASE}connections:\n  crm: { kind: sqlite, path: a.db, enviroment: demo }\n`)).join(),
    /^3:36 connections\.crm: unknown key "enviroment"; expected one of kind, path, .* \| did you mean "environment"\?$/,
  );
  assert.match(
    (await errorsOf(`${BASE}identity:\n  isuers: []\n`)).join(),
    /^3:3 identity: unknown key "isuers"; .* \| did you mean "issuers"\?$/,
  );
  assert.match(
    (
      await errorsOf(`${BASE}identity:\n  issuers:\n    - issuer: https://a.example\n      audiance: x\n`)
    ).join(),
    /^5:7 identity\.issuers\[0\]: unknown key "audiance"; .* \| did you mean "audience"\?$/,
  );
});

test('a wrong value says what was found and what was expected', async () => {
  const of = async (lines: string): Promise<string> => (await errorsOf(BASE + lines)).join('\n');
  assert.match(
    await of('server: { listen: 8400 }'),
    /^2:19 server\.listen: found the number 8400; expected a string$/,
  );
  assert.match(
    await of('server: { listen: "127.0.0.1" }'),
    /^2:19 server\.listen: found "127\.0\.0\.1"; expected host:port/,
  );
  assert.match(await of('server: { listen: "127.0.0.1:70000" }'), /expected host:port/);
  assert.match(
    await of('server: { max_body: 1MB }'),
    /^2:21 server\.max_body: found "1MB"; expected a number of bytes, or a size/,
  );
  assert.match(await of('server: { max_body: 1GiB }'), /expected a size from 1KiB to 64MiB/);
  assert.match(
    await of('server: { session_idle: 30 }'),
    /^2:25 server\.session_idle: found the number 30; expected a string/,
  );
  assert.match(
    await of('log: { level: inf }'),
    /^2:15 log\.level: found "inf"; expected one of fatal, .* \| did you mean "info"\?$/,
  );
  assert.match(
    await of('connections: { CRM: { kind: sqlite, path: a.db } }'),
    /^2:16 connections\.CRM: the name is not valid; expected a lower-case/,
  );
  assert.match(
    await of('connections: { crm: { kind: sqlit, path: a.db } }'),
    /^2:29 connections\.crm\.kind: found "sqlit"; expected one of sqlite, postgres, mysql \| did you mean "sqlite"\?$/,
  );
  assert.match(
    await of('connections: { crm: { kind: sqlite } }'),
    /^2:16 connections\.crm: "path" is missing; expected a string$/,
  );
  assert.match(await of('connections: [crm]'), /^2:14 connections: found a list; expected a mapping/);
  assert.match(await of('server:'), /^2:8 server: found nothing; expected a mapping/);
  assert.match(
    await of('server: { allowed_origins: ["*"] }'),
    /^2:29 server\.allowed_origins\[0\]: found "\*"; expected an origin/,
  );
  assert.match(await of('server: { allowed_origins: ["https://a.example/x"] }'), /without a path/);
});

test('text that is not YAML is refused at its line', async () => {
  assert.match((await errorsOf('store: a\n\tserver: 1\n')).join(), /^2:1 .*tab/);
  assert.match(
    (await errorsOf(`${BASE}${BASE}`)).join(),
    /^2:1 the key is written twice; it was first written on line 1$/,
  );
  assert.match((await errorsOf('just text')).join(), /^1:1 the file: found "just text"; expected a mapping/);
});

test('references to the environment and to files are resolved inside any string', async () => {
  const { value } = await loaded(
    `${BASE}connections:\n  l: { kind: mysql, url: "mysql://\${env:USER_NAME}:\${file:./pw}@h.example/d" }\nskills: "$\${env:X}"\n`,
    { USER_NAME: 'u' },
    { [resolve('etc/pw')]: '${env:NO}x\n' },
  );
  const connection = value.connections.get('l');
  // What comes in is not resolved again.
  assert.equal(connection?.kind === 'mysql' && connection.url, 'mysql://u:${env:NO}x@h.example/d');
  assert.equal(value.skills, resolve('etc/${env:X}'));
});

test('a reference that leads nowhere is an error at its place, and the nearest name is offered', async () => {
  const text = `${BASE}connections:\n  crm: { kind: postgres, url: "x\${env:CRM_ULR}" }\n  b: { kind: sqlite, path: "\${file:no}" }\n`;
  assert.deepEqual(await errorsOf(text, { CRM_URL: 'hunter2', OTHER: '' }), [
    '3:33 connections.crm.url: the environment variable CRM_ULR is not set | did you mean "CRM_URL"?',
    '4:28 connections.b.path: the file no cannot be read (ENOENT)',
  ]);
  const of = async (reference: string): Promise<string> =>
    (
      await errorsOf(
        `${BASE}skills: ${JSON.stringify(reference)}\n`,
        { EMPTY: '' },
        { [resolve('etc/e')]: '\n' },
      )
    ).join();
  assert.match(await of('${env:EMPTY}'), /^2:9 skills: the environment variable EMPTY is empty/);
  assert.match(await of('${env:toString}'), /toString is not set/);
  assert.match(await of('${file:e}'), /the file e is empty/);
  assert.match(await of('${evn:X}'), /unknown source "evn"; expected env or file \| did you mean "env"\?$/);
  assert.match(
    await of('${X}'),
    /expected \$\{env:NAME\} or \$\{file:path\} \| write \$\$\{ for a plain \$\{$/,
  );
  assert.match(await of('a ${env:X'), /^2:12 skills: found \$\{ without/);
});

test('no error shows a secret: not one from the environment, a file, or the configuration itself', async () => {
  const secret = 'hunter2-p4ss';
  const urls = [
    `postgres://u:${secret}@h.example`,
    `http://u:${secret}@h.example/d`,
    secret,
    `${secret}://`,
    'hunter2%2Dp4ss',
  ];
  const keys = [
    (value: string) => `connections: { c: { kind: postgres, url: ${value} } }`,
    (value: string) => `connections: { c: { kind: mysql, url: ${value}, ssl: ${value} } }`,
    (value: string) => `connections: { c: { kind: ${value} } }`,
    (value: string) => `server: { public_url: ${value}, listen: ${value}, allowed_origins: [${value}] }`,
    (value: string) =>
      `identity: { issuers: [{ issuer: x, jwks_uri: ${value}, clock_skew: ${value} }], local: ${value} }`,
    (value: string) =>
      `telemetry: { otlp_endpoint: ${value} }\nlimits: { bytes: ${value}, timeout: ${value} }`,
    (value: string) => `log: ${value}`,
  ];
  let refusals = 0;
  for (const url of urls) {
    for (const key of keys) {
      for (const [store, reference] of [
        ['', '"${env:SECRET}"'],
        ['', '"${file:secret}"'],
        ['', '"x${env:SECRET}"'],
      ]) {
        const text = `${store ?? ''}${BASE}${key(reference ?? '')}\n`;
        const result = await load(text, { SECRET: url }, { [resolve('etc/secret')]: url });
        if (result.ok) continue;
        refusals++;
        assert.doesNotMatch(JSON.stringify(result), /hunter2/, text);
      }
      if (url === secret) continue;
      const result = await load(`${BASE}${key(JSON.stringify(url))}\n`);
      assert.doesNotMatch(
        JSON.stringify(result.ok ? result.warnings : result.errors),
        /hunter2-p4ss/,
        key(url),
      );
    }
  }
  assert.ok(refusals > 80, String(refusals));
  assert.doesNotMatch((await errorsOf(`store: postgres://u:${secret}@h.example\n`)).join(), /hunter2/);
});

test('a schema of another room that repeats what it saw does not make a secret public', async () => {
  const talkative = z.strictObject({
    url: z.string().superRefine((url, context) => {
      const { password } = new URL(url);
      context.addIssue({
        code: 'custom',
        message: `cannot use ${url} with ${password} or ${decodeURIComponent(password)}`,
      });
    }),
  });
  const result = await loadConfig({
    path: 'etc/sallyport.yaml',
    text: `${BASE}connections:\n  a: { url: "\${env:URL}" }\n  b: { url: "pg://u:literal2@h/d" }\n`,
    env: { URL: 'postgres://u:hunter%232@h.example/d' },
    readFile: async () => '',
    schemas: { identity: identitySchema, connection: talkative },
  });
  assert.ok(!result.ok);
  assert.deepEqual(shown(result.errors), [
    '3:13 connections.a.url: found "${env:URL}"; cannot use (not shown) with (not shown) or (not shown)',
    '4:13 connections.b.url: found a string (not shown); cannot use (not shown) with (not shown) or (not shown)',
  ]);
});

test('development tokens stay on this machine', async () => {
  const dev = 'identity: { dev: { users: { alice: [support] } } }\n';
  const server = (lines: string): string => `${BASE}${dev}server:\n${lines}`;
  for (const host of ['0.0.0.0', '[::]', '192.168.1.5', 'gate.example.com', '[::ffff:10.0.0.1]']) {
    const errors = await errorsOf(server(`  public_url: http://127.0.0.1:1\n  listen: "${host}:8400"\n`));
    assert.match(
      errors.join(),
      /^5:11 server\.listen: development tokens are on and ".*" can be reached from other machines/,
    );
  }
  assert.match(
    (await errorsOf(server('  public_url: https://gate.example.com\n'))).join(),
    /^4:15 server\.public_url: development tokens/,
  );
  for (const host of ['127.0.0.1', '127.9.9.9', 'localhost', '[::1]', '[::ffff:127.0.0.1]']) {
    assert.deepEqual((await loaded(server(`  listen: "${host}:8400"\n`))).warnings, []);
  }
  await loaded(
    `${BASE}identity: { dev: false, issuers: [{ issuer: https://a.example }] }\nserver: { listen: 0.0.0.0:1, public_url: https://g.example }\n`,
  );
});

test('a server on the network needs its public name, and is warned without issuers or https', async () => {
  assert.match(
    (await errorsOf(`${BASE}server: { listen: 0.0.0.0:1 }\n`)).join(),
    /^2:19 server: "public_url" is missing; .* \| public_url: https/,
  );
  const { warnings } = await loaded(`${BASE}server: { listen: 0.0.0.0:1, public_url: http://g.example }\n`);
  assert.deepEqual(shown(warnings), [
    '1:1 identity: no issuer is configured, so over the network only services with an API key can call | add identity.issuers for people',
    '2:42 server.public_url: tokens would cross the network in the clear; expected https',
  ]);
});

test('the shipped configuration loads without an error or a warning', async () => {
  const text = readFileSync(new URL('../../sallyport.yaml', import.meta.url), 'utf8');
  const { value, warnings } = await loaded(text);
  assert.deepEqual(warnings, []);
  assert.deepEqual([...value.connections.keys()], ['crm']);
  assert.deepEqual(value.identity.dev.users, { alice: ['support'], bob: ['dba'], carol: ['audit'] });
});

test('whatever becomes of the shipped file, it loads or is refused with places', async () => {
  const shipped = readFileSync(new URL('../../sallyport.yaml', import.meta.url), 'utf8');
  const insert = fc.oneof(
    fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ': ',
      '- ',
      '\n',
      '\n  ',
      '"',
      '|',
      '&a ',
      '*a',
      '#',
      '\t',
      '${env:X}',
      '${',
      'null',
      '1e999',
    ),
    fc.string({ maxLength: 6 }),
    fc.constant(''),
  );
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.nat({ max: 30 }),
    insert,
  });
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), async (edits) => {
      let text = shipped;
      for (const { at, remove, insert: put } of edits) {
        const start = Math.floor(at * text.length);
        text = text.slice(0, start) + put + text.slice(start + remove);
      }
      const result = await load(text);
      for (const { line = 1, message } of result.ok ? result.warnings : result.errors) {
        assert.ok(line >= 1 && line <= text.split('\n').length && message.length < 2000, message);
      }
    }),
    { numRuns: 300 },
  );
});

const ISSUER = 'identity: { issuers: [{ issuer: "https://idp.example.com" }] }\n';

test('the console signs people in with an issuer whose tokens are accepted', async () => {
  const { value } = await loaded(
    `${BASE}${ISSUER}console: { issuer: "https://idp.example.com", client_id: gate, client_secret: "\${env:SECRET}" }\n`,
    { SECRET: 'hush' },
  );
  assert.deepEqual(value.console, {
    issuer: 'https://idp.example.com',
    clientId: 'gate',
    clientSecret: 'hush',
    scopes: ['openid'],
  });
});

test('a console whose issuer is unknown, unsafe or asked for no identity is an error', async () => {
  const other = `${BASE}${ISSUER}console: { issuer: "https://idp.example.org", client_id: gate }\n`;
  assert.deepEqual(await errorsOf(other), [
    '3:20 console.issuer: this is not one of identity.issuers | write it exactly as there, or add it there',
  ]);
  const plain = `${BASE}identity: { issuers: [{ issuer: "http://idp.example.com", jwks_uri: "https://idp.example.com/jwks" }] }
console: { issuer: "http://idp.example.com", client_id: gate }\n`;
  assert.deepEqual(await errorsOf(plain), [
    '3:20 console.issuer: expected an https URL (http only for this machine)',
  ]);
  const scopes = `${BASE}${ISSUER}console: { issuer: "https://idp.example.com", client_id: gate, scopes: [email] }\n`;
  assert.match((await errorsOf(scopes)).join(), /expected openid among the scopes/);
});

test('port 0 needs a public_url, for nobody could be told where to go or what a token is for', async () => {
  const server = (lines: string): string => `${BASE}server:\n${lines}`;
  for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
    const [error, ...others] = await errorsOf(server(`  listen: "${host}:0"\n`));
    assert.match(
      String(error),
      /^3:11 server: "public_url" is missing; with port 0 the system picks the port.* \| name a port, such as ".*:8400"/,
    );
    assert.deepEqual(others, []);
  }
  const { value } = await loaded(server('  listen: 127.0.0.1:0\n  public_url: http://127.0.0.1:9000\n'));
  assert.deepEqual(
    [value.server.listen, value.server.publicUrl],
    [{ host: '127.0.0.1', port: 0 }, 'http://127.0.0.1:9000'],
  );
});
