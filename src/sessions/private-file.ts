import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncDirectory } from './sync-directory.ts';

/** Others may read a file that holds a secret. */
export class SharedFile extends Error {
  override readonly name = 'SharedFile';
}

/** Null where there is no such file. Throws `SharedFile` where others than its owner may read it. */
export function readPrivateFile(path: string): string | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  if ((statSync(path).mode & 0o077) !== 0)
    throw new SharedFile(`${path} may be read by others: chmod 600 it`);
  return text;
}

/**
 * Makes a file for its owner alone, with its folder. Of several processes that do so at a time one makes it, and all
 * are given what that one wrote.
 */
export function createPrivateFile(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const own = `${path}.${randomBytes(8).toString('hex')}`;
  writeFileSync(own, text, { mode: 0o600, flag: 'wx', flush: true });
  try {
    // A link appears whole or not at all, and never over one that is there.
    linkSync(own, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(own);
  }
  const made = readPrivateFile(path);
  if (made === null) throw new Error(`${path} went away as it was made`);
  syncDirectory(dirname(path));
  return made;
}
