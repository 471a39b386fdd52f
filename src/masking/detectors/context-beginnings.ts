/** Letters of ASCII, and one place for everything else. */
export const LETTERS = 27;

/** Two characters as one number: the first an ASCII letter, the second any of ASCII. */
export function keyOf(first: number, second: number): number {
  return placeOf(first) * LETTERS + placeOf(second);
}

export function isTwoLetters(key: number): boolean {
  return key >= LETTERS && key % LETTERS !== 0;
}

function placeOf(code: number): number {
  const lower = code | 32;
  return lower >= 97 && lower <= 122 ? lower - 96 : 0;
}

/**
 * With which two characters what a pattern matches can begin, a mark at each `keyOf`; null where it may begin with
 * anything. Words that begin with letters beyond ASCII are left out: whoever asks lets those through unasked. Read from
 * the source of the pattern, and generous: what it does not understand may be anything.
 */
export function beginningsOf(source: string): Uint8Array | null {
  const marks = new Uint8Array(LETTERS * LETTERS);
  for (const alternative of alternativesOf(source)) if (!mark(alternative, marks)) return null;
  return marks;
}

/** Splits at each `|` that stands in no group and no set. */
function alternativesOf(source: string): readonly string[] {
  const alternatives: string[] = [];
  let depth = 0;
  let from = 0;
  for (let index = 0; index < source.length; index++) {
    const sign = source[index];
    if (sign === '\\') index++;
    else if (sign === '(' || sign === '[') depth++;
    else if (sign === ')' || sign === ']') depth--;
    else if (sign === '|' && depth === 0) {
      alternatives.push(source.slice(from, index));
      from = index + 1;
    }
  }
  alternatives.push(source.slice(from));
  return alternatives;
}

function mark(alternative: string, marks: Uint8Array): boolean {
  const group = /^\(\?:([^()]*)\)(?![?*{])(.*)$/.exec(alternative);
  if (group !== null)
    return (group[1] ?? '').split('|').every((one) => one !== '' && mark(one + (group[2] ?? ''), marks));
  const first = plainAt(alternative, 0);
  if (first === null) return false;
  if (first.charCodeAt(0) > 127) return true;
  if (!/[a-z]/.test(first)) return false;
  const second = plainAt(alternative, 1);
  if (second !== null && second.charCodeAt(0) > 127) return true;
  const code = first.charCodeAt(0);
  if (second !== null) marks[keyOf(code, second.charCodeAt(0))] = 1;
  else marks.fill(1, placeOf(code) * LETTERS, (placeOf(code) + 1) * LETTERS);
  return true;
}

/** The character that must stand at a place; null where the pattern has a sign there or a choice, or ends. */
function plainAt(pattern: string, index: number): string | null {
  const sign = pattern[index];
  if (sign === undefined || /[\\^$.*+?()[\]{}|]/.test(sign)) return null;
  return /^[?*{]/.test(pattern.slice(index + 1)) ? null : sign;
}
