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
  const { sql } = facts;
  if (!isObject(sql)) return html`<p class="dim">The inspector has nothing to say of this tool.</p>`;
  const rows: readonly (readonly [string, string])[] = [
    ['Does', names(sql, 'kinds')],
    ['Writes to', names(sql, 'tablesWritten')],
    ['Reads', names(sql, 'tablesRead')],
    ['Touches', names(sql, 'tables')],
    ['Columns', names(sql, 'columns')],
    ['Calls', names(sql, 'functions')],
  ];
  return html`${
      sql['unbounded'] === true
        ? html`<p class="note stop"><strong>It changes every row.</strong> There is no condition.</p>`
        : null
    }
    <dl>
      ${rows
        .filter(([, value]) => value !== '')
        .map(
          ([label, value]) =>
            html`<dt>${label}</dt>
              <dd>${value}</dd>`,
        )}
      ${
        typeof sql['writes'] === 'boolean'
          ? html`<dt>Writes</dt>
              <dd>${sql['writes'] ? 'yes' : 'no'}</dd>`
          : null
      }
    </dl>`;
}

/** One line for a list: the statement, or the tool alone. */
export function summaryOf({ facts }: ApprovalRequest): string {
  const { sql } = facts;
  if (!isObject(sql)) return '';
  const written = names(sql, 'tablesWritten');
  const what = [names(sql, 'kinds'), written === '' ? '' : `writes to ${written}`].filter(
    (part) => part !== '',
  );
  return `${what.join(', ')}${sql['unbounded'] === true ? ' — every row' : ''}`;
}

function names(sql: JsonObject, key: string): string {
  const value = sql[key];
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
