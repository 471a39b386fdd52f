import { startInspector } from '../inspect/inspector.ts';
import { causesOf } from '../inspect/sql/causes.ts';
import type { Cause, NotUnderstood, SqlDialect, SqlFacts } from '../model/facts.ts';

/** The facts of one statement, or why there are none. What was not understood counts as a write. */
type InspectedText =
  | ({ readonly understood: true; readonly causes?: readonly Cause[] } & SqlFacts)
  | ({ readonly understood: false; readonly dialect: SqlDialect; readonly writes: true } & NotUnderstood);

export type Inspect = (statement: string) => Promise<InspectedText>;

/** The inspector as the gateway runs it, for the command line. `why`: with the parts that caused each fact. */
export function openInspection(
  dialect: SqlDialect,
  why = false,
): {
  readonly inspect: Inspect;
  readonly close: () => Promise<void>;
} {
  const inspector = startInspector();
  return {
    async inspect(statement) {
      const inspection = await inspector.sql(dialect, statement);
      if (!inspection.ok) return { understood: false, dialect, writes: true, ...inspection.notUnderstood };
      const { facts } = inspection;
      return { understood: true, ...facts, ...(why ? { causes: causesOf(statement, facts) } : {}) };
    },
    close: () => inspector.close(),
  };
}
