import { BOOL, LONG, STRING, STRINGS, record } from './context-type.ts';
import type { SqlFacts } from '../model/facts.ts';
import type { JsonObject } from '../model/json.ts';

/** The type of `context.sql`. */
export const SQL = record({
  kinds: STRINGS,
  writes: BOOL,
  unbounded: BOOL,
  statements: LONG,
  tables: STRINGS,
  tablesRead: STRINGS,
  tablesWritten: STRINGS,
  columns: STRINGS,
  columnsCompared: STRINGS,
  systemTables: STRINGS,
  functions: STRINGS,
  fingerprint: STRING,
  dialect: STRING,
});

/** The facts that policies see. */
export function sqlContext(facts: SqlFacts): JsonObject {
  return {
    kinds: facts.kinds,
    writes: facts.writes,
    unbounded: facts.unbounded,
    statements: facts.statements,
    tables: facts.tables,
    tablesRead: facts.tablesRead,
    tablesWritten: facts.tablesWritten,
    columns: facts.columns,
    columnsCompared: facts.columnsCompared,
    systemTables: facts.systemTables,
    functions: facts.functions,
    fingerprint: facts.fingerprint,
    dialect: facts.dialect,
  };
}
