import { codeAt, DASH, DOT, isAlphanumeric, isDigit, isLetter, SPACE } from './characters.ts';
import { contextWords, hasContext } from './context.ts';
import type { Candidate, Detector } from './detector.ts';

const WORDS = contextWords(
  'born(?: on)?|date of birth|birth(?:day|date)?|d\\.?o\\.?b|geboren(?: am)?|geb\\.?(?:-?datum)?|geburts(?:datum|tag)|n[eé]e?(?: le)?|date de naissance|naissance',
  'nacid[oa](?: el)?|fecha de nacimiento|nacimiento|nat[oa](?: il)?|data di nascita|nascita|geboortedatum|data de nascimento|nascimento|data urodzenia|urodzon[ya]|født|född|fødselsdato|syntynyt|дата рождения|рожд(?:ения)?|生年月日|出生日期',
);

const MONTH =
  '(?:jan|feb|fév|febr|mar|mär|mrt|maa|apr|abr|avr|may|mai|mei|mag|jun|juin|giu|jul|juil|lug|aug|aoû|ago|sep|set|oct|okt|ott|out|nov|dec|dez|déc|dic)[a-zäûéè]{0,8}';
const NUMERIC = /\d{4}([-/.])\d{1,2}\1\d{1,2}(?!T?\d)|\d{1,2}([-/.])\d{1,2}\2(?:\d{4}|\d{2})(?!\d)/y;
const WRITTEN = new RegExp(
  `\\d{1,2}(?:st|nd|rd|th|\\.)? (?:of |de |di )?${MONTH}\\.?,? (?:de )?\\d{4}(?!\\d)`,
  'iuy',
);
const NAMED = new RegExp(`${MONTH} $`, 'iu');
const AFTER_MONTH = /\d{1,2}(?:st|nd|rd|th)?,? \d{4}(?!\d)/y;

/** Dates beside a word that says that somebody was born then. Without it, a date is a date. */
export const dateOfBirth: Detector = {
  trigger: 'date',
  detect(text, at, aid): Candidate | null {
    const before = codeAt(text, at - 1);
    if (!isDigit(codeAt(text, at)) || isAlphanumeric(before) || before === DASH || before === DOT)
      return null;
    // In a text that may hold anything, every date would be one.
    if (aid.assumeContext) return null;
    const numeric = isNumeric(text, at);
    if (!numeric && isDigit(codeAt(text, at + 2)) && isDigit(codeAt(text, at + 1))) return null;
    const pattern = numeric ? NUMERIC : WRITTEN;
    pattern.lastIndex = at;
    const may = numeric ? hasThreeParts(text, at) : mayNameMonth(text, at);
    const found = may ? pattern.exec(text)?.[0] : undefined;
    if (found !== undefined) {
      const end = at + found.length;
      return isTimestamp(text, end) || !hasContext(text, at, end, WORDS, aid)
        ? null
        : { class: 'date_of_birth', start: at, end, score: 90 };
    }
    // April 12, 1980
    if (codeAt(text, at - 1) !== SPACE || !isLetter(codeAt(text, at - 2))) return null;
    AFTER_MONTH.lastIndex = at;
    const rest = AFTER_MONTH.exec(text)?.[0];
    const month = rest === undefined ? null : NAMED.exec(text.slice(Math.max(0, at - 12), at));
    if (rest === undefined || month === null) return null;
    const start = at - month[0].length;
    const end = at + rest.length;
    return hasContext(text, start, end, WORDS, aid)
      ? { class: 'date_of_birth', start, end, score: 90 }
      : null;
  },
};

/** Whether a word may follow the day: spares most numbers the pattern. */
function mayNameMonth(text: string, at: number): boolean {
  const end = isDigit(codeAt(text, at + 1)) ? at + 2 : at + 1;
  return codeAt(text, end) !== SPACE || isLetter(codeAt(text, end + 1));
}

/** Whether what stands behind the first group of digits joins it to another. */
function isNumeric(text: string, at: number): boolean {
  let end = at;
  while (end < at + 5 && isDigit(codeAt(text, end))) end++;
  const sign = codeAt(text, end);
  return (sign === DASH || sign === DOT || sign === SLASH) && isDigit(codeAt(text, end + 1));
}

/** Whether the sign behind the first group of digits stands behind the second, too: spares amounts the pattern. */
function hasThreeParts(text: string, at: number): boolean {
  let end = at;
  while (end < at + 5 && isDigit(codeAt(text, end))) end++;
  const sign = codeAt(text, end);
  const second = isDigit(codeAt(text, end + 2)) ? end + 3 : end + 2;
  return codeAt(text, second) === sign;
}

const SLASH = 47;

/** A moment is no birthday. */
function isTimestamp(text: string, end: number): boolean {
  return (
    /[T ]/.test(text[end] ?? '') &&
    isDigit(codeAt(text, end + 1)) &&
    isDigit(codeAt(text, end + 2)) &&
    text[end + 3] === ':'
  );
}
