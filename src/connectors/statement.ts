import type { SqlFacts } from '../model/facts.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Execution } from '../model/result.ts';
import type { FixedStatement, Limits } from '../model/tool.ts';
import type { PermittedCall } from '../model/tool-call.ts';
import type { Backend } from './session.ts';

/** A parameter as it is bound: arrays and objects have become their JSON text. */
export type Bound = null | boolean | number | string;

export interface Statement {
  readonly text: string;
  readonly values: readonly Bound[];
}

/** What one permitted call asks of its backend. */
export interface Order {
  readonly ok: true;
  readonly statement: Statement;
  /** An author's statement, of which an agent gives the parameters. */
  readonly fixed: boolean;
  readonly readOnly: boolean;
  readonly facts: SqlFacts;
  readonly limits: Limits;
}

type Taker = Pick<Backend, 'kind' | 'name' | 'readOnly' | 'placeholders'>;

/** Reads the order out of a call, or says why this connection does not take it. */
export function orderOf(
  permitted: PermittedCall,
  taker: Taker,
): Order | { readonly ok: false; readonly execution: Execution } {
  const { tool } = permitted.call;
  const args = permitted.bound;
  const facts = permitted.facts.sql;
  if (tool.connection.name !== taker.name || tool.action.dialect !== taker.kind)
    return refuse('The tool belongs to another connection.');
  // Inspection and execution must speak of the same text: no facts, no execution.
  if (facts === undefined) return refuse('The statement was not inspected.');
  // SQLite runs the first statement of several and ignores the rest, so the count is checked here for all kinds.
  if (facts.statements !== 1)
    return refuse(`A call runs one statement, and this text holds ${facts.statements}.`);
  const readOnly = !facts.writes;
  if (taker.readOnly && !readOnly) return refuse('The connection is configured read-only.');

  const statement =
    'statement' in tool.action
      ? fixed(tool.action.statement, args, taker.placeholders)
      : freeForm(args, tool.action.from);
  if (statement === null) return refuse('The call names no statement.');
  // A NUL ends the text for the engine's C code, but not for whoever inspected it.
  if (statement.text.includes('\0')) return refuse('The statement contains a NUL character.');
  return { ok: true, statement, fixed: 'statement' in tool.action, readOnly, facts, limits: tool.limits };
}

function refuse(message: string): { readonly ok: false; readonly execution: Execution } {
  return { ok: false, execution: { ok: false, failure: 'not_permitted', message, ran: 'no' } };
}

function freeForm(args: JsonObject, from: string): Statement | null {
  const text = argument(args, from);
  return typeof text === 'string' ? { text, values: [] } : null;
}

/**
 * Joins the parts with the engine's placeholders. A name used twice is one parameter where the engine numbers them, so
 * that PostgreSQL takes its type from whichever use tells it.
 */
function fixed(statement: FixedStatement, args: JsonObject, style: Backend['placeholders']): Statement {
  const values: Bound[] = [];
  const numbers = new Map<string, number>();
  let text = statement.parts[0] ?? '';
  for (const [index, name] of statement.names.entries()) {
    let number = style === 'question' ? undefined : numbers.get(name);
    if (number === undefined) {
      number = values.push(bind(argument(args, name)));
      numbers.set(name, number);
    }
    text += (style === 'dollar' ? `$${number}` : '?') + (statement.parts[index + 1] ?? '');
  }
  return { text, values };
}

/** Own properties only: an argument named `constructor` that was not sent is absent. */
function argument(args: JsonObject, name: string): Json {
  return Object.hasOwn(args, name) ? (args[name] ?? null) : null;
}

function bind(value: Json): Bound {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}
