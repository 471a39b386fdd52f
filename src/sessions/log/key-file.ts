import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { replaceFile } from './replace-file.ts';
import { parseSigner, signerKey, type Signer } from './note.ts';

export class BadKeyFile extends Error {
  override readonly name = 'BadKeyFile';
}

/**
 * Null where there is no such file. Throws `BadKeyFile` where it holds something else, or where others may read it: who
 * has the key can sign another history.
 */
export function readKeyFile(path: string): Signer | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  if ((statSync(path).mode & 0o077) !== 0)
    throw new BadKeyFile(`${path} may be read by others: chmod 600 it`);
  const signer = parseSigner(text.trimEnd());
  if (signer === null) throw new BadKeyFile(`${path} does not hold a signing key of a log`);
  return signer;
}

/**
 * Makes a key for its owner alone, and beside it the public key that auditors take with them. Of several processes that
 * start at a time one makes it, and all read that one.
 */
export function createKeyFile(path: string, origin: string | null): Signer {
  const name = origin ?? `sallyport/${randomBytes(8).toString('hex')}`;
  const own = `${path}.${randomBytes(8).toString('hex')}`;
  writeFileSync(own, `${signerKey(name, randomBytes(32))}\n`, { mode: 0o600, flag: 'wx', flush: true });
  try {
    // A link appears whole or not at all, and never over one that is there.
    linkSync(own, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(own);
  }
  const signer = readKeyFile(path);
  if (signer === null) throw new Error(`${path} went away as it was made`);
  replaceFile(`${path}.pub`, `${signer.verifierKey}\n`);
  return signer;
}
