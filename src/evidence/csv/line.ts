type Cell = string | number | boolean | null;
export type Row = readonly Cell[];

/** What makes a spreadsheet take a cell for a formula; the full-width forms count in some of them. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/u;
const QUOTED = /[",\r\n]/;

/**
 * A line after RFC 4180, with CRLF. What an agent or a backend wrote may be a formula to the program that opens the file:
 * such a cell gets an apostrophe in front. A cell without a value is empty.
 */
export function csvLine(row: Row): string {
  return `${row.map(cell).join(',')}\r\n`;
}

function cell(value: Cell): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const text = value.toWellFormed();
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return QUOTED.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
