import { startInspector } from '../inspect/inspector.ts';
import type {
  HttpFacts,
  InspectKind,
  NotUnderstood,
  ShellFacts,
  SqlDialect,
  SqlFacts,
} from '../model/facts.ts';

/** What a text can be read as on the command line. */
export type InspectedDialect = SqlDialect | InspectKind;

export const INSPECTED_DIALECTS: readonly InspectedDialect[] = [
  'postgres',
  'mysql',
  'sqlite',
  'shell',
  'http',
];

/** The facts of one text, or why there are none. What was not understood counts as a write. */
type InspectedText =
  | ({ readonly understood: true } & (SqlFacts | ArgumentText))
  | ({
      readonly understood: false;
      readonly dialect: InspectedDialect;
      readonly writes: true;
    } & NotUnderstood);

type ArgumentText = { readonly dialect: InspectKind } & (ShellFacts | HttpFacts);

export type Inspect = (text: string) => Promise<InspectedText>;

/** The inspector as the gateway runs it, for the command line. */
export function openInspection(dialect: InspectedDialect): {
  readonly inspect: Inspect;
  readonly close: () => Promise<void>;
} {
  const inspector = startInspector();
  const told = async (text: string): Promise<Told> => {
    if (dialect !== 'shell' && dialect !== 'http') return await inspector.sql(dialect, text);
    const inspection = await inspector[dialect](text);
    return inspection.ok ? { ok: true, facts: { dialect, ...inspection.facts } } : inspection;
  };
  return {
    async inspect(text) {
      const inspection = await told(text);
      return inspection.ok
        ? { understood: true, ...inspection.facts }
        : { understood: false, dialect, writes: true, ...inspection.notUnderstood };
    },
    close: () => inspector.close(),
  };
}

type Told =
  | { readonly ok: true; readonly facts: SqlFacts | ArgumentText }
  | { readonly ok: false; readonly notUnderstood: NotUnderstood };
