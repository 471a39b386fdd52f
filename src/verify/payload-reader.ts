import type { Entry } from './entry.ts';
import type { Findings } from './finding.ts';
import type { RecordSource, StoredPayload } from './record-source.ts';
import { openSealed, unwrapDataKey, type PayloadKey } from './sealed-payload.ts';

export interface PayloadReader {
  read(payload: StoredPayload, entry: Entry, leaf: Buffer): Promise<ReadPayload>;
}

type ReadPayload =
  | { readonly kind: 'opened'; readonly body: Buffer; readonly salt: Buffer }
  /** There is no key to open it with here. */
  | { readonly kind: 'sealed' }
  /** Its data key is gone from the file. */
  | { readonly kind: 'no_key' }
  /** It does not open in its place with its key. */
  | { readonly kind: 'broken' };

/** As many as are likely to be in use around one place of the log. */
const MAX_KEYS = 1_024;

/** Opens payloads with the data keys of a record. `key` is null where the auditor has none. */
export function createPayloadReader(
  source: Pick<RecordSource, 'dataKey'>,
  key: PayloadKey | null,
  findings: Findings,
): PayloadReader {
  const opened = new Map<number, Buffer | null>();
  const told = new Set<number>();

  async function dataKey(id: number, master: PayloadKey): Promise<Buffer | null> {
    const known = opened.get(id);
    if (known !== undefined) return known;
    const row = await source.dataKey(id);
    const unwrapped = row === null ? null : unwrapDataKey(master, row.scope, row.wrapped);
    if (row !== null && unwrapped === null && !told.has(id)) {
      told.add(id);
      findings.add('payload_key_edited', null, `data key ${id} is not one that the payload key wrapped`);
    }
    opened.set(id, unwrapped);
    const [oldest] = opened.keys();
    if (opened.size > MAX_KEYS && oldest !== undefined) opened.delete(oldest);
    return unwrapped;
  }

  return {
    async read(payload, entry, leaf) {
      if (payload.kind === 'clear') {
        const salt = Buffer.from(payload.salt ?? '', 'hex');
        return { kind: 'opened', body: Buffer.from(payload.body, 'utf8'), salt };
      }
      if (key === null)
        return (await source.dataKey(payload.key)) === null ? { kind: 'no_key' } : { kind: 'sealed' };
      const data = await dataKey(payload.key, key);
      if (data === null) return { kind: 'no_key' };
      const plain = openSealed(data, payload.bytes, entry.payload, leaf);
      return plain === null ? { kind: 'broken' } : { kind: 'opened', ...plain };
    },
  };
}
