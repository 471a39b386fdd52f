import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { replaceFile } from './replace-file.ts';
import { parseSigner, signerKey, type Signer } from './note.ts';

/** Null where there is no such file. Throws where it holds something else: a key that was lost is not made again. */
export function readKeyFile(path: string): Signer | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  const signer = parseSigner(text.trimEnd());
  if (signer === null) throw new Error(`${path} does not hold a signing key of a log`);
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
