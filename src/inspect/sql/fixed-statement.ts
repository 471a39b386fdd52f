import type { FixedStatement } from '../../model/tool.ts';
import type { SqlDialect, SqlInspection } from '../../model/facts.ts';
import { splitParameters } from './parameters.ts';

export type Fixed =
  | { readonly ok: true; readonly statement: FixedStatement }
  | {
      readonly ok: false;
      /** One sentence for the author. */
      readonly message: string;
      /** Where in the text, in UTF-16 units; null where the whole statement is meant. */
      readonly offset: number | null;
    };

/** `inspect` is `inspectSql`, or `sql` of an inspector. */
export async function inspectFixed(
  inspect: (dialect: SqlDialect, text: string) => SqlInspection | Promise<SqlInspection>,
  dialect: SqlDialect,
  text: string,
): Promise<Fixed> {
  const split = splitParameters(dialect, text);
  if (!split.ok) return split;
  const { parts, names } = split;
  const placed = parts.map((part, index) => {
    if (index === 0) return part;
    return `${dialect === 'postgres' ? `$${index}` : '?'}${part}`;
  });
  const inspection = await inspect(dialect, placed.join(''));
  if (!inspection.ok) return { ok: false, message: inspection.notUnderstood.message, offset: null };
  const { facts } = inspection;
  if (facts.statements !== 1) {
    return {
      ok: false,
      message: `A tool runs one statement; this text holds ${facts.statements}.`,
      offset: null,
    };
  }
  return { ok: true, statement: { text, parts, names, facts } };
}
