import type { BackendFailure } from '../../model/result.ts';
import type { Explained } from '../session.ts';
import { Refused } from '../refused.ts';
import { socketProblem } from '../socket-problem.ts';

/** The server's error classes that mean it, or the way to it, is not there (PostgreSQL appendix A). */
const AWAY = /^(?:08|57P0[1-5]|53300|58|XX001)/u;
/** 28: authentication; 3D000: the database does not exist. Their messages name users, databases and addresses. */
const ACCESS = /^(?:28|3D000)/u;

const FAILURES: Readonly<Record<string, BackendFailure>> = {
  // query_canceled: by the time limit or by a cancellation; the caller's clock knows which.
  '57014': 'cancelled',
  '25006': 'not_permitted',
  '42501': 'not_permitted',
};

/** Reads an error of `pg`: of the server where it carries a SQLSTATE, else of the way to it. */
export function explain(error: unknown, scrub: (message: string) => string): Explained {
  if (error instanceof Refused) return { failure: 'rejected', message: error.message, lost: false };
  const code = text(error, 'code') ?? '';
  if (text(error, 'severity') === null || !/^[0-9A-Z]{5}$/u.test(code)) {
    return { failure: 'unavailable', message: socketProblem(code), lost: true };
  }
  if (ACCESS.test(code))
    return {
      failure: 'unavailable',
      message: `The database refused the gateway's own login (${code}).`,
      lost: true,
    };
  if (AWAY.test(code))
    return { failure: 'unavailable', message: `The database is not available (${code}).`, lost: true };
  const parts = [
    text(error, 'message') ?? 'The statement failed.',
    labelled('Detail', text(error, 'detail')),
    labelled('Hint', text(error, 'hint')),
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
