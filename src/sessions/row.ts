import type { SQLOutputValue } from 'node:sqlite';

/** A row as `node:sqlite` gives it, and as the connection to PostgreSQL is told to. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

/** Columns as the STRICT tables hold them. Anything else means that the file was changed by other hands. */
export function numberOf(row: Row | undefined, column: string): number {
  const value = row?.[column];
  if (typeof value !== 'number') throw new Error(`column ${column} does not hold a number`);
  return value;
}

export function textOf(row: Row | undefined, column: string): string {
  const value = row?.[column];
  if (typeof value !== 'string') throw new Error(`column ${column} does not hold text`);
  return value;
}

export function numberOrNull(row: Row, column: string): number | null {
  return row[column] === null ? null : numberOf(row, column);
}

export function textOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : textOf(row, column);
}

export function blobOf(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw new Error(`column ${column} does not hold bytes`);
  return value;
}
