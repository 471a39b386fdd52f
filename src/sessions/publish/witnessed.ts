import { hash } from 'node:crypto';
import type { Ask } from './get-and-post.ts';
import { findCosignature } from './witness-key.ts';
import type { Witness } from './submit-checkpoint.ts';

export interface AskedWitness extends Witness {
  /** The monitoring prefix of C2SP tlog-witness, without a slash at its end. */
  readonly monitor: string;
}

export type Seen =
  /** The newest checkpoint that it cosigned, its own signature checked, that of the log not. */
  | { readonly kind: 'seen'; readonly note: string }
  /** It has cosigned nothing of this log. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'no_answer' };

/** Gateways wait for this at their start, and must not wait long for somebody who is not there. Milliseconds. */
const TIMEOUT = 3_000;
const MAX_NOTE = 64 * 1024;

/** What a witness has seen of the log of this name. Whatever is not an answer of that witness is none. */
export async function witnessed({ monitor, key }: AskedWitness, origin: string, ask: Ask): Promise<Seen> {
  const url = `${monitor}/${hash('sha256', origin)}/checkpoint`;
  try {
    const { status, body } = await ask({
      url,
      method: 'GET',
      body: null,
      timeoutMs: TIMEOUT,
      most: MAX_NOTE,
    });
    if (status === 404) return { kind: 'nothing' };
    if (status !== 200) return { kind: 'no_answer' };
    const note = body.toString('utf8');
    const split = note.lastIndexOf('\n\n');
    const text = note.slice(0, split + 1);
    const good =
      split !== -1 &&
      text.startsWith(`${origin}\n`) &&
      findCosignature(text, note.slice(split + 2), key) !== null;
    return good ? { kind: 'seen', note } : { kind: 'no_answer' };
  } catch {
    return { kind: 'no_answer' };
  }
}
