/** The most recently used entries, bounded by their number and by the length of their keys together. */
export interface Recent<T> {
  readonly get: (key: string) => T | undefined;
  readonly set: (key: string, value: T) => void;
}

/** `characters` bounds the sum of key lengths; a key longer than an eighth of it is not kept. */
export function keepRecent<T>(limits: { readonly entries: number; readonly characters: number }): Recent<T> {
  const kept = new Map<string, T>();
  let characters = 0;
  return {
    get(key) {
      const value = kept.get(key);
      if (value === undefined) return undefined;
      // A Map keeps the order of insertion, so what is used again goes to the end.
      kept.delete(key);
      kept.set(key, value);
      return value;
    },
    set(key, value) {
      if (key.length > limits.characters / 8) return;
      if (!kept.has(key)) characters += key.length;
      kept.delete(key);
      kept.set(key, value);
      for (const oldest of kept.keys()) {
        if (kept.size <= limits.entries && characters <= limits.characters) return;
        kept.delete(oldest);
        characters -= oldest.length;
      }
    },
  };
}
