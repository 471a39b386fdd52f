import { parseIpv4, type Ipv4 } from './ipv4.ts';

/** Eight groups of 16 bits. */
export type Ipv6 = readonly number[];

/** Reads RFC 4291, section 2.2, without brackets. A zone id is no part of an address and is not read. */
export function parseIpv6(text: string): Ipv6 | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head = '', tail] = halves;
  const before = groupsOf(head, tail === undefined);
  const after = tail === undefined ? [] : groupsOf(tail, true);
  if (before === undefined || after === undefined) return undefined;
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  return [...before, ...Array.from({ length: missing }, () => 0), ...after];
}

/** `last`: whether these are the last groups, which may end in an IPv4 address. */
function groupsOf(text: string, last: boolean): readonly number[] | undefined {
  if (text === '') return [];
  const words = text.split(':');
  const groups: number[] = [];
  for (const [index, word] of words.entries()) {
    const four = last && index === words.length - 1 ? parseIpv4(word) : undefined;
    if (four !== undefined) groups.push(...pairs(four));
    else if (/^[\da-f]{1,4}$/i.test(word)) groups.push(parseInt(word, 16));
    else return undefined;
  }
  return groups;
}

function pairs([a = 0, b = 0, c = 0, d = 0]: Ipv4): readonly number[] {
  return [a * 256 + b, c * 256 + d];
}

/** The form of RFC 5952: lower case, the longest run of zeros cut, the first of equal ones. */
export function formatIpv6(address: Ipv6): string {
  const words = address.map((group) => group.toString(16));
  let from = -1;
  let length = 1;
  for (let start = 0; start < 8; start += 1) {
    let end = start;
    while (end < 8 && address[end] === 0) end += 1;
    if (end - start <= length) continue;
    from = start;
    length = end - start;
  }
  if (from === -1) return words.join(':');
  return `${words.slice(0, from).join(':')}::${words.slice(from + length).join(':')}`;
}

export interface Embedded {
  readonly how: 'mapped' | 'compatible' | 'nat64' | '6to4' | 'isatap';
  readonly ipv4: Ipv4;
}

/** The IPv4 address that an IPv6 address carries, if it is of a form that does. */
export function embeddedIpv4(address: Ipv6): Embedded | undefined {
  const [first = 0, second = 0, third = 0] = address;
  const zeros = (from: number, to: number): boolean => address.slice(from, to).every((group) => group === 0);
  const low = octets(address[6] ?? 0, address[7] ?? 0);
  // RFC 4291, 2.5.5.2, and the form of SIIT (RFC 2765) one group higher.
  if (zeros(0, 5) && address[5] === 0xffff) return { how: 'mapped', ipv4: low };
  if (zeros(0, 4) && address[4] === 0xffff && address[5] === 0) return { how: 'mapped', ipv4: low };
  if (zeros(0, 6)) return { how: 'compatible', ipv4: low };
  if (first === 0x64 && second === 0xff9b && zeros(2, 6)) return { how: 'nat64', ipv4: low };
  if (first === 0x2002) return { how: '6to4', ipv4: octets(second, third) };
  if (((address[4] ?? 0) & 0xfdff) === 0 && address[5] === 0x5efe) return { how: 'isatap', ipv4: low };
  return undefined;
}

function octets(high: number, low: number): Ipv4 {
  return [high >> 8, high & 255, low >> 8, low & 255];
}
