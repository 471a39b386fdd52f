import { codeAt, DOT, isDigit, isLetter, isSeparator } from './characters.ts';
import { contextWords, hasContext } from './context.ts';
import type { Aid, Candidate, Detector } from './detector.ts';
import { numberAt, type NumberRun } from './number-run.ts';

const SHORTEST = 12;
/** The score of one in a layout of its own. */
const SURE = 95;

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
    // No scheme issues numbers that start with 0, 1 or 7: most timestamps and counters end here.
    const first = codeAt(text, at);
    if (first === 48 || first === 49 || first === 55) return null;
    const run = numberAt(text, at);
    if (run === null) return null;
    const best = longest(run);
    if (best === -1 || isFraction(text, at)) return null;
    const end = run.ends[best] ?? 0;
    const canonical = COMMON_LENGTHS.has(run.counts[best] ?? 0) && isCanonical(run, best);
    const touching = isLetter(codeAt(text, at - 1)) || isLetter(codeAt(text, end));
    const sure = canonical && !touching;
    if (!sure && !hasContext(text, at, end, WORDS, aid))
      return { class: 'payment_card', start: at, end, score: 40 };
    return { class: 'payment_card', start: at, end, score: sure ? SURE : 75 };
  },
};

/** Whether a text is nothing but a card, which needs no word to be one. */
export function isWholeCard(text: string): boolean {
  const card = paymentCard.detect(text, 0, ANYTHING);
  return card !== null && card.score === SURE && card.end === text.length;
}

const ANYTHING: Aid = { assumeContext: true, phoneRegions: [], budget: { phoneChecks: 0, nodes: 0 } };

/** The last group of the longest card that the groups make up, joined by separators of one kind; -1 where there is none. */
function longest({ digits, groups, counts, joins }: NumberRun): number {
  let best = -1;
  let lengths: readonly number[] | null = null;
  const [kind] = joins;
  for (let group = 0; group < groups; group++) {
    const count = counts[group] ?? 0;
    if (count >= SHORTEST) {
      lengths ??= lengthsOf(digits);
      if (lengths.includes(count) && luhn(digits, count)) best = group;
    }
    const joint = joins[group] ?? 0;
    if (joint !== kind || !isSeparator(joint)) break;
  }
  return best;
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

/** Whether a scheme issues cards of sixteen digits that begin so. */
export function cardIssued(number: string): boolean {
  return lengthsOf(Uint8Array.from(number, Number)).includes(16);
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

function isCanonical({ counts }: NumberRun, last: number): boolean {
  if (last === 0) return true;
  let groups = 0;
  let before = 0;
  for (let group = 0; group <= last; group++) {
    const count = counts[group] ?? 0;
    groups = withGroup(groups, count - before);
    before = count;
  }
  return GROUPINGS.has(groups);
}

/** `0.4111111111111111`: what follows a decimal point is a fraction. */
function isFraction(text: string, at: number): boolean {
  return codeAt(text, at - 1) === DOT && isDigit(codeAt(text, at - 2));
}
