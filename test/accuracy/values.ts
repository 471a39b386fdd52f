import type { Random } from './random.ts';

/** Makes one value of a class as people and machines write it. */
export type MakeValue = (random: Random) => string;

/** The last digit, by trial, that makes a number pass a check that is written here anew and not taken from what is tested. */
function withLast(body: string, passes: (digits: string) => boolean): string {
  for (let digit = 0; digit < 10; digit++) if (passes(body + String(digit))) return body + String(digit);
  return '';
}

function until(make: () => string): string {
  for (;;) {
    const made = make();
    if (made !== '') return made;
  }
}

const sum = (digits: string, weights: readonly number[]): number =>
  weights.reduce((total, weight, index) => total + weight * Number(digits[index]), 0);

function luhn(digits: string): boolean {
  const total = Array.from(digits)
    .toReversed()
    .reduce((all, digit, index) => {
      const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
      return all + Math.floor(value / 10) + (value % 10);
    }, 0);
  return total % 10 === 0;
}

const grouped = (text: string, size: number, join: string): string =>
  (text.match(new RegExp(`.{1,${size}}`, 'g')) ?? []).join(join);
const day = (random: Random): string => String(1 + random.below(28)).padStart(2, '0');
const month = (random: Random): string => String(1 + random.below(12)).padStart(2, '0');
const year = (random: Random): string => String(1940 + random.below(65));

const FIRST = [
  'Anna',
  'Jürgen',
  'Marie',
  'José',
  'Giulia',
  'Tomasz',
  'Aoife',
  'Wei',
  'Priya',
  'Ólafur',
  'Fatima',
  'John',
];
const LAST = [
  'Müller',
  'García',
  'Rossi',
  'Nowak',
  'Smith',
  'O’Neill',
  'van Dijk',
  'Lindqvist',
  'Dubois',
  'Okafor',
  'Tanaka',
];
const ascii = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/[^A-Za-z]/g, '')
    .toLowerCase();

function email(random: Random): string {
  const local = `${ascii(random.pick(FIRST))}${random.pick(['.', '_', '', '-'])}${ascii(random.pick(LAST))}${random.pick(['', random.digits(2), '+shop'])}`;
  return `${local}@${random.pick(['example.com', 'mail.example.co.uk', 'posta.example.it', 'example.de', 'firma.example.pl', 'corp.example.io'])}`;
}

function card(random: Random): string {
  const [prefix, length] = random.pick([
    ['4', 16],
    ['51', 16],
    ['55', 16],
    ['2223', 16],
    ['37', 15],
    ['6011', 16],
    ['3530', 16],
  ] as const);
  const number = withLast(prefix + random.digits(length - prefix.length - 1), luhn);
  return length === 16 ? grouped(number, 4, random.pick(['', ' ', '-'])) : number;
}

function ssn(random: Random): string {
  const area = 1 + random.below(665);
  return `${String(area).padStart(3, '0')}-${String(1 + random.below(99)).padStart(2, '0')}-${String(1 + random.below(9999)).padStart(4, '0')}`;
}

function iban(random: Random): string {
  const [country, account] = random.pick([
    ['DE', () => random.digits(18)],
    ['GB', () => `NWBK${random.digits(14)}`],
    ['NL', () => `ABNA${random.digits(10)}`],
    ['FR', () => `${random.digits(20)}0${random.digits(2)}`],
    ['ES', () => random.digits(20)],
  ] as const);
  const bban = account();
  const number = Array.from(`${bban}${country}00`, (sign) => Number.parseInt(sign, 36)).join('');
  const whole = `${country}${String(98n - (BigInt(number) % 97n)).padStart(2, '0')}${bban}`;
  return random.below(2) === 0 ? whole : grouped(whole, 4, ' ');
}

function phone(random: Random): string {
  return random.pick([
    () => `+1 212 ${2 + random.below(7)}${random.digits(2)} ${random.digits(4)}`,
    () => `+44 7400 ${random.digits(6)}`,
    () => `+49 151 ${random.digits(8)}`,
    () => `+33 6 ${grouped(random.digits(8), 2, ' ')}`,
    () => `+39 347 ${random.digits(7)}`,
    () => `(212) ${2 + random.below(7)}${1 + random.below(8)}${random.digits(1)}-${random.digits(4)}`,
    () => `+48 60${1 + random.below(9)} ${random.digits(3)} ${random.digits(3)}`,
  ])();
}

