import type { AddressClass } from '../../model/facts.ts';

/** Names under which clouds offer their metadata services. */
const METADATA = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'instance-data',
  'instance-data.ec2.internal',
  'metadata.tencentyun.com',
  'metadata.azure.internal',
  'metadata.platformequinix.com',
  'api.metadata.cloud.ibm.com',
]);

/** Domains that no public name is in: RFC 6761, 6762, 8375, 2606 and 9476, ICANN's `internal`, and old custom. */
const PRIVATE = [
  'internal',
  'local',
  'localdomain',
  'home.arpa',
  'lan',
  'intranet',
  'corp',
  'home',
  'private',
  'svc',
  'alt',
  'test',
  'invalid',
  'example',
  'onion',
];

/** What a name alone says of where it leads. `name`: nothing, and only its addresses can tell. */
export function classOfName(name: string): AddressClass {
  if (METADATA.has(name)) return 'metadata';
  if (isIn(name, 'localhost') || isIn(name, 'localhost.localdomain') || /^(?:ip6-)?loopback$/.test(name))
    return 'loopback';
  if (name === 'ip6-localhost') return 'loopback';
  // No top-level domain is a host: a search list completes a single label.
  if (!name.includes('.') || PRIVATE.some((domain) => isIn(name, domain))) return 'private';
  return 'name';
}

function isIn(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`);
}
