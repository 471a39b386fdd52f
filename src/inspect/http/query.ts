import { Refused } from '../sql/refused.ts';
import { ambiguous } from './ambiguous.ts';
import { decodeOnce, isEncodedAgain } from './percent.ts';

export interface Query {
  /** The names, sorted and without duplicates. */
  readonly names: readonly string[];
  /** Whether a name stands there twice: servers take the first, the last, or both. */
  readonly repeats: boolean;
  /** With its question mark, or empty. */
  readonly wire: string;
}

/** Reads a query (without its question mark), in the form of the URL Standard's `application/x-www-form-urlencoded`. */
export function readQuery(written: string): Query {
  if (written.includes(';')) throw ambiguous('A semicolon in the query', 'write %3B or &');
  const pairs = written
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      const name = formDecode(at === -1 ? pair : pair.slice(0, at));
      const value = at === -1 ? '' : pair.slice(at);
      formDecode(value);
      return { name: checkedName(name), value };
    });
  const names = new Set(pairs.map(({ name }) => name));
  // A value goes on as it was written: whether its plus is a space is for its reader to know.
  const wire = pairs.map(({ name, value }) => encodeURIComponent(name) + encodeBeyondAscii(value));
  return {
    names: [...names].sort(),
    repeats: names.size < pairs.length,
    wire: wire.length === 0 ? '' : `?${wire.join('&')}`,
  };
}

function encodeBeyondAscii(value: string): string {
  return value.replaceAll(/\P{ASCII}+/gu, encodeURIComponent);
}

function formDecode(written: string): string {
  const decoded = decodeOnce(written.replaceAll('+', ' '), 'query');
  if (decoded.includes('\0')) throw new Refused('forbidden_bytes', 'The query contains a NUL character.');
  return decoded;
}

function checkedName(name: string): string {
  if (isEncodedAgain(name))
    throw ambiguous('Double encoding in the name of a query parameter', 'encode it once');
  if (
    name === '' ||
    name !== name.trim() ||
    /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}&=;#]/u.test(name) ||
    name !== name.normalize('NFKC')
  )
    throw ambiguous('The name of a query parameter', 'use letters, digits, . _ - and [ ]');
  return name;
}
