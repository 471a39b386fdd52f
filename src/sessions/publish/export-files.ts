import { mkdirSync, renameSync, rmSync, statSync, writeFileSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseCheckpoint } from '../log/checkpoint.ts';
import { rootFrom } from '../log/proof.ts';
import { replaceFile } from '../log/replace-file.ts';
import { TILE_WIDTH } from '../log/tree.ts';
import type { Endorsements } from '../endorsements.ts';
import type { Store } from '../store.ts';

export interface Exported {
  /** Records that the exported checkpoint covers. */
  readonly size: number;
  /** Records that were there already. */
  readonly before: number;
  /** Files that were written now, besides the checkpoint. */
  readonly files: number;
}

/** The folder can't be gone on with. The message is for the person at the terminal. */
export class NotThisLog extends Error {
  override readonly name = 'NotThisLog';
}

const CHECKPOINT = 'checkpoint';
const MAX_STAMPS = 1_000;

/**
 * Writes the log as files, in the layout of C2SP tlog-tiles: whatever serves files then serves the log. What a checkpoint that
 * was exported before covers is not written again. The checkpoint comes last, so that it never promises what is not
 * there. Null where nothing is signed yet. `announce` is called before anything is written, with the range that will be.
 *
 * @param note the checkpoint to export, of a log whose tiles are in `store`
 */
export async function exportLog(
  store: Pick<Store, 'source' | 'published' | 'endorsements'>,
  note: string,
  folder: string,
  announce: (range: { readonly from: number; readonly to: number }) => Promise<void>,
): Promise<Exported> {
  const { published, source, endorsements } = store;
  const checkpoint = parseCheckpoint(note);
  if (published === undefined || checkpoint === null) throw new NotThisLog('this store publishes no log');
  const { size, origin } = checkpoint;
  const before = await exportedBefore(folder, origin, size, (level, index) => source.tile(level, index));
  await announce({ from: before, to: size });
  let files = 0;

  async function put(
    path: string,
    width: number,
    read: (width: number) => Promise<Uint8Array | null>,
  ): Promise<void> {
    const whole = join(folder, 'tile', path);
    const place = width === TILE_WIDTH ? whole : join(`${whole}.p`, String(width));
    if (!exists(place)) {
      const bytes = await read(width);
      if (bytes === null) throw new Error(`tile ${path} of the log could not be read`);
      putFile(place, bytes);
      files += 1;
    }
    // The parts of a tile that is whole are of no use any more.
    if (width === TILE_WIDTH) rmSync(`${whole}.p`, { recursive: true, force: true });
  }

  for (let [level, hashes] = [0, size]; hashes > 0; level += 1) {
    // Tiles that were full before are there.
    const first = Math.floor(before / TILE_WIDTH ** (level + 1));
    for (let index = first; index * TILE_WIDTH < hashes; index += 1) {
      const width = Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH);
      await put(`${level}/${tilePath(index)}`, width, (many) => published.tile(level, index, many));
      if (level === 0)
        await put(`entries/${tilePath(index)}`, width, (many) => published.entries(index, many));
    }
    hashes = Math.floor(hashes / TILE_WIDTH);
  }
  if (endorsements !== undefined) files += await putStamps(endorsements, size, folder);
  replaceFile(join(folder, CHECKPOINT), note);
  return { size, before, files };
}

/** Time stamps up to this size, each with the note that it is over. */
async function putStamps(endorsements: Endorsements, size: number, folder: string): Promise<number> {
  let files = 0;
  for (let after = 0; ;) {
    const stamps = await endorsements.timestamps(after, MAX_STAMPS);
    for (const stamp of stamps.filter((each) => each.size <= size)) {
      const path = join(folder, 'timestamps', String(stamp.size));
      if (exists(`${path}.token`)) continue;
      putFile(`${path}.note`, Buffer.from(stamp.note));
      putFile(`${path}.token`, stamp.token);
      files += 2;
    }
    const last = stamps.at(-1);
    if (last === undefined || last.size >= size) return files;
    after = last.size;
  }
}

/** How many records the folder has. Throws `NotThisLog` where they are not the first ones of this log. */
async function exportedBefore(
  folder: string,
  origin: string,
  size: number,
  tile: (level: number, index: number) => Promise<Uint8Array | null>,
): Promise<number> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, CHECKPOINT);
  if (!exists(path)) return 0;
  const found = parseCheckpoint(readFileSync(path, 'utf8'));
  if (found === null) throw new NotThisLog(`${path} is not a checkpoint`);
  if (found.origin !== origin) throw new NotThisLog(`${folder} holds the log "${found.origin}"`);
  if (found.size > size)
    throw new NotThisLog(
      `${folder} holds ${found.size} records, and the checkpoint to be exported has ${size}`,
    );
  if (Buffer.compare(await rootFrom(tile, found.size), found.root) !== 0)
    throw new NotThisLog(
      `${folder} holds another history of this log: keep it, and look with: sallyport verify --checkpoint ${path}`,
    );
  return found.size;
}

/** Three digits an element, all but the last with an x: 1234067 is x001/x234/067. */
function tilePath(index: number): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const parts = padded.match(/\d{3}/g) ?? [];
  return parts.map((part, at) => (at === parts.length - 1 ? part : `x${part}`)).join('/');
}

/** Whole or not at all: what is there is not written again. */
function putFile(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const own = `${path}.new`;
  writeFileSync(own, bytes, { mode: 0o600, flush: true });
  renameSync(own, path);
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
