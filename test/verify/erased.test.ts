import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { runProgram } from '../../src/cli/program.ts';
import { openSqliteStore } from '../../src/sessions/sqlite-store/open-sqlite-store.ts';
import type { Store } from '../../src/sessions/store.ts';
import type { Disposal, Subject } from '../../src/sessions/vault/disposal.ts';
import { verifyRecord, type Verification } from '../../src/verify/verify.ts';
import { intentOf, openingOf, outcomeOf, sampleRecord } from '../contracts/sample-record.ts';

const AT = 1_763_000_000_000;
const DAY = 86_400_000;
const house = mkdtempSync(join(tmpdir(), 'sallyport-erased-'));
after(() => rmSync(house, { recursive: true }));
let made = 0;

interface Bench {
  readonly directory: string;
  readonly path: string;
  readonly open: () => Promise<Store & { readonly disposal: Disposal }>;
  readonly verify: () => Promise<Verification>;
  /** What somebody who may write to the file does to it. */
  readonly tamper: (sql: string) => void;
}

function bench(): Bench {
  made += 1;
  const directory = mkdtempSync(join(house, `${made}-`));
  const path = join(directory, 'record.db');
  const log = { keyFile: `${path}.log-key`, checkpointFile: `${path}.checkpoint`, origin: null };
  return {
    directory,
    path,
    open: async () => {
      const store = await openSqliteStore({ path, clock: Date.now, log });
      const { disposal } = store;
      assert.ok(disposal);
      return { ...store, disposal };
    },
    verify: () =>
      verifyRecord({
        path,
        key: readFileSync(`${path}.log-key.pub`, 'utf8').trim(),
        kept: readFileSync(`${path}.checkpoint`, 'utf8'),
        payloadKey: readFileSync(`${path}.payload-key`, 'utf8'),
      }),
    tamper: (sql) => {
      const db = new DatabaseSync(path);
      db.exec(sql);
      db.close();
    },
  };
}

/** Two sessions of alice, with two calls each; records 0 to 9. */
async function write(store: Store): Promise<void> {
  for (const session of ['s1', 's2']) {
    await store.append([openingOf(session, AT)]);
    for (const call of ['a', 'b'])
      await store.append([intentOf(`${session}${call}`, session), outcomeOf(`${session}${call}`, session)]);
  }
}

const order = (subject: Subject, at = AT) => ({ subject, by: 'os:carol', reason: 'why', at });
const s1 = order({ kind: 'session', session: 's1' });
const said = ({ findings }: Verification): readonly (readonly [string, number | null])[] =>
  findings.map(({ kind, index }) => [kind, index]);

test('what was erased is counted as that, every proof holds, and its bytes are in no file', async () => {
  const { directory, path, open, verify } = bench();
  const store = await open();
  await write(store);
  await store.close();
  const before = new DatabaseSync(path, { readOnly: true });
  const wrapped = before.prepare("SELECT wrapped FROM data_key WHERE scope = 's1'").get()?.['wrapped'];
  const sealed = before
    .prepare('SELECT p.sealed FROM payload p JOIN event e USING (idx) WHERE session = ?')
    .all('s1');
  before.close();
  const bytes = [wrapped, ...sealed.map((row) => row['sealed'])].map((blob) =>
    Buffer.from(blob as Uint8Array),
  );
  assert.equal(bytes.length, 5);
  const found = (): number =>
    readdirSync(directory)
      .map((name) => readFileSync(join(directory, name)))
      .filter((file) => bytes.some((blob) => file.includes(blob.subarray(0, 60)))).length;
  assert.equal(found(), 1);

  const again = await open();
  assert.equal((await again.disposal.erase(s1)).kind, 'erased');
  assert.equal(found(), 0, 'while it is open, the write-ahead log among the files');
  await again.close();
  assert.equal(found(), 0);
  const verified = await verify();
  assert.deepEqual(said(verified), []);
  const { payloads } = verified;
  assert.deepEqual([payloads.verified, payloads.erased, payloads.missing], [4, 4, 0]);
});

