import { codeAt, isAsciiLetter, isDigit, isLetter, isSeparator, startsDigitRun } from './characters.ts';
import { keyOf, LETTERS } from './context-beginnings.ts';
import type { Candidate, Detector } from './detector.ts';

/** Length by the two letters of the country, 0 where there is none: SWIFT IBAN registry, with the codes that it lists under Finland and France. */
const LENGTHS = lengthsOf(
  'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ' +
    'ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 ' +
    'LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 ' +
    'PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30 ' +
    'AX18 BL27 GF27 GP27 MF27 MQ27 NC27 PF27 PM27 RE27 TF27 WF27 YT27',
);

function lengthsOf(registry: string): Uint8Array {
  const lengths = new Uint8Array(LETTERS * LETTERS);
  for (const entry of registry.split(' '))
    lengths[keyOf(entry.charCodeAt(0), entry.charCodeAt(1))] = Number(entry.slice(2));
  return lengths;
}

/**
 * IBANs, anchored at their check digits: two letters of a country in front, its length in all, ISO 13616 mod 97.
 * Single spaces, dashes or dots may stand anywhere between the characters.
 */
export const iban: Detector = {
  trigger: 'letters_digits',
  detect(text, at): Candidate | null {
    if (!startsDigitRun(text, at)) return null;
    const start = countryStart(text, at);
    if (start === -1) return null;
    const length = LENGTHS[keyOf(text.charCodeAt(start), text.charCodeAt(start + 1))] ?? 0;
    if (length === 0) return null;
    const end = read(text, at, length - 2);
    if (end === -1) return null;
    const bare = text.slice(start, end).replaceAll(/[ .-]/g, '').toUpperCase();
    return mod97(bare.slice(4) + bare.slice(0, 4)) === 1 ? { class: 'iban', start, end, score: 97 } : null;
  },
};

/** Where the two letters before the check digits begin; -1 where there are none, or a letter or digit touches them. */
function countryStart(text: string, at: number): number {
  const start = isSeparator(codeAt(text, at - 1)) ? at - 3 : at - 2;
  if (!isAsciiLetter(codeAt(text, start)) || !isAsciiLetter(codeAt(text, start + 1))) return -1;
  const before = codeAt(text, start - 1);
  return isLetter(before) || isDigit(before) ? -1 : start;
}

/** The end of `count` letters and digits from `from` on; -1 where they are fewer, or another one touches the last. */
function read(text: string, from: number, count: number): number {
  if (!isDigit(codeAt(text, from + 1))) return -1;
  let left = count;
  let index = from;
  while (left > 0) {
    const code = codeAt(text, index);
    if (isDigit(code) || isAsciiLetter(code)) left--;
    else if (!isSeparator(code) || isSeparator(codeAt(text, index - 1))) return -1;
    index++;
  }
  const after = codeAt(text, index);
  return isDigit(after) || isLetter(after) ? -1 : index;
}

/** ISO 7064: letters count as 10 to 35. */
function mod97(text: string): number {
  let rest = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    rest = isDigit(code) ? (rest * 10 + code - 48) % 97 : (rest * 100 + code - 55) % 97;
  }
  return rest;
}
