/** The known name nearest to a mistyped one, as a suggestion; nothing where none is near. */
export function suggestion(found: string, known: readonly string[]): { readonly suggestion?: string } {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(found.length / 3)) + 1;
  for (const name of known) {
    const edits = distance(found.slice(0, LONGEST).toLowerCase(), name);
    if (edits >= least) continue;
    least = edits;
    best = name;
  }
  return best === undefined ? {} : { suggestion: `did you mean "${best}"?` };
}

/** The distance is quadratic. */
const LONGEST = 64;

/** Insertions, deletions, substitutions, and swaps of neighbours. */
function distance(a: string, b: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 0; i < a.length; i++) {
    const row = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const substituted = (last[j] ?? 0) + (a[i] === b[j] ? 0 : 1);
      let least = Math.min((row[j] ?? 0) + 1, (last[j + 1] ?? 0) + 1, substituted);
      if (j > 0 && a[i] === b[j - 1] && a[i - 1] === b[j])
        least = Math.min(least, (beforeLast[j - 1] ?? 0) + 1);
      row.push(least);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? a.length;
}
