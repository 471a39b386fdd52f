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
  return [
    ...touchesOfSql(facts['sql']),
    ...touchesOfShell(facts['shell']),
    ...touchesOfHttp(facts['http']),
    ...foundInText(facts['text']),
  ];
}

function touchesOfSql(sql: Json | undefined): readonly string[] {
  if (!isObject(sql)) return [];
  return [
    `Does: ${names(sql, 'kinds')}`,
    ...named('Writes to', sql, 'tablesWritten'),
    ...named('Touches', sql, 'tables'),
    ...(sql['unbounded'] === true ? ['Changes every row: there is no condition.'] : []),
  ];
}

function touchesOfShell(shell: Json | undefined): readonly string[] {
  if (!isObject(shell)) return [];
  return [
    ...named('Runs', shell, 'programs'),
    ...named('Reads', shell, 'pathsRead'),
    ...named('Writes', shell, 'pathsWritten'),
    ...named('Removes', shell, 'pathsDeleted'),
    ...named('Reaches', shell, 'hosts'),
    ...(shell['destroys'] === true ? ['Takes away more than named files.'] : []),
    ...(shell['elevates'] === true ? ['Runs as another user.'] : []),
    ...(shell['runsCode'] === true ? ['Runs code that was not inspected.'] : []),
  ];
}

function touchesOfHttp(http: Json | undefined): readonly string[] {
  if (!isObject(http)) return [];
  const { method, scheme, host, port, path, address } = http;
  return [
    `Sends: ${said(method)} ${said(path)}`,
    `To: ${said(scheme)}://${said(host)} port ${said(port)} (${said(address)})`,
    ...named('With parameters', http, 'query'),
  ];
}

/** What is suspicious in the words of the call. Nothing found is not said: it would read as a clearance. */
function foundInText(text: Json | undefined): readonly string[] {
  if (!isObject(text)) return [];
  const found = names(text, 'patterns');
  return [
    ...(found === '' ? [] : [`Looks like: ${found} (score ${said(text['score'])})`]),
    ...named('Was hidden in', text, 'decoded'),
    ...(text['hiddenCharacters'] === true ? ['Holds characters that are not visible.'] : []),
    ...(text['mixedScripts'] === true ? ['Holds letters that look like others.'] : []),
  ];
}

function named(label: string, facts: JsonObject, key: string): readonly string[] {
  const shown = names(facts, key);
  return shown === '' ? [] : [`${label}: ${shown}`];
}

function names(facts: JsonObject, key: string): string {
  const value = facts[key];
  return Array.isArray(value) ? value.map((one) => visible(String(one))).join(', ') : '';
}

function said(value: Json | undefined): string {
  return visible(typeof value === 'string' ? value : JSON.stringify(value ?? ''));
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
