import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test, type TestContext } from 'node:test';
import { openSqliteStore } from '../../src/sessions/sqlite-store/open-sqlite-store.ts';
import { intentOf, outcomeOf } from '../contracts/sample-record.ts';
import { openStamp, stampRequest } from '../../src/sessions/publish/time-stamp.ts';
import { startAuthority } from '../support/time-stamp-authority.ts';
import { blocksOf } from '../house/markdown.ts';

const house = mkdtempSync(join(tmpdir(), 'sallyport-auditor-'));
const store = join(house, 'data/sallyport.db');
after(() => rmSync(house, { recursive: true }));

before(async () => {
  const log = { keyFile: `${store}.log-key`, checkpointFile: `${store}.checkpoint`, origin: null };
  const open = await openSqliteStore({ path: store, clock: Date.now, log });
  for (let at = 0; at < 4; at += 1)
    await open.append([intentOf(`call_${at}`, 'ses_1'), outcomeOf(`call_${at}`, 'ses_1')]);
  await open.close();
});

/** Runs the commands that docs/verifying.md gives an auditor, as they stand there. */
function run(
  t: TestContext,
  program: string,
  what = `${program} `,
): { readonly status: number | null; readonly out: string } | null {
  if (spawnSync(program, ['--version']).error !== undefined) {
    t.skip(`${program} is not installed`);
    return null;
  }
  const page = readFileSync(new URL('../../docs/verifying.md', import.meta.url), 'utf8');
  const block = blocksOf(page).find(({ language, text }) => language === 'sh' && text.includes(what));
  assert.ok(block, program);
  const { status, stdout, stderr } = spawnSync('sh', ['-e'], {
    cwd: house,
    input: block.text,
    encoding: 'utf8',
  });
  // `openssl ts` says which configuration it reads, and why it refuses.
  if (status === 0) assert.equal(stderr.replace(/^Using configuration from .*\n/gm, ''), '');
  return { status, out: stdout };
}

test('OpenSSL verifies a checkpoint with the commands of the manual, and refuses an edited one', (t) => {
  const good = run(t, 'openssl');
  if (good === null) return;
  assert.equal(good.status, 0, good.out);
  assert.match(good.out, /Signature Verified Successfully/);
  const checkpoint = readFileSync(`${store}.checkpoint`, 'utf8');
  writeFileSync(`${store}.checkpoint`, checkpoint.replace('\n8\n', '\n7\n'));
  const bad = run(t, 'openssl');
  writeFileSync(`${store}.checkpoint`, checkpoint);
  assert.notEqual(bad?.status, 0);
  assert.match(bad?.out ?? '', /Signature Verification Failure/);
});

test('Node.js alone opens a payload and verifies it with the program of the manual', () => {
  const page = readFileSync(new URL('../../docs/verifying.md', import.meta.url), 'utf8');
  const block = blocksOf(page).find(({ language }) => language === 'js');
  assert.ok(block);
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--no-warnings'], {
    cwd: house,
    input: block.text,
    encoding: 'utf8',
  });
  assert.equal(stderr, '');
  const [said, computed, payload = ''] = stdout.trim().split('\n');
  assert.match(said ?? '', /^[0-9a-f]{64}$/);
  assert.equal(computed, said);
  assert.deepEqual(JSON.parse(payload), { rows: [['x'.repeat(1_400), 1.5]] });
});

test('OpenSSL verifies a time stamp with the commands of the manual, and refuses it for another note', async (t) => {
  const authority = await startAuthority(join(house, 'tsa'));
  if (authority === null || spawnSync('sqlite3', ['--version']).error !== undefined) {
    await authority?.close();
    return t.skip('openssl and sqlite3 are needed');
  }
  const db = new DatabaseSync(store);
  const { size, note } = db.prepare('SELECT size, note FROM log_checkpoint ORDER BY size DESC').get() ?? {};
  const request = { data: String(note), nonce: randomBytes(8) };
  const stamp = openStamp(authority.reply(stampRequest(request)), request);
  await authority.close();
  assert.ok(stamp.ok);
  db.prepare('INSERT INTO log_timestamp VALUES (?, ?, ?, ?)').run(
    Number(size),
    stamp.token,
    stamp.genTime,
    0,
  );
  copyFileSync(authority.ca, join(house, 'authority.pem'));
  const good = run(t, 'openssl', 'openssl ts');
  assert.equal(good?.status, 0, good?.out);
  assert.match(good?.out ?? '', /Time stamp: /);
  db.exec(`DROP TRIGGER log_checkpoint_is_never_updated; UPDATE log_checkpoint SET note = note || 'x'`);
  db.close();
  const bad = run(t, 'openssl', 'openssl ts');
  assert.notEqual(bad?.status, 0);
});
