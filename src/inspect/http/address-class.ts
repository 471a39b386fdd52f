import type { AddressClass } from '../../model/facts.ts';
import { bitsOf, parseIpv4, type Ipv4 } from './ipv4.ts';
import { embeddedIpv4, parseIpv6, type Ipv6 } from './ipv6.ts';

type Range = readonly [first: string, prefix: number, is: AddressClass];

/**
 * Where an address leads. From the IANA special-purpose address registries (RFC 6890), and from what the clouds say of
 * their metadata services: those hand credentials to whoever can reach them, so they stand before their ranges.
 */
const IPV4: readonly Range[] = [
  ['169.254.169.254', 32, 'metadata'], // AWS, Azure, Google, DigitalOcean, Oracle, OpenStack
  ['169.254.170.2', 32, 'metadata'], // AWS ECS task credentials
  ['169.254.170.23', 32, 'metadata'], // AWS EKS pod identity
  ['169.254.0.23', 32, 'metadata'], // Tencent
  ['169.254.42.42', 32, 'metadata'], // Scaleway
  ['100.100.100.200', 32, 'metadata'], // Alibaba
  ['192.0.0.192', 32, 'metadata'], // Oracle, first generation
  ['168.63.129.16', 32, 'metadata'], // Azure platform
  ['0.0.0.0', 32, 'unspecified'],
  ['0.0.0.0', 8, 'reserved'],
  ['10.0.0.0', 8, 'private'],
  ['100.64.0.0', 10, 'shared'],
  ['127.0.0.0', 8, 'loopback'],
  ['169.254.0.0', 16, 'link_local'],
  ['172.16.0.0', 12, 'private'],
  ['192.0.0.0', 24, 'reserved'],
  ['192.0.2.0', 24, 'reserved'],
  ['192.88.99.0', 24, 'reserved'],
  ['192.168.0.0', 16, 'private'],
  ['198.18.0.0', 15, 'reserved'],
  ['198.51.100.0', 24, 'reserved'],
  ['203.0.113.0', 24, 'reserved'],
  ['224.0.0.0', 4, 'multicast'],
  ['240.0.0.0', 4, 'reserved'],
];

const IPV6: readonly Range[] = [
  ['fd00:ec2::254', 128, 'metadata'], // AWS
  ['fd00:ec2::23', 128, 'metadata'], // AWS EKS pod identity
  ['fd20:ce::254', 128, 'metadata'], // Google
  ['fd00:42::42', 128, 'metadata'], // Scaleway
  ['fe80::a9fe:a9fe', 128, 'metadata'], // OpenStack
  ['::', 128, 'unspecified'],
  ['::1', 128, 'loopback'],
  ['64:ff9b:1::', 48, 'private'],
  ['2001::', 23, 'reserved'],
  ['2001:db8::', 32, 'reserved'],
  ['2620:4f:8000::', 48, 'reserved'],
  ['3fff::', 20, 'reserved'],
  ['2000::', 3, 'public'],
  ['fc00::', 7, 'private'],
  ['fe80::', 10, 'link_local'],
  ['fec0::', 10, 'private'],
  ['ff00::', 8, 'multicast'],
];

const COMPILED_IPV4 = IPV4.map(([first, prefix, is]) => ({
  first: bitsOf(parseIpv4(first) ?? []),
  prefix,
  is,
}));
const COMPILED_IPV6 = IPV6.map(([first, prefix, is]) => ({ first: parseIpv6(first) ?? [], prefix, is }));

/**
 * The class of an address in its usual text form, as a resolver returns it; undefined for anything else, a zone id
 * among it. An IPv6 address that carries an IPv4 address (mapped, NAT64, 6to4, …) leads where that leads.
 */
export function classOfAddress(text: string): AddressClass | undefined {
  const four = parseIpv4(text);
  if (four !== undefined) return classOfIpv4(four);
  const six = parseIpv6(text);
  return six === undefined ? undefined : classOfIpv6(six);
}

export function classOfIpv4(address: Ipv4): AddressClass {
  const bits = bitsOf(address);
  for (const { first, prefix, is } of COMPILED_IPV4)
    if (Math.floor(bits / 2 ** (32 - prefix)) === Math.floor(first / 2 ** (32 - prefix))) return is;
  return 'public';
}

export function classOfIpv6(address: Ipv6): AddressClass {
  const found = COMPILED_IPV6.find(({ first, prefix }) => begins(address, first, prefix))?.is;
  const inside = embeddedIpv4(address);
  // `::` and `::1` are in the range of compatible addresses, and are none.
  if (inside === undefined || found === 'unspecified' || found === 'loopback') return found ?? 'reserved';
  const within = classOfIpv4(inside.ipv4);
  if (inside.how === 'mapped') return within;
  // Whether a relay carries it there depends on the network: calm only where both readings are.
  return within === 'public' ? (inside.how === 'compatible' ? 'reserved' : 'public') : within;
}

function begins(address: Ipv6, first: Ipv6, prefix: number): boolean {
  for (let group = 0; group * 16 < prefix; group += 1) {
    const ignored = Math.max(0, 16 - (prefix - group * 16));
    if ((address[group] ?? 0) >> ignored !== (first[group] ?? 0) >> ignored) return false;
  }
  return true;
}
