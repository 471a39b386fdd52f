/** A bounded memory that forgets what was not asked for the longest. */
export interface Memo<V> {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
}

/**
 * @param entries at most so many are kept.
 * @param keyLength a longer key is not kept (UTF-16 units), so that a hostile caller can fill memory only up to
 *   `entries × keyLength`.
 */
export function createMemo<V>(entries: number, keyLength: number): Memo<V> {
  // A Map iterates in the order of insertion: the first key is the one not used for the longest.
  const kept = new Map<string, V>();
  return {
    get(key) {
      const value = kept.get(key);
      if (value === undefined) return undefined;
      kept.delete(key);
      kept.set(key, value);
      return value;
    },
    set(key, value) {
      if (key.length > keyLength) return;
      kept.set(key, value);
      if (kept.size <= entries) return;
      const [oldest] = kept.keys();
      if (oldest !== undefined) kept.delete(oldest);
    },
  };
}
