import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { Ajv } from 'ajv';
import { runProgram } from '../../src/cli/program.ts';
import { blocksOf } from '../house/markdown.ts';
import type { Exported } from '../../src/app/evidence.ts';
import type { PackVerification } from '../../src/verify/pack/verify-pack.ts';
import { DAY, evidence, exportPack, filesOf, FIRST_DAY, makeHouse, type House } from './house.ts';
import { storyOf } from './story.ts';
import { sampleRecord } from '../contracts/sample-record.ts';

const house = makeHouse();
after(() => house.remove());
const pack = join(house.dir, 'second-day.zip');
const SECOND_DAY = ['--from', '2026-11-02', '--to', '2026-11-03', '--controls', 'soc2'] as const;
let exported: Exported;
let files: Map<string, string>;

before(async () => {
  for (let day = 0; day < 3; day += 1)
    for (const half of [0, 1]) {
      const at = FIRST_DAY + day * DAY + half * (DAY / 2);
      await house.write(at, storyOf(`${day}_${half}`, at));
    }
  const { code, out, err } = await exportPack(house, pack, ...SECOND_DAY);
  assert.equal(code, 0, out + err);
  exported = JSON.parse(out) as Exported;
  files = await filesOf(pack);
});

const EACH = storyOf('', 0).length;
const text = (name: string): string => Buffer.from(files.get(name) ?? '', 'latin1').toString('utf8');
const lines = (folder: string): readonly string[] =>
  [...files.keys()]
    .filter((name) => name.startsWith(folder))
    .toSorted()
    .flatMap((name) => text(name).split('\n').slice(0, -1));

async function verify(path: string, key: string | null = house.key()): Promise<PackVerification> {
  const { out } = await evidence('verify', path, '--json', ...(key === null ? [] : ['--key', key]));
  return JSON.parse(out) as PackVerification;
}

test('a pack has the records between the states that bound its period, and verifies with the key alone', async () => {
  assert.equal(exported.verification.ok, true);
  const found = await verify(pack);
  assert.deepEqual(found.findings, []);
  assert.deepEqual(found.log, { start: 2 * EACH, end: 4 * EACH, records: 2 * EACH });
  assert.equal(found.payloads.verified, 2 * 11);
  assert.deepEqual(
    (await verify(pack, null)).findings.map(({ kind }) => kind),
    ['key_untrusted'],
  );
});

test('the same period makes the same bytes, after others were written and whoever exports it', async () => {
  const again = join(house.dir, 'again.zip');
  await house.write(FIRST_DAY + 5 * DAY, storyOf('later', FIRST_DAY + 5 * DAY));
  assert.equal((await exportPack(house, again, ...SECOND_DAY)).code, 0);
  assert.ok(readFileSync(again).equals(readFileSync(pack)));
});

test('what was made of the record is on record: who, which period, which manifest', () => {
  const db = new DatabaseSync(house.db, { readOnly: true });
  const row = db
    .prepare("SELECT entry FROM event WHERE type = 'evidence.exported' ORDER BY idx LIMIT 1")
    .get();
  db.close();
  const { event } = JSON.parse(String(row?.['entry'])) as { event: Record<string, unknown> };
  assert.match(String(event['by']), /^os:/);
  assert.deepEqual(
    [event['from'], event['start'], event['end'], event['manifest'], event['verified']],
    ['2026-11-02T00:00:00.000Z', 2 * EACH, 4 * EACH, exported.manifest, true],
  );
});

test('an auditor verifies the unpacked files with the commands that are inside, and a changed file stops them', (t) => {
  for (const program of ['openssl', 'jq', 'go', 'sha256sum'])
    if (spawnSync(program, [program === 'go' ? 'version' : '--version']).error !== undefined)
      return t.skip(`${program} is not installed`);
  if (!existsSync('/usr/share/gocode/src/golang.org/x/mod'))
    return t.skip('the Go packages are not installed');
  const unpacked = join(house.dir, 'unpacked');
  for (const [name, content] of files) {
    mkdirSync(dirname(join(unpacked, name)), { recursive: true });
    writeFileSync(join(unpacked, name), content, 'latin1');
  }
  const commands = blocksOf(text('verify.md'))
    .filter(({ language }) => language === 'sh')
    .map((block) => block.text);
  assert.equal(commands.length, 5);
  const run = (command: string) =>
    spawnSync('sh', ['-e'], {
      cwd: unpacked,
      input: command,
      encoding: 'utf8',
      env: { ...process.env, KEY: house.key() },
    });
  const [signatures = '', digests = '', counts = '', go = '', payload = ''] = commands;
  for (const command of [signatures, digests, counts, go]) {
    const { status, stdout, stderr } = run(command);
    assert.equal(status, 0, command + stdout + stderr);
    if (command === go) assert.match(stdout, new RegExp(`^${2 * EACH} records proven`));
  }
  const [said, computed] = run(payload).stdout.trim().split('\n');
  assert.match(said ?? '', /^[0-9a-f]{64}$/);
  assert.equal(computed, said);

  const [records = ''] = [...files.keys()].filter((name) => name.startsWith('records/'));
  const edit = (name: string, from: string, to: string): void =>
    writeFileSync(join(unpacked, name), (files.get(name) ?? '').replace(from, to), 'latin1');
  edit(records, 'alice', 'bob');
  for (const command of [digests, go]) assert.notEqual(run(command).status, 0, command);
  edit(records, '\n', '');
  assert.notEqual(run(counts).status, 0);
  edit('log/end.checkpoint', `\n${4 * EACH}\n`, `\n${4 * EACH + 1}\n`);
  assert.notEqual(run(signatures).status, 0);
});