function pesel(random: Random): string {
  const body = `${year(random).slice(2)}${month(random)}${day(random)}${random.digits(4)}`;
  return withLast(body, (digits) => sum(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0);
}

function cpf(random: Random): string {
  const body = random.digits(9);
  const digit = (digits: string): string => {
    const rest =
      (sum(
        digits,
        Array.from(digits, (_, index) => digits.length + 1 - index),
      ) *
        10) %
      11;
    return String(rest % 10);
  };
  const first = digit(body);
  const number = body + first + digit(body + first);
  return `${number.slice(0, 3)}.${number.slice(3, 6)}.${number.slice(6, 9)}-${number.slice(9)}`;
}

function dni(random: Random): string {
  const number = random.digits(8);
  return number + 'TRWAGMYFPDXBNJZSQVHLCKE'[Number(number) % 23]!;
}

function bsn(random: Random): string {
  return until(() =>
    withLast(`1${random.digits(7)}`, (digits) => sum(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0),
  );
}

function nhs(random: Random): string {
  const number = until(() =>
    withLast(random.digits(9), (digits) => sum(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0),
  );
  return `${number.slice(0, 3)} ${number.slice(3, 6)} ${number.slice(6)}`;
}

function vat(random: Random): string {
  return `PL${until(() => withLast(`5${random.digits(8)}`, (digits) => sum(digits, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 === Number(digits[9])))}`;
}

const ALNUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function credential(random: Random): string {
  return random.pick([
    () => `AKIA${random.letters('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 16)}`,
    () => `ghp_${random.letters(ALNUM, 36)}`,
    () => `glpat-${random.letters(ALNUM, 20)}`,
    () => `xoxb-${random.digits(12)}-${random.letters(ALNUM, 24)}`,
    () => `sk_live_${random.letters(ALNUM, 24)}`,
    () => `sk-ant-api03-${random.letters(ALNUM, 80)}`,
    () => `AIza${random.letters(ALNUM, 35)}`,
    () => `npm_${random.letters(ALNUM, 36)}`,
    () => `SG.${random.letters(ALNUM, 22)}.${random.letters(ALNUM, 43)}`,
    () => `hf_${random.letters(ALNUM, 34)}`,
    () => `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI${random.letters(ALNUM, 20)}.${random.letters(ALNUM, 43)}`,
    () => `postgres://app:${random.letters(ALNUM, 12)}@db.example.com:5432/crm`,
  ])();
}

function wallet(random: Random): string {
  return random.pick([
    '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa',
    'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4',
    '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
    '3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy',
  ]);
}

export const VALUES: Readonly<Record<string, MakeValue>> = {
  email,
  payment_card: card,
  us_ssn: ssn,
  iban,
  phone,
  credential,
  crypto_wallet: wallet,
  mac_address: (random) => grouped(random.letters('0123456789ab', 11) + 'c', 2, ':'),
  'national_id (PESEL)': pesel,
  'national_id (CPF)': cpf,
  'national_id (DNI)': dni,
  'national_id (BSN)': bsn,
  'health_id (NHS)': nhs,
  'tax_id (VAT)': vat,
  date_of_birth: (random) => `${day(random)}.${month(random)}.${year(random)}`,
  ip_address: (random) => `203.${random.below(250)}.${random.below(250)}.${1 + random.below(250)}`,
};

/** What stands in front of a value whose class needs a word. */
export const WORDS: Readonly<Record<string, readonly string[]>> = {
  'national_id (PESEL)': ['PESEL: ', 'pesel '],
  'national_id (DNI)': ['DNI ', 'documento: ', 'dni nº '],
  'national_id (BSN)': ['BSN ', 'burgerservicenummer '],
  'health_id (NHS)': ['NHS number ', 'NHS no. '],
  'tax_id (VAT)': ['VAT no. ', 'NIP ', 'VAT ID: '],
  date_of_birth: ['born on ', 'geboren am ', 'né le ', 'DOB: ', 'fecha de nacimiento '],
  ip_address: ['logged in from ', 'IP ', 'IP address: '],
};
