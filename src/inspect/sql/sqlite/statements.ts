import { fold, isSymbol, isWord, nameAt, type Token } from '../lexed/token.ts';
import { parseSqlite } from './parse.ts';
import { queryStart, tablesNamed } from '../lexed/definitions.ts';
import { Refused, unsupported } from '../refused.ts';
import { write, type Query, type Statement } from '../statement.ts';

/** Reads one statement by its first word. Words not named here are refused. */
export function readStatement(tokens: readonly Token[]): Query | Statement {
  const [first] = tokens;
  if (first?.kind !== 'word') throw new Refused('syntax', 'A statement begins with a word.');
  const word = first.text.toLowerCase();
  if (PARSED.has(word)) return parseSqlite(tokens);
  if (DEFINITIONS.has(word)) return readDefinition(word, tokens);
  if (word === 'explain') return readExplain(tokens);
  if (word === 'pragma') return readPragma(tokens);
  throw unsupported(`A statement that begins with ${word.toUpperCase()}`);
}

const PARSED = new Set(['select', 'with', 'insert', 'replace', 'update', 'delete', 'values']);

const DEFINITIONS = new Set(
  `begin commit end rollback savepoint release attach detach vacuum reindex analyze drop create alter`.split(
    ' ',
  ),
);

function readDefinition(word: string, tokens: readonly Token[]): Statement {
  if (word === 'create' && tokens.some((token) => isWord(token, 'trigger')))
    throw unsupported('A definition of a trigger');
  const at = word === 'create' ? queryStart(tokens) : -1;
  const names = tablesNamed(at === -1 ? tokens : tokens.slice(0, at));
  return write(word.toUpperCase(), {
    targets: names.map((name) => ({ name, alias: name })),
    inner: at === -1 ? [] : [parseSqlite(tokens.slice(at))],
  });
}

function readExplain(tokens: readonly Token[]): Statement {
  const at = isWord(tokens[1], 'query') && isWord(tokens[2], 'plan') ? 3 : 1;
  if (isWord(tokens[at], 'explain')) throw unsupported('EXPLAIN of EXPLAIN');
  const inner = [readStatement(tokens.slice(at))];
  return { ...write('EXPLAIN', { inner, planned: true, result: 'unknown' }), writes: false };
}

/** Pragmas that only read, with or without an argument in parentheses that names a table, an index or a schema. */
const READ_ABOUT = new Set(
  `table_info table_xinfo table_list index_list index_info index_xinfo foreign_key_list database_list collation_list
  function_list module_list pragma_list compile_options`.split(/\s+/),
);

/** Pragmas that read when nothing is given to them, and set when something is. */
const READ_BARE = new Set(
  `user_version schema_version application_id encoding page_count page_size freelist_count journal_mode foreign_keys
  busy_timeout cache_size data_version query_only synchronous auto_vacuum max_page_count journal_size_limit
  wal_autocheckpoint temp_store recursive_triggers secure_delete read_uncommitted case_sensitive_like`.split(
    /\s+/,
  ),
);

function readPragma(tokens: readonly Token[]): Statement {
  const name = nameAt(tokens, 1);
  if (name === null) throw unsupported('PRAGMA of this form');
  const pragma = name.path.at(-1) ?? '';
  const rest = tokens.slice(name.end);
  const [open, argument, close] = rest;
  const about =
    argument !== undefined && ['word', 'quoted', 'double', 'string'].includes(argument.kind)
      ? fold(argument.text)
      : null;
  const inParentheses = rest.length === 3 && isSymbol(open, '(') && isSymbol(close, ')') && about !== null;
  const reads =
    (READ_ABOUT.has(pragma) && (rest.length === 0 || inParentheses)) ||
    (READ_BARE.has(pragma) && rest.length === 0);
  const table = reads && inParentheses && !pragma.startsWith('index_') ? about : null;
  return {
    ...write('PRAGMA', { result: 'unknown' }),
    writes: !reads,
    from: table === null ? [] : [{ kind: 'table', name: table, alias: '', aside: [] }],
    // Policies tell pragmas apart by their names, as they do functions.
    exprs: [{ kind: 'call', name: `pragma_${pragma}`, calm: reads, discloses: false, args: [], aside: [] }],
  };
}