test('a payload that somebody deleted is missing, also beside those that were erased or pruned', async () => {
  const { open, verify, tamper } = bench();
  const store = await open();
  await write(store);
  await store.disposal.erase(order({ kind: 'call', call: 's1a' }));
  const retention = { results: { ms: DAY, text: '1d' } };
  await store.disposal.prune({ retention, at: AT + 2 * DAY, after: -1, dryRun: false });
  // Later than every record of an erasure: of another call, or of what came after.
  await store.append([intentOf('s1a', 's1')]);
  await store.close();
  const whole = await verify();
  assert.deepEqual([whole.payloads.erased, whole.payloads.pruned, whole.payloads.missing], [2, 3, 0]);
  tamper('DELETE FROM payload WHERE idx IN (3, 6, 12)');
  const found = await verify();
  assert.deepEqual(
    said(found).filter(([kind]) => kind === 'payload_missing'),
    [
      ['payload_missing', 3],
      ['payload_missing', 6],
      ['payload_missing', 12],
    ],
  );
  assert.equal(found.ok, false);
});

test('a record of retention explains nothing that its own rule does not lead to', async () => {
  const rule = { class: 'arguments', retention: '30d', before: AT + 1, payloads: 9, after: -1, through: 9 };
  const forged = [
    ['a cut-off before its time', { ...rule }, AT + 29 * DAY],
    ['a rule that is none', { ...rule, retention: 'soon' }, AT + 99 * DAY],
    ['another class', { ...rule, class: 'results' }, AT + 99 * DAY],
    ['a cut-off below the record', { ...rule, before: AT }, AT + 99 * DAY],
    ['other places', { ...rule, through: 0 }, AT + 99 * DAY],
  ] as const;
  for (const [name, event, time] of [...forged, ['what is right', rule, AT + 31 * DAY] as const]) {
    const { open, verify, tamper } = bench();
    const store = await open();
    await write(store);
    await store.append([sampleRecord('payload.pruned', { event, time })]);
    await store.close();
    tamper('DELETE FROM payload WHERE idx = 1');
    const { payloads } = await verify();
    assert.deepEqual([payloads.pruned, payloads.missing], name === 'what is right' ? [1, 0] : [0, 1], name);
  }
});

test('a payload that comes back from a copy after its erasure is found', async () => {
  const { path, open, verify, tamper } = bench();
  const store = await open();
  await write(store);
  await store.close();
  copyFileSync(path, `${path}.copy`);
  const again = await open();
  await again.disposal.erase(s1);
  await again.close();
  tamper(`ATTACH '${path}.copy' AS copy; INSERT OR IGNORE INTO payload SELECT * FROM copy.payload;
    INSERT OR IGNORE INTO data_key SELECT * FROM copy.data_key`);
  const found = await verify();
  assert.deepEqual(
    said(found).map(([kind]) => kind),
    ['payload_not_erased', 'payload_not_erased', 'payload_not_erased', 'payload_not_erased'],
  );
});

test('what is under a hold is counted, and its destruction is damage whatever record stands for it', async () => {
  const { open, verify, tamper } = bench();
  const store = await open();
  await write(store);
  await store.disposal.hold('hold_1', order({ kind: 'principal', principal: 'alice', issuer: null }));
  // By the hand of somebody who may write to the file and knows how records look.
  const event = { session: 's1', sessions: ['s1'], payloads: 4, by: 'os:mallory', reason: '' };
  await store.append([sampleRecord('payload.erased', { event })]);
  await store.close();
  tamper('DELETE FROM payload WHERE idx = 1');
  const found = await verify();
  assert.equal(found.payloads.held, 7);
  assert.ok(said(found).some(([kind, index]) => kind === 'hold_broken' && index === 1));
});

