import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { command } from '../cli/command.ts';
import { MIGRATIONS } from '../../src/sessions/postgres-store/migrations.ts';
import { postgresRecords } from '../support/postgres-records.ts';
import { startGateway, type GatewayFolder } from '../support/gateway-process.ts';
import { connectAgent } from './agent.ts';
import { exampleFolder } from './example.ts';
import { until } from './waiting.ts';

const records = await postgresRecords();
const skip = 'missing' in records ? records.missing : false;

test(
  'two gateways have one record in PostgreSQL, and one goes on with it when the other is killed',
  { skip },
  async () => {
    assert.ok(!('missing' in records));
    const place = records.fresh();
    const config = (yaml: string): string =>
      yaml.replace(/^store: .*$/m, `store: { url: "${records.url(place)}", schema: ${place.schema} }`);
    const [one, two] = [await exampleFolder({ config }), await exampleFolder({ config })];
    const of = (folder: GatewayFolder, ...args: readonly string[]) =>
      command(...args, '--config', folder.configPath);

    assert.equal((await of(one, 'sessions', 'list')).code, 66, 'there is no record, and looking makes none');
    const migrated = await of(one, 'store', 'migrate', '--json');
    assert.deepEqual([migrated.json().from, migrated.json().to], [0, MIGRATIONS.length], migrated.stderr);
    assert.match((await of(two, 'store', 'migrate')).stdout, /has schema \d+ already/);

    const first = await startGateway({ folder: one });
    // The keys are made by whoever starts first, and given to the others.
    mkdirSync(join(two.dir, 'data'), { recursive: true });
    await assert.rejects(startGateway({ folder: two }), /key/);
    for (const name of ['sallyport.log-key', 'sallyport.log-key.pub', 'sallyport.payload-key'])
      copyFileSync(join(one.dir, 'data', name), join(two.dir, 'data', name));
    const second = await startGateway({ folder: two });

    const calls: string[] = [];
    for (const gateway of [first, second]) {
      const agent = await connectAgent(gateway.endpoint, gateway.tokens['alice'] ?? '');
      const told = await agent.call('find_customer', { email: 'nobody@example.com' });
      assert.equal(told.outcome, 'answered', told.whole);
      calls.push(told.call);
      await agent.close();
    }
    first.kill();
    await first.exited;
    const agent = await connectAgent(second.endpoint, second.tokens['alice'] ?? '');
    calls.push((await agent.call('find_customer', { email: 'nobody@example.com' })).call);
    await agent.close();

    const listed = (await of(two, 'sessions', 'list', '--json')).json() as { readonly calls: number }[];
    assert.equal(
      listed.reduce((sum, session) => sum + session.calls, 0),
      3,
    );
    await until('the signature of what the dead one left', async () => {
      const found = await of(two, 'verify', '--json');
      assert.equal(found.code, 0, found.stdout + found.stderr);
      const kinds = found.json().findings.map(({ kind }: { readonly kind: string }) => kind);
      return kinds.includes('unsigned') ? null : true;
    });

    // A start finds what died without a word: the process, and nothing else.
    const again = await startGateway({ folder: one });
    const crashed = await records.sql(place, "SELECT entry FROM event WHERE type = 'server.crashed'");
    assert.equal(crashed.length, 1);
    assert.equal(await again.stop(), 0);
    assert.equal(await second.stop(), 0);
    const verified = await of(one, 'verify');
    assert.match(verified.stdout, /The record is what was signed\./, verified.stdout + verified.stderr);
    assert.doesNotMatch(verified.stdout, /DAMAGE|unsigned/);
    const pack = join(one.dir, 'evidence.zip');
    const exported = await of(one, 'evidence', 'export', '--out', pack);
    assert.equal(exported.code, 0, exported.stdout + exported.stderr);
    const key = readFileSync(join(one.dir, 'data/sallyport.log-key.pub'), 'utf8').trim();
    const proved = await command('evidence', 'verify', pack, '--key', key);
    assert.equal(proved.code, 0, proved.stdout + proved.stderr);
    const entries = await records.sql(
      place,
      "SELECT call FROM event WHERE type = 'call.outcome' ORDER BY idx",
    );
    assert.deepEqual(
      entries.map((row) => (row as { readonly call: string }).call),
      calls,
    );
  },
);
