import { hash } from 'node:crypto';

/** Ed25519 cosignatures of C2SP tlog-cosignature. */
const COSIGNATURE = 0x04;
const KEY_BYTES = 33;

/** Whether the text is the verifier key of a witness, and its id that of its name and key: a typing error is one. */
export function isWitnessKey(text: string): boolean {
  const [, name = '', id = '', data = ''] =
    /^([^\s+]{1,255})\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/u.exec(text) ?? [];
  const bytes = Buffer.from(data, 'base64');
  if (bytes.length !== KEY_BYTES || bytes[0] !== COSIGNATURE) return false;
  return hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), bytes])).startsWith(id);
}
