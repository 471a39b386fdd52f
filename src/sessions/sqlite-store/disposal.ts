import type { Disposal } from '../vault/disposal.ts';
import type { Found, ReadRequest, WriteReply, WriteRequest } from './protocol.ts';

/** What is forgotten and what is held, by the writing thread. `appended` is told that there may be records to sign. */
export function disposalOf(
  write: (request: WriteRequest) => Promise<WriteReply>,
  read: (request: ReadRequest) => Promise<Found>,
  appended: () => void,
): Disposal {
  return {
    erase: async (order) => {
      const reply = await write({ kind: 'erase', order });
      if (reply.kind !== 'erasure') throw new Error(`the writer answered ${reply.kind}`);
      appended();
      return reply.erasure;
    },
    hold: async (id, order) => {
      await write({ kind: 'hold', id, order });
      appended();
    },
    release: async (id, order) => {
      const reply = await write({ kind: 'release', id, order });
      appended();
      return reply.kind === 'said' && reply.yes;
    },
    holds: async () => {
      const reply = await read({ kind: 'holds' });
      if (reply.kind !== 'holds') throw new Error(`the reader answered ${reply.kind}`);
      return reply.holds;
    },
    rekey: async (fresh, { by, at }) => {
      const reply = await write({ kind: 'rekey', fresh, by, at });
      if (reply.kind !== 'rekeyed') throw new Error(`the writer answered ${reply.kind}`);
      return reply.rekeyed;
    },
    prune: async (step) => {
      const reply = await write({ kind: 'prune', step });
      if (reply.kind !== 'pruned') throw new Error(`the writer answered ${reply.kind}`);
      appended();
      return reply.progress;
    },
  };
}
