import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import assert from 'node:assert/strict';
import { openPostgresStore } from '../../src/sessions/postgres-store/open-postgres-store.ts';
import { openKey } from '../../src/sessions/log/log-files.ts';
import { parseCheckpoint } from '../../src/sessions/log/checkpoint.ts';
import { verifyRecord } from '../../src/verify/verify.ts';
import { ownPostgres } from '../support/own-postgres.ts';
import { KEYS, PAYLOAD_KEY, postgresRecords } from '../support/postgres-records.ts';
import type { NamedStore } from './open-named.ts';
import { until } from '../path/waiting.ts';
import { readAll } from './read-all.ts';

const child = new URL('./store-stubborn-child.ts', import.meta.url).pathname;
const server = await ownPostgres();
const skip = 'missing' in server ? server.missing : false;

interface Gateway {
  readonly process: ChildProcess;
  readonly lines: () => readonly string[];
}

function begin(store: NamedStore, name: string): Gateway {
  const running = spawn(process.execPath, [child, JSON.stringify(store), name, '6'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  running.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  // What follows the last line break was cut by a kill.
  return { process: running, lines: () => Buffer.concat(chunks).toString().split('\n').slice(0, -1) };
}

/** Once it works: a moment after its start on a machine that is busy with other things. */
async function underLoad({ lines }: Gateway): Promise<void> {
  const acknowledged = (): number => lines().filter((line) => line.startsWith('done ')).length;
  await until('a gateway to be under load', () => (acknowledged() >= 50 ? true : null));
}

async function end(gateway: Gateway, signal: NodeJS.Signals): Promise<void> {
  const closed = once(gateway.process, 'close');
  gateway.process.kill(signal);
  const [code] = (await closed) as [number | null];
  if (signal === 'SIGTERM') assert.equal(code, 0);
}

test(
  'kill -9 of gateways and of the database under load: what was acknowledged is on record, what was refused is not, and it verifies',
  { skip },
  async () => {
    assert.ok(!('missing' in server));
    const records = await postgresRecords(server.url);
    assert.ok(!('missing' in records));
    const house = mkdtempSync(join(tmpdir(), 'sallyport-gateways-'));
    try {
      const place = records.fresh();
      const log = (name: string) => ({
        keyFile: join(house, 'log-key'),
        checkpointFile: join(house, `${name}.checkpoint`),
        origin: null,
      });
      openKey(log('a'), false);
      const gateways: Gateway[] = [];
      const run = (name: string, slot: string): Gateway => {
        const gateway = begin({ place, log: log(slot) }, name);
        gateways.push(gateway);
        return gateway;
      };
      let [a, b] = [run('a0', 'a'), run('b0', 'b')];
      for (let round = 1; round <= 3; round += 1) {
        await underLoad(a);
        await sleep(Math.random() * 500);
        await end(a, 'SIGKILL');
        a = run(`a${round}`, 'a');
        await sleep(300 + Math.random() * 400);
        await server.kill();
        await sleep(Math.random() * 500);
        await server.start();
        await sleep(300);
        await end(b, 'SIGKILL');
        b = run(`b${round}`, 'b');
      }
      await Promise.all([underLoad(a), underLoad(b)]);
      await Promise.all([end(a, 'SIGTERM'), end(b, 'SIGTERM')]);

      const store = await openPostgresStore({
        place,
        owner: null,
        clock: Date.now,
        keys: KEYS,
        log: log('a'),
      });
      const all = await readAll(store);
      await store.close();
      assert.deepEqual(
        all.map(({ index }) => index),
        all.map((_, at) => at),
        'a gap',
      );
      const found = all.filter(({ type }) => type === 'call.intent').map(({ call }) => call);
      assert.equal(new Set(found).size, found.length, 'something is on record twice');
      const said = gateways.flatMap(({ lines }) => lines()).map((line) => line.split(' '));
      const ids = (what: string) => said.filter(([word]) => word === what).map(([, id]) => id ?? '');
      const onRecord = new Set(found);
      for (const id of ids('done')) assert.ok(onRecord.has(id), `${id} was acknowledged and is gone`);
      for (const id of ids('refused')) assert.ok(!onRecord.has(id), `${id} was refused and is there`);
      assert.ok(ids('done').length > 200, `only ${ids('done').length} acknowledgements: this was no load`);
      console.log(
        `# ${ids('done').length} acknowledged, ${ids('refused').length} refused, ${ids('unknown').length} unknown`,
      );

      const kept = readFileSync(join(house, 'b.checkpoint'), 'utf8');
      const key = readFileSync(join(house, 'log-key.pub'), 'utf8').trim();
      const verified = await verifyRecord({ database: place, key, kept, payloadKey: PAYLOAD_KEY });
      assert.deepEqual(
        verified.findings.filter(({ kind }) => kind !== 'outcome_missing'),
        [],
      );
      assert.equal(verified.signed?.size, all.length);
      assert.equal(verified.payloads.verified, found.length);
      assert.equal(parseCheckpoint(kept)?.origin, key.split('+')[0]);
    } finally {
      rmSync(house, { recursive: true });
      await server.remove();
    }
  },
);
