import { startInspector } from '../inspect/inspector.ts';
import { causesOf } from '../inspect/sql/causes.ts';
import type { Cause, InspectKind, NotUnderstood, ShellFacts, SqlDialect, SqlFacts } from '../model/facts.ts';

/** What a text can be read as on the command line. */
export type InspectedDialect = SqlDialect | InspectKind;

export const INSPECTED_DIALECTS: readonly InspectedDialect[] = [
  'postgres',
  'mysql',
  'sqlite',
  'sqlserver',
  'shell',
];

/** The facts of one text, or why there are none. What was not understood counts as a write. */
type InspectedText =
  | ({ readonly understood: true; readonly causes?: readonly Cause[] } & (SqlFacts | ShellText))
  | ({
      readonly understood: false;
      readonly dialect: InspectedDialect;
      readonly writes: true;
    } & NotUnderstood);

type ShellText = { readonly dialect: 'shell' } & ShellFacts;

export type Inspect = (text: string) => Promise<InspectedText>;

/** The inspector as the gateway runs it, for the command line. `why`: with the parts that caused each fact of SQL. */
export function openInspection(
  dialect: InspectedDialect,
  why = false,
): {
  readonly inspect: Inspect;
  readonly close: () => Promise<void>;
} {
  const inspector = startInspector();
  const told = async (text: string): Promise<Told> => {
    if (dialect !== 'shell') return await inspector.sql(dialect, text);
    const inspection = await inspector.shell(text);
    return inspection.ok ? { ok: true, facts: { dialect, ...inspection.facts } } : inspection;
  };
  return {
    async inspect(text) {
      const inspection = await told(text);
      if (!inspection.ok) return { understood: false, dialect, writes: true, ...inspection.notUnderstood };
      const { facts } = inspection;
      const causes = why && facts.dialect !== 'shell' ? { causes: causesOf(text, facts) } : {};
      return { understood: true, ...facts, ...causes };
    },
    close: () => inspector.close(),
  };
}

type Told =
  | { readonly ok: true; readonly facts: SqlFacts | ShellText }
  | { readonly ok: false; readonly notUnderstood: NotUnderstood };
