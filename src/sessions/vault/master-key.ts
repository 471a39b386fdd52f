import { createSecretKey, hash, randomBytes, type KeyObject } from 'node:crypto';
import { createPrivateFile, readPrivateFile, SharedFile } from '../private-file.ts';
import { StoreRefused } from '../store.ts';
import { KEY_BYTES, openBytes, sealBytes } from './seal.ts';

/** What every data key is wrapped by. It is in no table, no log and no argument. */
export interface MasterKey {
  /** 16 hex digits that name the key and tell nothing of it. */
  readonly id: string;
  readonly key: KeyObject;
}

/** Where the master key comes from. */
export type MasterKeySource =
  /** Made, for its owner alone, for a store that has no key yet. */
  | { readonly kind: 'file'; readonly path: string }
  /** Taken from the environment or a command. `from` says so in words that may be shown. */
  | { readonly kind: 'text'; readonly text: string; readonly from: string };

/** 32 bytes in base64 (either alphabet) or as 64 hex digits. Null where the text is something else. */
export function parseMasterKey(text: string): MasterKey | null {
  const line = text.trim();
  const isHex = /^[0-9a-fA-F]{64}$/.test(line);
  if (!isHex && !/^[A-Za-z0-9+/_-]{43}=?$/.test(line)) return null;
  const bytes = Buffer.from(line, isHex ? 'hex' : 'base64');
  return bytes.length === KEY_BYTES ? { id: idOf(bytes), key: createSecretKey(bytes) } : null;
}

/**
 * The key of a store. `known` is the id of the key that its data keys are wrapped by, null where the store is new: only
 * then a file is made. Throws `StoreRefused`: without its key nothing is read, and nothing is ever written plain.
 */
export function findMasterKey(source: MasterKeySource, known: string | null): MasterKey {
  const key = source.kind === 'text' ? fromText(source.text, source.from) : fromFile(source.path, known);
  if (known !== null && key.id !== known) {
    const where = source.kind === 'text' ? source.from : source.path;
    throw new StoreRefused('key_wrong', `${where} holds key ${key.id}; ${WANTED(known)}`);
  }
  return key;
}

/** Wraps a data key. It opens only as the key of its scope: the session, or the day, that it is for. */
export function wrapKey(master: MasterKey, scope: string, key: KeyObject): Uint8Array {
  return sealBytes(master.key, `data_key/${scope}`, key.export());
}

export function newDataKey(): KeyObject {
  return createSecretKey(randomBytes(KEY_BYTES));
}

/** Throws `SealBroken`. */
export function unwrapKey(master: MasterKey, scope: string, wrapped: Uint8Array): KeyObject {
  return createSecretKey(openBytes(master.key, `data_key/${scope}`, wrapped));
}

const WANTED = (known: string): string =>
  `the payloads of this record are encrypted under key ${known}. Name that key in record.encryption`;

function fromText(text: string, from: string): MasterKey {
  const key = parseMasterKey(text);
  if (key === null) throw new StoreRefused('key_missing', `${from} holds no key: ${EXPECTED}`);
  return key;
}

function fromFile(path: string, known: string | null): MasterKey {
  let text: string | null;
  try {
    text = readPrivateFile(path);
  } catch (error) {
    throw error instanceof SharedFile ? new StoreRefused('key_missing', error.message) : error;
  }
  if (text === null) {
    if (known !== null)
      throw new StoreRefused('key_missing', `the key file ${path} is missing, and ${WANTED(known)}`);
    text = createPrivateFile(path, `${randomBytes(KEY_BYTES).toString('base64')}\n`);
  }
  return fromText(text, path);
}

const EXPECTED = 'expected 32 random bytes in base64, such as `openssl rand -base64 32` makes';

function idOf(bytes: Uint8Array): string {
  return hash('sha256', Buffer.concat([Buffer.from('payload key\0', 'utf8'), bytes]), 'hex').slice(0, 16);
}
