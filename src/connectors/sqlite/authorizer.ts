import { constants, type DatabaseSync } from 'node:sqlite';

/** Pragmas that only describe the schema. Others change settings, name files or run checks over the whole file. */
const PRAGMAS: ReadonlySet<string> = new Set([
  'table_info',
  'table_xinfo',
  'table_list',
  'index_list',
  'index_info',
  'index_xinfo',
  'foreign_key_list',
  'collation_list',
  'function_list',
]);

/** Functions that reach the machine or the engine's own memory, where the build has them at all. */
const FUNCTIONS: ReadonlySet<string> = new Set([
  'load_extension',
  'fts3_tokenizer',
  'readfile',
  'writefile',
  'edit',
]);

type Authorizer = (action: number, first: string | null, second: string | null) => number;

/** What a read may do, action by action; SQLite asks while it compiles the statement and the statements inside it. */
export const readAuthorizer: Authorizer = (action, first, second) => {
  switch (action) {
    case constants.SQLITE_SELECT:
    case constants.SQLITE_READ:
    case constants.SQLITE_RECURSIVE:
      return constants.SQLITE_OK;
    default:
      return action === constants.SQLITE_FUNCTION || action === constants.SQLITE_PRAGMA
        ? shared(action, first, second)
        : constants.SQLITE_DENY;
  }
};

/** A write may do all but leave its file, its transaction or its settings. */
export const writeAuthorizer: Authorizer = (action, first, second) => {
  switch (action) {
    case constants.SQLITE_ATTACH:
    case constants.SQLITE_DETACH:
    case constants.SQLITE_TRANSACTION:
    case constants.SQLITE_SAVEPOINT:
      return constants.SQLITE_DENY;
    default:
      return shared(action, first, second);
  }
};

const READS: ReadonlySet<string> = new Set(['SELECT', 'WITH', 'VALUES', 'EXPLAIN']);
const OUTSIDE: ReadonlySet<string> = new Set([
  'ATTACH',
  'DETACH',
  'PRAGMA',
  'VACUUM',
  'BEGIN',
  'COMMIT',
  'END',
  'ROLLBACK',
  'SAVEPOINT',
  'RELEASE',
]);

/**
 * Stands in for the authorizer on Node.js before 24.10, which offers none: in SQLite's grammar the first word says which
 * statement it is. Whatever the text hides, a read still meets a file that is open read-only.
 */
export function mayRun(text: string, readOnly: boolean): boolean {
  const word = /^(?:[\s;]|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*([a-z]+)/iu.exec(text)?.[1]?.toUpperCase() ?? '';
  return readOnly ? READS.has(word) : !OUTSIDE.has(word);
}

function shared(action: number, first: string | null, second: string | null): number {
  if (action === constants.SQLITE_PRAGMA)
    return PRAGMAS.has((first ?? '').toLowerCase()) ? constants.SQLITE_OK : constants.SQLITE_DENY;
  if (action === constants.SQLITE_FUNCTION)
    return FUNCTIONS.has((second ?? '').toLowerCase()) ? constants.SQLITE_DENY : constants.SQLITE_OK;
  return constants.SQLITE_OK;
}

/** Node.js before 24.10 has no authorizer: there `mayRun` stands in. */
export function authorize(database: DatabaseSync, authorizer: Authorizer | null): void {
  if (typeof database.setAuthorizer === 'function') database.setAuthorizer(authorizer);
}
