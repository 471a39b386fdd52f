import { isAlias, isMap, isScalar, isSeq, type Node, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Json } from '../model/json.ts';
import type { YamlProblem } from './yaml-compose.ts';

interface JsonProblem extends YamlProblem {
  /** Another place that the problem is about. */
  readonly also?: number;
}

type Converted =
  | {
      readonly ok: true;
      readonly value: Json;
      /** From an alias to the node it stands for; anything else is itself. */
      readonly follow: (node: unknown) => unknown;
    }
  | { readonly ok: false; readonly problems: readonly JsonProblem[] };

/** Each alias repeats what it stands for, and aliases of aliases multiply ("billion laughs"). */
const MAX_ALIASES = 100;
const MAX_NODES = 50_000;
const MAX_PROBLEMS = 20;

/** Syntax tree to JSON. What JSON cannot say (NaN, numbers that lose digits, `__proto__`) is a problem. */
export function yamlToJson(root: Node | null): Converted {
  const anchors = new Map<string, Node>();
  const targets = new Map<unknown, Node>();
  const entered = new Set<unknown>();
  const problems: JsonProblem[] = [];
  let aliases = 0;
  let nodes = 0;
  let full = false;

  const problem = (node: unknown, message: string, also?: number): null => {
    problems.push({ offset: offsetOf(node), message, ...(also === undefined ? {} : { also }) });
    return null;
  };

  const convert = (node: unknown): Json => {
    if (full || problems.length >= MAX_PROBLEMS) return null;
    if (++nodes > MAX_NODES) {
      full = true;
      return problem(
        node,
        `the file holds more than ${MAX_NODES} values, aliases counted as often as they stand`,
      );
    }
    if (isAlias(node)) return followed(node);
    if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor !== undefined)
      anchors.set(node.anchor, node);
    if (isMap(node)) return within(node, () => mapping(node));
    if (isSeq(node)) return within(node, () => list(node));
    if (isScalar(node)) return scalar(node, node.value);
    return node == null ? null : problem(node, 'this is not a JSON value');
  };

  const followed = (alias: Node & { readonly source: string }): Json => {
    const target = anchors.get(alias.source);
    if (target === undefined) return problem(alias, 'this alias has no anchor above it');
    if (entered.has(target)) return problem(alias, 'this alias stands inside the value that it repeats');
    if (++aliases > MAX_ALIASES) {
      full = true;
      return problem(alias, `there are more than ${MAX_ALIASES} aliases`);
    }
    targets.set(alias, target);
    return convert(target);
  };

  const within = (node: Node, build: () => Json): Json => {
    entered.add(node);
    const value = build();
    entered.delete(node);
    return value;
  };

  const mapping = (map: YAMLMap): Json => {
    const value: Record<string, Json> = {};
    const seen = new Map<string, number>();
    for (const { key, value: below } of map.items) {
      const name: unknown = isScalar(key) ? key.value : undefined;
      if (typeof name !== 'string') {
        problem(key ?? map, 'a key must be a string');
        continue;
      }
      const first = seen.get(name);
      if (first !== undefined) problem(key, 'the key is written twice', first);
      seen.set(name, offsetOf(key));
      if (name === '__proto__') problem(key, 'this key is not allowed');
      else value[name] = convert(below);
    }
    return value;
  };

  const list = (seq: YAMLSeq): Json => seq.items.map((item) => convert(item));

  const scalar = (node: Node, value: unknown): Json => {
    if (typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value !== 'number') return value == null ? null : problem(node, 'this is not a JSON value');
    if (!Number.isFinite(value)) return problem(node, 'this number is not finite; expected a JSON number');
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
      return problem(node, 'this number is too large to be held exactly; put it in quotes');
    }
    return value;
  };

  const value = convert(root);
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, value, follow: (node) => targets.get(node) ?? node };
}

function offsetOf(node: unknown): number {
  return isAlias(node) || isMap(node) || isSeq(node) || isScalar(node) ? (node.range?.[0] ?? 0) : 0;
}