test('each record is one event of OCSF, and every event is valid against its schema', () => {
  const { classes, $defs } = JSON.parse(
    readFileSync(new URL('ocsf-1.6.0.json', import.meta.url), 'utf8'),
  ) as {
    readonly classes: Readonly<Record<string, object>>;
    readonly $defs: object;
  };
  const ajv = new Ajv({ strict: false, allErrors: true });
  let events = 0;
  for (const [name, schema] of Object.entries(classes)) {
    const valid = ajv.compile({ ...schema, $defs });
    const found = lines(`ocsf/${name}/`);
    assert.ok(found.length > 0, name);
    for (const line of found)
      assert.ok(valid(JSON.parse(line)), `${name}: ${ajv.errorsText(valid.errors)} ${line}`);
    if (name !== 'detection_finding') events += found.length;
  }
  assert.equal(events, 2 * EACH);
});

test('tables are RFC 4180, have a line for each thing they tell of, and nothing in them is a formula', () => {
  const denials = text('csv/denials.csv');
  assert.match(
    denials,
    /,"'=HYPERLINK\(""http:\/\/x""\)",false,forbidden,guard#1 guard#2,r1,"No, ""never"",\r\nagain",/,
  );
  assert.match(text('csv/authentication_failures.csv'), /,unidentified,1,http,,'-1\+2\r\n/);
  assert.match(
    text('csv/approvals.csv'),
    /,decided,apr_1_0,alice,https:\/\/idp\.example\.com,run_sql,crm,production,bob,[^,]*,true,false,console,high,fine,/,
  );
  assert.match(
    text('csv/masking.csv'),
    /\r\nfind_customer,email,redact,2,4\r\nfind_customer,iban,shown,2,2\r\n$/,
  );
  assert.match(
    text('csv/principals.csv'),
    /\r\nalice,https:\/\/idp\.example\.com,user,audit support,audit support,.*,2,10,2,2,2,0,jwt\r\n/,
  );
  for (const name of [...files.keys()].filter((each) => each.startsWith('csv/')))
    assert.doesNotMatch(text(name), /(?:^|,|\n)"?[=+\-@\t]/, name);
});

test('every column of every table is explained', () => {
  const explained = text('csv/columns.csv');
  for (const name of [...files.keys()].filter(
    (each) => each.startsWith('csv/') && each !== 'csv/columns.csv',
  )) {
    const [heading = ''] = text(name).split('\r\n');
    for (const column of heading.split(','))
      assert.ok(explained.includes(`\r\n${name},${column},`), `${name} ${column}`);
  }
});

test('controls name files that are there, or folders that would be', () => {
  const rows = text('controls.csv').split('\r\n').slice(1, -1);
  for (const criterion of [
    'CC6.1',
    'CC6.2',
    'CC6.3',
    'CC6.6',
    'CC6.7',
    'CC7.2',
    'CC7.3',
    'CC8.1',
    'C1.1',
    'PI1',
  ])
    assert.ok(
      rows.some((row) => row.startsWith(`${criterion},`)),
      criterion,
    );
  for (const row of rows) {
    const [, file = '', count] = row.split(',');
    const found = file.endsWith('/')
      ? [...files.keys()].some((name) => name.startsWith(file))
      : files.has(file);
    assert.ok(found, file);
    if (file.endsWith('/')) assert.equal(Number(count), lines(file).length, file);
  }
});

test('calls are drawn by the root at the end, and as many as are asked for', async () => {
  const few = join(house.dir, 'few.zip');
  assert.equal((await exportPack(house, few, ...SECOND_DAY, '--sample', '3')).code, 0);
  const names = [...(await filesOf(few)).keys()].filter((name) => /^samples\/.*tlog-proof$/.test(name));
  assert.equal(names.length, 3);
  for (const name of names) assert.ok(files.has(name), 'the first of the same draw');
});

test('a transcript tells a session of the period', () => {
  const told = text('transcripts/ses_1_0.txt');
  assert.match(told, /find_customer answered/);
  assert.match(told, /find_customer unknown/);
});

test('an empty period is a pack without records, and one before the record is none', async () => {
  const empty = join(house.dir, 'empty.zip');
  const { code, out } = await exportPack(house, empty, '--from', '2026-11-04', '--to', '2026-11-05');
  assert.equal(code, 0, out);
  const found = await verify(empty);
  assert.deepEqual([found.ok, found.log?.records, found.log?.start], [true, 0, 6 * EACH]);
  const never = await exportPack(house, join(house.dir, 'never.zip'), '--to', '2026-10-01');
  assert.notEqual(never.code, 0);
  assert.match(never.err, /nothing of that period is signed/);
});

test('a period without ends is the whole signed record, from its first record on', async () => {
  const whole = join(house.dir, 'whole.zip');
  assert.equal((await exportPack(house, whole)).code, 0);
  const found = await verify(whole);
  assert.equal(found.ok, true);
  assert.equal(found.log?.start, 0);
  const names = [...(await filesOf(whole)).keys()];
  assert.ok(!names.includes('log/start.checkpoint'));
  assert.equal(names.filter((name) => name.startsWith('log/daily/')).length, 3);
});

test('a clock that goes back leaves no record of a period out', async () => {
  const wild: House = makeHouse();
  after(() => wild.remove());
  const times = [1, 5, 2, 3, 9, 4, 1, 8, 2, 6].map((hour) => FIRST_DAY + hour * 3_600_000);
  for (const time of times) await wild.write(time, [sampleRecord('server.started', { time })]);
  const out = join(wild.dir, 'wild.zip');
  const period = ['--from', '2026-11-01T03:00Z', '--to', '2026-11-01T06:00Z'];
  assert.equal((await exportPack(wild, out, ...period)).code, 0);
  const { log, ok } = await verify(out, wild.key());
  // From the first record of the period to the last: 5, 2, 3, 9, 4, 1, 8, 2, of which 2 is the last before the end.
  assert.deepEqual([ok, log?.start, log?.end], [true, 1, 9]);
});

test('a file that is there is not written over, and wrong words are told', async () => {
  const before_ = readFileSync(pack);
  const { code, err } = await exportPack(house, pack, ...SECOND_DAY);
  assert.notEqual(code, 0);
  assert.match(err, /exists already/);
  assert.ok(readFileSync(pack).equals(before_));
  assert.equal((await exportPack(house, 'x.zip', '--from', '2026-11-03', '--to', '2026-11-02')).code, 2);
  assert.equal((await exportPack(house, 'x.zip', '--sample', '1001')).code, 2);
  assert.equal((await evidence('verify', join(house.dir, 'none.zip'))).code, 66);
  assert.notEqual((await evidence('verify', pack, '--key', 'nonsense')).code, 0);
});

test('a payload that is gone and was not erased is damage: the pack says which, and verification too', async () => {
  const damaged: House = makeHouse();
  after(() => damaged.remove());
  await damaged.write(FIRST_DAY, storyOf('0', FIRST_DAY));
  const db = new DatabaseSync(damaged.db);
  db.exec('DELETE FROM payload WHERE idx = 4');
  db.close();
  const out = join(damaged.dir, 'damaged.zip');
  const { code } = await exportPack(damaged, out);
  assert.equal(code, 1);
  const found = await verify(out, damaged.key());
  assert.deepEqual(
    found.findings.map(({ kind, index }) => [kind, index]),
    [['payload_missing', 4]],
  );
});

test('what was erased on purpose is said to be, beside what is missing', async () => {
  const forgetful: House = makeHouse();
  after(() => forgetful.remove());
  await forgetful.write(FIRST_DAY, storyOf('0', FIRST_DAY));
  await forgetful.write(FIRST_DAY + DAY, storyOf('1', FIRST_DAY + DAY));
  const session = 'ses_0';
  const words = ['--session', session, '--reason', 'their letter', '--yes', '--config', forgetful.config];
  let said = '';
  const output = { out: (one: string) => void (said += one), err: (one: string) => void (said += one) };
  assert.equal(await runProgram(['sessions', 'erase', ...words], output, {}), 0, said);
  await forgetful.write(FIRST_DAY + 2 * DAY, storyOf('2', FIRST_DAY + 2 * DAY));

  const out = join(forgetful.dir, 'erased.zip');
  const { code, err } = await exportPack(forgetful, out, '--to', '2026-11-03');
  assert.equal(code, 0, err);
  const found = await verify(out, forgetful.key());
  assert.ok(found.ok);
  const payloads = [...(await filesOf(out))].filter(([name]) => name.startsWith('payloads/'));
  const erased = payloads
    .flatMap(([, content]) => content.split('\n'))
    .filter((line) => line.includes('"erased"'));
  assert.ok(erased.length > 0);
  assert.deepEqual(
    found.findings.map(({ kind }) => kind),
    erased.map(() => 'payload_erased'),
  );

  const db = new DatabaseSync(forgetful.db);
  db.exec('DELETE FROM payload WHERE idx = (SELECT max(idx) FROM payload)');
  db.close();
  const damaged = join(forgetful.dir, 'damaged.zip');
  assert.equal((await exportPack(forgetful, damaged)).code, 1);
});
