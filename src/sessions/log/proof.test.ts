import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { provesConsistency, provesInclusion } from '../../verify/merkle-proof.ts';
import { leafHash } from './merkle.ts';
import { consistencyProof, inclusionProof, rootFrom, type TileReader } from './proof.ts';
import { tlogProof } from './tlog-proof.ts';
import { grow, rootOf, TILE_WIDTH, type Tiles } from './tree.ts';

type Hash = string | null;
type Case = readonly [
  name: string,
  a: number,
  b: number,
  x: Hash,
  y: Hash,
  proof: Hash[] | null,
  bad: boolean,
];

/** Of another implementation: see test/vectors/README.md. */
const published = JSON.parse(
  readFileSync(new URL('../../../test/vectors/merkle-proofs.json', import.meta.url), 'utf8'),
) as { readonly inclusion: readonly Case[]; readonly consistency: readonly Case[] };

const bytes = (encoded: Hash): Buffer => Buffer.from(encoded ?? '', 'base64');
const proofOf = (hashes: Hash[] | null): Buffer[] => (hashes ?? []).map(bytes);

function memory(hashes: readonly Uint8Array[]): { readonly tiles: Tiles; readonly read: TileReader } {
  const held = new Map<string, Uint8Array>();
  const tiles: Tiles = {
    read: (level, index) => held.get(`${level}/${index}`) ?? null,
    write: (level, index, tile) => void held.set(`${level}/${index}`, tile),
  };
  grow(tiles, 0, Buffer.concat(hashes));
  return { tiles, read: async (level, index) => tiles.read(level, index) };
}

test('of the published proofs exactly the good ones are taken', () => {
  for (const [name, index, size, leaf, root, proof, bad] of published.inclusion)
    assert.equal(
      provesInclusion({ index, size, leaf: bytes(leaf), root: bytes(root), proof: proofOf(proof) }),
      !bad,
      `inclusion ${name}`,
    );
  for (const [name, older, newer, olderRoot, newerRoot, proof, bad] of published.consistency)
    assert.equal(
      provesConsistency({
        older,
        newer,
        olderRoot: bytes(olderRoot),
        newerRoot: bytes(newerRoot),
        proof: proofOf(proof),
      }),
      !bad,
      `consistency ${name}`,
    );
});

/** The eight leaves that the published proofs are of: those of the reference implementation of RFC 6962. */
const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];

test('the published good proofs are those that are made here', async () => {
  const { read } = memory(LEAVES.map((hex) => leafHash(Buffer.from(hex, 'hex').toString('latin1'))));
  let made = 0;
  for (const [name, index, size, , , proof] of published.inclusion.filter(([each]) =>
    each.endsWith('happy-path'),
  )) {
    assert.deepEqual((await inclusionProof(read, index, size)).map(base64), proof ?? [], name);
    made += 1;
  }
  for (const [name, older, newer, , , proof] of published.consistency.filter(([each]) =>
    each.endsWith('happy-path'),
  )) {
    assert.deepEqual((await consistencyProof(read, older, newer)).map(base64), proof ?? [], name);
    made += 1;
  }
  assert.ok(made >= 8, String(made));
});

function base64(hash: Uint8Array): string {
  return Buffer.from(hash).toString('base64');
}

test('every entry is proved to be where it is and nowhere else, and every state to go on from each before', async () => {
  const hashes = Array.from({ length: 3 * TILE_WIDTH + 7 }, (_, at) => leafHash(String(at)));
  const { tiles, read } = memory(hashes);
  for (let run = 0; run < 300; run += 1) {
    const newer = 1 + ((run * 7_919) % hashes.length);
    const index = (run * 104_729) % newer;
    const root = Buffer.from(rootOf(tiles, newer));
    assert.deepEqual(Buffer.from(await rootFrom(read, newer)), root);
    const proof = (await inclusionProof(read, index, newer)).map((hash) => Buffer.from(hash));
    const leaf = Buffer.from(hashes[index] ?? []);
    const about = { index, size: newer, leaf, root, proof };
    assert.ok(provesInclusion(about), `${index} of ${newer}`);
    for (const wrong of [
      { ...about, index: (index + 1) % newer },
      { ...about, proof: [...proof, root] },
      { ...about, root: Buffer.alloc(32, 1) },
      { ...about, leaf: Buffer.alloc(32, 1) },
    ])
      if (newer > 1) assert.ok(!provesInclusion(wrong), `${index} of ${newer}`);

    const older = index + 1;
    const goesOn = {
      older,
      newer,
      olderRoot: Buffer.from(rootOf(tiles, older)),
      newerRoot: root,
      proof: (await consistencyProof(read, older, newer)).map((hash) => Buffer.from(hash)),
    };
    assert.ok(provesConsistency(goesOn), `${older} to ${newer}`);
    if (older < newer) {
      assert.ok(!provesConsistency({ ...goesOn, olderRoot: Buffer.alloc(32) }));
      assert.ok(!provesConsistency({ ...goesOn, newerRoot: goesOn.olderRoot }));
      assert.ok(!provesConsistency({ ...goesOn, proof: goesOn.proof.slice(1) }));
    }
  }
});

test('a proof over the second level of tiles holds, and one out of tiles that are incomplete is none', async () => {
  const hashes = Array.from({ length: 66_000 }, (_, at) => leafHash(String(at)));
  const { tiles, read } = memory(hashes);
  for (const [index, size] of [
    [0, 65_537],
    [65_536, 65_537],
    [40_000, 66_000],
    [65_999, 66_000],
  ] as const) {
    const proof = (await inclusionProof(read, index, size)).map((hash) => Buffer.from(hash));
    const root = Buffer.from(rootOf(tiles, size));
    assert.ok(provesInclusion({ index, size, leaf: Buffer.from(hashes[index]!), root, proof }));
    const older = {
      older: index + 1,
      newer: size,
      olderRoot: Buffer.from(rootOf(tiles, index + 1)),
      newerRoot: root,
    };
    const between = (await consistencyProof(read, index + 1, size)).map((hash) => Buffer.from(hash));
    assert.ok(provesConsistency({ ...older, proof: between }));
  }
  await assert.rejects(inclusionProof(read, 5, 66_001), /incomplete/);
  await assert.rejects(
    inclusionProof(async () => null, 0, 2),
    /incomplete/,
  );
  await assert.rejects(inclusionProof(read, 2, 2), RangeError);
  await assert.rejects(consistencyProof(read, 3, 2), RangeError);
});

test('a proof is written as C2SP tlog-proof has it', () => {
  assert.equal(
    tlogProof(73_894, [Buffer.alloc(32, 1), Buffer.alloc(32, 2)], 'o\n2\nroot\n\n— o sig\n'),
    `c2sp.org/tlog-proof@v1\nindex 73894\n${base64(Buffer.alloc(32, 1))}\n${base64(Buffer.alloc(32, 2))}\n\no\n2\nroot\n\n— o sig\n`,
  );
});
