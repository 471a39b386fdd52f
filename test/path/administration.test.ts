import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { startGateway, type GatewayFolder } from '../support/gateway-process.ts';
import { command } from '../cli/command.ts';
import { connectAgent } from './agent.ts';
import { exampleFolder } from './example.ts';
import { sampleRecord } from '../contracts/sample-record.ts';
import { assertNotInStore, recordsIn, storeOf } from './on-record.ts';
import { until } from './waiting.ts';
import type { RecordType, StoredRecord } from '../../src/model/record.ts';

const SECRET = `whsec_${'hunter2hunter2'.repeat(4)}`;

async function of(folder: GatewayFolder, ...types: readonly RecordType[]): Promise<readonly StoredRecord[]> {
  return (await recordsIn(folder)).filter(({ type }) => types.includes(type));
}

function edit({ configPath }: GatewayFolder, change: (yaml: string) => string): void {
  writeFileSync(configPath, change(readFileSync(configPath, 'utf8')));
}

test('a start says which settings and which rules are others than at the last one, and never a secret', async () => {
  const folder = await exampleFolder();
  await (await startGateway({ folder })).stop();
  await (await startGateway({ folder })).stop();
  const unchanged = await of(folder, 'config.loaded', 'rules.loaded');
  const [config1, rules1, config2, rules2] = unchanged.map(({ event }) => event);
  assert.deepEqual([config1?.['added'], rules1?.['added']], [undefined, undefined], 'nothing was before');
  assert.equal(config2?.['digest'], config1?.['digest']);
  for (const event of [config2, rules2])
    assert.deepEqual([event?.['added'], event?.['removed'], event?.['changed']], [[], [], []]);

  const hook = `{ url: "http://127.0.0.1:9/", secret: "${SECRET}" }`;
  edit(folder, (yaml) =>
    yaml
      .replace('approval: { wait: 0s }', `approval: { wait: 1s, webhooks: [${hook}] }`)
      .concat('\nlog: { level: warn }\n'),
  );
  const policy = join(folder.dir, 'policies/guardrails.cedar');
  writeFileSync(policy, `${readFileSync(policy, 'utf8')}\n// A comment is an edit, too.\n`);
  writeFileSync(join(folder.dir, 'policies/more.cedar'), '// Nothing yet.\n');
  await (await startGateway({ folder })).stop();
  const [config, rules] = (await of(folder, 'config.loaded', 'rules.loaded')).slice(-2);
  assert.equal(config?.event['previous'], config1?.['digest']);
  assert.notEqual(config?.event['digest'], config1?.['digest']);
  assert.deepEqual(config?.event['changed'], ['approval.wait']);
  assert.deepEqual(config?.event['added'], [
    'approval.webhooks.0.secret',
    'approval.webhooks.0.url',
    'log.level',
  ]);
  assert.deepEqual(rules?.event['changed'], ['policies/guardrails.cedar']);
  assert.deepEqual(rules?.event['added'], ['policies/more.cedar']);
  const said = config?.payload as Record<string, string>;
  assert.equal(said['approval.wait'], '"1s"', 'what the file says stands beside the record');
  assertNotInStore(folder, [SECRET, hash('sha256', SECRET), hash('sha256', JSON.stringify(SECRET))]);
});

test('a process that was killed is told by the next start, once, and one that lives is not', async () => {
  const folder = await exampleFolder();
  // Of a version that shows no sign of life: nobody knows whether it lives.
  const older = { version: '0.0.9', node: 'v22.16.0', process: 'older' };
  await (await storeOf(folder)).append([sampleRecord('server.started', { event: older })]);
  const killed = await startGateway({ folder });
  killed.kill();
  await killed.exited;
  const living = await startGateway({ folder });
  edit(folder, (yaml) =>
    yaml.replaceAll(/127\.0\.0\.1:\d+/g, `127.0.0.1:${Number(new URL(living.endpoint).port) + 1}`),
  );
  // Another gateway on the same store, beside the one that lives.
  const beside = await startGateway({ folder });
  assert.equal(await beside.stop(), 0);
  assert.equal(await living.stop(), 0);
  const [, first, second, third] = await of(folder, 'server.started');
  const crashes = await of(folder, 'server.crashed');
  assert.deepEqual(
    crashes.map(({ event }) => event),
    [{ process: first?.event['process'], pid: killed.pid, started: first?.index, startedAt: first?.time }],
  );
  assert.ok(crashes[0]!.index < second!.index, 'before the start that found it');
  const stops = (await of(folder, 'server.stopped')).map(({ event }) => event['process']);
  assert.deepEqual(
    stops,
    [third, second].map((start) => start?.event['process']),
  );
  const left = readdirSync(join(folder.dir, 'data')).filter((name) => name.includes('.process-'));
  assert.deepEqual(left, [], 'no lock is left behind');
});

test('who reads the record is on record: over HTTP, and on the command line', async () => {
  const folder = await exampleFolder({ config: (yaml) => `${yaml}\nrecord: { readers: [audit] }\n` });
  const gateway = await startGateway({ folder });
  const alice = await connectAgent(gateway.endpoint, gateway.tokens['alice']!);
  await alice.call('list_customers', { city: 'Berlin', limit: 1 });
  await alice.close();
  const get = (path: string): Promise<Response> =>
    fetch(new URL(path, gateway.endpoint), {
      headers: { authorization: `Bearer ${gateway.tokens['carol']}` },
    });
  await until('a checkpoint', async () => ((await get('/log/checkpoint')).status === 200 ? true : null));
  for (let times = 0; times < 3; times += 1)
    assert.equal((await get('/log/tile/entries/000.p/2')).status, 200);
  assert.equal((await get('/log/tile/entries/004')).status, 404);
  const listed = await command('sessions', 'list', '--json', '--config', folder.configPath);
  const [{ id }] = listed.json();
  assert.equal((await command('sessions', 'show', id, '--config', folder.configPath)).code, 0);
  assert.equal((await command('sessions', 'show', 'ses_none', '--config', folder.configPath)).code, 1);
  await gateway.stop();

  const reads = (await of(folder, 'record.read')).map(({ event }) => event);
  const operator = reads.find(({ how }) => how === 'command')?.['by'];
  assert.ok(typeof operator === 'string' && /^os:./.test(operator));
  const counted = reads.find((event) => 'count' in event);
  const { first: _, last: __, ...rest } = counted ?? {};
  const entries = {
    by: 'carol',
    issuer: 'urn:sallyport:dev',
    how: 'http',
    what: 'entries',
    from: 0,
    to: 2,
    remote: '127.0.0.1',
  };
  assert.deepEqual(rest, { ...entries, count: 2 });
  assert.deepEqual(
    reads.filter((event) => event !== counted),
    [
      entries,
      { by: operator, how: 'command', what: 'sessions' },
      { by: operator, how: 'command', what: 'session', id },
    ],
  );
  const shown = await command('sessions', 'show', id, '--json', '--config', folder.configPath);
  assert.ok(!shown.stdout.includes('record.read'), 'a look is no part of the session that was looked at');
});
