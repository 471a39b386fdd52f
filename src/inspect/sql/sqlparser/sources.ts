import type { Source } from '../statement.ts';
import { list, node, only, saysNothing, tree, type Tree } from '../read-tree.ts';
import { readAlias } from './alias.ts';
import { call, readArgument } from './functions.ts';
import { readExpr, readPath, readQuery, refuseOtherCase, type Reader } from './reader.ts';
import { TABLE_FUNCTIONS } from '../sqlserver/functions.ts';
import { unsupported } from '../refused.ts';

/** `FROM a JOIN b …, c`. */
export function readFrom(reader: Reader, value: unknown): readonly Source[] {
  return list(value, 'FROM').map((item) => readJoined(reader, item));
}

export function readJoined(reader: Reader, value: unknown): Source {
  const of = tree(value, 'FROM');
  only(of, new Set(['relation', 'joins']), 'FROM');
  return list(of['joins'], 'JOIN').reduce<Source>(
    (left, join) => readJoin(reader, left, tree(join, 'JOIN')),
    readRelation(reader, of['relation']),
  );
}

function readRelation(reader: Reader, value: unknown): Source {
  const [type, content] = node(value, 'FROM');
  const of = tree(content, type);
  switch (type) {
    case 'Table':
      return readTable(reader, of);
    case 'Derived': {
      only(of, new Set(['lateral', 'subquery', 'alias']), type);
      const alias = readAlias(reader, of['alias']);
      return {
        kind: 'query',
        query: readQuery(reader, of['subquery']),
        alias: alias?.name ?? null,
        columns: alias?.columns ?? [],
        // What APPLY runs sees what stands before it.
        lateral: of['lateral'] === true || reader.dialect === 'sqlserver',
        suffixes: reader.dialect === 'sqlite',
      };
    }
    case 'NestedJoin':
      only(of, new Set(['table_with_joins']), type);
      return nested(reader, readJoined(reader, of['table_with_joins']));
    case 'OpenJsonTable':
      only(of, new Set(['json_expr', 'json_path', 'columns', 'alias']), type);
      return {
        kind: 'function',
        args: [call(reader, 'openjson', [readExpr(reader, of['json_expr'])])],
        alias: readAlias(reader, of['alias'])?.name ?? null,
        columns: [],
        exact: false,
      };
    case 'JsonTable':
      only(of, new Set(['json_expr', 'json_path', 'columns', 'alias']), type);
      return {
        kind: 'function',
        args: [readExpr(reader, of['json_expr'])],
        alias: readAlias(reader, of['alias'])?.name ?? null,
        columns: [],
        exact: false,
      };
    default:
      throw unsupported(`${type} in FROM`);
  }
}

/** `(a JOIN b)`. */
function nested(reader: Reader, source: Source): Source {
  return source.kind === 'join' ? { ...source, suffixes: reader.dialect === 'sqlite' } : source;
}

function readTable(reader: Reader, of: Tree): Source {
  only(of, new Set(['name', 'alias', 'args', 'partitions', 'index_hints']), 'A table');
  refuseOtherCase(reader, of['name']);
  const path = readPath(reader, of['name']);
  const alias = readAlias(reader, of['alias']);
  if (alias !== null && alias.columns.length > 0) throw unsupported('A list of column aliases on a table');
  const name = path.join('.');
  // The fourth part is another server.
  if (reader.dialect === 'sqlserver' && path.length > 3) throw unsupported('A table of a linked server');
  const called = alias?.name ?? path.at(-1) ?? name;
  // SQLite has a table for each pragma that answers, and reading it runs the pragma.
  if (reader.dialect === 'sqlite' && path.at(-1)?.startsWith('pragma_') === true && saysNothing(of['args'])) {
    const runs = call(reader, path.at(-1) ?? name, []);
    return { kind: 'function', args: [runs], alias: called, columns: [], exact: false };
  }
  if (saysNothing(of['args'])) return { kind: 'table', name, alias: called, aside: [] };
  if (reader.dialect === 'sqlserver' && !TABLE_FUNCTIONS.has(name)) throw unsupported(`${name} in FROM`);
  const args = list(tree(of['args'], 'Arguments')['args'], 'Arguments').map((arg) =>
    readArgument(reader, arg),
  );
  return { kind: 'function', args: [call(reader, name, args)], alias: called, columns: [], exact: false };
}

const INNER = new Set(['Join', 'Inner', 'CrossJoin', 'StraightJoin', 'CrossApply']);
const OUTER = new Set(['Left', 'LeftOuter', 'Right', 'RightOuter', 'FullOuter', 'OuterApply']);

function readJoin(reader: Reader, left: Source, of: Tree): Source {
  only(of, new Set(['relation', 'join_operator']), 'JOIN');
  const right = readRelation(reader, of['relation']);
  const [operator, constraint] = node(of['join_operator'], 'JOIN');
  if (!INNER.has(operator) && !OUTER.has(operator)) throw unsupported(`A join of the kind ${operator}`);
  const inner = INNER.has(operator);
  const [form, content] = saysNothing(constraint) ? ['None', null] : node(constraint, 'JOIN');
  switch (form) {
    case 'None':
      return { kind: 'join', left, right, on: null, inner, merges: false, using: [], suffixes: false };
    case 'Natural':
      return { kind: 'join', left, right, on: null, inner, merges: true, using: [], suffixes: false };
    case 'On':
      return {
        kind: 'join',
        left,
        right,
        on: readExpr(reader, content),
        inner,
        merges: false,
        using: [],
        suffixes: false,
      };
    case 'Using': {
      const using = list(content, 'USING').map((path) => readPath(reader, path).join('.'));
      return { kind: 'join', left, right, on: null, inner, merges: true, using, suffixes: false };
    }
    default:
      throw unsupported(`A join with ${form}`);
  }
}
