import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { openSqliteStore } from '../../src/sessions/sqlite-store/open-sqlite-store.ts';
import { openCosigner } from '../../src/witness/cosigner.ts';
import { command } from '../cli/command.ts';
import { intentOf, outcomeOf } from '../contracts/sample-record.ts';
import { buildAuditor } from './go/auditor.ts';
import type { Store } from '../../src/sessions/store.ts';

const house = mkdtempSync(join(tmpdir(), 'sallyport-exported-'));
after(() => rmSync(house, { recursive: true }));
const path = join(house, 'record.db');
const log = { keyFile: `${path}.log-key`, checkpointFile: `${path}.checkpoint`, origin: null };
const config = join(house, 'sallyport.yaml');
writeFileSync(config, 'store: sqlite:./record.db\n');
const folder = join(house, 'exported');

async function write(calls: number, from = 0): Promise<void> {
  const store: Store = await openSqliteStore({ path, clock: Date.now, log });
  const all = Array.from({ length: calls }, (_, at) => from + at);
  await store.append(all.flatMap((at) => [intentOf(`call_${at}`, 's'), outcomeOf(`call_${at}`, 's')]));
  await store.close();
}

const exported = async (into = folder) => await command('log', 'export', into, '--json', '--config', config);

/** Every file, by its path, with the moment of its last change. */
function files(): ReadonlyMap<string, number> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  return new Map(
    paths.filter((each) => statSync(each).isFile()).map((each) => [each, statSync(each).mtimeMs]),
  );
}

test('a log is exported as files from time to time, each file once, and Go’s own packages prove every entry of it', async (t) => {
  assert.equal((await exported()).code, 66, 'there is no record yet');
  await write(150);
  assert.deepEqual((await exported()).json(), { size: 300, before: 0, files: 5 });
  const older = join(house, 'older.checkpoint');
  copyFileSync(join(folder, 'checkpoint'), older);
  const first = files();
  assert.ok(first.has(join(folder, 'tile/0/001.p/44')));

  await write(200, 150);
  // The export itself is on record, and signed with the next records.
  assert.deepEqual((await exported()).json(), { size: 701, before: 300, files: 5 });
  const second = files();
  for (const [place, time] of first)
    if (second.has(place) && !place.endsWith('/checkpoint')) assert.equal(second.get(place), time, place);
  assert.ok(!existsSync(join(folder, 'tile/0/001.p')) && existsSync(join(folder, 'tile/0/001')));
  assert.equal(statSync(join(folder, 'tile/entries/002.p/189')).mode & 0o777, 0o600);
  const db = new DatabaseSync(path, { readOnly: true });
  const looks = db
    .prepare(
      "SELECT entry ->> '$.event.from' AS a, entry ->> '$.event.to' AS b FROM event WHERE type = 'record.read'",
    )
    .all();
  db.close();
  assert.deepEqual(
    looks.map(({ a, b }) => [a, b]),
    [
      [0, 300],
      [300, 701],
    ],
    'who took what is on record',
  );

  const program = buildAuditor(house);
  if (program === null) return t.skip('golang-go and golang-golang-x-mod-dev are not installed');
  const key = readFileSync(`${path}.log-key.pub`, 'utf8').trim();
  const audit = () => spawnSync(program, [folder, key, older], { encoding: 'utf8' });
  const good = audit();
  assert.equal(good.stdout, '701 entries proven, from 300 on\n', good.stderr);
  const bundle = join(folder, 'tile/entries/001');
  const bytes = readFileSync(bundle);
  bytes[bytes.length - 5]! ^= 1;
  writeFileSync(bundle, bytes);
  assert.match(audit().stderr, /^record 511: /);
});

test('a folder that holds another log, or another history of this one, is left as it is', async () => {
  const kept = readFileSync(join(folder, 'checkpoint'), 'utf8');
  const before = files();
  writeFileSync(
    join(folder, 'checkpoint'),
    kept.replace(/\n701\n.{43}=/u, `\n701\n${Buffer.alloc(32).toString('base64')}`),
  );
  const other = await exported();
  assert.deepEqual([other.code, /another history/.test(other.stderr)], [69, true], other.stderr);
  writeFileSync(join(folder, 'checkpoint'), kept.replace('\n701\n', '\n9701\n'));
  assert.match((await exported()).stderr, /holds 9701 records/);
  writeFileSync(join(folder, 'checkpoint'), kept.replace('sallyport/', 'other/'));
  assert.match((await exported()).stderr, /holds the log "other\//);
  assert.deepEqual([...files().keys()], [...before.keys()]);
  const none = await command('log', 'export', join(house, 'cosigned'), '--cosigned', '--config', config);
  assert.deepEqual([none.code, none.stderr], [66, 'sallyport: nothing of the record is cosigned yet\n']);
});

test('what witnesses and authorities said is exported with it, and Go’s own packages pass over what they don’t know', async (t) => {
  const store = await openSqliteStore({ path, clock: Date.now, log });
  const { endorsements, source } = store;
  const [newest] = await source.checkpoints({ from: 0, to: 100_000, order: 'largest_first', limit: 1 });
  assert.ok(newest && endorsements);
  const { size, note } = newest;
  const cosigner = openCosigner(join(house, 'witness.key'), 'example.com/witness');
  const line = cosigner.cosign(note.slice(0, note.indexOf('\n\n') + 1), 1_795_000_000);
  await endorsements.keepCosignature({ size, key: 'example.com/witness+id', line, time: 1_795_000_000 });
  await endorsements.keepTimestamp({ size, token: Buffer.from('a token'), genTime: 1, at: 1 });
  await store.close();
  // The newest of all is not cosigned.
  await write(1, 400);
  const cosigned = join(house, 'cosigned');
  const done = await command('log', 'export', cosigned, '--cosigned', '--json', '--config', config);
  assert.equal(done.json().size, size);
  assert.equal(readFileSync(join(cosigned, 'checkpoint'), 'utf8'), `${note}${line}\n`);
  assert.equal(readFileSync(join(cosigned, `timestamps/${size}.note`), 'utf8'), note);
  assert.equal(readFileSync(join(cosigned, `timestamps/${size}.token`), 'utf8'), 'a token');

  const program = buildAuditor(house);
  if (program === null) return t.skip('golang-go and golang-golang-x-mod-dev are not installed');
  const key = readFileSync(`${path}.log-key.pub`, 'utf8').trim();
  const audit = spawnSync(program, [cosigned, key, join(house, 'older.checkpoint')], { encoding: 'utf8' });
  assert.equal(audit.stdout, `${size} entries proven, from 300 on\n`, audit.stderr);
});
