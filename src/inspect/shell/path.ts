import { joined, literal, prefixOf, textOf, after, type Field } from './field.ts';

/** A path in parts, as far as it can be told. */
export interface Path {
  readonly root: 'relative' | 'absolute' | 'home' | 'unknown';
  /** How many folders above its root it begins. */
  readonly up: number;
  readonly parts: readonly Field[];
  /** A part that can't be told may be `..`. */
  readonly wanders: boolean;
}

export const UNKNOWN: Path = { root: 'unknown', up: 0, parts: [], wanders: false };

/** A path as its program would read it. A hole that may hold a slash makes all of it unknown. */
export function pathOf(field: Field): Path {
  if (field.some((segment) => segment.kind === 'hole' && segment.holds === 'any')) return UNKNOWN;
  const start = prefixOf(field);
  if (start === '~-' || start.startsWith('~-/')) return UNKNOWN;
  if (start === '~+' || start.startsWith('~+/')) return walked('relative', partsOf(after(field, 2)));
  // `~name` is somebody's home; which one makes no difference.
  if (start.startsWith('~')) return walked('home', partsOf(field).slice(1));
  if (start.startsWith('/')) return homeOf(walked('absolute', partsOf(field)));
  // What begins with a pattern or a name is in the folder, for neither holds a slash.
  return walked('relative', partsOf(field));
}

/** The path from a folder. */
export function within(folder: Path, path: Path): Path {
  if (path.root !== 'relative') return path;
  if (folder.root === 'unknown') return UNKNOWN;
  const ups: readonly Field[] = Array.from({ length: path.up }, () => literal('..'));
  const below = walked(folder.root, [...folder.parts, ...ups, ...path.parts]);
  const up = folder.up + below.up;
  const wanders = folder.wanders || path.wanders || below.wanders;
  return folder.root === 'absolute' ? homeOf({ ...below, up, wanders }) : { ...below, up, wanders };
}

/** `/home/ann/x` is `~/x`, and so is `/root/x`. */
function homeOf(path: Path): Path {
  const [first, second, ...rest] = path.parts;
  const top = first === undefined ? undefined : textOf(first);
  if (top === 'root') return { ...path, root: 'home', parts: path.parts.slice(1) };
  if (top !== 'home' || second === undefined || textOf(second) === undefined) return path;
  return { ...path, root: 'home', parts: rest };
}

function walked(root: Path['root'], given: readonly Field[]): Path {
  const parts: Field[] = [];
  let up = 0;
  let wanders = false;
  // How far below its root it is at least.
  let least = 0;
  for (const part of given) {
    const text = textOf(part);
    if (text === '' || text === '.') continue;
    if (text === '..') {
      if (parts.length > 0) {
        parts.pop();
        least -= 1;
        if (least < 0) wanders = true;
      } else if (root !== 'absolute') up += 1;
      continue;
    }
    // `.*` has matched `..` in every shell but the newest.
    const first = part[0];
    const mayBeUp =
      (part.length === 1 && first?.kind === 'hole') ||
      (prefixOf(part).startsWith('.') && part.some((segment) => segment.kind !== 'text'));
    least += mayBeUp ? -1 : 1;
    if (least < 0) wanders = true;
    parts.push(part);
  }
  // Above a home there are other homes and then the system.
  return up > 0 && root === 'home'
    ? { root: 'absolute', up: 0, parts, wanders }
    : { root, up, parts, wanders };
}

function partsOf(field: Field): readonly Field[] {
  const parts: Field[][] = [[]];
  for (const segment of field) {
    if (segment.kind !== 'text') {
      parts.at(-1)?.push([segment]);
      continue;
    }
    for (const [index, text] of segment.text.split('/').entries()) {
      if (index > 0) parts.push([]);
      if (text !== '') parts.at(-1)?.push(literal(text));
    }
  }
  return parts.map((pieces) => joined(pieces.flat()));
}
