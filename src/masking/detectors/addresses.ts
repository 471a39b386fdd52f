import {
  codeAt,
  DASH,
  DOT,
  isAlphanumeric,
  isAsciiLetter,
  isDigit,
  isLetter,
  SPACE,
  startsDigitRun,
} from './characters.ts';
import type { Candidate, Detector } from './detector.ts';

const LONGEST = 100;
const COMMA = 44;
const WORD = "[\\p{Lu}][\\p{L}'’.-]{0,24}(?![\\p{L}\\d])";

/** `12 Main Street`, `221b Baker St`, `12 bis rue de la Paix`. */
const FORWARD = new RegExp(
  `\\d{1,5}[A-Za-z]?(?: bis| ter)?,? (?:(?!The )(?:${WORD} ){1,4}(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Square|Sq|Terrace|Crescent|Parkway|Pkwy|Highway|Hwy|Close|Mews|Grove)(?![\\p{L}])|(?:rue|avenue|boulevard|allée|impasse|chemin|quai|cours) (?:[\\p{L}'’.-]{1,24} ){0,3}${WORD})`,
  'uy',
);

/** `Hauptstraße 12`, `Calle Mayor 5`, `Via Roma 7`, `Keizersgracht 112`. */
const BACKWARD = new RegExp(
  `(?:[\\p{Lu}][\\p{L}.-]{1,30}(?:straße|strasse|str\\.|weg|platz|allee|gasse|damm|ufer|straat|laan|gracht|plein|kade|gatan|vägen|vej|gade|katu)|[\\p{Lu}][\\p{L}]{2,20} (?:Straße|Strasse|Str\\.|Weg|Platz|Allee|Ring)|(?:Calle|C/|Avenida|Avda\\.?|Paseo|Plaza|Via|Viale|Corso|Piazza|Rua|Praça|ul\\.|ulica) (?:[\\p{L}'’.-]{1,24} ){0,3}[\\p{Lu}][\\p{L}'’.-]{1,24}),? $`,
  'u',
);

/** Behind a street: house letter, postal code and town. */
const TOWN = new RegExp(
  `[a-z]?(?:[-/]\\d{1,4}[a-z]?)?(?:(?:, | )(?:Apt\\.?|Suite|Unit|#) ?\\w{1,6})?(?:,? (?:[A-Z]-)?(?:\\d{4,5}(?: [A-Z]{2})?|\\d{3} \\d{2}) ${WORD}(?: ${WORD}){0,2}|, ${WORD}(?: ${WORD}){0,2}(?:,? [A-Z]{2}(?![\\p{L}\\d]))?(?:,? (?:\\d{5}(?:-\\d{4})?|[A-Z]{1,2}\\d[A-Z\\d]? \\d[A-Z]{2}))?)?`,
  'uy',
);

/** Streets with a house number, anchored at the number. A net with wide meshes: streets have any name. */
export const streetAddress: Detector = {
  trigger: 'short_number',
  detect(text, at): Candidate | null {
    if (!startsDigitRun(text, at) || isAlphanumeric(codeAt(text, at - 1))) return null;
    let end = at;
    while (end - at < 6 && isDigit(codeAt(text, end))) end++;
    if (end - at > 5) return null;
    if (mayLead(text, end)) {
      FORWARD.lastIndex = at;
      const forward = FORWARD.exec(text)?.[0];
      if (forward !== undefined) return ending(text, at, at + forward.length);
    }
    if (!mayFollow(text, at)) return null;
    const before = text.slice(Math.max(0, at - LONGEST), at);
    if (!STREET.test(before)) return null;
    const street = BACKWARD.exec(before)?.[0];
    if (street === undefined) return null;
    return ending(text, at - street.length, end);
  },
};

/** How a word in front of a street's name begins, or its kind: `bis`, `ter`, `rue`, `avenue`, `boulevard`, `allée` and so on. */
const LEADS: ReadonlySet<number> = new Set(
  'bi te ru av bo al im ch qu co'.split(' ').map((word) => word.charCodeAt(0) * 256 + word.charCodeAt(1)),
);

/** Whether a name could follow a house number that ends at `end`: spares most numbers the pattern. */
export function mayLead(text: string, end: number): boolean {
  let index = end;
  if (isAsciiLetter(codeAt(text, index))) index++;
  if (codeAt(text, index) === COMMA) index++;
  if (codeAt(text, index) !== SPACE) return false;
  const code = codeAt(text, index + 1);
  return isCapital(code) || LEADS.has(code * 256 + codeAt(text, index + 2));
}

/** Whether a street could end in front of a number. It ends in a letter, a full stop or a comma; most numbers stand behind something else. */
export function mayFollow(text: string, at: number): boolean {
  return codeAt(text, at - 1) === SPACE && !isDigit(codeAt(text, at - 2)) && isNamed(text, at - 2);
}

/** Whether the word that ends at `last`, with a comma or not, has a capital: every street has, where it is written first. */
function isNamed(text: string, last: number): boolean {
  let index = codeAt(text, last) === COMMA ? last - 1 : last;
  const floor = index - LONGEST_NAME;
  for (; index > floor; index--) {
    const code = codeAt(text, index);
    if (isCapital(code)) return true;
    if (!isAsciiLetter(code) && code !== APOSTROPHE && code !== DOT && code !== DASH) return false;
  }
  return true;
}

const APOSTROPHE = 39;
const LONGEST_NAME = 48;

/** Of letters beyond ASCII, and of signs there, it is not asked which they are. */
function isCapital(code: number): boolean {
  return (code >= 65 && code <= 90) || code > 127;
}

/** Spares most numbers the long pattern: what streets end or begin with. */
const STREET =
  /(?:[sS]tra(?:ß|ss)e|[sS]tr\.|[wW]eg|[pP]latz|[aA]llee|[gG]asse|damm|ufer|Ring|straat|laan|gracht|plein|kade|gatan|vägen|vej|gade|katu),? $|(?:Calle|C\/|Avenida|Avda|Paseo|Plaza|Via|Viale|Corso|Piazza|Rua|Praça|ul\.|ulica) /;

function ending(text: string, start: number, streetEnd: number): Candidate {
  TOWN.lastIndex = streetEnd;
  const town = TOWN.exec(text)?.[0] ?? '';
  let end = streetEnd + town.length;
  if (isLetter(codeAt(text, end)) || isDigit(codeAt(text, end))) end = streetEnd;
  return { class: 'postal_address', start, end, score: 65 };
}
