import { codeAt, DASH, DOT, isAsciiLetter, isAlphanumeric, isDigit } from './characters.ts';
import { digitAt } from './checksums.ts';
import { contextWords, hasContext } from './context.ts';
import type { Aid, Candidate, Detector } from './detector.ts';
import { ANY_WORDS, WORDED_NUMBERS } from './worded-numbers.ts';
import { NATIONAL_WORDS, type NationalWord } from './national-words.ts';
import { isVat, VAT_WORDS } from './vat.ts';

export const SHORTEST_WORD = 7;
export const LONGEST_WORD = 20;

/**
 * Numbers of letters and digits in one word: identity cards, tax and VAT numbers, vehicles, and in a word of capitals
 * the code of a bank. Anchored at the first character of the word; what dashes or underscores join is no word of its own.
 */
export const wordIds: Detector = {
  trigger: 'word',
  detect(text, at, aid): Candidate | null {
    if (joins(codeAt(text, at - 1), codeAt(text, at - 2))) return null;
    const end = wordEnd(text, at);
    if (end === -1 || joins(codeAt(text, end), codeAt(text, end + 1))) return null;
    const word = text.slice(at, end);
    const upper = word.toUpperCase();
    if (!HAS_DIGIT.test(word)) return bankCode(text, word, at, end, aid);
    if (!HAS_LETTER.test(word)) return null;
    return (
      national(text, at, end, upper, upper === word, aid) ??
      vat(text, at, end, upper, aid) ??
      vehicle(text, at, end, upper, aid) ??
      bankCode(text, word, at, end, aid) ??
      worded(text, at, end, word, aid)
    );
  },
};

const HAS_DIGIT = /[0-9]/;
const HAS_LETTER = /[A-Za-z]/;

/** The end of the word that starts at `at`; -1 where none starts, or it is too short or too long. */
function wordEnd(text: string, at: number): number {
  if (isAlphanumeric(codeAt(text, at - 1))) return -1;
  let end = at;
  while (end - at <= LONGEST_WORD && isWord(codeAt(text, end))) end++;
  const length = end - at;
  return length < SHORTEST_WORD || length > LONGEST_WORD || isAlphanumeric(codeAt(text, end)) ? -1 : end;
}

function isWord(code: number): boolean {
  return isDigit(code) || isAsciiLetter(code);
}

const UNDERSCORE = 95;

/** Whether a sign joins a word to what stands beyond it. */
function joins(sign: number, beyond: number): boolean {
  if (sign === UNDERSCORE) return true;
  return (sign === DASH || sign === DOT) && isAlphanumeric(beyond);
}

/** A shape as a number: a leading one, then a bit a character, set for a letter. */
function shapeOf(word: string): number {
  let shape = 1;
  for (let index = 0; index < word.length; index++)
    shape = shape * 2 + (isDigit(word.charCodeAt(index)) ? 0 : 1);
  return shape;
}

const BY_SHAPE: ReadonlyMap<number, readonly NationalWord[]> = Map.groupBy(
  NATIONAL_WORDS.flatMap((row) => row.shapes.map((shape) => ({ ...row, shapes: [shape] }))),
  ({ shapes: [shape = ''] }) => shapeOf(shape),
);

function national(
  text: string,
  start: number,
  end: number,
  upper: string,
  capitals: boolean,
  aid: Aid,
): Candidate | null {
  let best: Candidate | null = null;
  for (const row of BY_SHAPE.get(shapeOf(upper)) ?? []) {
    if (!row.check(upper)) continue;
    const score = hasContext(text, start, end, row.words, aid) ? 92 : capitals ? row.alone : 0;
    if (score > (best?.score ?? 0)) best = { class: row.class, start, end, score };
  }
  return best;
}

const VAT = contextWords(VAT_WORDS);

function vat(text: string, start: number, end: number, upper: string, aid: Aid): Candidate | null {
  if (upper.length < 8 || upper.length > 14 || !isVat(upper.slice(0, 2), upper.slice(2))) return null;
  return { class: 'tax_id', start, end, score: hasContext(text, start, end, VAT, aid) ? 95 : 40 };
}

const VEHICLE = contextWords('vin|vehicle|chassis|fahrgestell(?:nummer)?|fin|bastidor|telaio|frame number');
const VALUES: ReadonlyMap<string, number> = new Map(
  Object.entries({
    A: 1,
    B: 2,
    C: 3,
    D: 4,
    E: 5,
    F: 6,
    G: 7,
    H: 8,
    J: 1,
    K: 2,
    L: 3,
    M: 4,
    N: 5,
    P: 7,
    R: 9,
    S: 2,
    T: 3,
    U: 4,
    V: 5,
    W: 6,
    X: 7,
    Y: 8,
    Z: 9,
  }),
);
const WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

/** ISO 3779; the ninth character is a check digit in North America and China (49 CFR 565.15), elsewhere often not. */
function vehicle(text: string, start: number, end: number, upper: string, aid: Aid): Candidate | null {
  if (upper.length !== 17 || /[IOQ]/.test(upper)) return null;
  let sum = 0;
  for (let index = 0; index < 17; index++) {
    const sign = upper[index] ?? '';
    sum += (VALUES.get(sign) ?? digitAt(sign, 0)) * (WEIGHTS[index] ?? 0);
  }
  const check = sum % 11 === 10 ? 'X' : String(sum % 11);
  if (hasContext(text, start, end, VEHICLE, aid))
    return { class: 'vehicle_id', start, end, score: check === upper[8] ? 95 : 75 };
  return check === upper[8] ? { class: 'vehicle_id', start, end, score: 45 } : null;
}

const BANK = contextWords('bic|swift(?:-?bic)?|bic/swift|swift code');

/** ISO 9362: bank, country, place, branch. */
function bankCode(text: string, word: string, start: number, end: number, aid: Aid): Candidate | null {
  if (!/^[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$/.test(word) || aid.assumeContext) return null;
  return hasContext(text, start, end, BANK, aid) ? { class: 'bic', start, end, score: 90 } : null;
}

function worded(text: string, start: number, end: number, word: string, aid: Aid): Candidate | null {
  if (aid.assumeContext || word.replaceAll(/[^0-9]/g, '').length < 4) return null;
  if (!hasContext(text, start, end, ANY_WORDS, aid)) return null;
  for (const row of WORDED_NUMBERS)
    if (word.length <= row.most && hasContext(text, start, end, row.words, aid))
      return { class: row.class, start, end, score: row.score };
  return null;
}
