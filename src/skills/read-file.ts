import { readFile, realpath, stat } from 'node:fs/promises';
import { relative, sep } from 'node:path';

/**
 * The bytes of a file; undefined where there is none. A link that leaves `root`, the real path of a folder, is an error: a
 * skill must not bring in files from elsewhere on the machine.
 */
export async function readInside(
  root: string,
  path: string,
  maxBytes: number,
): Promise<Uint8Array | { readonly message: string } | undefined> {
  const real = await attempt(() => realpath(path));
  if (!real.ok)
    return real.code === 'ENOENT' ? undefined : { message: `the file cannot be read (${real.code})` };
  if (!real.value.startsWith(root + sep)) {
    return { message: 'the file is a link that leaves the skills folder; expected a file inside it' };
  }
  const status = await attempt(() => stat(real.value));
  if (!status.ok) return { message: `the file cannot be read (${status.code})` };
  if (!status.value.isFile()) return { message: 'this is not a file; expected a text file' };
  if (status.value.size > maxBytes) {
    return { message: `the file has ${status.value.size} bytes; expected at most ${maxBytes}` };
  }
  const bytes = await attempt(() => readFile(real.value));
  return bytes.ok ? bytes.value : { message: `the file cannot be read (${bytes.code})` };
}

/** Null where the bytes are not UTF-8. Not lenient: bytes that are replaced on reading are bytes that a reviewer did not see. */
export function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly code: string };

export async function attempt<T>(act: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await act() };
  } catch (error) {
    return { ok: false, code: error instanceof Error && 'code' in error ? String(error.code) : 'unreadable' };
  }
}

/** As a person in `cwd` would type it. */
export function shownPath(path: string, cwd: string): string {
  const short = relative(cwd, path);
  const inside = short !== '' && !short.startsWith('..');
  return (inside ? short : path).split(sep).join('/');
}
