import { write, type Expr, type Statement } from '../statement.ts';
import { isTree, list, node, only, text, tree, type Tree } from '../read-tree.ts';
import { Refused, unsupported } from '../refused.ts';
import { readExpr, readExprs, readQuery, readQueryOrStatement, type Grammar } from './grammar.ts';
import { aliasName, tableName } from './names.ts';
import { settingIsHarmless } from './settings.ts';
import { readFrom, readItems, readSource, readWith } from './query.ts';
import { definitionKind, mentioned } from './definitions.ts';

/** Every statement but SELECT. What is not named here, or in `definitions.ts`, is refused. */
export function statement(g: Grammar, value: unknown): Statement {
  const [type, content] = node(value, 'A statement');
  const of = tree(content, type);
  switch (type) {
    case 'InsertStmt':
      return readInsert(g, of);
    case 'UpdateStmt':
      return readChange(g, 'UPDATE', of, of['fromClause']);
    case 'DeleteStmt':
      return readChange(g, 'DELETE', of, of['usingClause']);
    case 'MergeStmt':
      return readMerge(g, of);
    case 'TruncateStmt':
      return write('TRUNCATE', {
        targets: list(of['relations'], type).map((relation) => target(tree(relation, type)['RangeVar'])),
        unbounded: true,
      });
    case 'ExplainStmt':
      return readExplain(g, of);
    case 'VariableShowStmt':
      return readShow(of);
    case 'CreateTableAsStmt':
    case 'ViewStmt':
      return readCreateAs(g, of);
    case 'PrepareStmt':
      return write('PREPARE', { inner: [readQueryOrStatement(g, of['query'])] });
    case 'DeclareCursorStmt':
      return write('DECLARE', { inner: [readQueryOrStatement(g, of['query'])] });
    case 'CopyStmt':
      return readCopy(g, of);
    case 'CallStmt':
      return write('CALL', { exprs: [{ ...readCalled(g, of['funccall']), calm: false }], result: 'unknown' });
    case 'TransactionStmt':
      return write(text(of['kind'], type).replace('TRANS_STMT_', '').replaceAll('_', ' '));
    case 'DoStmt':
      throw new Refused(
        'unsupported',
        'DO runs a program whose effects are not in the facts of a statement; send its statements one by one.',
      );
    case 'ExecuteStmt':
      throw new Refused(
        'unsupported',
        'EXECUTE runs a statement that is not in the text; send the statement itself.',
      );
    case 'FetchStmt':
      // The cursor's query, and so what the rows are made of, is not in the text.
      throw new Refused(
        'unsupported',
        'FETCH reads from a query that is not in the text; send the query itself.',
      );
    default: {
      const kind = definitionKind(type, of);
      if (kind === null) throw unsupported(type);
      refuseBody(type, of);
      return write(kind, mentioned(g, of));
    }
  }
}

/** A setting that is not known to be harmless is read from where all of them are. */
function readShow(of: Tree): Statement {
  const from = settingIsHarmless(text(of['name'], 'SHOW')) ? [] : [SETTINGS];
  return { ...write('SHOW', { from, result: 'unknown' }), writes: false };
}

const SETTINGS = { kind: 'table', name: 'pg_settings', alias: 'pg_settings', aside: [] } as const;

function target(value: unknown): { readonly name: string; readonly alias: string } {
  const of = tree(value, 'A table');
  return { name: tableName(of), alias: aliasName(of['alias']) ?? text(of['relname'], 'A table') };
}

