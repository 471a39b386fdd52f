import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { intentOf } from '../../../test/contracts/sample-record.ts';
import { startAuthority } from '../../../test/support/time-stamp-authority.ts';
import { openSqliteStore } from '../sqlite-store/open-sqlite-store.ts';
import { askOverHttp } from './get-and-post.ts';
import { startTimestamper, type TimestampFailure } from './timestamper.ts';
import type { OutageEvent } from './outage.ts';

const house = mkdtempSync(join(tmpdir(), 'sallyport-stamps-'));
after(() => rmSync(house, { recursive: true }));

async function until(done: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await done())) await sleep(20);
}

test('checkpoints of a store are stamped as time goes by, an outage is told once, and nothing is asked where nothing is new', async (t) => {
  const authority = await startAuthority(join(house, 'tsa'));
  if (authority === null) return t.skip('openssl is not installed');
  const path = join(house, 'record.db');
  const log = { keyFile: `${path}.log-key`, checkpointFile: `${path}.checkpoint`, origin: null };
  const store = await openSqliteStore({ path, clock: Date.now, log });
  const { endorsements, source } = store;
  assert.ok(endorsements);
  const told: OutageEvent<TimestampFailure>[] = [];
  const clock = { ahead: 0 };
  const newest = async () => {
    const [found] = await source.checkpoints({ from: 1, to: 1_000, order: 'largest_first', limit: 1 });
    return found === undefined ? null : { ...found, text: '' };
  };
  const signed = async (size: number): Promise<boolean> => (await newest())?.size === size;

  await store.append([intentOf('call_1', 'ses_1')]);
  await until(() => signed(1));
  const stamper = startTimestamper({
    url: authority.url,
    everyMs: 25,
    newest,
    kept: endorsements,
    ask: askOverHttp(fetch),
    now: () => Date.now() + clock.ahead,
    random: randomBytes,
    told: async (event) => void told.push(event),
    count: () => undefined,
    onError: (error) => assert.fail(String(error)),
  });
  await until(async () => (await endorsements.lastTimestamp())?.size === 1);
  await sleep(200);
  assert.equal(authority.asked(), 1, 'nothing is new');

  authority.change = () => 503;
  await store.append([intentOf('call_2', 'ses_1')]);
  await until(() => signed(2));
  await until(() => authority.asked() >= 3);
  authority.change = (answer) => answer.subarray(0, 20);
  await until(() => told.length === 2);
  authority.change = null;
  await until(() => told.length === 3);
  assert.deepEqual(
    told.map((event) => (event.kind === 'failed' ? event.failure : event.kind)),
    ['unavailable', 'bad_answer', 'recovered'],
  );
  await stamper.close();

  const stamps = await endorsements.timestamps(0, 10);
  assert.deepEqual(
    stamps.map(({ size }) => size),
    [1, 2],
  );
  for (const { token, note } of stamps) {
    writeFileSync(join(house, 'token'), token);
    writeFileSync(join(house, 'note'), note);
    const args = ['ts', '-verify', '-token_in', '-in', 'token', '-data', 'note', '-CAfile', authority.ca];
    assert.match(
      execFileSync('openssl', args, { cwd: house, encoding: 'utf8', stdio: 'pipe' }),
      /Verification: OK/,
    );
  }
  assert.deepEqual(
    (await endorsements.timestamps(1, 10)).map(({ size }) => size),
    [2],
  );
  await store.close();
  await authority.close();
});
