import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { link, mkdir, open, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Permission bits of group and others. */
const OTHERS = 0o077;

/**
 * The content of a file that only its owner may read; made with `create` where it does not exist. Throws for a
 * symbolic link and for a file that others may read or write.
 */
export async function readOrCreatePrivateFile(path: string, create: () => Promise<string>): Promise<string> {
  const existing = await readPrivateFile(path);
  if (existing !== null) return existing;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeFile(draft, await create(), { mode: 0o600, flag: 'wx', flush: true });
    // Unlike a rename, a link fails where another process was first, and never shows half a file.
    await link(draft, path).catch(unlessExists);
  } finally {
    await unlink(draft).catch(unlessMissing);
  }
  const written = await readPrivateFile(path);
  if (written === null) throw new Error(`${path} was removed while it was being written`);
  return written;
}

async function readPrivateFile(path: string): Promise<string | null> {
  // Mode and content come from one open file, so it can't be exchanged in between.
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(unlessMissing);
  if (file === null) return null;
  try {
    const { mode } = await file.stat();
    if ((mode & OTHERS) !== 0) {
      const found = (mode & 0o777).toString(8).padStart(3, '0');
      throw new Error(`${path} may be read or written by others (mode ${found}): run chmod 600 on it`);
    }
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

function unlessMissing(error: unknown): null {
  return unless('ENOENT', error);
}

function unlessExists(error: unknown): null {
  return unless('EEXIST', error);
}

function unless(code: string, error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === code) return null;
  throw error;
}
