import { UNREADABLE } from '../masking/data-classes.ts';
import { isPlaceholder, redacted } from '../masking/strategies.ts';
import { maskJson, maskResult } from '../masking/mask.ts';
import type { MaskingRules } from '../masking/rules.ts';
import type { Json } from '../model/json.ts';
import type { BackendResult, MaskingFinding } from '../model/result.ts';

/**
 * What these rules would mask of a payload on record beyond what is masked there. Paths are names of columns, or JSON
 * pointers with `*` for each index.
 */
export function maskAgain(payload: Json, tool: string, rules: MaskingRules): readonly MaskingFinding[] {
  const bare = withoutPlaceholders(payload, [...rules.dataClasses, UNREADABLE]);
  const table = tableOf(bare);
  if (table === null) return maskJson(bare, rules).report.findings;
  // Which columns a column was computed from is not on record: names and shapes speak for themselves.
  const how = { columnClasses: {}, resultColumns: null, unmasked: new Set<string>(), tool };
  return maskResult(table, how, rules).report.findings;
}

/** A payload that is the result of a query. */
function tableOf(payload: Json): BackendResult | null {
  if (typeof payload !== 'object' || payload === null || !('rows' in payload) || !('columns' in payload))
    return null;
  const { kind, columns, rows } = payload;
  if (kind !== 'table' || !isList(columns) || !isList(rows) || !rows.every(isList)) return null;
  const named = columns.map((column) => ({ name: textOf(column, 'name'), type: textOf(column, 'type') }));
  return { kind: 'table', columns: named, rows, truncated: null, rowsAffected: null };
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function textOf(value: Json, key: string): string {
  if (typeof value !== 'object' || value === null || isList(value)) return '';
  const text = Object.entries(value).find(([name]) => name === key)?.[1];
  return typeof text === 'string' ? text : '';
}

/** What another strategy left of a value counts as masked, like what is redacted. */
function withoutPlaceholders(value: Json, classes: readonly string[]): Json {
  if (typeof value === 'string') return isPlaceholder(value, classes) ? redacted(UNREADABLE) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map((inner) => withoutPlaceholders(inner, classes));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]): [string, Json] => [key, withoutPlaceholders(inner, classes)]),
  );
}
