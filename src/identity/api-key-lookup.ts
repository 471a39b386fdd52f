import type { ApiKey } from '../model/api-key.ts';

/**
 * Remembers rows of API keys for a moment, so that a busy service does not cost a store query a call. This is how
 * long a revocation may take to be felt. Ids that don't exist are not remembered: anybody can make them up.
 */
export const API_KEY_MEMORY_MS = 1000;
const CAPACITY = 1000;

/** A look-up that is answered at once where the row was read within the last second. */
export function rememberApiKeys(
  findApiKey: (id: string) => Promise<ApiKey | null>,
  clock: () => number,
): (id: string) => ApiKey | Promise<ApiKey | null> {
  const rows = new Map<string, { readonly row: ApiKey; readonly readAt: number }>();

  const read = async (id: string): Promise<ApiKey | null> => {
    // Taken before the query: the row is as old as the moment it was asked for.
    const readAt = clock();
    const row = await findApiKey(id);
    rows.delete(id);
    if (row === null) return null;
    rows.set(id, { row, readAt });
    const oldest = rows.keys().next();
    if (rows.size > CAPACITY && oldest.done !== true) rows.delete(oldest.value);
    return row;
  };

  return (id) => {
    const known = rows.get(id);
    return known !== undefined && Math.abs(clock() - known.readAt) < API_KEY_MEMORY_MS ? known.row : read(id);
  };
}
