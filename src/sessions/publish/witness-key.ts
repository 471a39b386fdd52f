import { createPublicKey, hash, verify, type KeyObject } from 'node:crypto';

/** The key of a witness: a verifier key of type 0x04, as C2SP tlog-cosignature has them. */
export interface WitnessKey {
  readonly name: string;
  /** Eight hex digits. */
  readonly id: string;
  readonly key: KeyObject;
}

export interface Cosignature {
  /** As it stands in a note, without its end. */
  readonly line: string;
  /** Seconds since the epoch, by the clock of the witness. */
  readonly time: number;
}

const COSIGNATURE = 0x04;
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const POINT_BYTES = 32;
const ID_BYTES = 4;
const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;
/** A note may hold signatures of many; one with more is not one that a witness made. */
const MAX_LINES = 64;

/** Null where the text is none. */
export function parseWitnessKey(text: string): WitnessKey | null {
  const [, name = '', id = '', data = ''] =
    /^([^\s+]{1,255})\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/u.exec(text) ?? [];
  const typed = Buffer.from(data, 'base64');
  if (typed.length !== 1 + POINT_BYTES || typed[0] !== COSIGNATURE) return null;
  const expected = hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), typed])).slice(0, 2 * ID_BYTES);
  if (id !== expected) return null;
  const der = Buffer.concat([SPKI, typed.subarray(1)]);
  return { name, id, key: createPublicKey({ key: der, format: 'der', type: 'spki' }) };
}

/**
 * The cosignature of this witness over a checkpoint's text, among the lines of signatures; null where there is none, or
 * where one that bears its name and id is not good.
 */
export function findCosignature(text: string, lines: string, key: WitnessKey): Cosignature | null {
  const all = lines.split('\n', MAX_LINES);
  for (const line of all) {
    const [, name, data = ''] = /^— (\S+) ([A-Za-z0-9+/]+=*)$/u.exec(line) ?? [];
    const bytes = Buffer.from(data, 'base64');
    if (name !== key.name || bytes.toString('hex', 0, ID_BYTES) !== key.id) continue;
    if (bytes.length !== ID_BYTES + TIME_BYTES + SIGNATURE_BYTES) return null;
    const time = bytes.readBigUInt64BE(ID_BYTES);
    // A time that is no number of ours is no time; zero is that of a subtree, and says nothing of the latest.
    if (time === 0n || time > BigInt(Number.MAX_SAFE_INTEGER)) return null;
    const message = Buffer.from(`cosignature/v1\ntime ${time}\n${text}`);
    if (!verify(null, message, key.key, bytes.subarray(ID_BYTES + TIME_BYTES))) return null;
    return { line, time: Number(time) };
  }
  return null;
}
