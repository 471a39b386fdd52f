import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { PackUnusable } from './pack-finding.ts';
import { readDirectory, type ZipEntry } from './zip-directory.ts';

/** The files of a pack, read and never unpacked. */
export interface OpenPack {
  readonly names: readonly string[];
  /** Bytes, as the directory says. */
  readonly size: (name: string) => number;
  /** The bytes of a file, piece by piece. Throws `PackUnusable` where there are more or fewer than the directory says. */
  readonly pieces: (name: string) => AsyncGenerator<Buffer>;
  /** A small file whole; null where there is none. Throws `PackUnusable` where it is larger than `limit`. */
  readonly whole: (name: string, limit?: number) => Promise<Buffer | null>;
  /** The lines of a file, without their ends. */
  readonly lines: (name: string) => AsyncGenerator<string>;
  readonly close: () => void;
}

const LOCAL = 30;
const SMALL = 16 * 1024 * 1024;
/** A line is an entry or an event of one: some hundred kilobytes, but payloads may be as large as results. */
const MAX_LINE = 512 * 1024 * 1024;

export function openPack(path: string): OpenPack {
  const handle = openSync(path, 'r');
  let entries: ReadonlyMap<string, ZipEntry>;
  try {
    const read = (offset: number, length: number): Buffer => readAt(handle, offset, length);
    entries = new Map(readDirectory(read, fstatSync(handle).size).map((entry) => [entry.name, entry]));
  } catch (error) {
    closeSync(handle);
    throw error;
  }

  function entryOf(name: string): ZipEntry {
    const entry = entries.get(name);
    if (entry === undefined) throw new PackUnusable('file_missing', name, `the pack has no ${name}`);
    return entry;
  }

  async function* pieces(name: string): AsyncGenerator<Buffer> {
    const { method, size, compressed, offset } = entryOf(name);
    if (compressed === 0) {
      if (size !== 0) throw new PackUnusable('archive_invalid', name, `${name} has no content`);
      return;
    }
    const start = offset + LOCAL + Buffer.byteLength(name);
    const raw = Readable.from(blocks(handle, start, compressed), { objectMode: false });
    const stream: Readable = method === 0 ? raw : raw.pipe(createInflateRaw());
    raw.on('error', (error) => stream.destroy(error));
    let seen = 0;
    try {
      for await (const piece of stream) {
        if (!Buffer.isBuffer(piece)) throw new TypeError('a stream of bytes');
        seen += piece.length;
        // A file that unpacks to more than is said is not unpacked any further.
        if (seen > size)
          throw new PackUnusable('archive_invalid', name, `${name} is larger than the archive says`);
        yield piece;
      }
    } catch (error) {
      if (error instanceof PackUnusable) throw error;
      throw new PackUnusable('archive_invalid', name, `${name} cannot be unpacked`);
    } finally {
      raw.destroy();
      stream.destroy();
    }
    if (seen !== size)
      throw new PackUnusable('archive_invalid', name, `${name} is shorter than the archive says`);
  }

  async function whole(name: string, limit = SMALL): Promise<Buffer | null> {
    const entry = entries.get(name);
    if (entry === undefined) return null;
    if (entry.size > limit) throw new PackUnusable('manifest_invalid', name, `${name} is too large`);
    const parts: Buffer[] = [];
    for await (const piece of pieces(name)) parts.push(piece);
    return Buffer.concat(parts);
  }

  async function* lines(name: string): AsyncGenerator<string> {
    let rest: Buffer[] = [];
    let waiting = 0;
    for await (const piece of pieces(name)) {
      let from = 0;
      for (let end = piece.indexOf(10); end !== -1; end = piece.indexOf(10, from)) {
        const line = piece.subarray(from, end);
        yield (rest.length === 0 ? line : Buffer.concat([...rest, line])).toString('utf8');
        rest = [];
        waiting = 0;
        from = end + 1;
      }
      waiting += piece.length - from;
      if (waiting > MAX_LINE)
        throw new PackUnusable('archive_invalid', name, `a line of ${name} is too long`);
      if (from < piece.length) rest.push(piece.subarray(from));
    }
    if (rest.length > 0) yield Buffer.concat(rest).toString('utf8');
  }

  return {
    names: [...entries.keys()],
    size: (name) => entryOf(name).size,
    pieces,
    whole,
    lines,
    close: () => closeSync(handle),
  };
}

const BLOCK = 256 * 1024;

function* blocks(handle: number, start: number, length: number): Generator<Buffer> {
  for (let at = 0; at < length; at += BLOCK) yield readAt(handle, start + at, Math.min(BLOCK, length - at));
}

function readAt(handle: number, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let done = 0; done < length;) {
    const read = offset < 0 ? 0 : readSync(handle, bytes, done, length - done, offset + done);
    if (read === 0) throw new PackUnusable('archive_invalid', null, 'the archive is cut short');
    done += read;
  }
  return bytes;
}
