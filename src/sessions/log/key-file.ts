import { randomBytes } from 'node:crypto';
import { createPrivateFile, readPrivateFile, SharedFile } from '../private-file.ts';
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
  let text: string | null;
  try {
    text = readPrivateFile(path);
  } catch (error) {
    throw error instanceof SharedFile ? new BadKeyFile(error.message) : error;
  }
  return text === null ? null : signerIn(path, text);
}

/**
 * Makes a key for its owner alone, and beside it the public key that auditors take with them. Of several processes that
 * start at a time one makes it, and all read that one.
 */
export function createKeyFile(path: string, origin: string | null): Signer {
  const name = origin ?? `sallyport/${randomBytes(8).toString('hex')}`;
  const signer = signerIn(path, createPrivateFile(path, `${signerKey(name, randomBytes(32))}\n`));
  replaceFile(`${path}.pub`, `${signer.verifierKey}\n`);
  return signer;
}

function signerIn(path: string, text: string): Signer {
  const signer = parseSigner(text.trimEnd());
  if (signer === null) throw new BadKeyFile(`${path} does not hold a signing key of a log`);
  return signer;
}
