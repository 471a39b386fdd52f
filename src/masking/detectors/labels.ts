import { codeAt, isAsciiLetter, isDigit, isForeignLetter } from './characters.ts';
import type { Aid, Candidate, Detector } from './detector.ts';
import { isBuiltIn } from '../data-classes.ts';

const COLON = 58;
const EQUALS = 61;
const LONGEST_LABEL = 40;

/**
 * What a label says of the value behind it: `password=…`, `Passport no.: …`, `Name: …`. Labels are read as names of
 * columns are, so that what an operator adds for columns counts here too. Anchored at the `=` or `:`.
 */
export const labelled: Detector = {
  trigger: 'label',
  detect(text, at, aid): Candidate | null {
    const sign = codeAt(text, at);
    if ((sign !== COLON && sign !== EQUALS) || aid.classesOfName === undefined) return null;
    const label = labelBefore(text, at);
    if (label === '') return null;
    const start = valueStart(text, at + 1);
    if (start === -1) return null;
    const quoted = QUOTES.includes(text[start - 1] ?? ' ');
    for (const dataClass of classesOfLabel(label, aid)) {
      // What an operator's own class looks like nobody knows; a number with digits it mostly is.
      const reads = READERS[dataClass] ?? (isBuiltIn(dataClass) ? undefined : identifier);
      const end =
        reads === undefined ? -1 : reads(text, start, { assigned: sign === EQUALS || quoted, quoted });
      if (end > start) return { class: dataClass, start, end, score: SCORES[dataClass] ?? 75 };
    }
    return null;
  },
};

const NONE: readonly string[] = [];

/** Words that label a person in a form or note and are too common for the name of a column. */
const PEOPLE = new Set(
  'name|patient|customer|customer name|client|client name|employee|employee name|contact|contact name|kunde|kundin|kundenname|patientin|nom|nom complet|nombre|nombre completo|nome|nome completo|naam|namn|navn|vorname|nachname|apellidos|cognome'.split(
    '|',
  ),
);
const ADDRESSES = new Set(
  'address|adresse|anschrift|wohnort|dirección|direccion|domicilio|indirizzo|adres|endereço|morada|adress'.split(
    '|',
  ),
);

function classesOfLabel(label: string, aid: Aid): readonly string[] {
  const lower = label.toLowerCase();
  if (PEOPLE.has(lower)) return ['person_name'];
  if (ADDRESSES.has(lower)) return ['postal_address'];
  const all = aid.classesOfName?.(label) ?? NONE;
  if (all.length > 0 || !label.includes(' ')) return all;
  const last = lower.slice(lower.lastIndexOf(' ') + 1);
  return PEOPLE.has(last) && !NOT_A_PERSON.test(lower) ? ['person_name'] : NONE;
}

const NOT_A_PERSON =
  /(?:file|user|host|domain|product|company|brand|model|display|event|class|tool|server|table|column|field|key|package|module|branch|image|project|team|service|job|pet) ?name$|contact$|client$/;

/** Up to three words in front of the sign, on the same line, without what quotes them. */
function labelBefore(text: string, at: number): string {
  let end = at;
  while (end > at - 3 && IGNORED.includes(text[end - 1] ?? 'x')) end--;
  let start = end;
  let words = 1;
  while (start > end - LONGEST_LABEL) {
    const code = codeAt(text, start - 1);
    if (
      isAsciiLetter(code) ||
      isForeignLetter(code) ||
      code === 95 ||
      code === 45 ||
      (isDigit(code) && start < end)
    )
      start--;
    else if (code === 32 && words < 3 && start < end && codeAt(text, start - 2) !== 32) {
      words++;
      start--;
    } else if (code === 46 && start === end) {
      start--;
      end = start;
    } else break;
  }
  return start === end || (isDigit(codeAt(text, end - 1)) && end - start < 3)
    ? ''
    : text.slice(start, end).trim();
}

const IGNORED = '"\' `*)_';
const QUOTES = '"\'`';

