import { checkLimit } from '../page-limit.ts';
import type { Endorsements } from '../endorsements.ts';
import type { Found, ReadRequest, WriteReply, WriteRequest } from './protocol.ts';

/** What others said of checkpoints, asked of the threads that read and write. */
export function endorsementsOf(
  read: (request: ReadRequest) => Promise<Found>,
  write: (request: WriteRequest) => Promise<WriteReply>,
): Endorsements {
  async function note(request: ReadRequest): Promise<string | null> {
    const reply = await read(request);
    if (reply.kind !== 'note') throw new Error(`the reader answered ${reply.kind}`);
    return reply.note;
  }
  return {
    keepCosignature: async (cosignature) => void (await write({ kind: 'keep_cosignature', cosignature })),
    keepTimestamp: async (timestamp) => void (await write({ kind: 'keep_timestamp', timestamp })),
    cosigned: () => note({ kind: 'cosigned' }),
    async cosignedSize(key) {
      const reply = await read({ kind: 'cosigned_size', key });
      if (reply.kind !== 'count') throw new Error(`the reader answered ${reply.kind}`);
      return reply.count;
    },
    async lastTimestamp() {
      const reply = await read({ kind: 'last_timestamp' });
      if (reply.kind !== 'last_timestamp') throw new Error(`the reader answered ${reply.kind}`);
      return reply.timestamp;
    },
    async timestamps(after, limit) {
      checkLimit(limit);
      const reply = await read({ kind: 'timestamps', after, limit });
      if (reply.kind !== 'timestamps') throw new Error(`the reader answered ${reply.kind}`);
      return reply.timestamps;
    },
  };
}
