import { domainToASCII, domainToUnicode } from 'node:url';
import type { AddressClass } from '../../model/facts.ts';
import { Refused } from '../sql/refused.ts';
import { classOfIpv4, classOfIpv6 } from './address-class.ts';
import { ambiguous } from './ambiguous.ts';
import { classOfName } from './names.ts';
import { formatIpv4, looksNumeric, parseNumericHost, type Ipv4 } from './ipv4.ts';
import { embeddedIpv4, formatIpv6, parseIpv6 } from './ipv6.ts';

export interface Host {
  /** Lower case and ASCII: a name without its root dot, an IPv4 address in four parts, an IPv6 address without brackets. */
  readonly name: string;
  readonly address: AddressClass;
}

/** The host of an authority, `[…]` around IPv6. */
export function readHost(written: string): Host {
  if (written.startsWith('[')) return ipv6(written);
  if (written.includes('%')) throw ambiguous('A percent sign in a host', 'write the host as it is');
  const name = namePart(isAscii(written) ? written.toLowerCase() : international(written));
  if (looksNumeric(name)) return number(name, written.endsWith('.'));
  return { name, address: classOfName(name) };
}

function ipv6(written: string): Host {
  if (written.includes('%')) throw ambiguous('An IPv6 zone', 'leave it out');
  const address = written.endsWith(']') ? parseIpv6(written.slice(1, -1)) : undefined;
  if (address === undefined) throw new Refused('syntax', 'What stands in brackets is no IPv6 address.');
  const inside = embeddedIpv4(address);
  // A system that connects to a mapped address connects to the IPv4 address.
  if (inside?.how === 'mapped') return four(inside.ipv4);
  return { name: formatIpv6(address), address: classOfIpv6(address) };
}

function number(name: string, rooted: boolean): Host {
  if (rooted) throw ambiguous('A number with a dot behind it', 'write an IPv4 address as 192.0.2.1');
  const address = parseNumericHost(name);
  if (address === undefined)
    throw ambiguous('A host that ends in a number', 'write an IPv4 address as 192.0.2.1, in decimal');
  return four(address);
}

function four(address: Ipv4): Host {
  return { name: formatIpv4(address), address: classOfIpv4(address) };
}

/** A DNS name (RFC 1123, and underscores), without the dot of the root: with and without it one host is asked for. */
function namePart(written: string): string {
  const name = written.endsWith('.') ? written.slice(0, -1) : written;
  const labels = name.split('.');
  if (name.length > 253 || !labels.every((label) => /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/.test(label)))
    throw new Refused('syntax', 'The host is no DNS name and no IP address.');
  for (const label of labels) if (label.startsWith('xn--')) refuseFalsePunycode(label);
  return name;
}

/** Punycode that no name has: a decoder reads another name out of it, plain ASCII among them. */
function refuseFalsePunycode(label: string): void {
  const decoded = domainToUnicode(label);
  if (decoded === '' || isAscii(decoded) || !settled(decoded) || domainToASCII(decoded) !== label)
    throw ambiguous('A label of the host in punycode', 'write the name itself');
}

/** The ASCII form of an international name (UTS 46). */
function international(written: string): string {
  const name = written.normalize('NFC').toLowerCase();
  // Full-width letters, other dots, soft hyphens: UTS 46 folds them into another name, and others do not.
  const ascii = settled(name) ? domainToASCII(name) : '';
  if (ascii === '' || domainToUnicode(ascii) !== name)
    throw ambiguous('The host holds characters that stand for others; it', 'write it in ASCII or punycode');
  return ascii;
}

/** False where a name holds what IDNA2003 and IDNA2008 map to different names (UTS 46, section 1.3.2). */
function settled(name: string): boolean {
  return !/[\u00df\u1e9e\u03c2\u200c\u200d]/u.test(name);
}

function isAscii(text: string): boolean {
  return /^\p{ASCII}*$/u.test(text);
}
