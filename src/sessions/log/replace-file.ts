import { randomBytes } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncDirectory } from '../sync-directory.ts';

/** Puts a text in the place of a file: after a crash it is the old one or the new one, whole. */
export function replaceFile(path: string, text: string): void {
  const own = `${path}.${randomBytes(8).toString('hex')}`;
  writeFileSync(own, text, { mode: 0o644, flag: 'wx', flush: true });
  renameSync(own, path);
  syncDirectory(dirname(path));
}
