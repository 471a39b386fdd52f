import { redacted } from './strategies.ts';

/** How the connectors end what a server said; a message without it is a sentence of the gateway's own. */
const CODE = / \((?:SQLSTATE [0-9A-Z]{5}|SQLite error [0-9]+|error [0-9]+, SQLSTATE [0-9A-Z]{5})\)$/;
/** The apostrophe of `doesn't` is none: a server's own quotes stand beside something that is no letter. */
const QUOTES = /["`]|(?<![a-z])'|'(?![a-z])/gi;
/** What servers write between two names; any other text there may be a value that holds quotes itself. */
const BETWEEN =
  / ?["'`] (?:of relation|on table|in|for key|for column|of type|violates foreign key constraint) ["'`]/;

/**
 * What a server said of a statement that an agent wrote, without what it may have read. An error quotes the value that
 * it stumbled over, in whatever guise the statement gave it: `CAST(encode(ssn::bytea, 'hex') AS int)` says it in an
 * alphabet that no detector knows, and an error has no columns to trace. So of what a server quotes, only what stands
 * in the statement is told. Details and numbers go the same way.
 */
export function wordsOnly(message: string, statement: string): string {
  const code = CODE.exec(message)?.[0];
  if (code === undefined) return message;
  const text = message.slice(0, -code.length);
  const known = statement.toLowerCase();
  const detail = text.indexOf(' Detail: ');
  const hint = detail === -1 ? text.indexOf(' Hint: ') : -1;
  const main = text.slice(0, [detail, hint].find((at) => at !== -1) ?? text.length);
  const advice = hint === -1 ? '' : text.slice(hint);
  const kept = /["'`0-9]/.test(advice) ? '' : advice;
  return `${withoutNumbers(withoutValues(main, known), known)}${kept}${code}`;
}

function withoutValues(text: string, known: string): string {
  const quotes = [...text.matchAll(QUOTES)].map(({ index }) => index);
  const [first] = quotes;
  const last = quotes.at(-1);
  if (first === undefined || last === undefined) return withoutTail(text, known);
  const inside = text.slice(first + 1, last);
  const names = inside.split(BETWEEN);
  const told =
    last > first &&
    (stands(inside, known) ||
      (names.length === 2 && names.every((name) => /^[\w.$]+$/.test(name) && stands(name, known))));
  if (told) return text;
  return `${text.slice(0, first)}${redacted('unreadable')}${last > first ? text.slice(last + 1) : ''}`;
}

/** `no such column: nmae`, `operator does not exist: …`. */
function withoutTail(text: string, known: string): string {
  const colon = text.indexOf(': ');
  if (colon === -1 || stands(text.slice(colon + 2), known)) return text;
  return `${text.slice(0, colon + 2)}${redacted('unreadable')}`;
}

/** `requested character too large for encoding: 219099999`. Fewer digits say no more than the fact of an error. */
function withoutNumbers(text: string, known: string): string {
  return text.replaceAll(/[0-9]{3,}/g, (digits) => (stands(digits, known) ? digits : '…'));
}

function stands(text: string, known: string): boolean {
  return known.includes(text.toLowerCase());
}
