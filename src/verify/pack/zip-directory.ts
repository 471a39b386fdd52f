import { PackUnusable } from './pack-finding.ts';

/** A file as the directory of an archive has it. */
export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  /** Bytes, before and after compression. */
  readonly size: number;
  readonly compressed: number;
  /** Of its own header. */
  readonly offset: number;
}

export type ReadAt = (offset: number, length: number) => Buffer;

const END = 22;
const WIDE_LOCATOR = 20;
const WIDE_END = 56;
const LINE = 46;
const LOCAL = 30;
const MAX_32 = 0xff_ff_ff_ff;
const MAX_DIRECTORY = 512 * 1024 * 1024;
/** Names that mean one file on every machine: no dot folders, no drives, no backslashes, no way out. */
const NAME = /^(?:[A-Za-z0-9_-][\w.-]*\/)*[A-Za-z0-9_-][\w.-]*$/;
const MAX_NAME = 200;

/**
 * The files of an archive. It must be one as `evidence export` writes it: nothing before, between or behind the files, no
 * comment, no links, no encryption, no name twice. Archives that two programs unpack into different files are none of
 * these. Throws `PackUnusable`.
 */
export function readDirectory(read: ReadAt, length: number): readonly ZipEntry[] {
  const { count, size, start } = endOf(read, length);
  if (size > MAX_DIRECTORY) throw broken('its directory is too large');
  const bytes = read(start, size);
  const entries: ZipEntry[] = [];
  const names = new Set<string>();
  let at = 0;
  while (at < size) {
    const { entry, next } = lineAt(bytes, at);
    // On some machines two names that differ in case are one file.
    const folded = entry.name.toLowerCase();
    if (names.has(folded)) throw broken(`it holds "${entry.name}" twice`);
    names.add(folded);
    entries.push(entry);
    at = next;
  }
  if (entries.length !== count) throw broken('its directory has another number of files than it says');
  return inPlace(read, entries, start);
}

function endOf(
  read: ReadAt,
  length: number,
): { readonly count: number; readonly size: number; readonly start: number } {
  if (length < END) throw broken('it is too short');
  const last = read(length - END, END);
  if (last.readUInt32LE(0) !== 0x06_05_4b_50 || last.readUInt16LE(20) !== 0)
    throw broken('it does not end as an archive without a comment');
  const [disk, first] = [last.readUInt16LE(4), last.readUInt16LE(6)];
  const [here, count] = [last.readUInt16LE(8), last.readUInt16LE(10)];
  const [size, start] = [last.readUInt32LE(12), last.readUInt32LE(16)];
  if (disk !== 0 || first !== 0 || here !== count) throw broken('it is one of several volumes');
  if (count < 0xffff && size < MAX_32 && start < MAX_32) {
    if (start + size !== length - END) throw broken('something stands around its directory');
    return { count, size, start };
  }
  const locator = read(length - END - WIDE_LOCATOR, WIDE_LOCATOR);
  const at = Number(locator.readBigUInt64LE(8));
  if (locator.readUInt32LE(0) !== 0x07_06_4b_50 || at !== length - END - WIDE_LOCATOR - WIDE_END)
    throw broken('the end of its directory is not where it says');
  const wide = read(at, WIDE_END);
  if (wide.readUInt32LE(0) !== 0x06_06_4b_50) throw broken('the end of its directory is none');
  const found = {
    count: Number(wide.readBigUInt64LE(32)),
    size: Number(wide.readBigUInt64LE(40)),
    start: Number(wide.readBigUInt64LE(48)),
  };
  if (found.start + found.size !== at) throw broken('something stands around its directory');
  return found;
}

function lineAt(bytes: Buffer, at: number): { readonly entry: ZipEntry; readonly next: number } {
  if (at + LINE > bytes.length || bytes.readUInt32LE(at) !== 0x02_01_4b_50)
    throw broken('its directory is damaged');
  const [flags, method] = [bytes.readUInt16LE(at + 8), bytes.readUInt16LE(at + 10)];
  const [compressed, size] = [bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 24)];
  const label = bytes.readUInt16LE(at + 28);
  const extra = bytes.readUInt16LE(at + 30);
  const comment = bytes.readUInt16LE(at + 32);
  const mode = bytes.readUInt32LE(at + 38) >>> 16;
  const next = at + LINE + label + extra + comment;
  if (next > bytes.length) throw broken('its directory is damaged');
  const name = bytes.toString('utf8', at + LINE, at + LINE + label);
  if (!NAME.test(name) || name.length > MAX_NAME)
    throw broken('it holds a file whose name is not one of a pack');
  if ((flags & ~0x0800) !== 0 || (method !== 0 && method !== 8) || comment !== 0)
    throw broken(`"${name}" is kept in a way that packs do not use`);
  if (mode !== 0 && (mode & 0o170000) !== 0o100000) throw broken(`"${name}" is not a regular file`);
  const offset = offsetOf(
    bytes.readUInt32LE(at + 42),
    bytes.subarray(at + LINE + label, at + LINE + label + extra),
  );
  return { entry: { name, method, size, compressed, offset }, next };
}

function offsetOf(short: number, extra: Buffer): number {
  if (extra.length === 0) return short;
  if (
    short !== MAX_32 ||
    extra.length !== 12 ||
    extra.readUInt16LE(0) !== 0x0001 ||
    extra.readUInt16LE(2) !== 8
  )
    throw broken('its directory has fields that packs do not use');
  return Number(extra.readBigUInt64LE(4));
}

/** Every file begins where the one before ends, and its own header says what the directory says. */
function inPlace(read: ReadAt, entries: readonly ZipEntry[], end: number): readonly ZipEntry[] {
  let at = 0;
  for (const { name, method, size, compressed, offset } of entries.toSorted((a, b) => a.offset - b.offset)) {
    if (offset !== at) throw broken(`something stands before "${name}" that is in no file`);
    const header = read(offset, LOCAL);
    const label = header.readUInt16LE(26);
    const said = read(offset + LOCAL, label).toString('utf8');
    const same =
      header.readUInt32LE(0) === 0x04_03_4b_50 &&
      (header.readUInt16LE(6) & ~0x0800) === 0 &&
      header.readUInt16LE(8) === method &&
      header.readUInt32LE(18) === compressed &&
      header.readUInt32LE(22) === size &&
      header.readUInt16LE(28) === 0 &&
      said === name;
    if (!same) throw broken(`"${name}" is called something else where it begins`);
    at = offset + LOCAL + label + compressed;
  }
  if (at !== end) throw broken('something stands before its directory that is in no file');
  return entries;
}

function broken(what: string): PackUnusable {
  return new PackUnusable('archive_invalid', null, `the archive is not one of a pack: ${what}`);
}
