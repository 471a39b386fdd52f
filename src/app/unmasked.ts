import { UNREADABLE } from '../masking/data-classes.ts';
import { isPlaceholder, redacted } from '../masking/strategies.ts';
import { maskJson, maskResult } from '../masking/mask.ts';
import { printable } from '../sessions/printable.ts';
import { openRecord } from './read-record.ts';
import type { Configuration } from './configuration.ts';
import type { Json } from '../model/json.ts';
import type { RecordType, StoredRecord } from '../model/record.ts';
import type { BackendResult, MaskingReport } from '../model/result.ts';
import type { MaskingRules } from '../masking/rules.ts';

/** A class of values that stands unmasked in a payload on record, and where. Holds no value. */
interface Unmasked {
  /** Position in the log. */
  readonly record: number;
  readonly session: string | null;
  readonly call: string | null;
  readonly type: RecordType;
  readonly tool: string;
  readonly class: string;
  /** The name of the column, or a JSON pointer with `*` for each index; what is a value in it is masked. */
  readonly path: string;
  readonly count: number;
}

export interface UnmaskedQuery {
  /** Epoch milliseconds: records at or after it. */
  readonly from: number;
  /** Epoch milliseconds: records before it. */
  readonly to: number;
}

export interface UnmaskedFound {
  /** Payloads that were searched. */
  readonly payloads: number;
  readonly findings: readonly Unmasked[];
}

const PAGE = 1_000;

/** What masking by these rules would mask of the payloads on record beyond what is masked there. Changes nothing. */
export async function findUnmasked(
  configuration: Configuration,
  rules: MaskingRules,
  { from, to }: UnmaskedQuery,
): Promise<UnmaskedFound> {
  const store = await openRecord(configuration, false);
  try {
    const findings: Unmasked[] = [];
    let payloads = 0;
    /** Of calls without an outcome so far: only the intent names the tool. */
    const tools = new Map<string, string>();
    for (let after = -1; ;) {
      const page = await store.records({ after, limit: PAGE });
      const last = page.at(-1);
      if (last === undefined) return { payloads, findings };
      after = last.index;
      for (const record of page) {
        const tool = toolOf(record, tools);
        // What operators wrote is masked by a rule of its own, and names people as policies do.
        if (record.type === 'rules.loaded') continue;
        if (record.payload === null || record.time < from || record.time >= to) continue;
        payloads++;
        findings.push(...unmaskedIn(record, tool, rules));
      }
    }
  } finally {
    await store.close();
  }
}

function toolOf({ type, call, event }: StoredRecord, tools: Map<string, string>): string {
  const own = event['tool'];
  const tool = typeof own === 'string' ? own : (tools.get(call ?? '') ?? '');
  if (call !== null && type === 'call.intent') tools.set(call, tool);
  if (call !== null && type === 'call.outcome') tools.delete(call);
  return tool;
}

function unmaskedIn(record: StoredRecord, tool: string, rules: MaskingRules): readonly Unmasked[] {
  const payload = withoutPlaceholders(record.payload, [...rules.dataClasses, UNREADABLE]);
  const { index, session, call, type } = record;
  return reportOf(payload, tool, rules).findings.map(({ class: of, path, count }) => ({
    record: index,
    session,
    call,
    type,
    tool,
    class: of,
    path,
    count,
  }));
}

function reportOf(payload: Json, tool: string, rules: MaskingRules): MaskingReport {
  const table = tableOf(payload);
  if (table === null) return maskJson(payload, rules).report;
  // Which columns a column was computed from is not on record: names and shapes speak for themselves.
  return maskResult(table, { columnClasses: {}, resultColumns: null, unmasked: new Set(), tool }, rules)
    .report;
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

/** One line a class and place, then how many. */
export function renderUnmasked({ payloads, findings }: UnmaskedFound): string {
  const lines = findings.map(
    ({ record, session, type, tool, class: of, path, count }) =>
      `#${record}  ${session ?? '-'}  ${type}  ${printable(tool)}  ${of}  ${printable(path)}  ${count}\n`,
  );
  return `${lines.join('')}${findings.length} findings in ${payloads} payloads\n`;
}
