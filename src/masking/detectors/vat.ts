import { digitAt, luhn, mod11And10, remainder, weighted } from './checksums.ts';
import { irish } from './irish.ts';

/** The check of a VAT number behind its country's letters: European Commission, VIES, "VAT identification numbers". */
export function isVat(country: string, body: string): boolean {
  return CHECKS.get(country)?.(body) ?? false;
}

/** Whether a number without its country's letters is one of any country. */
export function isAnyVat(body: string): boolean {
  for (const check of CHECKS.values()) if (check(body)) return true;
  return false;
}

/** The same of digits alone: most countries have another length, or a letter. */
export function isAnyVatOfDigits(digits: string): boolean {
  for (const check of OF_DIGITS[digits.length] ?? []) if (check(digits)) return true;
  return false;
}

/** What stands beside a number with its country's letters. */
export const VAT_WORDS =
  'vat(?: ?(?:id|no\\.?|number|reg\\.?))?|ust-?id(?:-?nr\\.?)?|uid|tva|iva|btw(?:-?nr\\.?)?|moms|dph|dič|dic|nip|p\\.? ?iva|partita iva|tax id|alv|áfa|pvm|pvn|ddv|kmkr|ддс';

/** What says that a number without them is one: the name of the tax alone stands beside amounts and invoices, too. */
export const VAT_NUMBER_WORDS =
  '(?:vat|tva|iva|btw|moms|dph|alv|pvm|pvn|ddv|uid)[ -]?(?:id|no\\.?|nr\\.?|number|nummer|reg\\.?|n[°º])|ust-?id(?:-?nr\\.?)?|piva|p iva|p\\. ?iva|partita iva|nip|dič|kmkr';

function all(body: string, length: number): boolean {
  return body.length === length && /^[0-9]+$/.test(body);
}

/** `11 - sum mod 11`, where 10 and 11 count as told. */
function mod11(body: string, weights: readonly number[], ten: number, eleven: number): boolean {
  const check = 11 - (weighted(body, weights) % 11);
  return (check === 10 ? ten : check === 11 ? eleven : check) === digitAt(body, weights.length);
}