/** Where the value begins: behind spaces on the line and an opening quote. */
function valueStart(text: string, from: number): number {
  let start = from;
  if (text[start] === '>' || text[start] === '=') start++;
  while (start < from + 4 && (text[start] === ' ' || text[start] === '\t' || text[start] === '*')) start++;
  if (QUOTES.includes(text[start] ?? ' ')) start++;
  return start < text.length && !/[\s[\]{}"'`,;]/.test(text[start] ?? ' ') ? start : -1;
}

interface How {
  /** Behind `=`, or in quotes: a value and no prose. */
  readonly assigned: boolean;
  readonly quoted: boolean;
}

type Reader = (text: string, start: number, how: How) => number;

function ending(pattern: RegExp): (text: string, start: number) => number {
  return (text, start) => {
    pattern.lastIndex = start;
    const found = pattern.exec(text)?.[0];
    return found === undefined ? -1 : start + found.length;
  };
}

const secretEnd = ending(/(?:(?:Bearer|Basic|Digest|Token|ApiKey) )?[^\s"'`,;&<>()[\]{}]{3,512}/iuy);

/** Nothing, a placeholder, an address without a password, or where a program has its secret from. */
const NO_SECRET =
  /^(?:null|none|true|false|undefined|required|\*+|x+|\.+|<.*|\$.*|%\(.*|(?:process|os|import\.meta)\.(?:env|environ).*|(?:env|config|settings|secrets|vault)\..*|getenv.*|[a-z]{2,8}:\/\/[^@]*)$/i;

/** A secret is no word: behind a colon, letters alone are prose ("Password: please reset it"). */
const password: Reader = (text, start, { assigned }) => {
  const longest = secretEnd(text, start);
  const end =
    assigned || longest === -1 ? longest : start + text.slice(start, longest).replace(/\.+$/, '').length;
  if (end === -1) return -1;
  const value = text.slice(start, end);
  if (NO_SECRET.test(value)) return -1;
  return assigned || !/^\p{L}[\p{Ll}]*$/u.test(value) ? end : -1;
};

const SCHEME = /^(?:Bearer|Basic|Digest|Token|ApiKey) /i;

const credential: Reader = (text, start, how) => {
  const end = password(text, start, how);
  if (end === -1) return -1;
  const written = text.slice(start, end);
  const value = written.replace(SCHEME, '');
  if (value.length < 8) return -1;
  const said = value !== written || how.assigned || value.length >= 20;
  return said || /[0-9]/.test(value) ? end : -1;
};

const number = ending(/[A-Za-z0-9](?:[A-Za-z0-9]|[ .\-/](?=[A-Za-z0-9]{0,12}[0-9])){3,34}(?![\p{L}\d])/uy);

/** Four digits at least, the rest letters and what separates groups. */
const identifier: Reader = (text, start) => {
  const end = number(text, start);
  return end !== -1 && text.slice(start, end).replaceAll(/[^0-9]/g, '').length >= 4 ? end : -1;
};

const birth = ending(
  /\d{1,4}[-/. ]{1,2}(?:\d{1,2}|\p{L}{3,10})[-/. ]{1,2}\d{2,4}(?![\d])|\p{L}{3,10} \d{1,2},? \d{4}/uy,
);
const NAME = String.raw`\p{Lu}(?:\.|[\p{L}'’-]{0,30})`;
const person = ending(
  new RegExp(
    `${NAME}(?: (?:(?:van|von|der|den|de|del|della|di|da|la|le|bin|al|zu|dos|y) ){0,3}${NAME}){1,4}`,
    'uy',
  ),
);
const line = ending(/[^\n\r"{}[\]<>|;\t]{6,120}/uy);

/** A place in words and a number. */
const address: Reader = (text, start) => {
  const end = line(text, start);
  const value = end === -1 ? '' : text.slice(start, end).trimEnd();
  return /\d/.test(value) &&
    /\p{L}{3}/u.test(value) &&
    /\s/.test(value) &&
    !value.includes('@') &&
    !value.includes('://')
    ? start + value.length
    : -1;
};

const place = ending(/-?\d{1,3}\.\d{2,10}°?(?: ?[NS])?(?:[,; ]{1,3}-?\d{1,3}\.\d{2,10}°?(?: ?[EW])?)?/y);

const READERS: Readonly<Record<string, Reader>> = {
  password,
  credential,
  national_id: identifier,
  tax_id: identifier,
  passport: identifier,
  driving_licence: identifier,
  health_id: identifier,
  bank_account: identifier,
  device_id: identifier,
  vehicle_id: identifier,
  us_ssn: identifier,
  date_of_birth: birth,
  person_name: person,
  postal_address: address,
  geolocation: place,
};

const SCORES: Readonly<Record<string, number>> = {
  password: 80,
  credential: 85,
  person_name: 60,
  postal_address: 65,
};
