import type { ApprovalRequest } from '../model/approval.ts';
import type { Json, JsonObject } from '../model/json.ts';

const MAX_LINES = 60;
const MAX_LINE = 500;

/**
 * What a person is shown before they decide: every line that an agent could have written is indented, cut and freed of
 * what could hide or reorder text, so that a statement can't pass for the gateway's own words.
 */
export function shownToPerson(request: ApprovalRequest, args: Json): string {
  const { tool, connection, environment, facts } = request;
  return [
    `Tool: ${tool} on ${connection} (${environment})`,
    ...Object.entries(isObject(args) ? args : { arguments: args }).flatMap(([name, value]) =>
      argument(name, value),
    ),
    ...touches(facts),
  ].join('\n');
}

function argument(name: string, value: Json): readonly string[] {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const lines = text.split(/\r\n|\r|\n/);
  const shown = lines.slice(0, MAX_LINES).map((line) => `    | ${visible(line)}`);
  const rest = lines.length > MAX_LINES ? [`    (${lines.length - MAX_LINES} more lines)`] : [];
  return [`${visible(name)}:`, ...shown, ...rest];
}

function touches(facts: JsonObject): readonly string[] {
  const sql = facts['sql'];
  if (!isObject(sql)) return [];
  const names = (key: string): string =>
    Array.isArray(sql[key]) ? sql[key].map((one) => visible(String(one))).join(', ') : '';
  return [
    `Does: ${names('kinds')}`,
    ...(names('tablesWritten') === '' ? [] : [`Writes to: ${names('tablesWritten')}`]),
    ...(names('tables') === '' ? [] : [`Touches: ${names('tables')}`]),
    ...(sql['unbounded'] === true ? ['Changes every row: there is no condition.'] : []),
  ];
}

function visible(text: string): string {
  const cut = text.length > MAX_LINE ? `${text.slice(0, MAX_LINE)}… (${text.length - MAX_LINE} more)` : text;
  return undisguised(cut);
}

/** One line, in which control, format (bidirectional, zero-width) and private characters are visible. */
export function undisguised(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
