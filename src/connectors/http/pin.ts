import { isIP, type LookupFunction } from 'node:net';
import type { AddressClass } from '../../model/facts.ts';

/** Every address of a name, as text; rejects where there is none. */
type Resolve = (name: string) => Promise<readonly string[]>;

export interface PinOptions {
  readonly resolve: Resolve;
  /** The class of an address; undefined for what is no address. */
  readonly classify: (address: string) => AddressClass | undefined;
  /** Where connections may lead. */
  readonly allowed: ReadonlySet<AddressClass>;
}

export type Pinned =
  | { readonly ok: true; readonly lookup: LookupFunction }
  | { readonly ok: false; readonly because: 'no_address' | 'address_not_allowed'; readonly message: string };

/**
 * Resolves a host once and ties what connects to it to that one answer: a name that leads outside when it is looked at
 * and inside when it is connected to (DNS rebinding) is looked at and connected to at once. One address that is not allowed
 * refuses the name with all its addresses, for which of them is taken is not ours to choose.
 */
export async function pin(host: string, { resolve, classify, allowed }: PinOptions): Promise<Pinned> {
  let addresses: readonly string[];
  try {
    addresses = isIP(host) === 0 ? await resolve(host) : [host];
  } catch {
    addresses = [];
  }
  if (addresses.length === 0)
    return { ok: false, because: 'no_address', message: 'The host has no address.' };
  for (const address of addresses) {
    const found = classify(address);
    if (found === undefined || !allowed.has(found)) {
      const message = `The host leads to an address that is ${found ?? 'not understood'}, which is not allowed.`;
      return { ok: false, because: 'address_not_allowed', message };
    }
  }
  return { ok: true, lookup: lookupOf(host, addresses) };
}

/** Answers from what was resolved, and for that one name only. */
function lookupOf(host: string, addresses: readonly string[]): LookupFunction {
  const known = addresses.map((address) => ({ address, family: isIP(address) }));
  return (name, { family, all }, callback) => {
    const wanted = family === 4 || family === 'IPv4' ? 4 : family === 6 || family === 'IPv6' ? 6 : 0;
    const fitting = name === host ? known.filter((one) => wanted === 0 || one.family === wanted) : [];
    const [first] = fitting;
    if (first === undefined) callback(Object.assign(new Error('not pinned'), { code: 'ENOTFOUND' }), '');
    else if (all === true) callback(null, [...fitting]);
    else callback(null, first.address, first.family);
  };
}
