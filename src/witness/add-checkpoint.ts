import { hash } from 'node:crypto';
import { provesConsistency } from '../verify/merkle-proof.ts';
import { openSigned, type VerifierKey } from '../verify/signed-checkpoint.ts';

/** The newest checkpoint of a log that was cosigned. */
export interface Latest {
  readonly size: number;
  readonly root: Buffer;
}

export type Judged =
  /** `text` is what is to be cosigned, `signatures` the lines of the log that were verified. */
  | {
      readonly ok: true;
      readonly origin: string;
      readonly size: number;
      readonly root: Buffer;
      readonly text: string;
      readonly signatures: readonly string[];
    }
  | { readonly ok: false; readonly status: 400 | 403 | 404 | 422; readonly why: string }
  /** The log has to begin at `size`. */
  | { readonly ok: false; readonly status: 409; readonly size: number };

/** Of a request, in bytes: a checkpoint with sixteen signatures, of which some are large, and 63 hashes. */
export const MAX_REQUEST = 128 * 1024;
const MAX_HASHES = 63;
const EMPTY_ROOT = hash('sha256', '', 'buffer');

/**
 * What a witness answers to `add-checkpoint` (C2SP tlog-witness), short of signing. `latest` is asked once, for an origin
 * that is known and a signature that is good.
 */
export function judge(
  request: string,
  logs: ReadonlyMap<string, readonly VerifierKey[]>,
  latest: (origin: string) => Latest | null,
): Judged {
  const parsed = parse(request);
  if (parsed === null) return { ok: false, status: 400, why: 'not a request of tlog-witness' };
  const { old, proof, note } = parsed;
  const origin = note.slice(0, note.indexOf('\n'));
  const keys = logs.get(origin);
  if (keys === undefined) return { ok: false, status: 404, why: 'this log is not known here' };
  const signed = openSigned(note, keys);
  if (!signed.ok) {
    const malformed = signed.why === 'checkpoint_invalid';
    return { ok: false, status: malformed ? 400 : 403, why: 'not signed by a key of this log' };
  }
  const { size, text, signatures } = signed;
  const root = Buffer.from(signed.root, 'hex');
  if (old > size) return { ok: false, status: 400, why: 'the old size is above that of the checkpoint' };
  const before = latest(origin) ?? { size: 0, root: EMPTY_ROOT };
  if (old !== before.size) return { ok: false, status: 409, size: before.size };
  if (size === 0 && !root.equals(EMPTY_ROOT))
    return { ok: false, status: 422, why: 'not the root of an empty tree' };
  // Every tree goes on from the empty one, and nothing has to prove it.
  const consistent =
    old === 0
      ? proof.length === 0
      : provesConsistency({ older: old, newer: size, olderRoot: before.root, newerRoot: root, proof });
  if (!consistent)
    return { ok: false, status: 422, why: 'the proof does not lead from the old tree to the new' };
  return { ok: true, origin, size, root, text, signatures };
}

/** A hash in base64, or nothing of it. */
const HASH = /^[A-Za-z0-9+/]{43}=$/;

function parse(
  request: string,
): { readonly old: number; readonly proof: readonly Buffer[]; readonly note: string } | null {
  const end = request.indexOf('\n\n');
  if (end === -1) return null;
  const [first = '', ...hashes] = request.slice(0, end).split('\n');
  const [, digits] = /^old (0|[1-9]\d{0,14})$/.exec(first) ?? [];
  if (digits === undefined || hashes.length > MAX_HASHES || !hashes.every((line) => HASH.test(line)))
    return null;
  const note = request.slice(end + 2);
  return { old: Number(digits), proof: hashes.map((line) => Buffer.from(line, 'base64')), note };
}
