import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Json } from '../../model/json.ts';
import type { ResultColumn } from '../../model/result.ts';
import { mayRun } from './authorizer.ts';
import { cell, type parameter } from './values.ts';
import { WorkerRefused } from './worker-refused.ts';

/** A statement that the engine has compiled, and what its rows are made of: under one schema, and no other. */
export interface Compiled {
  readonly statement: StatementSync;
  readonly columns: readonly ResultColumn[];
}

/** Compiles the one statement of a text, under the authorizer that the database has at this moment. */
export function compile(database: DatabaseSync, text: string, readOnly: boolean): Compiled {
  if (typeof database.setAuthorizer !== 'function' && !mayRun(text, readOnly))
    throw new WorkerRefused('This kind of statement is not run here.');
  const statement = database.prepare(text);
  oneStatement(text, statement.sourceSQL);
  requireArrays(statement);
  statement.setReadBigInts(true);
  statement.setReturnArrays(true);
  const columns = statement.columns().map(({ name, type }) => ({ name, type: (type ?? '').toLowerCase() }));
  return { statement, columns };
}

/** Binds afresh: what an earlier call has bound is cleared, whether or not this one binds as much. */
export function* rows(
  { statement }: Compiled,
  values: ReturnType<typeof parameter>[],
): Generator<readonly Json[]> {
  for (const row of statement.iterate(...values)) {
    const cells: unknown = row;
    if (Array.isArray(cells)) yield cells.map((value: Parameters<typeof cell>[0]) => cell(value));
  }
}

/** 22.16 and 24.0 brought rows as arrays: without them two columns of one name would become one. */
export function requireArrays(statement: StatementSync): void {
  if (typeof statement.setReturnArrays === 'function') return;
  throw new WorkerRefused(`SQLite connections need Node.js 22.16 or later, and this is ${process.version}.`);
}

/** The engine compiles the first statement and ignores what follows, so what follows must be nothing. */
function oneStatement(text: string, compiled: string): void {
  const rest = text.slice(text.indexOf(compiled) + compiled.length);
  if (/^(?:[\s;]|--[^\n]*(?:\n|$)|\/\*[\s\S]*?(?:\*\/|$))*$/u.test(rest)) return;
  throw new WorkerRefused('A call runs one statement, and this text holds more.');
}
