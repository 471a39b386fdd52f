import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { array, assert as holds, integer, nat, property } from 'fast-check';
import { entryBundle } from './bundle.ts';
import { checkpointText, parseCheckpoint } from './checkpoint.ts';
import { emptyRoot, leafHash, nodeHash } from './merkle.ts';
import { openNote, parseSigner, signerKey } from './note.ts';
import { grow, rootOf, TILE_WIDTH, type Tiles } from './tree.ts';

interface Published {
  readonly key: string;
  readonly signer: string;
  readonly entries: readonly string[];
  readonly checkpoints: readonly string[];
  readonly tile: string;
  readonly bundle: string;
}

/** A small log that another implementation wrote: see test/vectors/README.md. */
const published = JSON.parse(
  readFileSync(new URL('../../../test/vectors/tessera-log.json', import.meta.url), 'utf8'),
) as Published;

function memory(): Tiles & { readonly held: Map<string, Uint8Array> } {
  const held = new Map<string, Uint8Array>();
  return {
    held,
    read: (level, index) => held.get(`${level}/${index}`) ?? null,
    write: (level, index, hashes) => void held.set(`${level}/${index}`, hashes),
  };
}

/** RFC 6962 §2.1 as it is written down: split at the largest power of two below the size. */
function mth(leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves;
  if (only === undefined) return emptyRoot();
  if (leaves.length === 1) return only;
  const half = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  return nodeHash(mth(leaves.slice(0, half)), mth(leaves.slice(half)));
}

test('the example note of C2SP signed-note is opened with its key, and with no other', () => {
  const key = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
  const note =
    'This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';
  assert.equal(openNote(note, key), 'This is an example message.\n');
  assert.equal(openNote(note.replace('example m', 'Example m'), key), null);
  assert.equal(openNote(note, published.key), null);
  assert.equal(openNote(note, 'example.com/foo'), null);
  assert.equal(openNote('This is an example message.\n', key), null);
});

test('the published log of fifteen entries comes out hash for hash and signature for signature', () => {
  const signer = parseSigner(published.signer);
  assert.equal(signer?.verifierKey, published.key);
  const tiles = memory();
  published.checkpoints.forEach((note, size) => {
    if (size > 0) grow(tiles, size - 1, leafHash(published.entries[size - 1] ?? ''));
    const text = checkpointText({ origin: 'example.com/log/testdata', size, root: rootOf(tiles, size) });
    assert.equal(openNote(note, published.key), text);
    assert.equal(signer?.sign(text), note);
    assert.deepEqual(parseCheckpoint(text)?.size, size);
  });
  assert.deepEqual(Buffer.from(tiles.read(0, 0) ?? []), Buffer.from(published.tile, 'base64'));
  assert.deepEqual(Buffer.from(entryBundle(published.entries)), Buffer.from(published.bundle, 'base64'));
});

test('a tree that grows in steps of any size has the root of RFC 6962, at its end and at every size before', () => {
  const hashes = Array.from({ length: 3 * TILE_WIDTH + 7 }, (_, at) => leafHash(String(at)));
  holds(
    property(array(integer({ min: 1, max: 300 }), { maxLength: 5 }), nat(), (steps, at) => {
      const tiles = memory();
      let size = 0;
      for (const step of steps) {
        const more = hashes.slice(size, size + step);
        grow(tiles, size, Buffer.concat(more));
        size += more.length;
      }
      const before = at % (size + 1);
      for (const each of [size, before])
        assert.deepEqual(Buffer.from(rootOf(tiles, each)), Buffer.from(mth(hashes.slice(0, each))));
    }),
    { numRuns: 40 },
  );
});

test('a tree above the first level of tiles has the root of RFC 6962', () => {
  const hashes = Array.from({ length: 66_000 }, (_, at) => leafHash(String(at)));
  const tiles = memory();
  grow(tiles, 0, Buffer.concat(hashes));
  assert.equal(tiles.read(2, 0)?.length, 32);
  for (const size of [65_535, 65_536, 65_537, 66_000])
    assert.deepEqual(Buffer.from(rootOf(tiles, size)), Buffer.from(mth(hashes.slice(0, size))));
});

test('a tile that is missing or short is an error and not another root', () => {
  const tiles = memory();
  grow(tiles, 0, Buffer.concat([leafHash('a'), leafHash('b')]));
  assert.throws(() => rootOf(tiles, 3), /incomplete/);
  assert.throws(() => grow(memory(), 1, leafHash('b')), /incomplete/);
});

test('a key file that was cut or changed is no key', () => {
  const line = signerKey('example.com/log', Buffer.alloc(32, 7));
  assert.ok(parseSigner(line));
  for (const damaged of [line.slice(0, -4), line.replace('example', 'exbmple'), line.slice(12), ''])
    assert.equal(parseSigner(damaged), null);
  for (const name of ['', 'a b', 'a+b', 'a\n'])
    assert.throws(() => signerKey(name, Buffer.alloc(32)), TypeError);
});

test('text that is not a checkpoint is not read as one', () => {
  const root = Buffer.alloc(32).toString('base64');
  assert.ok(parseCheckpoint(`o\n1\n${root}\n`));
  assert.ok(parseCheckpoint(`o\n1\n${root}\nan extension\n`));
  for (const text of [
    `o\n01\n${root}\n`,
    `o\n-1\n${root}\n`,
    `\n1\n${root}\n`,
    `o\n1\nAAAA\n`,
    `o\n1\n${root}`,
    `o\n99999999999999999999\n${root}\n`,
  ])
    assert.equal(parseCheckpoint(text), null);
});
