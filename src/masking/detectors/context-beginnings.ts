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
  const code = first.charCodeAt(0);
  const seconds = charactersAt(alternative, 1);
  if (seconds === null) marks.fill(1, placeOf(code) * LETTERS, (placeOf(code) + 1) * LETTERS);
  // Those beyond ASCII are let through unasked, too.
  else for (const second of seconds) if (second <= 127) marks[keyOf(code, second)] = 1;
  return true;
}

/** The character that must stand at a place; null where the pattern has a sign there or a choice, or ends. */
function plainAt(pattern: string, index: number): string | null {
  const sign = pattern[index];
  if (sign === undefined || /[\\^$.*+?()[\]{}|]/.test(sign)) return null;
  return /^[?*{]/.test(pattern.slice(index + 1)) ? null : sign;
}

/** A character, a full stop, or a set of characters, and what says that it may be missing. */
const ELEMENT = /(?:([^\\^$.*+?()[\]{}|])|(\\\.)|\[([^\\^\]-]+)\])(\??)(?![*{])/y;

/** The characters one of which stands at a place, by their codes; null where the pattern ends there or is not understood. */
function charactersAt(pattern: string, index: number): readonly number[] | null {
  ELEMENT.lastIndex = index;
  const [whole, plain, stop, set, optional] = ELEMENT.exec(pattern) ?? [];
  if (whole === undefined) return null;
  const here = Array.from(plain ?? set ?? (stop === undefined ? '' : '.'), (sign) => sign.charCodeAt(0));
  if (optional === '') return here;
  const next = charactersAt(pattern, index + whole.length);
  return next === null ? null : [...here, ...next];
}
