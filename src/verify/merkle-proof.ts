import { hashOfNode } from './merkle-root.ts';

const HASH_BYTES = 32;

/** An inclusion proof, as it was received. */
interface Inclusion {
  readonly index: number;
  readonly size: number;
  readonly leaf: Buffer;
  readonly root: Buffer;
  readonly proof: readonly Buffer[];
}

interface Consistency {
  readonly older: number;
  readonly newer: number;
  readonly olderRoot: Buffer;
  readonly newerRoot: Buffer;
  readonly proof: readonly Buffer[];
}

/** RFC 9162 §2.1.3.2, step by step; written for the verifier alone. */
export function provesInclusion({ index, size, leaf, root, proof }: Inclusion): boolean {
  if (!isCount(index) || !isCount(size) || index >= size || !areHashes([leaf, root, ...proof])) return false;
  let place = index;
  let last = size - 1;
  let hash = leaf;
  for (const neighbour of proof) {
    if (last === 0) return false;
    if (isOdd(place) || place === last) {
      hash = hashOfNode(neighbour, hash);
      while (!isOdd(place) && place !== 0) [place, last] = [half(place), half(last)];
    } else hash = hashOfNode(hash, neighbour);
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && hash.equals(root);
}

/** RFC 9162 §2.1.4.2. Every tree goes on from an empty one, so nothing is proved of that: it is refused. */
export function provesConsistency({ older, newer, olderRoot, newerRoot, proof }: Consistency): boolean {
  if (!isCount(older) || !isCount(newer) || older === 0 || older > newer || !areHashes(proof)) return false;
  if (older === newer) return proof.length === 0 && olderRoot.equals(newerRoot);
  const path = isPowerOfTwo(older) ? [olderRoot, ...proof] : proof;
  const [first, ...rest] = path;
  if (first === undefined || proof.length === 0) return false;
  let place = older - 1;
  let last = newer - 1;
  while (isOdd(place)) [place, last] = [half(place), half(last)];
  let [was, is] = [first, first];
  for (const hash of rest) {
    if (last === 0) return false;
    if (isOdd(place) || place === last) {
      was = hashOfNode(hash, was);
      is = hashOfNode(hash, is);
      while (!isOdd(place) && place !== 0) [place, last] = [half(place), half(last)];
    } else is = hashOfNode(is, hash);
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && was.equals(olderRoot) && is.equals(newerRoot);
}

function areHashes(hashes: readonly Buffer[]): boolean {
  return hashes.every(({ length }) => length === HASH_BYTES);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function isOdd(value: number): boolean {
  return value % 2 === 1;
}

function half(value: number): number {
  return Math.floor(value / 2);
}

function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(Math.log2(value));
}
