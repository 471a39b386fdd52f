import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { modernCall, send } from '../clients/http-fixture.ts';
import { startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import { connectAgent } from '../path/agent.ts';
import { exampleFolder } from '../path/example.ts';
import { until } from '../path/waiting.ts';
import { command, type Ran } from './command.ts';

let gateway: GatewayProcess;
before(async () => {
  gateway = await startGateway({ folder: await exampleFolder() });
});
after(async () => {
  await gateway.stop();
});

function on(...argv: readonly string[]): Promise<Ran> {
  return command(...argv, '--config', gateway.configPath);
}

/** The status of a call with this credential, and how it ended. */
async function callWith(token: string): Promise<{ readonly status: number; readonly text: string }> {
  const { headers, message } = modernCall('list_customers', { city: 'Berlin', limit: 1 });
  return await send(gateway.endpoint, { ...headers, authorization: `Bearer ${token}` }, message);
}

test('token: makes a development token that the running gateway takes, with the configured groups', async () => {
  const { code, stdout } = await on('token', '--user', 'alice', '--ttl', '5m');
  assert.equal(code, 0);
  assert.equal((await callWith(stdout.trim())).status, 200);
  const made = (await on('token', '--user', 'alice', '--json')).json();
  assert.deepEqual([made.user, made.groups], ['alice', ['support']]);
});

test('token: a user who is not configured needs groups, which the command says', async () => {
  const { code, stdout, stderr } = await on('token', '--user', 'mallory');
  assert.deepEqual([code, stdout], [78, '']);
  assert.match(stderr, /"mallory" is not among identity\.dev\.users, so name the groups: --groups/);
  assert.equal((await on('token', '--user', 'mallory', '--groups', 'audit')).code, 0);
});

test('keys: a key is shown once, listed without its secret, works, and is refused within seconds of its end', async () => {
  const created = await on(
    'keys',
    'create',
    '--service',
    'nightly',
    '--groups',
    'support',
    '--expires',
    '1d',
  );
  assert.equal(created.code, 0);
  assert.match(created.stderr, /only time the key is shown/);
  const key = created.stdout.trim();
  assert.equal((await callWith(key)).status, 200);

  const listed = await on('keys', 'list');
  assert.match(listed.stdout, /live +nightly \(support\) +made 20/);
  assert.ok(!listed.stdout.includes(key.slice(-20)), 'the list holds the secret');
  const [row] = (await on('keys', 'list', '--json')).json();
  assert.deepEqual([row.service, row.groups, row.state, row.revoked], ['nightly', ['support'], 'live', null]);
  assert.match(row.createdBy, /^os:./);
  assert.ok(Date.parse(row.expires) - Date.parse(row.created) === 86_400_000);

  const revoked = await on('keys', 'revoke', row.id);
  assert.deepEqual([revoked.code, revoked.stdout], [0, `${row.id} is revoked\n`]);
  await until('the key to be refused', async () => ((await callWith(key)).status === 401 ? true : null));
  assert.equal((await on('keys', 'list', '--json')).json()[0].state, 'revoked');
  const again = await on('keys', 'revoke', row.id);
  assert.equal(again.code, 1);
  assert.match(again.stderr, /there is no key ".*" that could be revoked/);
});

test('keys: a group that does not exist is refused, and no key is made', async () => {
  const known = (await on('keys', 'list', '--json')).json().length;
  const { code, stderr } = await on('keys', 'create', '--service', 's', '--groups', 'suport');
  assert.equal(code, 2);
  assert.match(stderr, /"suport" is not in identity\.groups/);
  assert.equal((await on('keys', 'list', '--json')).json().length, known);
});

test('sessions: the list and the story of one, while the gateway writes', async () => {
  const bob = await connectAgent(gateway.endpoint, gateway.tokens['bob']!);
  await bob.call('run_sql', {
    statement: "SELECT email FROM customers WHERE email = 'ben.castillo3@example.com'",
  });
  const refused = await bob.call('run_sql', { statement: 'DROP TABLE notes' });
  await bob.close();

  const listed = await on('sessions', 'list', '--principal', 'bob');
  assert.equal(listed.code, 0);
  assert.match(listed.stdout, /^SESSION +OPENED \(UTC\)/);
  assert.match(listed.stdout, /open +bob +test-agent 1\.0 +http +1 +1$/m);
  const [summary] = (await on('sessions', 'list', '--principal', 'bob', '--json')).json();
  assert.deepEqual([summary.principal, summary.calls, summary.refused], ['bob', 1, 1]);

  const shown = await on('sessions', 'show', summary.id);
  assert.equal(shown.code, 0);
  assert.match(shown.stdout, /run_sql answered, 1 rows/);
  assert.match(shown.stdout, /run_sql refused \(forbidden\) by guardrails\.schema/);
  assert.ok(shown.stdout.includes(refused.call));
  assert.match(shown.stdout, /\[redacted:email\]/);
  assert.ok(!shown.stdout.includes('ben.castillo3@'));
  const { entries } = (await on('sessions', 'show', summary.id, '--json')).json();
  assert.deepEqual(
    entries.map(({ kind }: { kind: string }) => kind),
    ['opened', 'call', 'refused'],
  );
});

test('sessions: --open leaves out what has ended, --limit cuts, and a session that is not there exits with 1', async () => {
  const all = (await on('sessions', 'list', '--json')).json();
  assert.ok(all.length >= 2);
  assert.equal((await on('sessions', 'list', '--json', '--limit', '1')).json().length, 1);
  assert.equal((await on('sessions', 'list', '--json', '--open')).json().length, all.length);
  const { code, stderr } = await on('sessions', 'show', 'ses_nowhere');
  assert.equal(code, 1);
  assert.match(stderr, /there is no session "ses_nowhere"; list them with: sallyport sessions list/);
});

test('sessions: a candidate masking.yaml is tried on the record, and says where it would mask more, never what', async () => {
  const agent = await connectAgent(gateway.endpoint, gateway.tokens['bob']!);
  const statement = "SELECT 'ticket P-424242' AS memo, 'card 4111 1111 1111 1111' AS paid";
  await agent.call('run_sql', { statement });
  await agent.close();
  const tried = mkdtempSync(join(tmpdir(), 'sallyport-tried-'));
  after(() => rmSync(tried, { recursive: true, force: true }));
  const candidate = (pattern: string): void =>
    writeFileSync(
      join(tried, 'masking.yaml'),
      `detectors: [{ name: ticket, class: national_id, pattern: '${pattern}', score: 60, match: ['P-000000'] }]`,
    );

  candidate(String.raw`P-\d{6}`);
  const more = await on('sessions', 'unmasked', '--policies', tried, '--json');
  assert.equal(more.code, 1);
  assert.ok(!more.stdout.includes('424242'));
  const { findings } = more.json();
  assert.deepEqual(
    findings.map((one: Record<string, unknown>) => [
      one['type'],
      one['tool'],
      one['class'],
      one['path'],
      one['count'],
    ]),
    [
      ['call.intent', 'run_sql', 'national_id', '/statement', 1],
      ['call.outcome', 'run_sql', 'national_id', 'memo', 1],
    ],
  );
  const told = await on('sessions', 'unmasked', '--policies', tried);
  assert.match(
    told.stdout,
    /call\.outcome {2}run_sql {2}national_id {2}memo {2}1\n2 findings in \d+ payloads\n$/,
  );
  assert.ok(!told.stdout.includes('424242'));

  const earlier = await on('sessions', 'unmasked', '--policies', tried, '--to', '2026-01-01', '--json');
  assert.deepEqual([earlier.code, earlier.json()], [0, { payloads: 0, findings: [] }]);
  candidate('P-0{6}');
  assert.equal((await on('sessions', 'unmasked', '--policies', tried)).code, 0);
  assert.equal((await on('sessions', 'unmasked')).code, 0, 'the rules that masked the record mask no more');
  assert.equal((await on('sessions', 'unmasked', '--policies', join(tried, 'nowhere'))).code, 78);
  assert.equal((await on('sessions', 'unmasked', '--from', 'yesterday')).code, 2);
});

test('looking at a record that is not there makes none, and exits with 66', async () => {
  const empty = await exampleFolder();
  for (const argv of [
    ['sessions', 'list'],
    ['sessions', 'unmasked'],
    ['keys', 'list'],
  ]) {
    const { code, stderr } = await command(...argv, '--config', empty.configPath);
    assert.equal(code, 66, argv.join(' '));
    assert.match(stderr, /there is no record at .* yet; start the gateway first/);
  }
  assert.deepEqual(readdirSync(join(empty.dir, 'data')), ['crm.db']);
});

test('init: writes a starter that passes check, tells what to do next, and overwrites nothing', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'sallyport-init-'));
  after(() => rmSync(parent, { recursive: true, force: true }));
  const dir = join(parent, 'new');
  const { code, stdout } = await command('init', dir);
  assert.equal(code, 0);
  assert.match(stdout, /wrote .*sallyport\.yaml\n/);
  assert.ok(
    stdout.endsWith(
      `Next: cd ${dir}, then sallyport check, then sallyport serve --example --config sallyport.yaml\n`,
    ),
  );
  const config = join(dir, 'sallyport.yaml');
  assert.equal((await command('check', '--config', config)).code, 0);
  const yaml = readFileSync(config, 'utf8');
  assert.match(yaml, /^ *# /m, 'the starter is commented');
  for (const path of ['sallyport.yaml', 'skills/customer-support/tools.yaml', 'policies/masking.yaml']) {
    const schema = /\$schema=(\S+)/.exec(readFileSync(join(dir, path), 'utf8'))?.[1] ?? '';
    assert.ok(
      schema !== '' && existsSync(join(dir, path, '..', schema)),
      `the schema that editors check ${path} by`,
    );
  }
  const again = await command('init', dir, '--json');
  assert.equal(again.code, 1);
  assert.match(again.json().problem, /exists; nothing was written$/);
  assert.equal(readFileSync(config, 'utf8'), yaml);
});
