import { digitAt, isDay, luhn, mod11And2, mod11And10, remainder, two, weighted } from './checksums.ts';

/** Check digits of national numbers, by the name of the number. Each takes as many ASCII digits as the number has. */

/** `11 - sum mod 11`, where 10 and 11 count as told. */
export function mod11(digits: string, weights: readonly number[], ten: number, eleven: number): boolean {
  const check = 11 - (weighted(digits, weights) % 11);
  return (check === 10 ? ten : check === 11 ? eleven : check) === digitAt(digits, weights.length);
}

/** Rest of the weighted sum; 10 counts as 0. */
function rest11(digits: string, weights: readonly number[]): boolean {
  return (weighted(digits, weights) % 11) % 10 === digitAt(digits, weights.length);
}

/** Two check digits, each over what stands before it. */
export function cpf(digits: string): boolean {
  if (/^(\d)\1*$/.test(digits)) return false;
  const first = ((weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10) % 11) % 10;
  const second = ((weighted(digits, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10) % 11) % 10;
  return first === digitAt(digits, 9) && second === digitAt(digits, 10);
}

export function cnpj(digits: string): boolean {
  const first = mod11(digits, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2], 0, 0);
  return first && mod11(digits, [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2], 0, 0) && !/^0+$/.test(digits);
}

export function pesel(digits: string): boolean {
  const month = two(digits, 2) % 20;
  const sum = weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]);
  return isDay(month, two(digits, 4)) && (10 - (sum % 10)) % 10 === digitAt(digits, 10);
}

/** In a German tax number one of the first ten digits stands two or three times. */
export function steuerId(digits: string): boolean {
  if (digits.startsWith('0')) return false;
  const counts = Array.from(
    { length: 10 },
    (_, digit) => digits.slice(0, 10).split(String(digit)).length - 1,
  );
  const repeated = counts.filter((count) => count > 1);
  return repeated.length === 1 && (repeated[0] ?? 0) <= 3 && mod11And10(digits);
}

export function belgian(digits: string): boolean {
  const check = Number(digits.slice(9));
  const month = two(digits, 2) % 20;
  if (month > 12) return false;
  return (
    97 - remainder(digits.slice(0, 9), 97) === check || 97 - remainder(`2${digits.slice(0, 9)}`, 97) === check
  );
}

export function nir(digits: string): boolean {
  const month = two(digits, 3);
  const known = (month >= 1 && month <= 12) || (month >= 20 && month <= 42) || month >= 50;
  return (
    /^[12]/.test(digits) && known && 97 - remainder(digits.slice(0, 13), 97) === Number(digits.slice(13))
  );
}

export function norwegian(digits: string): boolean {
  const month = two(digits, 2) % 40;
  const day = two(digits, 0) % 40;
  return (
    isDay(month, day) &&
    mod11(digits, [3, 7, 6, 1, 8, 9, 4, 5, 2], -1, 0) &&
    mod11(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2], -1, 0)
  );
}

