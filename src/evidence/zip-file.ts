import { crc32, constants, deflateRawSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, readSync, rmSync, writeSync } from 'node:fs';

/** A file as it is in the archive. */
interface PackedFile {
  readonly name: string;
  /** Bytes, before compression. */
  readonly size: number;
  /** Hex, of the bytes before compression. */
  readonly sha256: string;
}

/** A file of an archive that grows by and by. */
export interface GrowingFile {
  /** Bytes taken so far. */
  readonly size: () => number;
  readonly write: (text: string) => void;
}

/** Thrown where a file is larger than the archive can say. */
export class PackTooLarge extends Error {
  override readonly name = 'PackTooLarge';
}

/**
 * Writes a ZIP archive (PKWARE APPNOTE 6.3) whose bytes depend on nothing but names and contents: no clock, no owner, one
 * compression level, the directory in the order of names. Everything is written as it comes, so no file needs memory.
 */
export interface ZipFile {
  /** A file that is there whole. */
  readonly put: (name: string, content: string | Uint8Array) => void;
  /** A file that grows beside others: kept in a file of its own until `settle`. */
  readonly grow: (name: string) => GrowingFile;
  /** Takes back a file that was put, with every one that was put after it. */
  readonly rewind: (name: string) => void;
  /** Ends what grows, and writes the directory: the archive can be read. */
  readonly settle: () => void;
  /** Everything in it, by name. Complete after `settle`. */
  readonly files: () => readonly PackedFile[];
  /** Lets go of every file; without `settle` what there is, is no archive. */
  readonly close: () => void;
}

interface Entry extends PackedFile {
  readonly crc: number;
  readonly compressed: number;
  readonly offset: number;
}

/** Each is compressed for itself, so the bytes do not depend on how writes fell. */
const CHUNK = 1024 * 1024;
const LEVEL = 6;
/** What a size of 32 bits can say. */
const LIMIT = 0xff_ff_ff_ff;
/** 1980-01-01, the first day that the format knows. */
const DATE = 0x0021;
const UTF8_NAMES = 0x0800;
const DEFLATED = 8;
const VERSION = 45;
/** A regular file of Unix that everybody may read. */
const ATTRIBUTES = 0o100644;

/** `scratch` is the name of a file that does not exist: what grows lies beside it, with a number behind. */
export function createZipFile(path: string, scratch: string): ZipFile {
  const archive = openSync(path, 'wx+', 0o600);
  const entries: Entry[] = [];
  const growing: Spool[] = [];
  let end = 0;

  function append(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;)
      done += writeSync(archive, bytes, done, bytes.length - done, end + done);
    end += bytes.length;
  }

  function header(name: string, size: number, crc: number, compressed: number): void {
    append(localHeader(name, size, crc, compressed));
  }

  function put(name: string, content: string | Uint8Array): void {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    const deflated = deflateRawSync(bytes, { level: LEVEL });
    const crc = crc32(bytes);
    const offset = end;
    if (bytes.length >= LIMIT) throw new PackTooLarge(`${name} has ${bytes.length} bytes`);
    header(name, bytes.length, crc, deflated.length);
    append(deflated);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    entries.push({ name, size: bytes.length, sha256, crc, compressed: deflated.length, offset });
  }

  function take(spool: Spool): void {
    const { name, size, sha256, crc, compressed } = spool.finish();
    const offset = end;
    header(name, size, crc, compressed);
    const piece = Buffer.alloc(CHUNK);
    for (let at = 0; at < compressed;) {
      const read = readSync(spool.handle, piece, 0, CHUNK, at);
      if (read === 0) throw new Error(`${name} is shorter than it was written`);
      append(piece.subarray(0, read));
      at += read;
    }
    spool.drop();
    entries.push({ name, size, sha256, crc, compressed, offset });
  }

  return {
    // What is put after `settle` goes in the place of the directory, which is written again.
    put,
    rewind: (name) => {
      const at = entries.findIndex((entry) => entry.name === name);
      end = entries[at]?.offset ?? end;
      if (at !== -1) entries.length = at;
    },
    grow: (name) => {
      const spool = createSpool(name, `${scratch}.${growing.length}`);
      growing.push(spool);
      return { size: spool.size, write: spool.write };
    },
    settle: () => {
      for (const spool of growing.splice(0)) take(spool);
      const start = end;
      append(directory(entries, start));
      ftruncateSync(archive, end);
      end = start;
    },
    files: () =>
      entries
        .map(({ name, size, sha256 }) => ({ name, size, sha256 }))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    close: () => {
      for (const spool of growing.splice(0)) spool.drop();
      closeSync(archive);
    },
  };
}

interface Spool {
  readonly handle: number;
  readonly size: () => number;
  readonly write: (text: string) => void;
  readonly finish: () => Omit<Entry, 'offset'>;
  readonly drop: () => void;
}

