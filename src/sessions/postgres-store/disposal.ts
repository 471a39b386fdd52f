import type { Disposal } from '../vault/disposal.ts';
import type { Connection } from './connection.ts';
import { erase } from './erase.ts';
import { activeHolds, placeHold, releaseHold } from './hold-rows.ts';
import { prune } from './prune.ts';
import { rekey } from './rekey.ts';
import type { MasterKeySource } from '../vault/master-key.ts';
import type { Writer } from './writer.ts';

/** What is forgotten and what is held. `appended` is told that there may be records to sign. */
export function disposalOf(
  recorded: Writer['recorded'],
  read: <T>(work: (connection: Connection) => Promise<T>) => Promise<T>,
  appended: () => void,
  keys: MasterKeySource,
): Disposal {
  async function told<T>(done: Promise<T>): Promise<T> {
    const value = await done;
    appended();
    return value;
  }
  return {
    erase: (order) => told(recorded((transaction) => erase(transaction, order))),
    hold: (id, order) => told(recorded((transaction) => placeHold(transaction, id, order))),
    release: (id, order) => told(recorded((transaction) => releaseHold(transaction, id, order))),
    holds: () => read(activeHolds),
    rekey: (fresh, order) => told(recorded((transaction) => rekey(transaction, keys, fresh, order))),
    prune: (step) => told(recorded((transaction) => prune(transaction, step))),
  };
}
