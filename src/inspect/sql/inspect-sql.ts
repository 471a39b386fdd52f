import type { SqlDialect, SqlFacts, SqlInspection } from '../../model/facts.ts';
import { EMPTY } from './scope.ts';
import { joinedResults } from './shape.ts';
import { loadPostgres, readPostgres } from './postgres/inspect.ts';
import { loadSqlparser } from './sqlparser/parse.ts';
import { linked } from './links.ts';
import { newFindings } from './findings.ts';
import { readMysql } from './mysql/inspect.ts';
import { readSqlite } from './sqlite/inspect.ts';
import { readSqlserver } from './sqlserver/inspect.ts';
import { systemTables } from './system-tables.ts';
import { Refused } from './refused.ts';
import { refuseUnlessCalm } from './lexed/agreement.ts';
import type { Read } from './read.ts';
import { walkEither, walkQuery } from './walk-query.ts';
import { walkStatement } from './walk-statement.ts';

const READERS: Readonly<Record<SqlDialect, (text: string) => Read>> = {
  postgres: readPostgres,
  mysql: readMysql,
  sqlite: readSqlite,
  sqlserver: readSqlserver,
};

/** Must have resolved before `inspectSql` is called. */
export async function loadParsers(): Promise<void> {
  await Promise.all([loadPostgres(), loadSqlparser()]);
}

/**
 * The facts of a SQL text, or why there are none. Pure and synchronous. `crashed` means that a parser failed and may be
 * broken for good: whoever runs this in a worker replaces the worker.
 */
export function inspectSql(dialect: SqlDialect, text: string): SqlInspection {
  try {
    forbidBytes(text);
    if (text.trim() === '') throw nothing();
    return { ok: true, facts: factsOf(dialect, READERS[dialect](text)) };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, notUnderstood: error.notUnderstood };
    return {
      ok: false,
      notUnderstood: {
        reason: 'crashed',
        message: 'The parser failed on this statement; a simpler one may pass.',
      },
    };
  }
}

/** NUL ends a text early for one reader and not for another; half a surrogate pair is turned into another character. */
function forbidBytes(text: string): void {
  if (text.includes('\0')) throw new Refused('forbidden_bytes', 'The statement contains a NUL character.');
  if (!text.isWellFormed()) throw new Refused('forbidden_bytes', 'The statement is not valid Unicode.');
}

function nothing(): Refused {
  return new Refused('syntax', 'There is no statement in the text.');
}

function factsOf(dialect: SqlDialect, read: Read): SqlFacts {
  if (read.statements.length === 0) throw nothing();
  const findings = newFindings({ query: walkQuery, statement: walkStatement });
  const shapes = read.statements.map((statement) => walkEither(statement, EMPTY, findings));
  for (const tokens of read.tokens ?? []) refuseUnlessCalm(tokens, findings);
  if (findings.kinds.size === 0) findings.kinds.add('VALUES');
  const tables = new Set([...findings.read, ...findings.written]);
  return {
    dialect,
    statements: read.statements.length,
    kinds: sorted(findings.kinds),
    writes: findings.writes,
    unbounded: findings.unbounded,
    tables: sorted(tables),
    tablesRead: sorted(findings.read),
    tablesWritten: sorted(findings.written),
    functions: sorted(findings.functions),
    columns: sorted(findings.columns),
    systemTables: systemTables(dialect, findings.read, findings.written),
    columnsCompared: sorted(findings.compared),
    resultColumns: joinedResults(linked(shapes, findings)),
    fingerprint: read.fingerprint,
  };
}

function sorted(set: ReadonlySet<string>): readonly string[] {
  return [...set].sort();
}
