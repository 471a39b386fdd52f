/** The little of DER (X.690) that RFC 3161 takes: definite lengths, tags of one byte. */
export interface Element {
  readonly tag: number;
  readonly content: Buffer;
}

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  octets: 0x04,
  null: 0x05,
  oid: 0x06,
  time: 0x18,
  sequence: 0x30,
  set: 0x31,
  /** [0] of something that is itself tagged. */
  context0: 0xa0,
} as const;

/** What was read is not what was expected. */
export class NotDer extends Error {
  override readonly name = 'NotDer';
}

export function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), content]);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(length);
  const short = size.subarray(size.findIndex((byte) => byte !== 0));
  return Buffer.concat([Buffer.of(tag, 0x80 + short.length), short, content]);
}

/** The elements that fill these bytes. Throws `NotDer`. */
export function elements(bytes: Buffer): readonly Element[] {
  const found: Element[] = [];
  for (let at = 0; at < bytes.length;) {
    const [tag = 0, first = 0] = bytes.subarray(at, at + 2);
    const long = first > 0x80 ? first - 0x80 : 0;
    // 0x80 is the length that is not told. A tag with these bits set goes on in the next byte.
    if (at + 2 > bytes.length || first === 0x80 || long > 4 || (tag & 0x1f) === 0x1f)
      throw new NotDer('not DER');
    const start = at + 2 + long;
    if (start > bytes.length) throw new NotDer('not DER');
    const length = long === 0 ? first : bytes.readUIntBE(at + 2, long);
    const end = start + length;
    if (end > bytes.length) throw new NotDer('not DER');
    found.push({ tag, content: bytes.subarray(start, end) });
    at = end;
  }
  return found;
}

/** The content of one element, which must have this tag. */
export function contentOf(element: Element | undefined, tag: number): Buffer {
  if (element?.tag !== tag) throw new NotDer('another structure than expected');
  return element.content;
}
