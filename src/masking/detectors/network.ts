import { codeAt, DASH, DOT, isAlphanumeric, isDigit } from './characters.ts';
import { contextWords, hasContext } from './context.ts';
import type { Candidate, Detector } from './detector.ts';

const COLON = 58;
const WORDS = contextWords(
  'ips?|ip-?adress(?:e|en)?|ip address(?:es)?|ipv[46]|remote_addr|remote address|visitor|logged in from|login from|sign(?:ed)? in from|dirección ip|adresse ip|indirizzo ip|x-forwarded-for',
);

const V4 = /(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)/y;

/**
 * IPv4 addresses that belong to somebody. Four small numbers with dots are as often a version, so a word has to stand
 * beside them; private and reserved ranges (RFC 6890) are nobody's.
 */
export const ipv4: Detector = {
  trigger: 'dotted',
  detect(text, at, aid): Candidate | null {
    const before = codeAt(text, at - 1);
    if (!isDigit(codeAt(text, at)) || isAlphanumeric(before) || before === DOT || before === DASH)
      return null;
    if (!hasThreeDots(text, at)) return null;
    V4.lastIndex = at;
    const found = V4.exec(text);
    if (found === null) return null;
    const octets = found.slice(1).map(Number);
    const end = at + found[0].length;
    if (octets.some((octet) => octet > 255) || reserved(octets) || isAlphanumeric(codeAt(text, end)))
      return null;
    return { class: 'ip_address', start: at, end, score: hasContext(text, at, end, WORDS, aid) ? 85 : 40 };
  },
};

/** Whether three dots follow with at most three digits in front of each: spares amounts and decimals the pattern. */
function hasThreeDots(text: string, at: number): boolean {
  let index = at;
  for (let dots = 0; dots < 3; dots++) {
    const from = index;
    while (isDigit(codeAt(text, index))) index++;
    if (index === from || index - from > 3 || codeAt(text, index++) !== DOT) return false;
  }
  return true;
}

function reserved([a = 0, b = 0, c = 0]: readonly number[]): boolean {
  if (a === 0 || a === 10 || a === 127 || a >= 224) return true;
  if (a === 172) return b >= 16 && b <= 31;
  if (a === 192) return b === 168 || (b === 0 && c === 0);
  return (a === 169 && b === 254) || (a === 100 && b >= 64 && b <= 127);
}

const LONGEST_V6 = 39;

/** IPv6 addresses of the global range (RFC 4291), anchored at their first colon. */
export const ipv6: Detector = {
  trigger: 'colon',
  detect(text, at, aid): Candidate | null {
    if (codeAt(text, at) !== COLON) return null;
    let start = at;
    while (start > at - 5 && isHex(codeAt(text, start - 1))) start--;
    const before = codeAt(text, start - 1);
    if (start < at - 4 || start === at || before === COLON || isAlphanumeric(before) || before === DOT)
      return null;
    let end = at;
    while (end - start < LONGEST_V6 + 1 && (isHex(codeAt(text, end)) || codeAt(text, end) === COLON)) end++;
    if (codeAt(text, end - 1) === COLON && codeAt(text, end - 2) !== COLON) end--;
    if (isAlphanumeric(codeAt(text, end)) || !isV6(text.slice(start, end))) return null;
    const first = Number.parseInt(text.slice(start, at), 16);
    if (first < 0x2000 || first > 0x3fff) return null;
    return { class: 'ip_address', start, end, score: hasContext(text, start, end, WORDS, aid) ? 92 : 60 };
  },
};

function isV6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  if (!groups.every((group) => group.length >= 1 && group.length <= 4)) return false;
  return halves.length === 2 ? groups.length <= 7 && groups.length >= 2 : groups.length === 8;
}

/** Hardware addresses: six pairs, joined by one kind of sign. Anchored at the first of it. */
export const macAddress: Detector = {
  trigger: 'pairs',
  detect(text, at): Candidate | null {
    const sign = codeAt(text, at);
    if (sign !== COLON && sign !== DASH) return null;
    if (codeAt(text, at + 3) !== sign) return null;
    const start = at - 2;
    const before = codeAt(text, start - 1);
    if (start < 0 || isAlphanumeric(before) || before === sign) return null;
    for (let index = 0; index < 17; index++) {
      const code = codeAt(text, start + index);
      if (index % 3 === 2 ? code !== sign : !isHex(code)) return null;
    }
    const after = codeAt(text, start + 17);
    if (isAlphanumeric(after) || after === sign) return null;
    const address = text.slice(start, start + 17);
    // Nobody's, and everybody's.
    if (/^(?:00.){5}00$|^(?:ff.){5}ff$/i.test(address)) return null;
    return { class: 'mac_address', start, end: start + 17, score: /[a-f]/i.test(address) ? 90 : 60 };
  },
};

function isHex(code: number): boolean {
  const lower = code | 32;
  return isDigit(code) || (lower >= 97 && lower <= 102);
}
