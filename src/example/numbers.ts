import { between, digits, pick, type Random } from './random.ts';

/**
 * Numbers that look valid to every check: right length, right prefix, right check digits. They are drawn at random and
 * belong to nobody that we know of; the example needs them to show that masking finds the real thing.
 */
export function cardNumber(random: Random): string {
  const [prefix, length] = pick(random, [
    ['4', 16],
    ['51', 16],
    ['54', 16],
    ['37', 15],
    ['6011', 16],
  ]);
  const body = prefix + digits(random, length - prefix.length - 1);
  return body + luhnCheckDigit(body);
}

/** ISO/IEC 7812-1 annex B. */
function luhnCheckDigit(body: string): string {
  const sum = Array.from(body)
    .toReversed()
    .reduce((total, character, index) => {
      const digit = Number(character) * (index % 2 === 0 ? 2 : 1);
      return total + (digit > 9 ? digit - 9 : digit);
    }, 0);
  return String((10 - (sum % 10)) % 10);
}

/** Area 001–899 without 666, group 01–99, serial 0001–9999: what the Social Security Administration may issue. */
export function socialSecurityNumber(random: Random): string {
  const area = between(random, 1, 898);
  const pad = (value: number, width: number): string => String(value).padStart(width, '0');
  return `${pad(area === 666 ? 667 : area, 3)}-${pad(between(random, 1, 99), 2)}-${pad(between(random, 1, 9999), 4)}`;
}

const IBAN_BODY: Readonly<Record<string, (random: Random) => string>> = {
  Germany: (random) => `DE37040044${digits(random, 10)}`,
  France: (random) => `FR20041010${digits(random, 15)}`,
  Netherlands: (random) => `NLABNA${digits(random, 10)}`,
  'United Kingdom': (random) => `GBNWBK${digits(random, 14)}`,
};

/** An IBAN with the check digits of ISO 13616 (mod 97), or null for a country that has none. */
export function iban(random: Random, country: string): string | null {
  const make = IBAN_BODY[country];
  if (make === undefined) return null;
  const made = make(random);
  const code = made.slice(0, 2);
  const account = made.slice(2);
  const asNumber = Array.from(`${account}${code}00`, (character) => Number.parseInt(character, 36)).join('');
  return `${code}${String(98n - (BigInt(asNumber) % 97n)).padStart(2, '0')}${account}`;
}

/** A mobile number in E.164 with a prefix that the country's plan knows. */
export function phoneNumber(random: Random, country: string): string {
  switch (country) {
    case 'Germany':
      return `+49151${digits(random, 8)}`;
    case 'France':
      return `+336${digits(random, 8)}`;
    case 'Netherlands':
      return `+316${digits(random, 8)}`;
    case 'United Kingdom':
      return `+447400${digits(random, 6)}`;
    default:
      return `+1212${between(random, 2, 9)}${digits(random, 6)}`;
  }
}
