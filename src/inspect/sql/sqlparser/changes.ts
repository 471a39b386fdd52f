import { write, type Expr, type Source, type Statement } from '../statement.ts';
import { list, node, only, saysNothing, tree, type Tree } from '../read-tree.ts';
import { readItems } from './items.ts';
import { readFrom, readJoined } from './sources.ts';
import { readExpr, readExprs, readOrder, readPath, readQuery, type Reader } from './reader.ts';
import { unsupported } from '../refused.ts';

/** `{ Insert | Update | Delete }`. */
export function change(reader: Reader, value: unknown): Statement {
  const [type, content] = node(value, 'A statement');
  const of = tree(content, type);
  switch (type) {
    case 'Insert':
      return readInsert(reader, of);
    case 'Update':
      return readUpdate(reader, of);
    case 'Delete':
      return readDelete(reader, of);
    default:
      throw unsupported(type);
  }
}

const INSERT = new Set(
  `insert_token into or ignore replace_into priority table table_alias columns overwrite source assignments on returning has_table_keyword`.split(
    ' ',
  ),
);

function readInsert(reader: Reader, of: Tree): Statement {
  only(of, INSERT, 'INSERT');
  const [form, name] = node(of['table'], 'INSERT');
  if (form !== 'TableName') throw unsupported('INSERT of this form');
  const table = readPath(reader, name);
  const on = readConflict(reader, of['on']);
  const set = readAssignments(reader, of['assignments']);
  const replaces = of['replace_into'] === true || of['or'] === 'Replace';
  const columns = list(of['columns'], 'INSERT').map((path) => readPath(reader, path).at(-1) ?? '');
  return {
    ...write('INSERT', {
      targets: [{ name: table.join('.'), alias: table.at(-1) ?? '' }],
      columns: [...columns, ...set.columns, ...on.columns],
      exprs: [...set.exprs, ...on.exprs],
      inner: saysNothing(of['source']) ? [] : [readQuery(reader, of['source'])],
      result: returning(reader, of),
    }),
    kinds: replaces ? ['INSERT', 'REPLACE'] : ['INSERT'],
  };
}

function readConflict(reader: Reader, value: unknown): Assignments {
  if (saysNothing(value)) return { columns: [], exprs: [], targets: [] };
  const [type, content] = node(value, 'INSERT');
  if (type === 'DuplicateKeyUpdate') return readAssignments(reader, content);
  if (type !== 'OnConflict') throw unsupported(type);
  const of = tree(content, type);
  only(of, new Set(['conflict_target', 'action']), type);
  const [action, update] = node(of['action'], type);
  if (action === 'DoNothing') return { columns: [], exprs: [], targets: [] };
  const doUpdate = tree(update, type);
  const set = readAssignments(reader, doUpdate['assignments']);
  return { ...set, exprs: [...set.exprs, ...readExprs(reader, doUpdate['selection'])] };
}

const UPDATE = new Set(
  `update_token optimizer_hints table assignments from selection returning or order_by limit`.split(' '),
);

function readUpdate(reader: Reader, of: Tree): Statement {
  only(of, UPDATE, 'UPDATE');
  const joined = readJoined(reader, of['table']);
  const set = readAssignments(reader, of['assignments']);
  const tables = tablesOf(joined);
  const named = tables.filter((table) => set.targets.includes(table.alias));
  // A column without its table may belong to any of the joined ones.
  const targets = named.length > 0 && !set.targets.includes(null) ? named : tables;
  const from = saysNothing(of['from']) ? [] : readFrom(reader, node(of['from'], 'UPDATE')[1]);
  return write('UPDATE', {
    targets,
    // A single table is the target itself, and no table that is read.
    from: joined.kind === 'table' ? from : [joined, ...from],
    columns: set.columns,
    exprs: [...set.exprs, ...readOrder(reader, of['order_by']), ...readExprs(reader, of['limit'])],
    condition: { expr: saysNothing(of['selection']) ? null : readExpr(reader, of['selection']) },
    result: returning(reader, of),
  });
}

const DELETE = new Set(
  `delete_token optimizer_hints tables from using selection returning order_by limit`.split(' '),
);

function readDelete(reader: Reader, of: Tree): Statement {
  only(of, DELETE, 'DELETE');
  const from = readFrom(reader, node(of['from'], 'DELETE')[1]);
  const using = saysNothing(of['using']) ? [] : readFrom(reader, of['using']);
  const every = [...from, ...using].flatMap(tablesOf);
  const named = list(of['tables'], 'DELETE').map((path) => readPath(reader, path));
  const first = named.length > 0 ? named.map((path) => targetOf(path, every)) : from.flatMap(tablesOf);
  // `DELETE FROM a USING t AS a` deletes from t.
  const targets =
    using.length > 0 ? first.map(({ name }) => targetOf(name.split('.'), using.flatMap(tablesOf))) : first;
  const single = named.length === 0 && using.length === 0 && from.every(({ kind }) => kind === 'table');
  return write('DELETE', {
    targets,
    from: single ? [] : using.length > 0 ? using : from,
    exprs: [...readOrder(reader, of['order_by']), ...readExprs(reader, of['limit'])],
    condition: { expr: saysNothing(of['selection']) ? null : readExpr(reader, of['selection']) },
    result: returning(reader, of),
  });
}

interface Table {
  readonly name: string;
  readonly alias: string;
}

function targetOf(path: readonly string[], tables: readonly Table[]): Table {
  const name = path.join('.');
  const last = path.at(-1) ?? name;
  return (
    tables.find((table) => table.alias === last && (path.length === 1 || table.name === name)) ?? {
      name,
      alias: last,
    }
  );
}

function tablesOf(source: Source): readonly Table[] {
  if (source.kind === 'table') return [{ name: source.name, alias: source.alias }];
  return source.kind === 'join' ? [...tablesOf(source.left), ...tablesOf(source.right)] : [];
}

interface Assignments {
  readonly columns: readonly string[];
  readonly exprs: readonly Expr[];
  /** The table each column is written with, or null. */
  readonly targets: readonly (string | null)[];
}

function readAssignments(reader: Reader, value: unknown): Assignments {
  const items = list(value, 'SET').map((item) => tree(item, 'SET'));
  const paths = items.flatMap((item) => {
    const [form, content] = node(item['target'], 'SET');
    if (form === 'ColumnName') return [readPath(reader, content)];
    if (form === 'Tuple') return list(content, 'SET').map((path) => readPath(reader, path));
    throw unsupported('SET of this form');
  });
  return {
    columns: paths.map((path) => path.at(-1) ?? ''),
    exprs: readExprs(reader, ...items.map((item) => item['value'])),
    targets: paths.map((path) => path.at(-2) ?? null),
  };
}

function returning(reader: Reader, of: Tree): Statement['result'] {
  return saysNothing(of['returning']) ? 'none' : readItems(reader, of['returning']);
}