function readInsert(g: Grammar, of: Tree): Statement {
  only(
    of,
    new Set([
      'relation',
      'cols',
      'selectStmt',
      'onConflictClause',
      'returningList',
      'returningClause',
      'withClause',
      'override',
    ]),
    'INSERT',
  );
  const conflict = of['onConflictClause'] === undefined ? {} : tree(of['onConflictClause'], 'ON CONFLICT');
  only(conflict, new Set(['action', 'infer', 'targetList', 'whereClause', 'location']), 'ON CONFLICT');
  const infer = isTree(conflict['infer']) ? conflict['infer'] : {};
  return write('INSERT', {
    with: readWith(g, of['withClause']),
    targets: [target(of['relation'])],
    columns: [...targetNames(of['cols']), ...targetNames(conflict['targetList'])],
    inner: of['selectStmt'] === undefined ? [] : [readQuery(g, of['selectStmt'])],
    exprs: [
      ...targetValues(g, of['cols']),
      ...targetValues(g, conflict['targetList']),
      ...readExprs(g, conflict['whereClause'], infer['whereClause']),
      ...list(infer['indexElems'], 'ON CONFLICT').flatMap((item) =>
        readExprs(g, tree(tree(item, 'ON CONFLICT')['IndexElem'], 'ON CONFLICT')['expr']),
      ),
    ],
    result: returning(g, of),
  });
}

function readChange(g: Grammar, kind: 'UPDATE' | 'DELETE', of: Tree, from: unknown): Statement {
  only(
    of,
    new Set(
      `relation targetList whereClause fromClause usingClause returningList returningClause withClause`.split(
        ' ',
      ),
    ),
    kind,
  );
  return write(kind, {
    with: readWith(g, of['withClause']),
    targets: [target(of['relation'])],
    from: readFrom(g, from),
    columns: targetNames(of['targetList']),
    exprs: targetValues(g, of['targetList']),
    condition: { expr: of['whereClause'] === undefined ? null : readExpr(g, of['whereClause']) },
    result: returning(g, of),
  });
}

function readMerge(g: Grammar, of: Tree): Statement {
  only(
    of,
    new Set(
      `relation sourceRelation joinCondition mergeWhenClauses returningList returningClause withClause`.split(
        ' ',
      ),
    ),
    'MERGE',
  );
  const clauses = list(of['mergeWhenClauses'], 'MERGE').map((item) =>
    tree(tree(item, 'MERGE')['MergeWhenClause'], 'MERGE'),
  );
  for (const clause of clauses) {
    only(
      clause,
      new Set(['matchKind', 'commandType', 'override', 'condition', 'targetList', 'values']),
      'MERGE',
    );
  }
  const kinds = clauses.map((clause) => text(clause['commandType'], 'MERGE').replace('CMD_', ''));
  return {
    ...write('MERGE', {
      with: readWith(g, of['withClause']),
      targets: [target(of['relation'])],
      from: [readSource(g, of['sourceRelation'])],
      columns: clauses.flatMap((clause) => targetNames(clause['targetList'])),
      exprs: clauses.flatMap((clause) => [
        ...readExprs(g, clause['condition'], clause['values']),
        ...targetValues(g, clause['targetList']),
      ]),
      condition: { expr: readExpr(g, of['joinCondition']) },
      result: returning(g, of),
    }),
    kinds: ['MERGE', ...kinds.filter((kind) => kind !== 'NOTHING')],
  };
}

function returning(g: Grammar, of: Tree): Statement['result'] {
  // RETURNING moved into a clause of its own with PostgreSQL 18.
  const clause = isTree(of['returningClause']) ? of['returningClause'] : null;
  if (clause !== null) {
    only(clause, new Set(['exprs']), 'RETURNING');
    return readItems(g, clause['exprs']);
  }
  return of['returningList'] === undefined ? 'none' : readItems(g, of['returningList']);
}

function targetNames(value: unknown): readonly string[] {
  return list(value, 'A column list').map((item) => {
    const name = tree(tree(item, 'ResTarget')['ResTarget'], 'ResTarget')['name'];
    return text(name, 'ResTarget');
  });
}

