import type { Json } from '../model/json.ts';
import type { ResultColumn, TableResult, Truncation } from '../model/result.ts';
import type { Limits } from '../model/tool.ts';

/** Collects a result within its limits. */
export interface TableBuilder {
  /** Before the first row. A second time, they replace the first without being counted again. */
  columns(columns: readonly ResultColumn[]): void;
  /** Takes a row. `false`: a limit was reached, this row and any later one are dropped. */
  add(row: readonly Json[]): boolean;
  /** The result is cut by bytes here, whatever else the backend would have sent. */
  cutByBytes(): void;
  full(): boolean;
  count(): number;
  finish(rowsAffected: number | null): TableResult;
  /** What `finish` gives, as JSON: put together from the texts whose bytes were counted. */
  finishAsJson(rowsAffected: number | null): string;
}

/** By the list of columns, which is one object for as long as a statement is compiled. */
const columnsJson = new WeakMap<readonly ResultColumn[], string>();

function jsonOfColumns(columns: readonly ResultColumn[]): string {
  const known = columnsJson.get(columns);
  if (known !== undefined) return known;
  const json = JSON.stringify(columns);
  columnsJson.set(columns, json);
  return json;
}

/**
 * Bytes are those of the UTF-8 JSON of columns and rows as they would leave. A row is kept whole or dropped: half a row
 * would be a wrong answer.
 */
export function tableBuilder(limits: Limits): TableBuilder {
  let columns: readonly ResultColumn[] = [];
  const rows: (readonly Json[])[] = [];
  const texts: string[] = [];
  let bytes = 2;
  let truncated: Truncation | null = null;
  const cutByBytes = (): void => {
    truncated ??= { by: 'bytes', limit: limits.bytes };
  };
  return {
    columns(described) {
      if (columns.length === 0) bytes += Buffer.byteLength(jsonOfColumns(described));
      columns = described;
    },
    add(row) {
      if (truncated !== null) return false;
      if (rows.length >= limits.rows) {
        truncated = { by: 'rows', limit: limits.rows };
        return false;
      }
      const text = JSON.stringify(row);
      bytes += Buffer.byteLength(text) + 1;
      if (bytes > limits.bytes) {
        cutByBytes();
        return false;
      }
      rows.push(row);
      texts.push(text);
      return true;
    },
    cutByBytes,
    full: () => truncated !== null,
    count: () => rows.length,
    finish: (rowsAffected) => ({ kind: 'table', columns, rows, truncated, rowsAffected }),
    finishAsJson: (rowsAffected) =>
      `{"kind":"table","columns":${jsonOfColumns(columns)},"rows":[${texts.join(',')}],` +
      `"truncated":${JSON.stringify(truncated)},"rowsAffected":${rowsAffected}}`,
  };
}

/**
 * Bytes on the wire after which a read is cut even before a row is complete: one cell of a gigabyte would otherwise be
 * gathered in memory before any limit saw it. Four times, because hexadecimal and padding are larger than the JSON.
 */
export function wireLimit(limits: Limits): number {
  return limits.bytes * 4 + 1_048_576;
}
