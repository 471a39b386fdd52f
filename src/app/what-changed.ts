import { hash } from 'node:crypto';
import type { JsonObject } from '../model/json.ts';

/** Texts by their names, as digests: SHA-256 in hex, by name. */
export type Digests = Readonly<Record<string, string>>;

/** An event has 65,535 bytes, and the names of 500 tools may take 26,000 of them. */
const MAX_CHARACTERS = 16_000;
const MAX_NAMED = 50;
const MAX_NAME = 120;

export function digestsOf(texts: Iterable<readonly [name: string, text: string]>): Digests {
  return Object.fromEntries(
    [...texts]
      .map(([name, text]) => [name, hash('sha256', text)] as const)
      .toSorted(([a], [b]) => order(a, b)),
  );
}

/** The digests under `key`, for an event; only how many where there are too many for one. */
export function digestsField(key: string, digests: Digests): JsonObject {
  return JSON.stringify(digests).length <= MAX_CHARACTERS
    ? { [key]: digests }
    : { [`${key}Omitted`]: Object.keys(digests).length };
}

/** Which names came, went, and stand for another text than before. Nothing where it is not known what was before. */
export function whatChanged(before: Digests | null, after: Digests): JsonObject {
  if (before === null) return {};
  const [were, are] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  return {
    ...named(
      'added',
      [...are.keys()].filter((name) => !were.has(name)),
    ),
    ...named(
      'removed',
      [...were.keys()].filter((name) => !are.has(name)),
    ),
    ...named(
      'changed',
      [...are.keys()].filter((name) => were.has(name) && were.get(name) !== are.get(name)),
    ),
  };
}

/** The digests under `key` of an event on record; null where it has none. */
export function digestsIn(event: JsonObject | undefined, key: string): Digests | null {
  const found = event?.[key];
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return null;
  return Object.fromEntries(
    Object.entries(found).flatMap(([name, digest]) => (typeof digest === 'string' ? [[name, digest]] : [])),
  );
}

function named(key: string, names: readonly string[]): JsonObject {
  const shown = names.slice(0, MAX_NAMED).map((name) => name.slice(0, MAX_NAME));
  return { [key]: shown, ...(names.length > MAX_NAMED ? { [`${key}More`]: names.length - MAX_NAMED } : {}) };
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
