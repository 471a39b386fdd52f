import { codeAt, DASH, endsAsFloat, DOT, isAlphanumeric, isDigit, isSeparator, SPACE } from './characters.ts';
import { contextWords, hasContext } from './context.ts';
import type { Candidate, Detector } from './detector.ts';
import { numberAt, type NumberRun } from './number-run.ts';

const WORDS = contextWords(
  'ssns?|ssn#|ss#|ss no|social sec(?:urity)?|social-security|social_security|soc\\.? ?sec',
  'social(?! ?media)|tax ?payer|tax id',
);

/**
 * US Social Security numbers. Nine digits have no check digit, so shape carries the weight: with dashes the number
 * counts by itself, with spaces a little less, with dots or bare only beside a word that says what it is (a bare
 * pattern takes 32 % of random nine-digit ids along).
 */
export const usSsn: Detector = {
  trigger: 'long_number',
  detect(text, at, aid): Candidate | null {
    const run = numberAt(text, at);
    const last = run === null ? -1 : lastGroup(run);
    if (run === null || last === -1) return null;
    const end = run.ends[last] ?? 0;
    const separator = last === 0 ? 0 : run.joins[0];
    if (!stands(text, at, end) || !issuable(run)) return null;
    const alone = separator === DASH ? 85 : separator === SPACE ? 60 : 30;
    const score = hasContext(text, at, end, WORDS, aid) ? Math.max(92, alone) : alone;
    return { class: 'us_ssn', start: at, end, score };
  },
};

/** The group that ends nine digits together, or three, two and four with one kind of separator; -1 for neither. */
function lastGroup({ groups, counts, joins }: NumberRun): number {
  if (groups === 0) return -1;
  if (counts[0] === 9) return 0;
  const [kind = 0] = joins;
  const parted = groups > 2 && counts[0] === 3 && counts[1] === 5 && counts[2] === 9;
  return parted && isSeparator(kind) && joins[1] === kind ? 2 : -1;
}

/** Not a part of something longer: a UUID, a serial number, a version, a decimal. */
function stands(text: string, start: number, end: number): boolean {
  const before = codeAt(text, start - 1);
  const after = codeAt(text, end);
  if (isAlphanumeric(before) || isAlphanumeric(after)) return false;
  const joinsBefore = (before === DASH || before === DOT) && isAlphanumeric(codeAt(text, start - 2));
  const joinsAfter =
    (after === DASH || after === DOT) && isDigit(codeAt(text, end + 1)) && !endsAsFloat(text, end);
  return !joinsBefore && !joinsAfter;
}

/** Area 001–899 but not 666, group 01–99, serial 0001–9999 (SSA POMS RM 10201.035). Famous samples count too. */
function issuable({ digits }: NumberRun): boolean {
  const area = numberOf(digits, 0, 3);
  if (area === 0 || area === 666 || area >= 900) return false;
  return numberOf(digits, 3, 5) !== 0 && numberOf(digits, 5, 9) !== 0;
}

function numberOf(digits: Uint8Array, from: number, to: number): number {
  let number = 0;
  for (let index = from; index < to; index++) number = number * 10 + (digits[index] ?? 0);
  return number;
}
