import type { BackendFailure } from '../../model/result.ts';
import type { Explained } from '../session.ts';
import { ConnectFailed } from '../connect-failed.ts';
import { Refused } from '../refused.ts';
import { socketProblem } from '../socket-problem.ts';

/** The server's error classes that mean it, or the way to it, is not there (PostgreSQL appendix A). */
const AWAY = /^(?:08|57P0[1-5]|53300)/u;

const FAILURES: Readonly<Record<string, BackendFailure>> = {
  // query_canceled: by the time limit or by a cancellation; the caller's clock knows which.
  '57014': 'cancelled',
  '25006': 'not_permitted',
  '42501': 'not_permitted',
};

/** The server has no hint for these, and their cause is how a tool is written. */
const UNTYPED = 'write the parameter with its type where the statement does not tell it, as in :name::text';
const HINTS: Readonly<Record<string, string>> = { '42P08': UNTYPED, '42P18': UNTYPED };

/** Reads an error of `pg`: of the server where it carries a SQLSTATE, else of the way to it. */
export function explain(error: unknown, scrub: (message: string) => string): Explained {
  if (error instanceof Refused) return { failure: 'rejected', message: error.message, lost: false };
  if (error instanceof ConnectFailed) return notConnected(error.cause);
  const code = text(error, 'code') ?? '';
  if (text(error, 'severity') === null || !/^[0-9A-Z]{5}$/u.test(code)) {
    return { failure: 'unavailable', message: socketProblem(code), lost: true };
  }
  if (AWAY.test(code))
    return { failure: 'unavailable', message: `The database is not available (${code}).`, lost: true };
  const parts = [
    text(error, 'message') ?? 'The statement failed.',
    labelled('Detail', text(error, 'detail')),
    labelled('Hint', text(error, 'hint') ?? HINTS[code] ?? null),
    `(SQLSTATE ${code})`,
  ];
  return {
    failure: FAILURES[code] ?? 'rejected',
    message: scrub(parts.filter((part) => part !== null).join(' ')),
    lost: false,
  };
}

function labelled(label: string, value: string | null): string | null {
  return value === null ? null : `${label}: ${value}`;
}

function text(error: unknown, key: string): string | null {
  if (typeof error !== 'object' || error === null) return null;
  const value: unknown = Reflect.get(error, key);
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Class 28 names user, database and the gateway's address: its words stay here. */
function notConnected(cause: unknown): Explained {
  const code = text(cause, 'code') ?? '';
  const message =
    text(cause, 'severity') === null
      ? socketProblem(code)
      : AWAY.test(code)
        ? `The database is not available (SQLSTATE ${code}).`
        : `The database refused the gateway's login (SQLSTATE ${code}).`;
  return { failure: 'unavailable', message, lost: true };
}
