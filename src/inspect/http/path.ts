import { ambiguous } from './ambiguous.ts';
import { decodeOnce, isEncodedAgain } from './percent.ts';

export interface Path {
  /** Decoded once, without dot segments, from `/` on. */
  readonly path: string;
  /** The parts between its slashes. */
  readonly segments: readonly string[];
  /** Encoded again, each character in one way. */
  readonly wire: string;
}

/** Reads a path that begins with `/` or is empty, as RFC 3986 and the URL Standard both do, or refuses it. */
export function readPath(written: string): Path {
  const [, ...parts] = written.split('/');
  const kept: string[] = [];
  // A path that ends in a dot segment ends in a slash.
  let folder = parts.length === 0;
  for (const [index, part] of parts.entries()) {
    const last = index === parts.length - 1;
    if (part === '' && !last) throw ambiguous('A double slash in the path', 'write one');
    const segment = decodeOnce(part, 'path');
    folder = last && (segment === '' || segment === '.' || segment === '..');
    if (segment === '..') kept.pop();
    else if (segment !== '.' && segment !== '') kept.push(checked(segment));
  }
  const end = folder && kept.length > 0 ? '/' : '';
  return {
    path: `/${kept.join('/')}${end}`,
    segments: kept,
    wire: `/${kept.map(encoded).join('/')}${end}`,
  };
}

/** Delimiters that RFC 3986 allows in a segment stand as they are: `/v1/things:search` is how some servers know it. */
function encoded(segment: string): string {
  return encodeURIComponent(segment).replaceAll(/%(?:2[46BC]|3[AD]|40)/g, decodeURIComponent);
}

/** A decoded segment that every server takes for itself. */
function checked(segment: string): string {
  if (/[/\\]/.test(segment)) throw ambiguous('An encoded slash or backslash in the path', 'leave it out');
  if (segment.includes(';')) throw ambiguous('A semicolon in the path', 'leave it out');
  if (/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]/u.test(segment))
    throw ambiguous('An invisible character in the path', 'leave it out');
  if (isEncodedAgain(segment)) throw ambiguous('Double encoding in the path', 'encode it once');
  // Windows drops what stands at an end, and reads a stream of a file behind a colon.
  if (/[. ]$|::|:\$/.test(segment))
    throw ambiguous('A dot or space at the end of a segment of the path, or `::` in it,', 'leave it out');
  if (segment.normalize('NFKC') !== segment)
    throw ambiguous('A character in the path that stands for another', 'write the other');
  return segment;
}
