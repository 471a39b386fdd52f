import type { TableResult } from '../../model/result.ts';
import type { Limits } from '../../model/tool.ts';
import type { Bound } from '../statement.ts';

/** By this signal a process ends itself that holds more memory than it may. */
export const TOO_LARGE = 'SIGUSR2';

/** What the gateway asks of a SQLite process. Every request has one reply, in order. */
export type Request =
  | {
      readonly op: 'run';
      readonly path: string;
      readonly text: string;
      readonly values: readonly Bound[];
      readonly readOnly: boolean;
      readonly limits: Limits;
      /** Milliseconds to wait for another writer's lock. */
      readonly busyMs: number;
      /** Milliseconds after which the process ends itself, should nobody be there to end it. */
      readonly endMs: number;
    }
  /** Reads of several calls, in one transaction. */
  | {
      readonly op: 'reads';
      readonly path: string;
      readonly reads: readonly Read[];
      readonly busyMs: number;
      /** For all of them together. */
      readonly endMs: number;
    }
  | { readonly op: 'commit' | 'rollback' }
  | { readonly op: 'ping'; readonly path: string; readonly endMs: number };

interface Read {
  readonly text: string;
  readonly values: readonly Bound[];
  readonly limits: Limits;
}

export type Reply =
  | {
      readonly ok: true;
      readonly table?: TableResult;
      /** Milliseconds of the process, for a table. */
      readonly tookMs?: number;
      /** One for each of the `reads`, in order. */
      readonly replies?: readonly Reply[];
    }
  | {
      readonly ok: false;
      /** SQLite's extended result code; null where the error is the process's own. */
      readonly code: number | null;
      readonly message: string;
      /** The statement went past preparation. */
      readonly started: boolean;
    };

/** Largest frame that is accepted, in bytes: above any result that limits allow. */
const MAX_FRAME = 512 * 1024 * 1024;

/** A frame: the length of the JSON as 32 bits, little endian, and the JSON in UTF-8. */
export function frame(json: string): Buffer {
  const buffer = Buffer.from(`\0\0\0\0${json}`);
  buffer.writeUInt32LE(buffer.length - 4, 0);
  return buffer;
}

/** Gathers the bytes of a stream into frames. */
export function frames(onFrame: (json: string) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let gathered = 0;
  return (chunk) => {
    chunks.push(chunk);
    gathered += chunk.length;
    for (;;) {
      if (gathered < 4) return;
      const [first] = chunks;
      if (first === undefined || first.length < 4) chunks = [Buffer.concat(chunks)];
      const length = chunks[0]?.readUInt32LE(0) ?? 0;
      if (length > MAX_FRAME) throw new RangeError('a frame is too large');
      if (gathered < 4 + length) return;
      const whole = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
      const rest = whole.subarray(4 + length);
      chunks = rest.length === 0 ? [] : [rest];
      gathered = rest.length;
      onFrame(whole.toString('utf8', 4, 4 + length));
    }
  };
}