/** Values of SET, and subscripts of what is set. */
function targetValues(g: Grammar, value: unknown): readonly Expr[] {
  return list(value, 'A column list').flatMap((item) => {
    const of = tree(tree(item, 'ResTarget')['ResTarget'], 'ResTarget');
    const subscripts = list(of['indirection'], 'ResTarget').flatMap((step) => {
      const [type, content] = node(step, 'ResTarget');
      const inside = tree(content, type);
      return type === 'A_Indices' ? readExprs(g, inside['lidx'], inside['uidx']) : [];
    });
    return [...readExprs(g, of['val']), ...subscripts];
  });
}

function readExplain(g: Grammar, of: Tree): Statement {
  only(of, new Set(['query', 'options']), 'EXPLAIN');
  const options = list(of['options'], 'EXPLAIN').map((item) =>
    tree(tree(item, 'EXPLAIN')['DefElem'], 'EXPLAIN'),
  );
  // ANALYZE counts wherever it is named, whatever its value: the last of several would win.
  const analyzes = options.some(
    (option) => text(option['defname'], 'EXPLAIN').toLowerCase() === 'analyze' && !isOff(option['arg']),
  );
  const explained = {
    ...write('EXPLAIN', {
      inner: [readQueryOrStatement(g, of['query'])],
      planned: !analyzes,
      result: 'unknown' as const,
    }),
  };
  return { ...explained, writes: false };
}

function isOff(value: unknown): boolean {
  const string = isTree(value) && isTree(value['String']) ? value['String']['sval'] : null;
  const boolean = isTree(value) && isTree(value['Boolean']) ? value['Boolean'] : null;
  return string === 'false' || string === 'off' || (boolean !== null && boolean['boolval'] !== true);
}

function readCreateAs(g: Grammar, of: Tree): Statement {
  const into = of['into'] === undefined ? of['view'] : tree(of['into'], 'CREATE')['rel'];
  return write('CREATE', { targets: [target(into)], inner: [readQueryOrStatement(g, of['query'])] });
}

function readCopy(g: Grammar, of: Tree): Statement {
  only(
    of,
    new Set(['relation', 'query', 'attlist', 'is_from', 'is_program', 'filename', 'options', 'whereClause']),
    'COPY',
  );
  if (of['is_program'] === true) {
    throw new Refused(
      'unsupported',
      'COPY … PROGRAM runs a program on the database server, and is not understood as SQL.',
    );
  }
  const table = of['relation'] === undefined ? null : target(of['relation']);
  const read =
    table === null || of['is_from'] === true ? [] : [{ kind: 'table' as const, ...table, aside: [] }];
  return write('COPY', {
    targets: table !== null && of['is_from'] === true ? [table] : [],
    from: read,
    inner: of['query'] === undefined ? [] : [readQueryOrStatement(g, of['query'])],
    exprs: readExprs(g, of['whereClause']),
    columns: list(of['attlist'], 'COPY').map((item) =>
      text(tree(tree(item, 'COPY')['String'], 'COPY')['sval'], 'COPY'),
    ),
    result: 'unknown',
  });
}

/**
 * A body in a string is a program: what it does is not in the facts. The grammar reads PL/pgSQL, but its tree leaves parts
 * of programs out, so it would hide effects. A body in SQL itself (`RETURN …`, `BEGIN ATOMIC`) is read like any statement.
 */
function refuseBody(type: string, of: Tree): void {
  if (type !== 'CreateFunctionStmt') return;
  const hasBody = list(of['options'], type).some((option) => {
    const element = tree(tree(option, type)['DefElem'], type);
    return element['defname'] === 'as';
  });
  if (hasBody) {
    throw new Refused(
      'unsupported',
      'A function with its body in a string is a program whose effects are not in the facts of a statement.',
    );
  }
}

function readCalled(g: Grammar, value: unknown): Extract<Expr, { kind: 'call' }> {
  const read = readExpr(g, { FuncCall: value });
  if (read.kind !== 'call') throw unsupported('CALL');
  return read;
}
