import { createRunningRoot, type FullTree } from '../merkle-root.ts';
import { provesConsistency } from '../merkle-proof.ts';
import { openCheckpoint, type VerifierKey } from '../signed-checkpoint.ts';
import type { Manifest } from './manifest.ts';
import type { OpenPack } from './open-pack.ts';
import { PackUnusable, type PackFindings } from './pack-finding.ts';

/** A state of the log that the key signed. */
interface State {
  readonly file: string;
  readonly size: number;
  /** Hex. */
  readonly root: string;
}

export interface PackLog {
  /** Those between the start and the end, and the end: by size. */
  readonly states: readonly State[];
  /** What the log was made of at the start. */
  readonly before: readonly FullTree[];
  /** The hash that the tiles have for a record; null where they have none. */
  readonly leaf: (index: number) => Promise<Buffer | null>;
  /** The hash that the tiles have for a full tree of 256^level leaves. */
  readonly node: (level: number, place: number) => Promise<Buffer | null>;
  /** The root at the end, in base64. */
  readonly endRoot: string;
  readonly endNote: string;
}

const TILE_WIDTH = 256;
const HASH_BYTES = 32;
const WORDS = {
  key_changed: 'is signed with another key',
  signature_invalid: 'has a signature that does not fit it',
  checkpoint_invalid: 'is not a checkpoint of this log',
} as const;

/** Opens every checkpoint, and proves that each goes on from the one before. Throws `PackUnusable` without a start and an end. */
export async function openPackLog(
  pack: OpenPack,
  manifest: Manifest,
  key: VerifierKey,
  findings: PackFindings,
): Promise<PackLog> {
  const end = await stateIn(pack, 'log/end.checkpoint', manifest.end, key);
  const start =
    manifest.start === 0 ? null : await stateIn(pack, 'log/start.checkpoint', manifest.start, key);
  if (manifest.records !== manifest.end - manifest.start || manifest.end < manifest.start)
    findings.add(
      'records_missing',
      'manifest.json',
      null,
      'the manifest counts another number of records than the signed states differ by',
    );
  const daily: State[] = [];
  for (const name of pack.names.filter((each) => each.startsWith('log/daily/')).toSorted()) {
    const state = await stateIn(pack, name, null, key);
    const size = (daily.at(-1) ?? start)?.size ?? 0;
    if (state.size <= size || state.size >= end.size)
      throw new PackUnusable('checkpoint_invalid', name, `${name} is not between the start and the end`);
    daily.push(state);
  }
  const tiles = createTiles(pack);
  const states = [...(start === null ? [] : [start]), ...daily, end];
  for (const [at, newer] of states.entries()) {
    const older = states[at - 1];
    if (older !== undefined) await checkConsistency(pack, older, newer, findings);
  }
  const before = await treesBefore(start?.size ?? 0, tiles);
  if (start !== null && createRunningRoot(undefined, before).root().toString('hex') !== start.root)
    throw new PackUnusable(
      'tiles_edited',
      'log/start.checkpoint',
      'the tiles do not lead to the root at the start',
    );
  return {
    states: [...daily, end],
    before,
    leaf: (index) => tiles(0, index),
    node: tiles,
    endRoot: Buffer.from(end.root, 'hex').toString('base64'),
    endNote: (await pack.whole('log/end.checkpoint'))?.toString('utf8') ?? '',
  };
}

async function stateIn(pack: OpenPack, file: string, size: number | null, key: VerifierKey): Promise<State> {
  const note = await pack.whole(file);
  if (note === null) throw new PackUnusable('file_missing', file, `the pack has no ${file}`);
  const opened = openCheckpoint(note.toString('utf8'), key);
  if (!opened.ok) throw new PackUnusable(opened.why, file, `${file} ${WORDS[opened.why]}`);
  if (size !== null && opened.size !== size)
    throw new PackUnusable(
      'checkpoint_invalid',
      file,
      `${file} is of ${opened.size} records, and the manifest says ${size}`,
    );
  return { file, size: opened.size, root: opened.root };
}

async function checkConsistency(
  pack: OpenPack,
  older: State,
  newer: State,
  findings: PackFindings,
): Promise<void> {
  if (older.size === newer.size) {
    if (older.root !== newer.root)
      findings.add('history_rewritten', newer.file, null, `two states of ${newer.size} records differ`);
    return;
  }
  const file = `log/consistency/${padded(older.size)}-${padded(newer.size)}`;
  const text = (await pack.whole(file))?.toString('utf8') ?? '';
  const proof = text
    .split('\n')
    .slice(0, -1)
    .map((line) => Buffer.from(line, 'base64'));
  const [olderRoot, newerRoot] = [Buffer.from(older.root, 'hex'), Buffer.from(newer.root, 'hex')];
  if (!provesConsistency({ older: older.size, newer: newer.size, olderRoot, newerRoot, proof }))
    findings.add(
      'consistency_invalid',
      file,
      null,
      `it is not proved that ${newer.file} goes on from ${older.file}`,
    );
}

type Tiles = (level: number, place: number) => Promise<Buffer | null>;

function createTiles(pack: OpenPack): Tiles {
  const names = new Map<string, string>();
  for (const name of pack.names.filter((each) => each.startsWith('log/tile/'))) {
    const [number = ''] = name.slice('log/tile/'.length).split('.p/');
    names.set(number.replaceAll(/\/x?/g, '/'), name);
  }
  let cached: { readonly key: string; readonly bytes: Buffer } = { key: '', bytes: Buffer.alloc(0) };
  return async (level, place) => {
    const groups: string[] = [];
    const index = Math.floor(place / TILE_WIDTH);
    for (let rest = index; groups.length === 0 || rest > 0; rest = Math.floor(rest / 1000))
      groups.unshift(String(rest % 1000).padStart(3, '0'));
    const key = `${level}/${groups.join('/')}`;
    if (cached.key !== key) {
      const name = names.get(key);
      const found = name === undefined ? null : await pack.whole(name, TILE_WIDTH * HASH_BYTES);
      cached = { key, bytes: found ?? Buffer.alloc(0) };
    }
    const at = (place % TILE_WIDTH) * HASH_BYTES;
    const hash = cached.bytes.subarray(at, at + HASH_BYTES);
    return hash.length === HASH_BYTES ? hash : null;
  };
}

/** The full trees that the first `size` leaves make up, each made of a row of hashes in one tile. */
async function treesBefore(size: number, tiles: Tiles): Promise<readonly FullTree[]> {
  const trees: FullTree[] = [];
  let from = 0;
  for (let height = 52; height >= 0; height -= 1) {
    const width = 2 ** height;
    if (Math.floor(size / width) % 2 === 0) continue;
    const level = Math.floor(height / 8);
    const many = 2 ** (height % 8);
    const first = from / TILE_WIDTH ** level;
    const root = createRunningRoot();
    for (let at = 0; at < many; at += 1) {
      const hash = await tiles(level, first + at);
      if (hash === null)
        throw new PackUnusable('tiles_edited', null, 'tiles that lead to the start are missing');
      root.add(hash);
    }
    trees.push({ height, hash: root.root() });
    from += width;
  }
  return trees;
}

function padded(size: number): string {
  return String(size).padStart(12, '0');
}
