import type { Candidate } from './detectors/detector.ts';

/**
 * Text as detectors read it: Unicode digits as ASCII, full-width and other compatibility forms as what they stand for,
 * dashes, spaces and dots as one of each, nothing that is invisible, and URL encoding of ASCII undone once.
 */
export interface Folded {
  readonly text: string;
  /** Index in the original of each character of `text`, and of its end. */
  readonly origin: Uint32Array;
}

/**
 * Whether a `%` or a character beyond ASCII could hide a value, so that the text must be folded. `index` is its place, for a
 * character may take two code units. Letters of all scripts, most signs and emoji answer no.
 */
export function hides(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  if (code === PERCENT) return encodedAt(text, index) !== -1;
  if (code >= 0xdc00 && code <= 0xdfff) return false;
  const point = text.codePointAt(index) ?? code;
  return point < 0x10000 ? bmp(point) : foldOf(point) !== String.fromCodePoint(point);
}

/** Folds a whole text. Linear: each character has one answer. */
export function fold(original: string): Folded {
  const parts: string[] = [];
  const origin = new Uint32Array(original.length * LONGEST_FOLD + 1);
  let length = 0;
  let index = 0;
  while (index < original.length) {
    const point = original.codePointAt(index) ?? 0;
    const encoded = point === PERCENT ? encodedAt(original, index) : -1;
    if (encoded !== -1) {
      origin[length++] = index;
      parts.push(ASCII[encoded] ?? '');
      index += 3;
      continue;
    }
    const folded = point < 128 ? (ASCII[point] ?? '') : foldOf(point);
    for (let unit = 0; unit < folded.length; unit++) origin[length++] = index;
    parts.push(folded);
    index += point > 0xffff ? 2 : 1;
  }
  origin[length] = original.length;
  return { text: parts.join(''), origin: origin.subarray(0, length + 1) };
}

const PERCENT = 37;

/** The ASCII character that `%40` stands for (RFC 3986, 2.1); -1 where it is none. */
function encodedAt(text: string, index: number): number {
  const high = hexOf(text.charCodeAt(index + 1));
  const low = hexOf(text.charCodeAt(index + 2));
  return high < 2 || high > 7 || low === -1 ? -1 : high * 16 + low;
}

function hexOf(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

/** Compatibility forms expand (U+FDFA to 18 letters); what would be longer than this stays as it is. */
const LONGEST_FOLD = 4;

const ASCII = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));

/** 0: not asked yet, 1: stays as it is, 2: folds to something else. */
const answers = new Uint8Array(0x10000);

function bmp(code: number): boolean {
  const known = answers[code] ?? 0;
  if (known !== 0) return known === 2;
  const folds = foldOf(code) !== String.fromCharCode(code);
  answers[code] = folds ? 2 : 1;
  return folds;
}

/** Bounded by the number of assigned code points; in practice by the scripts in use. */
const folds = new Map<number, string>();

function foldOf(point: number): string {
  const known = folds.get(point);
  if (known !== undefined) return known;
  const folded = compute(point);
  folds.set(point, folded);
  return folded;
}

function compute(point: number): string {
  const character = String.fromCodePoint(point);
  // What masking wrote for a kept last four before it wrote `*`. Its compatibility form is three dots.
  if (character === '…') return character;
  // Invisible characters, and marks that combine with a digit (a struck-through 4 is a 4).
  if (/[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Mn}\p{Me}]/u.test(character)) return '';
  if (/\p{Nd}/u.test(character)) return digitOf(point);
  if (/[\p{Pd}\u2212]/u.test(character)) return '-';
  if (/\p{Zs}/u.test(character)) return ' ';
  if (/[\u00b7\u2022\u2024\u2027\u2219\u22c5\u3002\uff61]/u.test(character)) return '.';
  const compatible = character.normalize('NFKC');
  return compatible.length > LONGEST_FOLD ? character : compatible;
}

/** Decimal digits are assigned in runs of ten from zero on (Unicode Standard, 4.6), some runs touching. */
function digitOf(point: number): string {
  let zero = point;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return String((point - zero) % 10);
}

/** Back to places in the original. What is invisible behind the last character goes with it. */
export function unfolded(candidate: Candidate, origin: Uint32Array): Candidate {
  const { start, end } = candidate;
  return { ...candidate, start: origin[start] ?? 0, end: origin[end] ?? origin.at(-1) ?? 0 };
}