/** Estonia and Lithuania: where the first weights leave ten, the second decide. */
export function baltic(digits: string): boolean {
  if (!/^[1-8]/.test(digits) || !isDay(two(digits, 3), two(digits, 5))) return false;
  const first = weighted(digits, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
  const check = first === 10 ? (weighted(digits, [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11) % 10 : first;
  return check === digitAt(digits, 10);
}

export function latvian(digits: string): boolean {
  if (digits.startsWith('32')) return true;
  if (!isDay(two(digits, 2), two(digits, 0))) return false;
  return ((1101 - weighted(digits, [1, 6, 3, 7, 9, 10, 5, 8, 4, 2])) % 11) % 10 === digitAt(digits, 10);
}

export function czech(digits: string): boolean {
  const month = two(digits, 2) % 50;
  const plausible = isDay(month, two(digits, 4)) || isDay(month - 20, two(digits, 4));
  const rest = remainder(digits.slice(0, 9), 11) % 10;
  return plausible && rest === digitAt(digits, 9);
}

export function bulgarian(digits: string): boolean {
  const month = two(digits, 2);
  const plausible = [0, 20, 40].some((era) => isDay(month - era, two(digits, 4)));
  return plausible && rest11(digits, [2, 4, 8, 5, 10, 9, 7, 3, 6]);
}

export function romanian(digits: string): boolean {
  if (!/^[1-9]/.test(digits) || !isDay(two(digits, 3), two(digits, 5))) return false;
  const rest = weighted(digits, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
  return (rest === 10 ? 1 : rest) === digitAt(digits, 12);
}

export function yugoslav(digits: string): boolean {
  return isDay(two(digits, 2), two(digits, 0)) && mod11(digits, [7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2], 0, 0);
}

export function swedish(digits: string): boolean {
  const short = digits.slice(-10);
  const day = two(short, 4);
  return isDay(two(short, 2), day > 60 ? day - 60 : day) && luhn(short);
}

export function turkish(digits: string): boolean {
  if (digits.startsWith('0')) return false;
  const odd = weighted(digits, [1, 0, 1, 0, 1, 0, 1, 0, 1]);
  const even = weighted(digits, [0, 1, 0, 1, 0, 1, 0, 1]);
  const tenth = (((odd * 7 - even) % 10) + 10) % 10;
  return tenth === digitAt(digits, 9) && (odd + even + tenth) % 10 === digitAt(digits, 10);
}

export function austrian(digits: string): boolean {
  if (digits.startsWith('0') || two(digits, 6) > 15) return false;
  return weighted(digits, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 === digitAt(digits, 3);
}

export function korean(digits: string): boolean {
  if (!isDay(two(digits, 2), two(digits, 4)) || !/^.{6}[0-9]/.test(digits)) return false;
  const sum = weighted(digits, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]);
  return (11 - (sum % 11)) % 10 === digitAt(digits, 12);
}

export function thai(digits: string): boolean {
  const sum = weighted(digits, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
  return !/^[09]/.test(digits) && (11 - (sum % 11)) % 10 === digitAt(digits, 12);
}

export function japanese(digits: string): boolean {
  const rest = weighted(digits, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  return (rest <= 1 ? 0 : 11 - rest) === digitAt(digits, 11);
}

export function inn(digits: string): boolean {
  if (digits.length === 10) return rest11(digits, [2, 4, 10, 3, 5, 9, 4, 6, 8]);
  return (
    rest11(digits, [7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) && rest11(digits, [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8])
  );
}

export function snils(digits: string): boolean {
  const sum = weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, 1]);
  return (sum % 101) % 100 === Number(digits.slice(9));
}

export function tfn(digits: string): boolean {
  return weighted(digits, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0;
}

export function medicare(digits: string): boolean {
  return /^[2-6]/.test(digits) && weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === digitAt(digits, 8);
}

export function ird(digits: string): boolean {
  const nine = digits.padStart(9, '0');
  const value = Number(nine);
  if (value < 10_000_000 || value > 150_000_000) return false;
  const first = weighted(nine, [3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  if (first === 0) return digitAt(nine, 8) === 0;
  if (11 - first !== 10) return 11 - first === digitAt(nine, 8);
  const second = weighted(nine, [7, 4, 3, 2, 5, 2, 7, 6]) % 11;
  return (11 - second) % 11 === digitAt(nine, 8);
}

export function nhs(digits: string): boolean {
  const check = (11 - (weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
  return check === digitAt(digits, 9) && !/^(\d)\1*$/.test(digits);
}

export function afm(digits: string): boolean {
  const sum = weighted(digits, [256, 128, 64, 32, 16, 8, 4, 2]);
  return (sum % 11) % 10 === digitAt(digits, 8) && !/^0+$/.test(digits);
}

export function bsn(digits: string): boolean {
  const sum = weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2]) - digitAt(digits, 8);
  return sum % 11 === 0 && !/^0+$/.test(digits);
}

export function israeli(digits: string): boolean {
  return luhn(digits) && !/^0+$/.test(digits);
}

export function southAfrican(digits: string): boolean {
  return isDay(two(digits, 2), two(digits, 4)) && /^.{10}[01]/.test(digits) && luhn(digits);
}

export function ecuadorian(digits: string): boolean {
  const province = two(digits, 0);
  return (province <= 24 || province === 30) && digitAt(digits, 2) < 6 && luhn(digits);
}

export function ukrainian(digits: string): boolean {
  const sum = weighted(digits, [-1, 5, 7, 9, 4, 6, 10, 5, 7]);
  return (((sum % 11) + 11) % 11) % 10 === digitAt(digits, 9);
}

export function taj(digits: string): boolean {
  return weighted(digits, [3, 7, 3, 7, 3, 7, 3, 7]) % 10 === digitAt(digits, 8);
}

export function hungarianTax(digits: string): boolean {
  return digits.startsWith('8') && weighted(digits, [1, 2, 3, 4, 5, 6, 7, 8, 9]) % 11 === digitAt(digits, 9);
}

export function aba(digits: string): boolean {
  const first = two(digits, 0);
  const district =
    first <= 12 || (first >= 21 && first <= 32) || (first >= 61 && first <= 72) || first === 80;
  return district && weighted(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0 && !/^0+$/.test(digits);
}

export function itin(digits: string): boolean {
  const group = two(digits, 3);
  const issued =
    (group >= 50 && group <= 65) ||
    (group >= 70 && group <= 88) ||
    (group >= 90 && group <= 92) ||
    group >= 94;
  // 987-65-4320 to 4329 are printed in advertisements.
  return digits.startsWith('9') && issued && !digits.startsWith('98765432');
}

/** Prefixes that no campus of the IRS gives out. */
const NO_EIN = new Set([
  '00',
  '07',
  '08',
  '09',
  '17',
  '18',
  '19',
  '28',
  '29',
  '49',
  '69',
  '70',
  '78',
  '79',
  '89',
  '96',
  '97',
]);

export function ein(digits: string): boolean {
  return !NO_EIN.has(digits.slice(0, 2));
}

export function danish(digits: string): boolean {
  return isDay(two(digits, 2), two(digits, 0));
}

export function malaysian(digits: string): boolean {
  return isDay(two(digits, 2), two(digits, 4));
}

export function rut(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length - 1; index++)
    sum += digitAt(digits, digits.length - 2 - index) * (2 + (index % 6));
  return (11 - (sum % 11)) % 11 === digitAt(digits, digits.length - 1);
}

/** GB 11643-1999: place, date, sequence, ISO 7064 check; the last may be X. */
export function chinese(text: string): boolean {
  const year = Number(text.slice(6, 10));
  return (
    /^[1-8]/.test(text) &&
    year >= 1900 &&
    year <= 2099 &&
    isDay(two(text, 10), two(text, 12)) &&
    mod11And2(text)
  );
}

export function anything(): boolean {
  return true;
}
