import { codeAt, DASH, isAlphanumeric, isAsciiLetter, isDigit, startsDigitRun } from './characters.ts';
import { hasContext } from './context.ts';
import type { Candidate, Detector } from './detector.ts';
import { numberAt } from './number-run.ts';
import { nino, NINO_WORDS } from './national-words.ts';

const SPACED = /[A-Za-z]{2} \d{2} \d{2} \d{2} [A-Da-d](?![A-Za-z0-9])/y;

/** National Insurance numbers as they are printed, in pairs. Anchored at the first digit. */
export const spacedNino: Detector = {
  trigger: 'letters_digits',
  detect(text, at, aid): Candidate | null {
    if (!startsDigitRun(text, at) || !isAsciiLetter(codeAt(text, at - 2))) return null;
    const start = at - 3;
    if (start < 0 || isAlphanumeric(codeAt(text, start - 1)) || !isDigit(codeAt(text, at + 1))) return null;
    SPACED.lastIndex = start;
    const found = SPACED.exec(text)?.[0];
    if (found === undefined || !nino(found.replaceAll(' ', '').toUpperCase())) return null;
    const end = start + found.length;
    return {
      class: 'national_id',
      start,
      end,
      score: hasContext(text, start, end, NINO_WORDS, aid) ? 92 : 75,
    };
  },
};

const PLUS = 43;
const FINNISH = /\d{6}[-+]\d{3}[0-9A-FHJ-NPR-Y](?![A-Za-z0-9])/y;

/** Finnish personal identity codes with the sign of their century, which is a dash for most who live. */
export const finnish: Detector = {
  trigger: 'long_number',
  detect(text, at): Candidate | null {
    if (isAlphanumeric(codeAt(text, at - 1)) || numberAt(text, at)?.counts[0] !== 6) return null;
    const sign = codeAt(text, at + 6);
    if (sign !== DASH && sign !== PLUS) return null;
    FINNISH.lastIndex = at;
    const found = FINNISH.exec(text)?.[0];
    if (found === undefined) return null;
    const day = Number(found.slice(0, 2));
    const month = Number(found.slice(2, 4));
    const number = Number(found.slice(0, 6) + found.slice(7, 10));
    const plausible = day >= 1 && day <= 31 && month >= 1 && month <= 12;
    if (!plausible || '0123456789ABCDEFHJKLMNPRSTUVWXY'[number % 31] !== found[10]) return null;
    return { class: 'national_id', start: at, end: at + found.length, score: 75 };
  },
};
