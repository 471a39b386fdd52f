import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { PackVerification } from '../../src/verify/pack/verify-pack.ts';
import { DAY, evidence, exportPack, filesOf, FIRST_DAY, makeHouse, packUp, signed } from './house.ts';
import { storyOf } from './story.ts';

const house = makeHouse();
const other = makeHouse();
after(() => [house, other].forEach((each) => each.remove()));
const pack = join(house.dir, 'pack.zip');
let good: ReadonlyMap<string, string>;

before(async () => {
  for (const each of [house, other])
    for (let day = 0; day < 4; day += 1) {
      const at = FIRST_DAY + day * DAY;
      await each.write(at, storyOf(String(day), at));
    }
  assert.equal((await exportPack(house, pack, '--from', '2026-11-02', '--to', '2026-11-04')).code, 0);
  good = await filesOf(pack);
});

const EACH = storyOf('', 0).length;
let copies = 0;

async function verify(path: string): Promise<PackVerification> {
  const { out } = await evidence('verify', path, '--json', '--key', house.key());
  return JSON.parse(out) as PackVerification;
}

type Tamper = (files: Map<string, string>) => void;

async function altered(
  tamper: Tamper,
  write: (path: string, files: Map<string, string>) => void,
): Promise<PackVerification> {
  copies += 1;
  const path = join(house.dir, `copy-${copies}.zip`);
  const files = new Map(good);
  tamper(files);
  write(path, files);
  const found = await verify(path);
  assert.equal(found.ok, false);
  return found;
}

const kinds = ({ findings }: PackVerification): readonly string[] =>
  [...new Set(findings.map(({ kind }) => kind))].toSorted();

function edit(name: string, from: string | RegExp, to: string): Tamper {
  return (files) => {
    const found = [...files.keys()].find((each) => each.startsWith(name));
    assert.ok(found, name);
    const text = files.get(found)!;
    const changed = text.replace(from, to);
    assert.notEqual(changed, text, name);
    files.set(found, changed);
  };
}

test('any file that is changed, added or taken away is named', async () => {
  for (const name of [...good.keys()].filter(
    (each) => !each.startsWith('samples/') && each !== 'manifest.note',
  )) {
    const found = await altered((files) => files.set(name, `${files.get(name)} `), packUp);
    const [kind, file] = name === 'manifest.json' ? ['signature_invalid', name] : ['file_changed', name];
    assert.ok(
      found.findings.some((each) => each.kind === kind && each.file === file),
      `${name}: ${kinds(found).join()}`,
    );
  }
  const gone = await altered((files) => files.delete('csv/denials.csv'), packUp);
  assert.ok(gone.findings.some(({ kind, file }) => kind === 'file_missing' && file === 'csv/denials.csv'));
  const added = await altered((files) => files.set('csv/more.csv', 'x'), packUp);
  assert.deepEqual(
    added.findings.map(({ kind, file }) => [kind, file]),
    [['file_added', 'csv/more.csv']],
  );
});

test('a manifest that is not signed, by another key, or as something else, is none', async () => {
  const none = await altered((files) => files.delete('manifest.note'), packUp);
  assert.deepEqual(kinds(none), ['manifest_invalid']);
  const foreign = await altered((files) => signed(other, join(other.dir, 'x.zip'), files), packUp);
  assert.deepEqual(kinds(foreign), ['key_changed']);
  // What the key signed as a checkpoint is no manifest, whoever calls it one.
  const asCheckpoint = await altered((files) => {
    const note = files.get('log/end.checkpoint')!;
    files.set('manifest.note', note.replaceAll('example.com/log', 'example.com/log/evidence'));
  }, packUp);
  assert.deepEqual(kinds(asCheckpoint), ['key_changed']);
});