function austrian(body: string): boolean {
  if (!/^U[0-9]{8}$/.test(body)) return false;
  let sum = 4;
  for (let index = 1; index < 8; index++) {
    const value = digitAt(body, index) * (index % 2 === 0 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return (10 - (sum % 10)) % 10 === digitAt(body, 8);
}

function bulgarian(body: string): boolean {
  if (all(body, 9)) {
    const first = weighted(body, [1, 2, 3, 4, 5, 6, 7, 8]) % 11;
    const check = first === 10 ? (weighted(body, [3, 4, 5, 6, 7, 8, 9, 10]) % 11) % 10 : first;
    return check === digitAt(body, 8);
  }
  return all(body, 10) && (weighted(body, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11) % 10 === digitAt(body, 9);
}

function cypriot(body: string): boolean {
  if (!/^[0-9]{8}[A-Z]$/.test(body)) return false;
  const odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
  let sum = 0;
  for (let index = 0; index < 8; index++)
    sum += index % 2 === 0 ? (odd[digitAt(body, index)] ?? 0) : digitAt(body, index);
  return String.fromCharCode(65 + (sum % 26)) === body[8];
}

function czech(body: string): boolean {
  if (all(body, 8)) return mod11(body, [8, 7, 6, 5, 4, 3, 2], 0, 1);
  return all(body, 10) && remainder(body, 11) === 0;
}

function french(body: string): boolean {
  if (!all(body, 11)) return false;
  const siren = body.slice(2);
  return luhn(siren) && (12 + 3 * remainder(siren, 97)) % 97 === Number(body.slice(0, 2));
}

function dutch(body: string): boolean {
  if (!/^[0-9]{9}B[0-9]{2}$/.test(body)) return false;
  const old = weighted(body, [9, 8, 7, 6, 5, 4, 3, 2]) % 11 === digitAt(body, 8);
  const letters = Array.from(`NL${body}`, (sign) => Number.parseInt(sign, 36)).join('');
  return old || remainder(letters, 97) === 1;
}

function spanish(body: string): boolean {
  if (/^[0-9]{8}[A-Z]$/.test(body) || /^[XYZ][0-9]{7}[A-Z]$/.test(body)) {
    const number = body.slice(0, 8).replace('X', '0').replace('Y', '1').replace('Z', '2');
    return 'TRWAGMYFPDXBNJZSQVHLCKE'[Number(number) % 23] === body[8];
  }
  if (!/^[A-HJNP-SUVW][0-9]{7}[0-9A-J]$/.test(body)) return false;
  let sum = 0;
  for (let index = 1; index < 8; index++) {
    const value = digitAt(body, index) * (index % 2 === 1 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  const check = (10 - (sum % 10)) % 10;
  return body[8] === String(check) || body[8] === 'JABCDEFGHI'[check];
}

function lithuanian(body: string): boolean {
  if (!/^[0-9]+$/.test(body) || (body.length !== 9 && body.length !== 12)) return false;
  const count = body.length - 1;
  const sum = (offset: number): number => {
    let weighed = 0;
    for (let index = 0; index < count; index++)
      weighed += digitAt(body, index) * (1 + ((index + offset) % 9));
    return weighed % 11;
  };
  const first = sum(0);
  return (first === 10 ? sum(2) % 10 : first) === digitAt(body, count) && body[count - 1] === '1';
}

function latvian(body: string): boolean {
  return (
    all(body, 11) && /^[4-9]/.test(body) && weighted(body, [9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1]) % 11 === 3
  );
}

function romanian(body: string): boolean {
  if (!/^[0-9]{4,10}$/.test(body)) return false;
  const padded = body.padStart(10, '0');
  return ((weighted(padded, [7, 5, 3, 2, 1, 7, 5, 3, 2]) * 10) % 11) % 10 === digitAt(padded, 9);
}

const CHECKS: ReadonlyMap<string, (body: string) => boolean> = new Map([
  ['AT', austrian],
  ['BE', (body) => all(body, 10) && 97 - remainder(body.slice(0, 8), 97) === Number(body.slice(8))],
  ['BG', bulgarian],
  ['CY', cypriot],
  ['CZ', czech],
  ['DE', (body) => all(body, 9) && !body.startsWith('0') && mod11And10(body)],
  ['DK', (body) => all(body, 8) && weighted(body, [2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0],
  ['EE', (body) => all(body, 9) && weighted(body, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0],
  [
    'EL',
    (body) =>
      all(body, 9) && (weighted(body, [256, 128, 64, 32, 16, 8, 4, 2]) % 11) % 10 === digitAt(body, 8),
  ],
  ['ES', spanish],
  ['FI', (body) => all(body, 8) && weighted(body, [7, 9, 10, 5, 8, 4, 2, 1]) % 11 === 0],
  ['FR', french],
  ['HR', (body) => all(body, 11) && mod11And10(body)],
  ['HU', (body) => all(body, 8) && weighted(body, [9, 7, 3, 1, 9, 7, 3, 1]) % 10 === 0],
  ['IE', (body) => /^[0-9]{7}[A-W][A-I]?$/.test(body) && irish(body)],
  ['IT', (body) => all(body, 11) && luhn(body)],
  ['LT', lithuanian],
  ['LU', (body) => all(body, 8) && remainder(body.slice(0, 6), 89) === Number(body.slice(6))],
  ['LV', latvian],
  ['MT', (body) => all(body, 8) && weighted(body, [3, 4, 6, 7, 8, 9, 10, 1]) % 37 === 0],
  ['NL', dutch],
  ['PL', (body) => all(body, 10) && weighted(body, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 === digitAt(body, 9)],
  ['PT', (body) => all(body, 9) && mod11(body, [9, 8, 7, 6, 5, 4, 3, 2], 0, 0)],
  ['RO', romanian],
  ['SE', (body) => /^[0-9]{10}01$/.test(body) && luhn(body.slice(0, 10))],
  ['SI', (body) => all(body, 8) && !body.startsWith('0') && mod11(body, [8, 7, 6, 5, 4, 3, 2], 0, -1)],
  ['SK', (body) => all(body, 10) && remainder(body, 11) === 0],
  ['GB', (body) => all(body, 9) && british(body)],
]);

/** Countries whose numbers may be digits alone, and how many. */
const DIGITS =
  'BE10 BG9 BG10 CZ8 CZ10 DE9 DK8 EE9 EL9 FI8 FR11 GB9 HR11 HU8 IT11 LT9 LT12 LU8 LV11 MT8 PL10 PT9 ' +
  'RO4 RO5 RO6 RO7 RO8 RO9 RO10 SE12 SI8 SK10';

const OF_DIGITS: readonly (readonly ((body: string) => boolean)[])[] = Array.from(
  { length: 13 },
  (_, length) =>
    DIGITS.split(' ').flatMap((entry) => {
      const check = Number(entry.slice(2)) === length ? CHECKS.get(entry.slice(0, 2)) : undefined;
      return check === undefined ? [] : [check];
    }),
);

/** HMRC: the weighted sum and the check add up to a multiple of 97, or 42 or 55 beside it. */
function british(body: string): boolean {
  const sum = weighted(body, [8, 7, 6, 5, 4, 3, 2]) + Number(body.slice(7));
  return [0, 42, 55].includes(sum % 97);
}
