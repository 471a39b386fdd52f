/** An entry bundle of C2SP tlog-tiles: each entry after its length, 16 bits, the high byte first. */
export function entryBundle(entries: readonly string[]): Uint8Array {
  return Buffer.concat(
    entries.flatMap((entry) => {
      const bytes = Buffer.from(entry);
      const length = Buffer.alloc(2);
      // Throws above 65,535, which no entry is.
      length.writeUInt16BE(bytes.length);
      return [length, bytes];
    }),
  );
}
