import { parseCheckpoint } from '../log/checkpoint.ts';
import { openNote } from '../log/note.ts';
import { rootFrom } from '../log/proof.ts';
import { LogIncomplete } from '../log/tree.ts';
import { StoreRefused, type Store } from '../store.ts';

/**
 * Throws `StoreRefused` where the log in the store is not one that goes on from what a witness has cosigned. `note` is what
 * the witness has, its own signature checked; `key` the verifier key of the log.
 */
export async function checkWitnessed(
  { source }: Pick<Store, 'source'>,
  key: string,
  { witness, note }: { readonly witness: string; readonly note: string },
): Promise<void> {
  const checkpoint = parseCheckpoint(openNote(note, key) ?? '');
  if (checkpoint === null)
    throw refused(`what the witness ${witness} has is not signed by the key of this log`);
  const { size, root } = checkpoint;
  const [newest] = await source.checkpoints({
    from: 0,
    to: Number.MAX_SAFE_INTEGER,
    order: 'largest_first',
    limit: 1,
  });
  const left = newest?.size ?? 0;
  if (size > left)
    throw refused(
      `the witness ${witness} has cosigned ${size} records, and ${left} are left: it was put back or cut`,
    );
  let ours: Uint8Array;
  try {
    ours = await rootFrom((level, index) => source.tile(level, index), size);
  } catch (error) {
    throw error instanceof LogIncomplete ? refused(error.message) : error;
  }
  if (Buffer.compare(ours, root) !== 0)
    throw refused(`its first ${size} records are not those that the witness ${witness} has cosigned`);
}

const ADVICE =
  'Look with: sallyport verify --witness and its URL. Then bring back what is missing from the newest copy. To go on ' +
  'without it, take the witness out of record.witnesses: what it has seen still shows what was lost';

function refused(what: string): StoreRefused {
  return new StoreRefused('log_damaged', `the record is not what was signed: ${what}. ${ADVICE}`);
}
