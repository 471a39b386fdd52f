import type { Json } from '../model/json.ts';
import type { TableResult } from '../model/result.ts';

/**
 * A table as text, every row of it: many agents read only the text. Markdown, because models read it well; each cell
 * is kept on its line and in its column, so that a value can't pass for another row or for words of the gateway.
 */
export function tableText(table: TableResult): string {
  if (table.columns.length === 0) return summary(table);
  let text = `${row(table.columns.map((column) => column.name))}\n${'| --- '.repeat(table.columns.length)}|\n`;
  for (const cells of table.rows) text += `${row(cells)}\n`;
  return `${text}\n${summary(table)}`;
}

function row(cells: readonly Json[]): string {
  let line = '|';
  for (const cell of cells) line += ` ${cellText(cell)} |`;
  return line;
}

/** NULL is not the empty string: the one reads `NULL`, the other is empty. */
function cellText(cell: Json): string {
  if (cell === null) return 'NULL';
  if (typeof cell === 'string') return escaped(cell);
  if (typeof cell === 'object') return escaped(JSON.stringify(cell));
  return String(cell);
}

/**
 * What ends a cell or a line, the backslash that would make the escapes ambiguous, and what is invisible or turns
 * text around (controls, format characters, line and paragraph separators). The two joiners are left alone: Persian,
 * Hindi and emoji are spelt with them.
 */
const unsafe = /[\\|\p{Cc}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/u;
const unsafeAll = new RegExp(unsafe.source, 'gu');

/**
 * Letters and punctuation of western text, none of which is unsafe. Most cells hold nothing else, and a class without
 * Unicode properties is three times as fast: 10 µs less for two kilobytes.
 */
const western = /^[\x20-\x5b\x5d-\x7b\x7d\x7e\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027]*$/;

function escaped(text: string): string {
  if (western.test(text)) return text;
  return unsafe.test(text) ? text.replace(unsafeAll, escapeOne) : text;
}

function escapeOne(character: string): string {
  switch (character) {
    case '\\':
      return '\\\\';
    case '|':
      return '\\|';
    case '\n':
      return '\\n';
    case '\r':
      return '\\r';
    case '\t':
      return '\\t';
    default:
      return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  }
}

function summary(table: TableResult): string {
  const parts: string[] = [];
  if (table.columns.length > 0) parts.push(`${count(table.rows.length, 'row')}.`);
  if (table.rowsAffected !== null) parts.push(`${count(table.rowsAffected, 'row')} changed.`);
  if (table.truncated !== null) {
    parts.push(
      `Cut at the limit of ${count(table.truncated.limit, unit[table.truncated.by])}: there is more.`,
    );
  }
  return parts.length === 0 ? 'Done.' : parts.join(' ');
}

const unit = { rows: 'row', bytes: 'byte' } as const;

function count(n: number, one: string): string {
  return `${n} ${one}${n === 1 ? '' : 's'}`;
}
