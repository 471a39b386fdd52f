import { isMap, isNode, isPair, isScalar, isSeq, LineCounter, type Node, type Pair, type Scalar } from 'yaml';
import type { Json } from '../model/json.ts';
import type { LoadError } from '../model/load-error.ts';
import { composeYaml } from './yaml-compose.ts';
import { yamlToJson } from './yaml-to-json.ts';

/** 1-based, as an editor shows it. */
interface Position {
  readonly line: number;
  readonly column: number;
}

/** A path into a document: keys of mappings, indexes of lists. */
export type YamlPath = readonly (string | number)[];

/** A YAML text that holds one JSON value, and where in the text each part of that value was written. */
export interface YamlDocument {
  readonly file: string;
  readonly value: Json;
  /**
   * Where a path was written: its value, or its key. A path that is not in the document gives the place of its
   * nearest ancestor that is. `offset` is a place inside a string value, in characters.
   */
  readonly positionOf: (path: YamlPath, at?: 'key' | 'value', offset?: number) => Position;
}

export type ParsedYaml =
  | { readonly ok: true; readonly document: YamlDocument }
  | { readonly ok: false; readonly errors: readonly LoadError[] };

/** Far above any file that a person writes, and one or two seconds of parsing at its worst. */
const MAX_CHARACTERS = 256 * 1024;

/**
 * Reads YAML 1.2 that a person wrote. Anything a reader of the file could take for something else is an error:
 * two keys of one name, tags, several documents, numbers that would lose digits. The text may be hostile: size,
 * depth and the expansion of aliases are bounded before anything recurses.
 */
export function parseYaml(file: string, text: string): ParsedYaml {
  if (text.length > MAX_CHARACTERS) {
    const message = `the file has ${text.length} characters; expected at most ${MAX_CHARACTERS}`;
    return { ok: false, errors: [{ file, message }] };
  }
  const lines = new LineCounter();
  const locate = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const composed = composeYaml(text, lines);
  if (!composed.ok) {
    const errors = composed.problems.map(({ offset, message }) => ({ file, ...locate(offset), message }));
    return { ok: false, errors };
  }
  const converted = yamlToJson(composed.root);
  if (!converted.ok) {
    const errors = converted.problems.map(({ offset, message, also }) => {
      const suffix = also === undefined ? '' : `; it was first written on line ${locate(also).line}`;
      return { file, ...locate(offset), message: message + suffix };
    });
    return { ok: false, errors };
  }
  const { value, follow } = converted;
  return {
    ok: true,
    document: {
      file,
      value,
      positionOf: (path, at = 'value', offset = 0) =>
        locate(placeOf(text, composed.root, path, at, offset, follow)),
    },
  };
}

/** An offset into the text. `follow` goes from an alias to the node it stands for. */
function placeOf(
  text: string,
  root: Node | null,
  path: YamlPath,
  at: 'key' | 'value',
  offset: number,
  follow: (node: unknown) => unknown,
): number {
  let node: unknown = root;
  let place = startOf(root) ?? 0;
  for (const [depth, step] of path.entries()) {
    const found = child(follow(node), step);
    if (found === undefined) return place;
    const last = depth === path.length - 1;
    const key = isPair(found) ? startOf(found.key) : undefined;
    node = isPair(found) ? found.value : found;
    place = (last && at === 'value' ? startOf(node) : undefined) ?? key ?? startOf(node) ?? place;
  }
  const scalar = follow(node);
  if (at === 'value' && offset > 0 && isScalar(scalar) && scalar === node)
    return inside(text, scalar, offset);
  return place;
}

function child(node: unknown, step: string | number): Pair | Node | undefined {
  if (isMap(node))
    return node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(step));
  if (isSeq(node)) {
    const item = node.items[Number(step)];
    return isNode(item) ? item : undefined;
  }
  return undefined;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

/**
 * The place of the `offset`-th character of a string. Exact for literal blocks and for strings on one line
 * without escapes; for folded ones the start of the string, for the folding lost the way back.
 */
function inside(text: string, scalar: Scalar, offset: number): number {
  const start = scalar.range?.[0] ?? 0;
  const end = scalar.range?.[1] ?? start;
  const value = typeof scalar.value === 'string' ? scalar.value : '';
  if (scalar.type === 'BLOCK_LITERAL') {
    const before = value.slice(0, offset).split('\n');
    const rows = text.slice(start, end).split('\n');
    // Row 0 is the `|` itself; each row carries the block's indentation, which the value does not.
    const row = rows[before.length] ?? '';
    const whole = value.split('\n')[before.length - 1] ?? '';
    const indent = whole === '' ? row.length : Math.max(0, row.replace(/\r$/, '').length - whole.length);
    const rowStart = rows.slice(0, before.length).reduce((sum, each) => sum + each.length + 1, start);
    return rowStart + indent + (before.at(-1) ?? '').length;
  }
  const at = text.slice(start, end).indexOf(value);
  return at === -1 ? start : start + at + offset;
}
