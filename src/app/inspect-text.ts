import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { shown } from './configuration.ts';
import { loadPatterns } from '../inspect/text/patterns-file.ts';
import type { TextPatterns } from '../inspect/text/patterns.ts';
import type { Loaded } from '../model/load-error.ts';
import { startInspector } from '../inspect/inspector.ts';
import { causesOf } from '../inspect/sql/causes.ts';
import type {
  Cause,
  HttpFacts,
  InspectKind,
  NotUnderstood,
  ShellFacts,
  SqlDialect,
  SqlFacts,
  TextFacts,
} from '../model/facts.ts';

/** What a text can be read as on the command line. */
export type InspectedDialect = SqlDialect | InspectKind | 'text';

export const INSPECTED_DIALECTS: readonly InspectedDialect[] = [
  'postgres',
  'mysql',
  'sqlite',
  'sqlserver',
  'shell',
  'http',
  'text',
];

/** The facts of one text, or why there are none. What was not understood counts as a write. */
type InspectedText =
  | ({ readonly understood: true; readonly causes?: readonly Cause[] } & (SqlFacts | ArgumentText))
  | ({
      readonly understood: false;
      readonly dialect: InspectedDialect;
      readonly writes: true;
    } & NotUnderstood);

type ArgumentText = { readonly dialect: InspectKind | 'text' } & (ShellFacts | HttpFacts | TextFacts);

export type Inspect = (text: string) => Promise<InspectedText>;

/**
 * The `patterns.yaml` of a policies folder; none where there is no such file.
 *
 * @param named whether a person named the folder: one that is not there is then an error and not a default.
 */
export async function patternsIn(folder: string, named: boolean): Promise<Loaded<TextPatterns>> {
  if (named && !existsSync(folder))
    return { ok: false, errors: [{ file: folder, message: 'there is no such folder of policies' }] };
  const path = join(folder, 'patterns.yaml');
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
  return loadPatterns(text === null ? null : { path: shown(path), text });
}

/** The inspector as the gateway runs it, for the command line. `why`: with the parts that caused each fact of SQL. */
export function openInspection(
  dialect: InspectedDialect,
  /** What is looked for in free text. */
  patterns: TextPatterns,
  why = false,
): {
  readonly inspect: Inspect;
  readonly close: () => Promise<void>;
} {
  const inspector = startInspector();
  const told = async (text: string): Promise<Told> => {
    if (dialect !== 'shell' && dialect !== 'http' && dialect !== 'text')
      return await inspector.sql(dialect, text);
    const inspection =
      dialect === 'text' ? await inspector.text(patterns, text) : await inspector[dialect](text);
    return inspection.ok ? { ok: true, facts: { dialect, ...inspection.facts } } : inspection;
  };
  return {
    async inspect(text) {
      const inspection = await told(text);
      if (!inspection.ok) return { understood: false, dialect, writes: true, ...inspection.notUnderstood };
      const { facts } = inspection;
      const causes = why && 'statements' in facts ? { causes: causesOf(text, facts) } : {};
      return { understood: true, ...facts, ...causes };
    },
    close: () => inspector.close(),
  };
}

type Told =
  | { readonly ok: true; readonly facts: SqlFacts | ArgumentText }
  | { readonly ok: false; readonly notUnderstood: NotUnderstood };
