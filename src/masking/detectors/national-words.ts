import type { DataClass } from '../data-classes.ts';
import { digitAt, isDay, luhn, remainder, two, weighted } from './checksums.ts';
import { contextWords, type ContextWords } from './context.ts';
import { chinese } from './national-checks.ts';
import { irish } from './irish.ts';
import { isAnyVat, VAT_NUMBER_WORDS } from './vat.ts';

/** A number of letters and digits together. `A` stands for a letter and `9` for a digit in its shape. */
export interface NationalWord {
  readonly class: DataClass;
  readonly name: string;
  readonly shapes: readonly string[];
  /** Of the upper-case text. */
  readonly check: (text: string) => boolean;
  readonly words: ContextWords;
  /** Its score without a word beside it, in capitals; 0 where it needs one. */
  readonly alone: number;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

function letterAt(text: string, index: number): number {
  return text.charCodeAt(index) - 65;
}

/** What stands beside one; foreigners' numbers are called `NIF`, too. */
export const SPANISH_WORDS = 'dni|nie|nif|documento|identidad|extranjer[oa]s?';

/** Spain: the letter is the remainder by 23. X, Y, Z in front of a foreigner's number count as 0, 1, 2. */
export function spanish(text: string): boolean {
  const number = text.slice(0, -1).replace('X', '0').replace('Y', '1').replace('Z', '2');
  return /^[0-9]+$/.test(number) && 'TRWAGMYFPDXBNJZSQVHLCKE'[Number(number) % 23] === text.at(-1);
}

const ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/** Italy: characters at odd places count by a table, at even ones as they are; the letter is the remainder by 26. */
function italian(text: string): boolean {
  let sum = 0;
  for (let index = 0; index < 15; index++) {
    const code = text.charCodeAt(index);
    const value = code < 65 ? code - 48 : code - 65;
    sum += index % 2 === 0 ? (ODD[value] ?? 0) : value;
  }
  return 'ABCDEHLMPRST'.includes(text[8] ?? '') && ALPHABET[sum % 26] === text[15];
}

function mexican(text: string): boolean {
  const order = '0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ';
  let sum = 0;
  for (let index = 0; index < 17; index++) sum += order.indexOf(text[index] ?? '') * (18 - index);
  const plausible = isDay(two(text, 6), two(text, 8)) && /[HMX]/.test(text[10] ?? '');
  return plausible && (10 - (sum % 10)) % 10 === digitAt(text, 17);
}

/** Letters of Taiwanese identity cards are numbered by the district's age, not by the alphabet. */
const TAIWAN = 'ABCDEFGHJKLMNPQRSTUVXYWZIO';

function taiwanese(text: string): boolean {
  const letter = TAIWAN.indexOf(text[0] ?? '') + 10;
  const sum =
    Math.floor(letter / 10) + (letter % 10) * 9 + weighted(text.slice(1), [8, 7, 6, 5, 4, 3, 2, 1, 1]);
  return letter >= 10 && /^.[1289]/.test(text) && sum % 10 === 0;
}

function singaporean(text: string): boolean {
  const kind = text[0] ?? '';
  const offset = kind === 'S' || kind === 'F' ? 0 : kind === 'M' ? 3 : 4;
  const rest = (weighted(text.slice(1), [2, 7, 6, 5, 4, 3, 2]) + offset) % 11;
  if (kind === 'S' || kind === 'T') return 'JZIHGFEDCBA'[rest] === text[8];
  if (kind === 'F' || kind === 'G') return 'XWUTRQPNMLK'[rest] === text[8];
  return kind === 'M' && 'XWUTRQPNJLK'[rest] === text[8];
}

function hongKong(text: string): boolean {
  const padded = text.length === 8 ? ` ${text}` : text;
  let sum = 0;
  for (let index = 0; index < 8; index++) {
    const code = padded.charCodeAt(index);
    sum += (code === 32 ? 36 : code < 65 ? code - 48 : code - 55) * (9 - index);
  }
  const check = (11 - (sum % 11)) % 11;
  return (check === 10 ? 'A' : String(check)) === padded[8];
}

/** German statutory health insurance: the letter as two digits, then Luhn from the left. */
function kvnr(text: string): boolean {
  const number = String(letterAt(text, 0) + 1).padStart(2, '0') + text.slice(1, 9);
  let sum = 0;
  for (let index = 0; index < number.length; index++) {
    const product = digitAt(number, index) * (index % 2 === 0 ? 1 : 2);
    sum += product > 9 ? product - 9 : product;
  }
  return sum % 10 === digitAt(text, 9);
}

/** HMRC: letters that are never used, and those never together. */
export function nino(text: string): boolean {
  return /^(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][0-9]{6}[A-D]$/.test(text);
}

function finnish(text: string): boolean {
  const number = Number(text.slice(0, 6) + text.slice(7, 10));
  return isDay(two(text, 2), two(text, 0)) && '0123456789ABCDEFHJKLMNPRSTUVWXY'[number % 31] === text[10];
}

function indianPan(text: string): boolean {
  return /^[A-Z]{3}[ABCFGHJLPT]/.test(text);
}

/** ICAO 9303: weights 7, 3, 1; letters count from 10 on. For the German identity card with its check digit. */
function germanCard(text: string): boolean {
  let sum = 0;
  for (let index = 0; index < 9; index++) {
    const code = text.charCodeAt(index);
    sum += (code < 65 ? code - 48 : code - 55) * ([7, 3, 1][index % 3] ?? 0);
  }
  return /^[CFGHJKLMNPRTVWXYZ]/.test(text) && sum % 10 === digitAt(text, 9);
}

export const RFC_WORDS = 'rfc|registro federal';

export function rfc(text: string): boolean {
  const from = text.length - 9;
  return isDay(two(text, from + 2), two(text, from + 4));
}

/** France: departments 2A and 2B count as 19 and 18. */
function corsican(text: string): boolean {
  const number = text.slice(0, 13).replace('2A', '19').replace('2B', '18');
  return (
    /^[12]/.test(text) && /^[0-9]{13}$/.test(number) && 97 - remainder(number, 97) === Number(text.slice(13))
  );
}

function rutK(text: string): boolean {
  let sum = 0;
  for (let index = 0; index < 8; index++) sum += digitAt(text, 7 - index) * (2 + (index % 6));
  return (11 - (sum % 11)) % 11 === 10;
}

function dea(text: string): boolean {
  const digits = text.slice(2);
  return (
    (weighted(digits, [1, 0, 1, 0, 1]) + 2 * weighted(digits, [0, 1, 0, 1, 0, 1])) % 10 === digitAt(digits, 6)
  );
}

const NINO = 'nino?|national insurance|ni (?:number|no\\.?)|insurance number';
export const NINO_WORDS = contextWords(NINO);

function row(
  dataClass: DataClass,
  name: string,
  shapes: string,
  alone: number,
  check: (text: string) => boolean,
  words: string,
): NationalWord {
  return { class: dataClass, name, shapes: shapes.split(' '), alone, check, words: contextWords(words) };
}

export const NATIONAL_WORDS: readonly NationalWord[] = [
  row('national_id', 'ES DNI', '99999999A', 40, spanish, SPANISH_WORDS),
  row(
    'national_id',
    'ES NIE',
    'A9999999A',
    60,
    (text) => /^[XYZ]/.test(text) && spanish(text),
    SPANISH_WORDS,
  ),
  row('national_id', 'IE PPS', '9999999A 9999999AA', 40, irish, 'pps|ppsn|personal public service'),
  row('national_id', 'IT codice fiscale', 'AAAAAA99A99A999A', 90, italian, 'codice fiscale|cf|c\\.f'),
  row('national_id', 'MX CURP', 'AAAA999999AAAAAA99 AAAA999999AAAAAAA9', 90, mexican, 'curp'),
  row(
    'tax_id',
    'MX RFC',
    'AAAA999999AAA AAAA999999999 AAAA999999AA9 AAAA99999999A AAAA9999999AA AAAA999999A99 AAAA999999A9A AAA999999AAA AAA999999AA9 AAA999999999 AAA999999A99',
    0,
    rfc,
    RFC_WORDS,
  ),
  row(
    'national_id',
    'TW identity card',
    'A999999999',
    40,
    taiwanese,
    '身分證|身份證|taiwan|national id|identity',
  ),
  row(
    'health_id',
    'DE KVNR',
    'A999999999',
    0,
    kvnr,
    'kvnr|krankenversicherten?(?:nummer|nr\\.?)?|versicherten(?:nummer|nr\\.?)|krankenkasse|health insurance',
  ),
  row('national_id', 'SG NRIC, FIN', 'A9999999A', 55, singaporean, 'nric|fin|singapore|identity'),
  row(
    'national_id',
    'HK identity card',
    'A9999999 AA9999999 A999999A',
    0,
    hongKong,
    'hkid|hong kong|identity card|身份證',
  ),
  row('national_id', 'UK NINO', 'AA999999A', 40, nino, NINO),
  row(
    'national_id',
    'FI henkilötunnus',
    '999999A999A 999999A9999',
    60,
    finnish,
    'henkilötunnus|hetu|personbeteckning',
  ),
  row(
    'tax_id',
    'IN PAN',
    'AAAAA9999A',
    40,
    indianPan,
    'pan(?: card| number| no\\.?)?|permanent account|income tax',
  ),
  row(
    'national_id',
    'DE Personalausweis',
    'A999999999 A99A99A999 A99A999A99',
    0,
    germanCard,
    'ausweis(?:nummer|nr\\.?)?|personalausweis(?:nummer)?|identity card',
  ),
  row(
    'national_id',
    'CN resident identity number',
    '99999999999999999A',
    85,
    (text) => text.endsWith('X') && chinese(text),
    '身份证|身份證',
  ),
  row('national_id', 'FR NIR of Corsica', '999999A99999999', 70, corsican, 'nir|insee|sécu'),
  row('national_id', 'CL RUT', '99999999A', 0, (text) => text.endsWith('K') && rutK(text), 'rut|run'),
  row(
    'health_id',
    'US Medicare beneficiary identifier',
    '9AA9AA9AA99 9A99AA9AA99 9AA9A99AA99 9A99A99AA99',
    45,
    (text) => !/[SLOIBZ]/.test(text) && !text.startsWith('0'),
    'mbi|medicare(?: beneficiary)?(?: id| number| no\\.?)?',
  ),
  row(
    'tax_id',
    'VAT number without its country, with letters',
    'A99999999 99999999A 9999999A 9999999AA 999999999A99 A9999999A AA999999999 A9999999999',
    0,
    isAnyVat,
    VAT_NUMBER_WORDS,
  ),
  row('health_id', 'US DEA number', 'AA9999999', 0, dea, 'dea(?: number| no\\.?)?'),
  row('device_id', 'MEID', 'A9999999999999', 0, (text) => luhn(text.slice(1)), 'meid'),
];