/** What somebody does who holds the key of the log, and signs a manifest over it: what is found, and at which record. */
const FORGED: readonly (readonly [name: string, tamper: Tamper, kind: string, index: number | null])[] = [
  ['an edited record', edit('records/', 'alice', 'mallo'), 'record_edited', EACH + 3],
  ['a record that is none', edit('records/', '{', '['), 'record_unreadable', EACH],
  ['a record that was left out', edit('records/', /^.*\n/, ''), 'record_edited', EACH],
  ['a last record that was left out', edit('records/', /[^\n]*\n$/, ''), 'records_missing', null],
  ['an edited payload', edit('payloads/', '[email]', '[phone]'), 'payload_edited', EACH + 4],
  ['a payload that was left out', edit('payloads/', /^.*\n/, ''), 'payload_missing', EACH + 4],
  [
    'an event that was left out',
    edit('ocsf/detection_finding', /$/, '{"metadata":{"sequence":1}}\n'),
    'events_differ',
    null,
  ],
  ['an event that was not', edit('ocsf/api_activity', /^.*\n/, ''), 'events_differ', EACH + 4],
  [
    'an event that says something else',
    edit('ocsf/authentication', '"failure":"expired"', '"failure":"nothing"'),
    'events_differ',
    EACH + 25,
  ],
  ['a denial that was left out', edit('csv/denials.csv', /\r\n\d.*\r\n/, '\r\n'), 'table_differs', EACH + 9],
  [
    'a sum that is not one',
    edit('csv/access_used.csv', 'find_customer,10', 'find_customer,11'),
    'table_differs',
    null,
  ],
  ['masking that was not done', edit('csv/masking.csv', 'redact,2,4', 'redact,2,5'), 'table_differs', null],
  ['a session that had fewer calls', edit('csv/sessions.csv', ',5,', ',4,'), 'table_differs', null],
  ['a call that was not drawn', edit('samples/samples.csv', /\r\n[^\r]*/, ''), 'sample_differs', null],
  ['an edited draw', edit('samples/36.json', /"tool":"[^"]*"/, '"tool":"x"'), 'sample_differs', null],
  [
    'a proof of something else',
    edit('samples/36.tlog-proof', /index \d+/, 'index 1'),
    'sample_differs',
    null,
  ],
  ['a tile of something else', edit('log/tile/0/', /^./s, '\u0000'), 'tiles_edited', null],
  ['a state that does not go on', edit('log/consistency/', /^./, 'z'), 'consistency_invalid', null],
  ['a state that was left out', (files) => files.delete('log/end.checkpoint'), 'file_missing', null],
  [
    'a state of another log',
    edit('log/end.checkpoint', 'example.com/log', 'example.com/lag'),
    'signature_invalid',
    null,
  ],
  [
    'a state that was edited',
    edit('log/end.checkpoint', String(3 * EACH), String(3 * EACH - 1)),
    'signature_invalid',
    null,
  ],
  ['other rules at the start', edit('rules/at-start.json', '"r1"', '"r2"'), 'rules_differ', null],
  [
    'another verification',
    edit('verification.json', '"erased":0', '"erased":1'),
    'verification_differs',
    null,
  ],
  [
    'a manifest of fewer records',
    edit('manifest.json', /"records":\d+/, '"records":1'),
    'records_missing',
    null,
  ],
];

for (const [name, tamper, kind, index] of FORGED)
  test(`${name} is found also where the key of the log signed for it`, async () => {
    const found = await altered(tamper, (path, files) => signed(house, path, files));
    const named = found.findings.find(
      (finding) => finding.kind === kind && (index === null || finding.index === index),
    );
    assert.ok(named, JSON.stringify(found.findings));
  });

test('an erased payload is told, and is no damage', async () => {
  const files = new Map(good);
  edit('payloads/', /^\{"index":36,.*\n/, '{"index":36,"erased":true}\n')(files);
  files.delete('verification.json');
  const path = join(house.dir, 'erased.zip');
  signed(house, path, files);
  const found = await verify(path);
  assert.equal(found.ok, true, JSON.stringify(found.findings));
  assert.deepEqual(
    found.findings.map(({ kind, index }) => [kind, index]),
    [['payload_erased', EACH + 4]],
  );
  assert.equal(found.payloads.erased, 1);
});

/** Bytes of the directory of a small archive, changed by hand. */
function patched(path: string, change: (bytes: Buffer) => Buffer): string {
  writeFileSync(`${path}.patched.zip`, change(readFileSync(path)));
  return `${path}.patched.zip`;
}

test('an archive that could be read in two ways is none', async () => {
  const at = (bytes: Buffer, name: string): number => bytes.lastIndexOf(name) - 46;
  const tricks: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
    'something before it': (bytes) => Buffer.concat([Buffer.from('#!/bin/sh\n'), bytes]),
    'something behind it': (bytes) => Buffer.concat([bytes, Buffer.from('x')]),
    'a cut end': (bytes) => bytes.subarray(0, -30),
    nothing: () => Buffer.alloc(0),
    'no archive': () => Buffer.from('PK is not enough to be one, whatever it is called'),
    'a name that leads out': (bytes) =>
      Buffer.from(bytes.toString('latin1').replaceAll('log/key', '../.key'), 'latin1'),
    'an absolute name': (bytes) =>
      Buffer.from(bytes.toString('latin1').replaceAll('log/key', '/og/key'), 'latin1'),
    'one name twice': (bytes) =>
      Buffer.from(bytes.toString('latin1').replaceAll('verify.go', 'verify.md'), 'latin1'),
    'names that differ in case': (bytes) =>
      Buffer.from(bytes.toString('latin1').replaceAll('verify.go', 'VERIFY.md'), 'latin1'),
    'another name where it begins': (bytes) => {
      const copy = Buffer.from(bytes);
      copy.write('x', at(bytes, 'verify.md') + 46);
      return copy;
    },
    'a link': (bytes) => {
      const copy = Buffer.from(bytes);
      copy.writeUInt32LE(0o120777 * 0x1_00_00, at(bytes, 'verify.md') + 38);
      return copy;
    },
    encryption: (bytes) => {
      const copy = Buffer.from(bytes);
      copy.writeUInt16LE(0x0801, at(bytes, 'verify.md') + 8);
      return copy;
    },
    'a file over another': (bytes) => {
      const copy = Buffer.from(bytes);
      copy.writeUInt32LE(0, at(bytes, 'log/key') + 42);
      return copy;
    },
    'more inside than is said': (bytes) => {
      const copy = Buffer.from(bytes);
      const line = at(bytes, 'verify.md');
      copy.writeUInt32LE(10, line + 24);
      copy.writeUInt32LE(10, copy.readUInt32LE(line + 42) + 22);
      return copy;
    },
  };
  for (const [name, change] of Object.entries(tricks)) {
    const found = await verify(patched(pack, change));
    assert.equal(found.ok, false, name);
    assert.ok(
      ['archive_invalid', 'file_changed'].includes(found.findings[0]?.kind ?? ''),
      `${name}: ${JSON.stringify(found.findings[0])}`,
    );
  }
});

test('a file that unpacks to more than the archive says is not unpacked to its end', async () => {
  const path = join(house.dir, 'bomb.zip');
  packUp(
    path,
    new Map([
      ['manifest.json', '\0'.repeat(50_000_000)],
      ['manifest.note', ''],
      ['log/key', house.key()],
    ]),
  );
  const bomb = patched(path, (bytes) => {
    const line = bytes.lastIndexOf('manifest.json') - 46;
    bytes.writeUInt32LE(1_000, line + 24);
    bytes.writeUInt32LE(1_000, bytes.readUInt32LE(line + 42) + 22);
    return bytes;
  });
  const found = await verify(bomb);
  assert.deepEqual(kinds(found), ['archive_invalid']);
  assert.match(found.findings[0]?.message ?? '', /larger than the archive says/);
});

test('a pack of another history of the same length is found by the key, or by the states', async () => {
  const path = join(other.dir, 'other.zip');
  assert.equal((await exportPack(other, path, '--from', '2026-11-02', '--to', '2026-11-04')).code, 0);
  assert.deepEqual(kinds(await verify(path)), ['key_changed']);
});