test('the commands erase, hold, release and prune, and the record says who did', async () => {
  const { directory, path, open, verify } = bench();
  const store = await open();
  await write(store);
  await store.close();
  const config = join(directory, 'sallyport.yaml');
  writeFileSync(config, `store: sqlite:${path}\nrecord: { retention: { results: 1d } }\n`);
  const run = async (...args: string[]): Promise<{ code: number; out: string; err: string }> => {
    let [out, err] = ['', ''];
    const output = { out: (text: string) => void (out += text), err: (text: string) => void (err += text) };
    const code = await runProgram(['sessions', ...args, '--config', config], output, {});
    return { code, out, err };
  };
  const why = ['--reason', 'letter of anna@example.com'];
  assert.equal((await run('erase', '--session', 's1', ...why)).code, 2, 'without --yes nothing is done');
  assert.equal((await run('erase', '--session', 's1', '--call', 'x', '--yes', ...why)).code, 2);
  assert.equal((await run('erase', '--session', 'nobody', '--yes', ...why)).code, 1);

  const held = await run('hold', '--session', 's1', ...why);
  assert.match(held.out, /^hold_[0-9a-f-]{36}\n$/);
  const refused = await run('erase', '--principal', 'alice', '--yes', ...why);
  assert.equal(refused.code, 1);
  assert.ok(refused.out.includes(held.out.trim()), refused.out);
  assert.match((await run('holds')).out, /s1 {2}by os:/);
  assert.equal((await run('release', held.out.trim(), ...why)).code, 0);
  assert.equal((await run('release', held.out.trim(), ...why)).code, 1);

  const counted = JSON.parse((await run('prune', '--dry-run', '--json')).out) as {
    pruned: { results: number };
  };
  assert.equal(counted.pruned.results, 4);
  assert.match((await run('prune')).out, /^Pruned payloads: 0 of arguments, 4 of results/);
  const erased = await run('erase', '--principal', 'alice', '--yes', '--json', ...why);
  assert.deepEqual(
    [erased.code, JSON.parse(erased.out)],
    [0, { kind: 'erased', sessions: 2, payloads: 4, approvals: 0, tasks: 0, flushed: true }],
  );
  const file = readFileSync(path, 'utf8');
  assert.ok(file.includes('letter of [redacted:email]') && !file.includes('anna@example.com'));
  const { payloads } = await verify();
  assert.deepEqual([payloads.erased, payloads.pruned, payloads.missing], [4, 4, 0]);
});

test('the payload key is changed without touching a payload, and who holds the old one is refused', async () => {
  const { directory, path, open, verify } = bench();
  const store = await open();
  await write(store);
  const config = join(directory, 'sallyport.yaml');
  const old = join(directory, 'old-key');
  writeFileSync(config, `store: sqlite:${path}\n`);
  copyFileSync(`${path}.payload-key`, old);
  rmSync(`${path}.payload-key`);
  let printed = '';
  const output = { out: (text: string) => void (printed += text), err: () => undefined };
  const rekey = ['sessions', 'rekey', '--config', config, '--json', '--old-key-file', old];
  assert.equal(await runProgram(rekey, output, {}), 0);
  const { from, to, keys } = JSON.parse(printed) as { from: string; to: string; keys: number };
  assert.deepEqual([from === to, keys], [false, 2]);
  await assert.rejects(store.append([intentOf('late', 's1')]), { name: 'StoreUnavailable', recorded: 'no' });
  await store.close();
  assert.notEqual(
    await runProgram(rekey, output, {}),
    0,
    'the old key is not the key of the record any more',
  );

  const again = await open();
  const records = await again.records({ limit: 100 });
  assert.equal(records.filter(({ payload }) => payload !== null).length, 8);
  assert.deepEqual(records.at(-1)?.event['to'], to);
  await again.close();
  assert.deepEqual((await verify()).findings, []);
});
