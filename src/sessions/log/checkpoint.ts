import { HASH_BYTES } from './merkle.ts';

/** The state of a log at one size, as C2SP tlog-checkpoint writes it: what is signed. */
export interface Checkpoint {
  readonly origin: string;
  /** Leaves. */
  readonly size: number;
  readonly root: Uint8Array;
}

/** Three lines: origin, size, root in base64. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`;
}

/** Null where the text is not a checkpoint. Lines after the third are extensions, which say nothing of the tree. */
export function parseCheckpoint(text: string): Checkpoint | null {
  const [, origin, digits, encoded] = /^([^\n]+)\n(0|[1-9]\d*)\n([A-Za-z0-9+/]{43}=)\n/u.exec(text) ?? [];
  if (origin === undefined || digits === undefined || encoded === undefined) return null;
  const size = Number(digits);
  const root = Buffer.from(encoded, 'base64');
  return Number.isSafeInteger(size) && root.length === HASH_BYTES ? { origin, size, root } : null;
}
