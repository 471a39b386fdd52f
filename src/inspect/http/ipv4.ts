/** Four octets. */
export type Ipv4 = readonly number[];

/** Reads the one form that every reader reads alike: four decimal parts without leading zeros. */
export function parseIpv4(text: string): Ipv4 | undefined {
  if (!/^(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}$/.test(text)) return undefined;
  const octets = text.split('.').map(Number);
  return octets.every((octet) => octet <= 255) ? octets : undefined;
}

/** Whether a host is a number to those who read numbers as addresses (URL Standard, "ends in a number"). */
export function looksNumeric(host: string): boolean {
  return /(?:^|\.)(?:\d+|0x[\da-f]*)$/i.test(host);
}

/**
 * Reads the forms that `inet_aton` and the URL Standard read: one to four parts, decimal or hexadecimal, the last of
 * which fills what is left. A part with a leading zero is octal for them and decimal for others, so it is not read.
 */
export function parseNumericHost(host: string): Ipv4 | undefined {
  const parts = host.split('.');
  if (parts.length > 4) return undefined;
  const numbers = parts.map((part) => (/^(?:0|[1-9]\d*|0x[\da-f]+)$/i.test(part) ? Number(part) : NaN));
  const last = numbers.pop() ?? NaN;
  const room = 256 ** (4 - numbers.length);
  if (!numbers.every((octet) => octet <= 255) || !(last < room)) return undefined;
  const rest = Array.from({ length: 4 - numbers.length }, (_, at) => Math.floor(last / 256 ** at) % 256);
  return [...numbers, ...rest.toReversed()];
}

export function formatIpv4(address: Ipv4): string {
  return address.join('.');
}

/** As one unsigned number. */
export function bitsOf(address: Ipv4): number {
  return address.reduce((bits, octet) => bits * 256 + octet, 0);
}
