import type { KeyObject } from 'node:crypto';

/** Data keys that were unwrapped, the ones last used. */
export interface KeyCache<Name> {
  get(name: Name): DataKey | undefined;
  set(name: Name, key: DataKey): void;
  clear(): void;
}

export interface DataKey {
  readonly id: number;
  readonly key: KeyObject;
}

/** As many sessions as are busy at a time, and a bound on what lies open in memory. */
const MAX_KEYS = 1_024;

export function createKeyCache<Name>(): KeyCache<Name> {
  const keys = new Map<Name, DataKey>();
  return {
    get: (name) => {
      const key = keys.get(name);
      if (key === undefined) return undefined;
      // A map is ordered by insertion: what was used goes to its end.
      keys.delete(name);
      keys.set(name, key);
      return key;
    },
    set: (name, key) => {
      keys.set(name, key);
      const [oldest] = keys.keys();
      if (keys.size > MAX_KEYS && oldest !== undefined) keys.delete(oldest);
    },
    clear: () => keys.clear(),
  };
}
