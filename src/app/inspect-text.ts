import { startInspector } from '../inspect/inspector.ts';
import type { NotUnderstood, SqlDialect, SqlFacts } from '../model/facts.ts';

/** The facts of one statement, or why there are none. What was not understood counts as a write. */
type InspectedText =
  | ({ readonly understood: true } & SqlFacts)
  | ({ readonly understood: false; readonly dialect: SqlDialect; readonly writes: true } & NotUnderstood);

export type Inspect = (statement: string) => Promise<InspectedText>;

/** The inspector as the gateway runs it, for the command line. */
export function openInspection(dialect: SqlDialect): {
  readonly inspect: Inspect;
  readonly close: () => Promise<void>;
} {
  const inspector = startInspector();
  return {
    async inspect(statement) {
      const inspection = await inspector.sql(dialect, statement);
      return inspection.ok
        ? { understood: true, ...inspection.facts }
        : { understood: false, dialect, writes: true, ...inspection.notUnderstood };
    },
    close: () => inspector.close(),
  };
}
