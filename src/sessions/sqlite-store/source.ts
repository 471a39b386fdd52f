import type { RecordSource } from '../store.ts';
import { checkLimit } from '../page-limit.ts';
import type { Found, ReadRequest } from './protocol.ts';

/** The log as the reading thread finds it in the file. */
export function sourceOf(read: (request: ReadRequest) => Promise<Found>): RecordSource {
  return {
    records: async (first, end) => {
      const reply = await read({ kind: 'source_records', first, end });
      if (reply.kind !== 'source_records') throw new Error(`the reader answered ${reply.kind}`);
      return reply.records;
    },
    checkpoints: async (query) => {
      checkLimit(query.limit);
      const reply = await read({ kind: 'source_checkpoints', query });
      if (reply.kind !== 'source_checkpoints') throw new Error(`the reader answered ${reply.kind}`);
      return reply.checkpoints;
    },
    bounds: async (from, to) => {
      const reply = await read({ kind: 'source_bounds', from, to });
      if (reply.kind !== 'source_bounds') throw new Error(`the reader answered ${reply.kind}`);
      return reply.bounds;
    },
    tile: async (level, index) => {
      const reply = await read({ kind: 'source_tile', level, index });
      if (reply.kind !== 'bytes') throw new Error(`the reader answered ${reply.kind}`);
      return reply.bytes;
    },
  };
}
