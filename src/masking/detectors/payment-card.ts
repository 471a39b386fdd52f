import { codeAt, DOT, isDigit, isIsoDate, isLetter, isSeparator, startsDigitRun } from './characters.ts';
import { contextWords, hasContext } from './context.ts';
import type { Candidate, Detector } from './detector.ts';

const LONGEST = 19;

/** First six digits from, to, and lengths that are in use: ISO/IEC 7812 ranges of the card schemes. */
const ISSUERS: readonly (readonly [number, number, readonly number[]])[] = [
  [400000, 499999, [16, 13, 19]], // Visa
  [510000, 559999, [16]], // Mastercard
  [222100, 272099, [16]], // Mastercard
  [340000, 349999, [15]], // American Express
  [370000, 379999, [15]], // American Express
  [601100, 601199, [16, 19]], // Discover
  [644000, 659999, [16, 19]], // Discover, RuPay, Verve
  [620000, 629999, [16, 17, 18, 19]], // UnionPay
  [810000, 829999, [16, 17, 18, 19]], // UnionPay, RuPay
  [352800, 358999, [16, 17, 18, 19]], // JCB
  [300000, 305999, [14, 16, 19]], // Diners Club
  [309500, 309599, [14, 16, 19]], // Diners Club
  [360000, 369999, [14, 16, 19]], // Diners Club
  [380000, 399999, [14, 16, 19]], // Diners Club
  [220000, 220499, [16, 17, 18, 19]], // Mir
  [500000, 509999, [16, 18, 19, 12, 13, 14, 15, 17]], // Maestro, Elo, Verve, RuPay
  [560000, 589999, [16, 18, 19, 12, 13, 14, 15, 17]], // Maestro
  [600000, 609999, [16, 18, 19, 12, 13, 14, 15, 17]], // Maestro, RuPay, Hipercard
  [630000, 639999, [16, 18, 19, 12, 13, 14, 15, 17]], // Maestro, Elo
  [670000, 679999, [16, 18, 19, 12, 13, 14, 15, 17]], // Maestro
  [979200, 979299, [16]], // Troy
];

/** Lengths that need no word beside them. The others are few and would take too many order numbers along. */
const COMMON_LENGTHS: ReadonlySet<number> = new Set([14, 15, 16, 19]);

/** How cards are printed and typed. Any other grouping needs a context word. */
const GROUPINGS = new Set(
  [
    [4, 4, 4, 4],
    [4, 6, 5],
    [4, 6, 4],
    [4, 4, 4, 4, 3],
    [8, 8],
    [4, 4, 5],
    [4, 4, 4, 1],
    [6, 13],
    [4, 5, 6],
  ].map((groups) => groups.reduce(withGroup, 0)),
);

/** Groups as one number: a list of them for each card costs more than its check digit. */
function withGroup(before: number, digits: number): number {
  return before * 20 + digits;
}

const WORDS = contextWords(
  'cards?|visa|master ?card|maestro|amex|american express|discover|diners',
  'jcb|unionpay|credit|debit|pan|cc|ccn|kreditkarte',
  'karte|carte|tarjeta|carta|kaart|cartão',
);

/** Payment cards: issuer range, length, Luhn; digits together or grouped by one kind of separator. */
export const paymentCard: Detector = {
  trigger: 'long_number',
  detect(text, at, aid): Candidate | null {
    if (!startsDigitRun(text, at) || isIsoDate(text, at)) return null;
    const read = readDigits(text, at);
    if (read === null) return null;
    let best: { readonly length: number; readonly end: number } | null = null;
    for (const length of lengthsOf(read.digits)) {
      const end = read.groupEnds[length] ?? 0;
      if (end === 0 || (best !== null && best.length > length)) continue;
      if (luhn(read.digits, length)) best = { length, end };
    }
    if (best === null || isFraction(text, at)) return null;
    const canonical = isCanonical(read, best.length) && COMMON_LENGTHS.has(best.length);
    const touching = isLetter(codeAt(text, at - 1)) || isLetter(codeAt(text, best.end));
    const sure = canonical && !touching;
    if (!sure && !hasContext(text, at, best.end, WORDS, aid))
      return { class: 'payment_card', start: at, end: best.end, score: 40 };
    return { class: 'payment_card', start: at, end: best.end, score: sure ? 95 : 75 };
  },
};

interface Digits {
  readonly digits: Uint8Array;
  /** By number of digits: where in the text a group ends behind that many, or 0. */
  readonly groupEnds: Uint32Array;
}

/** Filled anew by each reading, before anything looks at it: a trigger is frequent, and allocating costs most of it. */
const scratch: Digits = { digits: new Uint8Array(LONGEST), groupEnds: new Uint32Array(LONGEST + 1) };

/** Digits from `at` on, grouped by single separators of one kind; null where they are too few for a card. */
function readDigits(text: string, at: number): Digits | null {
  const first = codeAt(text, at);
  // No scheme issues numbers that start with 0, 1 or 7: most timestamps and counters end here.
  if (first === 48 || first === 49 || first === 55) return null;
  const { digits, groupEnds } = scratch;
  groupEnds.fill(0);
  let count = 0;
  let separator = 0;
  let index = at;
  for (;;) {
    const code = codeAt(text, index);
    if (isDigit(code)) {
      if (count === LONGEST) break;
      digits[count++] = code - 48;
      index++;
      continue;
    }
    groupEnds[count] = index;
    const joins =
      isSeparator(code) && (separator === 0 || separator === code) && isDigit(codeAt(text, index + 1));
    if (!joins) break;
    separator = code;
    index++;
  }
  return count < 12 ? null : scratch;
}

const NONE: readonly number[] = [];

/** By their first two digits: the ranges that begin so. */
const BY_FIRST = Array.from({ length: 100 }, (_, first) =>
  ISSUERS.filter(([from, to]) => Math.floor(from / 10_000) <= first && first <= Math.floor(to / 10_000)),
);

function lengthsOf(digits: Uint8Array): readonly number[] {
  const first = BY_FIRST[(digits[0] ?? 0) * 10 + (digits[1] ?? 0)] ?? [];
  let prefix = 0;
  for (let index = 0; index < 6; index++) prefix = prefix * 10 + (digits[index] ?? 0);
  for (const [from, to, lengths] of first) if (prefix >= from && prefix <= to) return lengths;
  return NONE;
}

/** ISO/IEC 7812-1, annex B. */
function luhn(digits: Uint8Array, length: number): boolean {
  let sum = 0;
  for (let index = 0; index < length; index++) {
    const digit = digits[length - 1 - index] ?? 0;
    const doubled = digit * 2;
    sum += index % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

function isCanonical({ groupEnds }: Digits, length: number): boolean {
  let groups = 0;
  let before = 0;
  for (let count = 1; count <= length; count++) {
    if ((groupEnds[count] ?? 0) === 0) continue;
    groups = withGroup(groups, count - before);
    before = count;
  }
  return groups === length || GROUPINGS.has(groups);
}

/** `0.4111111111111111`: what follows a decimal point is a fraction. */
function isFraction(text: string, at: number): boolean {
  return codeAt(text, at - 1) === DOT && isDigit(codeAt(text, at - 2));
}
