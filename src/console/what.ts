import { html, type Html } from './html.ts';
import type { ApprovalRequest } from '../model/approval.ts';
import type { Json, JsonObject } from '../model/json.ts';

/** What exactly is to be done: each argument whole, as the gateway would run it, with masked values. */
export function argumentsOf(request: ApprovalRequest): Html {
  const given = isObject(request.arguments)
    ? Object.entries(request.arguments)
    : [['arguments', request.arguments] as const];
  if (given.length === 0) return html`<p class="dim">The tool takes no arguments.</p>`;
  return html`${given.map(
    ([name, value]) =>
      html`<h3><code>${name}</code></h3>
        <pre>${shown(value)}</pre>`,
  )}`;
}

/** What the inspector says that it would do. */
export function touchesOf({ facts }: ApprovalRequest): Html {
  const { sql, shell, http, text } = facts;
  const parts = [
    ...(isObject(sql) ? [touchesOfSql(sql)] : []),
    ...(isObject(shell) ? [touchesOfShell(shell)] : []),
    ...(isObject(http) ? [touchesOfHttp(http)] : []),
    ...(isObject(text) ? [foundInText(text)] : []),
  ];
  if (parts.length === 0) return html`<p class="dim">The inspector has nothing to say of this tool.</p>`;
  return html`${parts}`;
}

function touchesOfSql(sql: JsonObject): Html {
  const every = html`<p class="note stop"><strong>It changes every row.</strong> There is no condition.</p>`;
  return html`${sql['unbounded'] === true ? every : null} ${listOf(sql, SQL_ROWS)}`;
}

function touchesOfShell(shell: JsonObject): Html {
  const said = WARNINGS.filter(([fact]) => shell[fact] === true);
  return html`${said.map(([, text]) => html`<p class="note stop"><strong>${text}</strong></p>`)}
  ${listOf(shell, SHELL_ROWS)}`;
}

function touchesOfHttp(http: JsonObject): Html {
  const { method, scheme, host, port, path, address } = http;
  const inside = address !== 'public' && address !== 'name';
  const warning = html`<p class="note stop"><strong>It reaches an address that is not public.</strong></p>`;
  return html`${inside ? warning : null}
    <dl>
      <dt>Sends</dt>
      <dd>${shown(method ?? '')} ${shown(path ?? '')}</dd>
      <dt>To</dt>
      <dd>
        ${shown(scheme ?? '')}://${shown(host ?? '')} port ${shown(port ?? '')} (${shown(address ?? '')})
      </dd>
      <dt>With parameters</dt>
      <dd>${names(http, 'query')}</dd>
    </dl>`;
}

/** Nothing found is not said: it would read as a clearance. */
function foundInText(text: JsonObject): Html {
  const said = SUSPICIONS.filter(([fact]) => text[fact] === true);
  const found = names(text, 'patterns');
  const score = shown(text['score'] ?? 0);
  return html`${found === '' ? null : html`<p class="note stop">Its words look like <strong>${found}</strong> (score ${score}).</p>`}
  ${said.map(([, line]) => html`<p class="note stop"><strong>${line}</strong></p>`)}
  ${listOf(text, [['Was hidden in', 'decoded']])}`;
}

const SQL_ROWS = [
  ['Does', 'kinds'],
  ['Writes to', 'tablesWritten'],
  ['Reads', 'tablesRead'],
  ['Touches', 'tables'],
  ['Columns', 'columns'],
  ['Calls', 'functions'],
] as const;

const SHELL_ROWS = [
  ['Runs', 'programs'],
  ['Reads', 'pathsRead'],
  ['Writes files', 'pathsWritten'],
  ['Removes', 'pathsDeleted'],
  ['Runs files', 'pathsRun'],
  ['Reaches', 'hosts'],
  ['Reads from', 'readsFrom'],
  ['Writes to', 'writesTo'],
] as const;

const WARNINGS = [
  ['destroys', 'It takes away more than named files.'],
  ['elevates', 'It runs as another user.'],
  ['fetchesAndRuns', 'It runs what it fetches.'],
  ['runsCode', 'It runs code that was not inspected.'],
  ['uploads', 'It sends data to another machine.'],
] as const;

const SUSPICIONS = [
  ['hiddenCharacters', 'It holds characters that are not visible.'],
  ['mixedScripts', 'It holds letters that look like others.'],
] as const;

function listOf(facts: JsonObject, rows: readonly (readonly [string, string])[]): Html {
  const named = rows.map(([label, key]) => [label, names(facts, key)] as const);
  const { writes } = facts;
  const told = [
    ...named.filter(([, value]) => value !== ''),
    ...(typeof writes === 'boolean' ? [['Writes', writes ? 'yes' : 'no'] as const] : []),
  ];
  return html`<dl>
    ${told.map(
      ([label, value]) =>
        html`<dt>${label}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;
}

/** One line for a list: the statement, the command, or the tool alone. */
export function summaryOf({ facts }: ApprovalRequest): string {
  const { sql, shell, http } = facts;
  if (isObject(http)) return `${shown(http['method'] ?? '')} to ${shown(http['host'] ?? '')}`;
  if (isObject(shell)) {
    const grave = WARNINGS.some(([fact]) => shell[fact] === true) ? ' — look closely' : '';
    return `runs ${names(shell, 'programs')}${grave}`;
  }
  if (!isObject(sql)) return '';
  const written = names(sql, 'tablesWritten');
  const what = [names(sql, 'kinds'), written === '' ? '' : `writes to ${written}`].filter(
    (part) => part !== '',
  );
  return `${what.join(', ')}${sql['unbounded'] === true ? ' — every row' : ''}`;
}

function names(facts: JsonObject, key: string): string {
  const value = facts[key];
  return Array.isArray(value)
    ? value.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join(', ')
    : '';
}

function shown(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
