/** What the threads of a store are asked, and what their answers and their deaths mean to who asked. */
import type { AppendItem } from '../append-queue.ts';
import { StoreRefused, StoreUnavailable } from '../store.ts';
import { packBatch } from './batch.ts';
import type { WriteReply, WriteRequest } from './protocol.ts';
import { WorkerDied, type WorkerLink } from './worker-link.ts';

/** Where the thread died with the answer, a new one is asked what became of the batch. */
export async function commitBatch(
  writer: WorkerLink<WriteRequest, WriteReply>,
  batch: number,
  items: readonly AppendItem[],
): Promise<readonly boolean[]> {
  try {
    const reply = await writer.request({ kind: 'append', batch, packed: packBatch(items) });
    // It was opened before: what is refused now is this append, and the next one tries again.
    if (reply.kind === 'refused') throw new StoreUnavailable('failed', 'no', reply.message);
    succeeded(reply);
    if (reply.kind !== 'appended' || reply.done === null)
      throw new Error(`the writer answered ${reply.kind}`);
    return reply.done;
  } catch (error) {
    if (!(error instanceof WorkerDied)) throw error;
    const reply = await ask(writer, { kind: 'settle', batch });
    if (reply.kind !== 'appended') throw new StoreUnavailable('failed', 'unknown', error.message);
    if (reply.done === null) throw new StoreUnavailable('failed', 'no', error.message);
    return reply.done;
  }
}

export async function ask<Request, Reply>(
  link: WorkerLink<Request, Reply>,
  request: Request,
): Promise<Reply> {
  try {
    return await link.request(request);
  } catch (error) {
    if (error instanceof WorkerDied) throw new StoreUnavailable('failed', 'unknown', error.message);
    throw error;
  }
}

export function succeeded(reply: WriteReply): WriteReply {
  if (reply.kind === 'refused') throw new StoreRefused(reply.reason, reply.message);
  if (reply.kind === 'failed') throw new StoreUnavailable('failed', reply.recorded, reply.message);
  return reply;
}
