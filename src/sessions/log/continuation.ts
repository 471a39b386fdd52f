import { parseCheckpoint } from './checkpoint.ts';
import { openNote } from './note.ts';
import { LogIncomplete, rootOf, type Tiles } from './tree.ts';
import { StoreRefused } from '../store.ts';

/**
 * Throws `StoreRefused` where the tree, which has `size` leaves, is not one that goes on from the checkpoint in `note`.
 * `key` is the verifier key that must have signed it, `place` where the note was found, for the message.
 */
export function checkNote(
  tiles: Pick<Tiles, 'read'>,
  size: number,
  { note, key, place }: { readonly note: string; readonly key: string; readonly place: string },
): void {
  const text = openNote(note, key);
  if (text === null) throw damaged(`the checkpoint in ${place} is not signed by the key of this log`);
  const checkpoint = parseCheckpoint(text);
  if (checkpoint === null) throw damaged(`the checkpoint in ${place} is none`);
  if (checkpoint.size > size)
    throw damaged(
      `the checkpoint in ${place} is of ${checkpoint.size} records, and ${size} are left: it was put back or cut`,
    );
  if (Buffer.compare(rootOf(tiles, checkpoint.size), checkpoint.root) !== 0)
    throw damaged(`its first ${checkpoint.size} records are not those of the checkpoint in ${place}`);
}

/** What is missing in the tree is damage like any other. */
export function sound(check: () => void): void {
  try {
    check();
  } catch (error) {
    throw error instanceof LogIncomplete ? damaged(error.message) : error;
  }
}

const ADVICE =
  'Look with: sallyport verify. Then bring back what is missing from the newest copy. To go on without it, move the ' +
  'checkpoint file away and keep it: whoever has it can show what was lost';

export function damaged(what: string): StoreRefused {
  return new StoreRefused('log_damaged', `the record is not what was signed: ${what}. ${ADVICE}`);
}
