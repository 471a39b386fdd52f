import { ProtocolError } from '@modelcontextprotocol/server';
import { rpcCode } from './rpc.ts';

/** How long a client may keep a list: skills and policies change, and a change is announced as well. Each sees their own. */
export const listCaching = { ttlMs: 60_000, cacheScope: 'private' } as const;

/** Every list has one page, so there is no cursor that anybody was given. */
export function refuseCursor(cursor: unknown): void {
  if (cursor !== undefined)
    throw new ProtocolError(rpcCode.invalidParams, 'Invalid cursor: the list has one page');
}
