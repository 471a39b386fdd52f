import assert from 'node:assert/strict';
import { inspectSql, loadParsers } from '../inspect-sql.ts';
import type { SqlDialect, SqlFacts } from '../../../model/facts.ts';

await loadParsers();

/** What a test says of a statement; what it leaves out is not compared. */
export type Expected = Partial<Omit<SqlFacts, 'dialect' | 'fingerprint'>>;

export function factsOf(dialect: SqlDialect, text: string): SqlFacts {
  const inspection = inspectSql(dialect, text);
  assert.ok(inspection.ok, `${text}\n${JSON.stringify(inspection)}`);
  return inspection.facts;
}

export function reasonOf(dialect: SqlDialect, text: string): string {
  const inspection = inspectSql(dialect, text);
  assert.ok(!inspection.ok, `${text}\nwas understood: ${JSON.stringify(inspection)}`);
  return inspection.notUnderstood.reason;
}

export function assertFacts(dialect: SqlDialect, text: string, expected: Expected): void {
  const facts: Record<string, unknown> = { ...factsOf(dialect, text) };
  const compared = Object.fromEntries(Object.keys(expected).map((key) => [key, facts[key]]));
  assert.deepEqual(compared, expected, text);
}

/** A statement is never calm: it writes, or it is refused. */
export function assertNotCalm(dialect: SqlDialect, text: string): void {
  const inspection = inspectSql(dialect, text);
  assert.ok(!inspection.ok || inspection.facts.writes, `${text}\nis said to be calm`);
}
