import { codeAt, isAsciiLetter, isDigit, isSeparator, startsDigitRun } from './characters.ts';
import type { Aid, Candidate, Detector } from './detector.ts';
import { iban } from './iban.ts';
import { paymentCard } from './payment-card.ts';

const NEW_LINE = 10;
const RETURN = 13;
const TAB = 9;
const SPACE = 32;

/** How far from a seam a card or an IBAN begins or ends: its characters and as many separators. */
const REACH = 68;
const FEWEST_CARD = 12;
const SURE = 95;

/**
 * The one value that begins in `text` before `end` and ends in `other` from `start` on, in offsets of each; null for
 * none. Only what a check digit and a layout of groups vouch for: ordinary numbers stand side by side in every table, and
 * of two with eight digits one pair in thirty would be a card.
 */
export function runningOver(
  text: string,
  end: number,
  other: string,
  start: number,
  aid: Aid,
): Candidate | null {
  const last = trimmedEnd(text, end);
  if (!endsGroup(text, last)) return null;
  const first = trimmedStart(other, start);
  if (!startsGroup(other, first)) return null;
  if (!mayHoldCard(text, last, other, first) && !mayHoldIban(text, last)) return null;
  const joint = isJoint(codeAt(text, last - 1)) || isJoint(codeAt(other, first)) ? '' : ' ';
  const from = beginningOf(text, last);
  const seam = last - from;
  const joined = text.slice(from, last) + joint + other.slice(first, first + REACH);
  const shift = first - seam - joint.length;
  for (let at = 0; at < seam; at++) {
    if (!startsDigitRun(joined, at)) continue;
    const found = [paymentCard.detect(joined, at, aid), iban.detect(joined, at, aid)].find(
      (one) => one !== null && one.score >= SURE && one.end > seam + joint.length && isGrouped(joined, one),
    );
    if (found === undefined || found === null) continue;
    return { ...found, start: found.start + from, end: found.end + shift };
  }
  return null;
}

/** What may stand at the edge of a part of a value, or as space beside it: nearly all cells and lines stop here. */
const AT_EDGE = Uint8Array.from({ length: 128 }, (_, code) =>
  isGroup(code) || isSeparator(code) || isSpace(code) ? 1 : 0,
);

/** Whether a cell may end inside of a value: in a capital only where it begins as an IBAN does. */
export function mayEndInside(cell: string): boolean {
  const last = codeAt(cell, cell.length - 1);
  return AT_EDGE[last] === 1 && (!isCapital(last) || isCountry(cell, 0));
}

export function isAtEdge(text: string, index: number): boolean {
  return AT_EDGE[codeAt(text, index)] === 1;
}

/** Cards and IBANs that run over into the next line, as mail and forms break them. */
export const overLine: Detector = {
  trigger: 'line',
  detect(text, at, aid): Candidate | null {
    if (codeAt(text, at) !== NEW_LINE || !isAtEdge(text, at - 1) || !isAtEdge(text, at + 1)) return null;
    return runningOver(text, at, text, at + 1, aid);
  },
};

function isSpace(code: number): boolean {
  return code === SPACE || code === TAB || code === RETURN;
}

/** Where the characters begin that a value could be made of: it runs over one seam, not over several. */
function beginningOf(text: string, end: number): number {
  const floor = Math.max(0, end - REACH);
  let from = end;
  while (from > floor && (isGroup(text.charCodeAt(from - 1)) || isSeparator(text.charCodeAt(from - 1))))
    from--;
  return from;
}

/** More space than this does not stand inside of a number. */
const MOST_SPACE = 8;

function trimmedEnd(text: string, end: number): number {
  let last = end;
  while (last > end - MOST_SPACE && isSpace(codeAt(text, last - 1))) last--;
  return last;
}

function trimmedStart(text: string, start: number): number {
  let first = start;
  while (first < start + MOST_SPACE && isSpace(codeAt(text, first))) first++;
  return first;
}

/** A dash or a dot at the seam is what separates the groups there. */
function isJoint(code: number): boolean {
  return isSeparator(code) && code !== SPACE;
}

/** Whether four characters of a value end there, and a separator or none. */
function endsGroup(text: string, end: number): boolean {
  const last = isJoint(codeAt(text, end - 1)) ? end - 1 : end;
  for (let index = last - 1; index >= last - SMALLEST_GROUP; index--)
    if (!isGroup(codeAt(text, index))) return false;
  return true;
}

/** Whether a group begins there: none but the last is shorter than three characters, and small letters make it a word. */
function startsGroup(text: string, start: number): boolean {
  const first = isJoint(codeAt(text, start)) ? start + 1 : start;
  let end = first;
  while (end < first + SMALLEST_GROUP && isGroup(codeAt(text, end))) end++;
  const after = codeAt(text, end);
  if (end === first || (isAsciiLetter(after) && !isCapital(after))) return false;
  return end > first + 2 || !isSeparator(after) || !isGroup(codeAt(text, end + 1));
}

function isGroup(code: number): boolean {
  return isDigit(code) || isCapital(code);
}

/** Of the groups of a card, none but the last has fewer than four digits, and of more than two none more than six. */
const SMALLEST_GROUP = 4;
const LARGEST_GROUP = 6;

function mayHoldCard(text: string, end: number, other: string, start: number): boolean {
  const last = isJoint(codeAt(text, end - 1)) ? end - 1 : end;
  let first = last;
  while (last - first <= LARGEST_GROUP && isDigit(codeAt(text, first - 1))) first--;
  if (last - first < SMALLEST_GROUP || last - first > LARGEST_GROUP) return false;
  const more = digitsFrom(other, start);
  return more > 0 && digitsBefore(text, end) + more >= FEWEST_CARD;
}

function isCapital(code: number): boolean {
  return code >= 65 && code <= 90;
}

function digitsBefore(text: string, end: number): number {
  let count = 0;
  for (let index = end - 1; index >= end - REACH; index--) {
    const code = codeAt(text, index);
    if (isDigit(code)) count++;
    else if (!isSeparator(code)) break;
  }
  return count;
}

function digitsFrom(text: string, start: number): number {
  let count = 0;
  for (let index = start; index < start + REACH; index++) {
    const code = codeAt(text, index);
    if (isDigit(code)) count++;
    else if (!isSeparator(code)) break;
  }
  return count;
}

/** Whether a word in capitals begins with a country and two digits. */
function mayHoldIban(text: string, end: number): boolean {
  const floor = Math.max(0, end - REACH);
  let digits = false;
  for (let index = end - 1; index >= floor; index--) {
    const code = text.charCodeAt(index);
    if (isDigit(code)) digits = true;
    else if (isCapital(code)) {
      if (digits && isCountry(text, index - 1)) return true;
    } else if (!isSeparator(code)) return false;
  }
  return false;
}

function isCountry(text: string, at: number): boolean {
  const country = isCapital(codeAt(text, at)) && !isCapital(codeAt(text, at - 1));
  return country && isDigit(codeAt(text, at + 2)) && isDigit(codeAt(text, at + 3));
}

/** A card of two halves may be two numbers; of three groups, or an IBAN, it is none but itself. */
function isGrouped(text: string, { class: of, start, end }: Candidate): boolean {
  if (of !== 'payment_card') return true;
  let separators = 0;
  for (let index = start; index < end; index++) if (isSeparator(text.charCodeAt(index))) separators++;
  return separators > 1;
}
