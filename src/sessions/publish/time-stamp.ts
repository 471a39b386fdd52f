import { hash } from 'node:crypto';
import { contentOf, der, elements, NotDer, TAG, type Element } from './der.ts';

/** SHA-256 (RFC 5754 §2.2), id-signedData (RFC 5652 §5.1) and id-ct-TSTInfo (RFC 3161 §2.4.2), as DER has them. */
const SHA_256 = Buffer.from('608648016503040201', 'hex');
const SIGNED_DATA = Buffer.from('2a864886f70d010702', 'hex');
const TST_INFO = Buffer.from('2a864886f70d0109100104', 'hex');

/** What a time stamp is asked for. `nonce` is eight random bytes. */
export interface StampRequest {
  readonly data: string;
  readonly nonce: Uint8Array;
}

export type StampAnswer =
  | {
      readonly ok: true;
      /** The TimeStampToken: what `openssl ts -verify -token_in` reads. */
      readonly token: Buffer;
      /** Epoch milliseconds, by the clock of the authority. */
      readonly genTime: number;
    }
  | { readonly ok: false; readonly failure: 'refused' | 'bad_answer'; readonly detail: string };

/** A TimeStampReq over the SHA-256 of the data, which asks for the certificate as well (RFC 3161 §2.4.1). */
export function stampRequest(request: StampRequest): Buffer {
  return der(
    TAG.sequence,
    der(TAG.integer, Buffer.of(1)),
    imprintOf(request),
    der(TAG.integer, nonceOf(request)),
    der(TAG.boolean, Buffer.of(0xff)),
  );
}

/**
 * What an authority answered to the request: granted, over the same data, with the same nonce (RFC 3161 §2.2, §2.4.2). Its
 * signature is not checked: whom to trust is the auditor's to say, who has the token.
 */
export function openStamp(answer: Buffer, request: StampRequest): StampAnswer {
  try {
    const [response, ...more] = elements(answer);
    const [status, token] = elements(contentOf(response, TAG.sequence));
    const [code] = elements(contentOf(status, TAG.sequence));
    const said = contentOf(code, TAG.integer);
    const granted = said.length === 1 && (said[0] === 0 || said[0] === 1);
    if (!granted)
      return {
        ok: false,
        failure: 'refused',
        detail: `the authority answered with status ${said.toString('hex')}`,
      };
    if (more.length > 0) throw new NotDer('more than one answer');
    const info = tstInfo(token);
    const [version, policy, imprint, serial, genTime, ...rest] = info;
    contentOf(version, TAG.integer);
    contentOf(policy, TAG.oid);
    contentOf(serial, TAG.integer);
    // Accuracy and ordering may stand before it.
    const nonce = rest.find(({ tag }) => tag === TAG.integer);
    if (!sameImprint(imprint, request)) return bad('it is over other data');
    if (nonce === undefined || !nonce.content.equals(nonceOf(request))) return bad('it has another nonce');
    const encoded = der(TAG.sequence, contentOf(token, TAG.sequence));
    return { ok: true, token: encoded, genTime: timeOf(contentOf(genTime, TAG.time)) };
  } catch (error) {
    if (error instanceof NotDer) return bad('it is not a time stamp of RFC 3161');
    throw error;
  }
}

function tstInfo(token: Element | undefined): readonly Element[] {
  const [type, wrapped] = elements(contentOf(token, TAG.sequence));
  if (!contentOf(type, TAG.oid).equals(SIGNED_DATA)) throw new NotDer('not signed data');
  const [signed] = elements(contentOf(wrapped, TAG.context0));
  const [, , encapsulated] = elements(contentOf(signed, TAG.sequence));
  const [kind, content] = elements(contentOf(encapsulated, TAG.sequence));
  if (!contentOf(kind, TAG.oid).equals(TST_INFO)) throw new NotDer('not the content of a time stamp');
  const [octets] = elements(contentOf(content, TAG.context0));
  const [info] = elements(contentOf(octets, TAG.octets));
  return elements(contentOf(info, TAG.sequence));
}

function imprintOf({ data }: StampRequest): Buffer {
  const algorithm = der(TAG.sequence, der(TAG.oid, SHA_256), der(TAG.null));
  return der(TAG.sequence, algorithm, der(TAG.octets, hash('sha256', data, 'buffer')));
}

/** The parameters of SHA-256 are NULL or left out (RFC 5754 §2): both are the same. */
function sameImprint(imprint: Element | undefined, { data }: StampRequest): boolean {
  const [algorithm, digest] = elements(contentOf(imprint, TAG.sequence));
  const [oid] = elements(contentOf(algorithm, TAG.sequence));
  return (
    contentOf(oid, TAG.oid).equals(SHA_256) &&
    contentOf(digest, TAG.octets).equals(hash('sha256', data, 'buffer'))
  );
}

/** As an INTEGER that is positive and has no needless zero in front, in the 64 bits that some authorities take. */
function nonceOf({ nonce }: StampRequest): Buffer {
  const [first = 0, ...rest] = nonce;
  return Buffer.of((first & 0x3f) | 0x40, ...rest);
}

/** GeneralizedTime as RFC 3161 §2.4.2 has it: UTC, fractions of a second or none. */
function timeOf(content: Buffer): number {
  const [, year, month, day, hours, minutes, seconds, fraction = ''] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{1,9})?Z$/.exec(content.toString('latin1')) ?? [];
  const time = Date.parse(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}${fraction.slice(0, 4)}Z`);
  if (Number.isNaN(time)) throw new NotDer('not a time');
  return time;
}

function bad(detail: string): StampAnswer {
  return { ok: false, failure: 'bad_answer', detail };
}
