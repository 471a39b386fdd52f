import { isSymbol, isWord, nameAt, type Token } from '../lexed/token.ts';
import { parseMysql } from './parse.ts';
import { readShow } from './show.ts';
import { queryStart, tablesNamed } from '../lexed/definitions.ts';
import { Refused, unsupported } from '../refused.ts';
import { write, type Expr, type Query, type Statement } from '../statement.ts';

/** Reads one statement by its first word. Words not named here are refused. */
export function readStatement(tokens: readonly Token[]): Query | Statement {
  const [first] = tokens;
  if (isSymbol(first, '(')) return parseMysql(tokens);
  if (first?.kind !== 'word') throw new Refused('syntax', 'A statement begins with a word.');
  const word = first.text.toLowerCase();
  if (PARSED.has(word)) return locking(tokens) ?? parseMysql(tokens);
  if (DEFINITIONS.has(word)) return readDefinition(word, tokens);
  switch (word) {
    case 'show':
      return readShow(tokens);
    case 'explain':
    case 'describe':
    case 'desc':
      return readExplain(tokens);
    case 'analyze':
      return readAnalyze(tokens);
    case 'set':
      return readSet(tokens);
    case 'call':
      return write('CALL', { exprs: asSelected(tokens.slice(1), first), result: 'unknown' });
    case 'do':
      return write('DO', { exprs: asSelected(tokens.slice(1), first) });
    default:
      throw unsupported(`A statement that begins with ${word.toUpperCase()}`);
  }
}

const PARSED = new Set(['select', 'with', 'insert', 'replace', 'update', 'delete', 'values']);

/** They change settings, sessions, schema or tables, and hold no query but after CREATE. */
const DEFINITIONS = new Set(
  `use begin start commit rollback savepoint release lock unlock flush kill reset purge grant revoke optimize repair check
  checksum cache rename drop truncate create alter`.split(/\s+/),
);

/** SELECT … LOCK IN SHARE MODE, which the parser does not know. */
function locking(tokens: readonly Token[]): Query | null {
  const end = tokens.length - 4;
  const locks = ['lock', 'in', 'share', 'mode'].every((word, index) => isWord(tokens[end + index], word));
  if (!locks) return null;
  const query = parseMysql(tokens.slice(0, end));
  return query.kind === 'query' ? { ...query, locks: true } : null;
}

function readDefinition(word: string, tokens: readonly Token[]): Statement {
  if (word === 'begin' && tokens.length > 1 && !isWord(tokens[1], 'work'))
    throw unsupported('A compound statement');
  if (
    word === 'create' &&
    tokens.some((token) => isWord(token, 'procedure', 'function', 'trigger', 'event', 'package'))
  ) {
    throw unsupported('A definition of a program');
  }
  if (word === 'alter' && tokens.some((token) => isWord(token, 'event')))
    throw unsupported('A definition of a program');
  const at = word === 'create' ? queryStart(tokens) : -1;
  const head = at === -1 ? tokens : tokens.slice(0, at);
  const truncated =
    word === 'truncate' && !isWord(tokens[1], 'table') ? (nameAt(tokens, 1)?.path.join('.') ?? null) : null;
  const names = [...tablesNamed(head), ...(truncated === null ? [] : [truncated])];
  return write(word.toUpperCase(), {
    targets: names.map((name) => ({ name, alias: name })),
    inner: at === -1 ? [] : [parseMysql(tokens.slice(at))],
    unbounded: word === 'truncate',
  });
}

function readExplain(tokens: readonly Token[]): Statement {
  let at = 1;
  let runs = false;
  for (;;) {
    if (isWord(tokens[at], 'extended', 'partitions')) at += 1;
    else if (isWord(tokens[at], 'analyze')) {
      runs = true;
      at += 1;
    } else if (isWord(tokens[at], 'format') && isSymbol(tokens[at + 1], '=')) at += 3;
    else break;
  }
  if (isSymbol(tokens[at], '(') || isWord(tokens[at], ...PARSED)) {
    const inner = [readStatement(tokens.slice(at))];
    return { ...write('EXPLAIN', { inner, planned: !runs, result: 'unknown' }), writes: false };
  }
  const name = nameAt(tokens, at);
  const end = name === null ? at : name.end;
  const pattern = tokens[end];
  const isPattern =
    pattern === undefined ||
    pattern.kind === 'word' ||
    pattern.kind === 'string' ||
    pattern.kind === 'quoted';
  if (name === null || runs || !isPattern || tokens.length > end + 1)
    throw unsupported('EXPLAIN of this form');
  return {
    ...write('EXPLAIN', { result: 'unknown' }),
    kinds: ['DESCRIBE'],
    writes: false,
    from: [{ kind: 'table', name: name.path.join('.'), alias: '', aside: [] }],
  };
}

/** MariaDB's ANALYZE of a statement runs it; ANALYZE TABLE gathers statistics. */
function readAnalyze(tokens: readonly Token[]): Statement {
  const at = isWord(tokens[1], 'format') ? 4 : 1;
  if (isWord(tokens[at], ...PARSED) || isSymbol(tokens[at], '(')) {
    return {
      ...write('ANALYZE', { inner: [readStatement(tokens.slice(at))], result: 'unknown' }),
      writes: false,
    };
  }
  return write('ANALYZE', {
    targets: tablesNamed(tokens).map((name) => ({ name, alias: name })),
    result: 'unknown',
  });
}

function readSet(tokens: readonly Token[]): Statement {
  if (
    isWord(tokens[1], 'statement') ||
    tokens.some((token) => isSymbol(token, '(') || isWord(token, 'select'))
  ) {
    throw unsupported('SET with an expression');
  }
  return write('SET');
}

/** `CALL p(x)` and `DO f(x), g(y)` are read as the expressions of a select list. */
function asSelected(list: readonly Token[], first: Token): readonly Expr[] {
  const bare = nameAt(list, 0)?.end === list.length;
  const symbol = (text: string): Token => ({ ...first, kind: 'symbol', text });
  const query = parseMysql([
    { ...first, text: 'select' },
    ...list,
    ...(bare ? [symbol('('), symbol(')')] : []),
  ]);
  if (query.kind !== 'query' || query.body.kind !== 'select' || query.body.from.length > 0)
    throw unsupported('A call of this form');
  return query.body.items.map((item) => {
    if (item.kind !== 'value') throw unsupported('A call of this form');
    return item.expr;
  });
}
