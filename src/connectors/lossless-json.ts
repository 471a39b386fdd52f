import type { Json } from '../model/json.ts';

/** Digits a double holds for certain. */
const SAFE_DIGITS = 15;

/** A text that can hold no number beyond a double's precision or range needs no second look. */
const SUSPICIOUS = /[0-9.]{16}|[0-9][eE]/u;

/**
 * Reads JSON that a database printed. A number that a double would change becomes the string that the database
 * printed, as it does in a cell of its own; text that is not JSON stays text.
 */
export function losslessJson(text: string): Json {
  try {
    const parsed: Json = SUSPICIOUS.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
    return parsed;
  } catch {
    return text;
  }
}

function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number') return value;
  const source = context?.source;
  if (source === undefined || Number.isSafeInteger(value)) return exact(value, source);
  const digits = source.replace(/[eE].*$/u, '').replace(/^-?0*\.?0*|\./gu, '');
  return Number.isFinite(value) && digits.length <= SAFE_DIGITS ? value : (source ?? value);
}

/** `9007199254740992.5` reads as a safe-looking integer; only its source tells. */
function exact(value: number, source: string | undefined): number | string {
  if (source === undefined || String(value) === source || source.length <= SAFE_DIGITS) return value;
  return source;
}

/** An integer as text: a number where it is exact, else the text. */
export function integer(text: string): number | string {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text;
}

/** A float: JSON has no NaN and no infinity, so these are words. */
export function float(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}