function createSpool(name: string, path: string): Spool {
  const handle = openSync(path, 'wx+', 0o600);
  const sha = createHash('sha256');
  let waiting: string[] = [];
  let waitingSize = 0;
  let size = 0;
  let crc = 0;
  let compressed = 0;

  function store(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) done += writeSync(handle, bytes, done);
    compressed += bytes.length;
  }

  function flush(): void {
    const bytes = Buffer.from(waiting.join(''));
    waiting = [];
    waitingSize = 0;
    if (bytes.length === 0) return;
    sha.update(bytes);
    crc = crc32(bytes, crc);
    size += bytes.length;
    // Ends on a whole byte without ending the stream (RFC 1951 §3.2.4), so that the pieces make one.
    store(deflateRawSync(bytes, { level: LEVEL, finishFlush: constants.Z_SYNC_FLUSH }));
  }

  return {
    handle,
    size: () => size + waitingSize,
    write: (text) => {
      waiting.push(text);
      waitingSize += text.length;
      if (waitingSize >= CHUNK) flush();
    },
    finish: () => {
      flush();
      store(deflateRawSync(Buffer.alloc(0), { level: LEVEL }));
      if (size >= LIMIT || compressed >= LIMIT) throw new PackTooLarge(`${name} has ${size} bytes`);
      return { name, size, sha256: sha.digest('hex'), crc, compressed };
    },
    drop: () => {
      closeSync(handle);
      rmSync(path);
    },
  };
}

function localHeader(name: string, size: number, crc: number, compressed: number): Buffer {
  const label = Buffer.from(name);
  const bytes = Buffer.alloc(30);
  bytes.writeUInt32LE(0x04_03_4b_50, 0);
  common(bytes, 4, size, crc, compressed, label.length);
  return Buffer.concat([bytes, label]);
}

/** What the header of a file and its line in the directory both have, from the version on. */
function common(
  bytes: Buffer,
  at: number,
  size: number,
  crc: number,
  compressed: number,
  label: number,
): void {
  bytes.writeUInt16LE(VERSION, at);
  bytes.writeUInt16LE(UTF8_NAMES, at + 2);
  bytes.writeUInt16LE(DEFLATED, at + 4);
  bytes.writeUInt16LE(0, at + 6);
  bytes.writeUInt16LE(DATE, at + 8);
  bytes.writeUInt32LE(crc, at + 10);
  bytes.writeUInt32LE(compressed, at + 14);
  bytes.writeUInt32LE(size, at + 18);
  bytes.writeUInt16LE(label, at + 22);
}

function directory(entries: readonly Entry[], start: number): Buffer {
  const lines = entries.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(directoryLine);
  const body = Buffer.concat(lines);
  const wide = entries.length >= 0xffff || start >= LIMIT || body.length >= LIMIT;
  const last = Buffer.alloc(22);
  last.writeUInt32LE(0x06_05_4b_50, 0);
  const count = Math.min(entries.length, 0xffff);
  last.writeUInt16LE(count, 8);
  last.writeUInt16LE(count, 10);
  last.writeUInt32LE(Math.min(body.length, LIMIT), 12);
  last.writeUInt32LE(Math.min(start, LIMIT), 16);
  return Buffer.concat(wide ? [body, wideEnd(entries.length, body.length, start), last] : [body, last]);
}

function directoryLine({ name, size, crc, compressed, offset }: Entry): Buffer {
  const label = Buffer.from(name);
  const extra = offset >= LIMIT ? Buffer.alloc(12) : Buffer.alloc(0);
  if (extra.length > 0) {
    extra.writeUInt16LE(0x0001, 0);
    extra.writeUInt16LE(8, 2);
    extra.writeBigUInt64LE(BigInt(offset), 4);
  }
  const bytes = Buffer.alloc(46);
  bytes.writeUInt32LE(0x02_01_4b_50, 0);
  // Made on Unix, so that readers take the attributes for a mode.
  bytes.writeUInt16LE((3 << 8) | VERSION, 4);
  common(bytes, 6, size, crc, compressed, label.length);
  bytes.writeUInt16LE(extra.length, 30);
  bytes.writeUInt32LE(ATTRIBUTES * 0x1_00_00, 38);
  bytes.writeUInt32LE(Math.min(offset, LIMIT), 42);
  return Buffer.concat([bytes, label, extra]);
}

/** ZIP64: for more than 65,534 files, or more than 4 GiB before the directory (APPNOTE 4.3.14 and 4.3.15). */
function wideEnd(count: number, size: number, start: number): Buffer {
  const bytes = Buffer.alloc(56 + 20);
  bytes.writeUInt32LE(0x06_06_4b_50, 0);
  bytes.writeBigUInt64LE(44n, 4);
  bytes.writeUInt16LE((3 << 8) | VERSION, 12);
  bytes.writeUInt16LE(VERSION, 14);
  bytes.writeBigUInt64LE(BigInt(count), 24);
  bytes.writeBigUInt64LE(BigInt(count), 32);
  bytes.writeBigUInt64LE(BigInt(size), 40);
  bytes.writeBigUInt64LE(BigInt(start), 48);
  bytes.writeUInt32LE(0x07_06_4b_50, 56);
  bytes.writeBigUInt64LE(BigInt(start + size), 64);
  bytes.writeUInt32LE(1, 72);
  return bytes;
}
