import { added, call, on } from './ask.ts';
import { isCertain } from './certain.ts';
import { mayFollow, mayLead } from './detectors/addresses.ts';
import {
  codeAt,
  DOT,
  followsLetters,
  isAlphanumeric,
  isAsciiLetter,
  isDigit,
  FEWEST_DIGITS,
  isSeparator,
  joinsGroups,
  SPACE,
} from './detectors/characters.ts';
import type { Aid, Candidate, Detector } from './detectors/detector.ts';
import { numberAt } from './detectors/number-run.ts';

const LONG_NUMBER = on('long_number');
const LETTERS_DIGITS = on('letters_digits');
const DOTTED = on('dotted');
const DATE = on('date');
const SHORT_NUMBER = on('short_number');

const COMMA = 44;
const PLUS = 43;
const SLASH = 47;

let certainEnd = -1;

/** Where the number ends that the last run of digits certainly is; -1 where it may be several. */
export function certainEndOfLast(): number {
  return certainEnd;
}

/** What is found at a run of digits: in it, or from it on. */
export function digitRun(
  text: string,
  at: number,
  end: number,
  aid: Aid,
  found: Candidate[] | null,
): Candidate[] | null {
  let all = found;
  certainEnd = -1;
  if (followsLetters(text, at, end)) {
    all = certainly(LETTERS_DIGITS, text, at, aid, all);
    if (certainEnd !== -1) {
      // What ends an IBAN may be the day of a date, too.
      all = call(DATE, text, groupBefore(text, certainEnd), aid, all);
      return besideStreets(text, at, certainEnd, aid, all);
    }
  }
  const next = codeAt(text, end);
  const mayGoOn = end - at >= FEWEST_DIGITS || joinsGroups(next) || next === PLUS;
  // Amounts stand in cells of their own: too short to be anything.
  const hasRoom = text.length - at >= FEWEST_DIGITS;
  if (hasRoom && mayGoOn && numberAt(text, at) !== null) {
    all = certainly(LONG_NUMBER, text, at, aid, all);
    if (certainEnd !== -1) return besideStreets(text, at, certainEnd, aid, all);
  }
  const count = end - at;
  if (count > 5) return all;
  if (hasRoom && count < 4 && next === DOT && isDigit(codeAt(text, end + 1)))
    all = call(DOTTED, text, at, aid, all);
  const before = codeAt(text, at - 1);
  if (isAlphanumeric(before)) return all;
  const spaced = next === SPACE || next === COMMA || isAsciiLetter(next);
  if (count !== 3 && count < 5 && (spaced || isSeparator(next) || next === SLASH))
    all = call(DATE, text, at, aid, all);
  return spaced || before === SPACE ? call(SHORT_NUMBER, text, at, aid, all) : all;
}

/** What is found up to the first that is certain, whose end is then `certainEnd`. */
function certainly(
  detectors: readonly Detector[],
  text: string,
  at: number,
  aid: Aid,
  found: Candidate[] | null,
): Candidate[] | null {
  let all = found;
  for (const { detect } of detectors) {
    const candidate = detect(text, at, aid);
    if (candidate === null) continue;
    all = added(all, candidate);
    if (!isCertain(text, candidate, aid)) continue;
    certainEnd = candidate.end;
    break;
  }
  return all;
}

/** Of a certain number, the first group may be that of a house, too, and the last: their streets stand outside. */
function besideStreets(
  text: string,
  at: number,
  end: number,
  aid: Aid,
  found: Candidate[] | null,
): Candidate[] | null {
  const first = mayFollow(text, at) ? call(SHORT_NUMBER, text, at, aid, found) : found;
  return mayLead(text, end) ? call(SHORT_NUMBER, text, groupBefore(text, end), aid, first) : first;
}

/** Where the digits begin that end at a place. */
function groupBefore(text: string, end: number): number {
  let at = end;
  while (at > 0 && isDigit(text.charCodeAt(at - 1))) at--;
  return at;
}
