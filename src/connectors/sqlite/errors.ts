import type { BackendFailure } from '../../model/result.ts';
import type { Explained } from '../session.ts';
import { ProcessEnded } from './connect.ts';

/** A reply that says no, as an error on its way to `explain`. */
export class SqliteFailure extends Error {
  readonly code: number | null;
  constructor(code: number | null, message: string) {
    super(message);
    this.code = code;
  }
}

/** By SQLite's primary result code, which is the low byte of the extended one. */
const FAILURES: ReadonlyMap<number, { readonly failure: BackendFailure; readonly message?: string }> =
  new Map<number, { readonly failure: BackendFailure; readonly message?: string }>([
    // BUSY and LOCKED after waiting: another writer holds the file for longer than the call has.
    [5, { failure: 'timeout' }],
    [6, { failure: 'timeout' }],
    [8, { failure: 'not_permitted' }],
    [23, { failure: 'not_permitted' }],
    [10, { failure: 'unavailable', message: 'The database file could not be read or written.' }],
    [11, { failure: 'unavailable', message: 'The database file is damaged.' }],
    [13, { failure: 'unavailable', message: 'The disk of the database is full.' }],
    [14, { failure: 'unavailable', message: 'The database file could not be opened.' }],
    [26, { failure: 'unavailable', message: 'The file is not a SQLite database.' }],
  ]);

export function explain(error: unknown, scrub: (message: string) => string): Explained {
  if (error instanceof ProcessEnded && error.tooLarge)
    return {
      failure: 'rejected',
      message: 'The statement took more memory than it may have, and was stopped.',
      lost: true,
    };
  if (error instanceof ProcessEnded)
    return { failure: 'unavailable', message: 'The SQLite process ended before it answered.', lost: true };
  if (!(error instanceof SqliteFailure))
    return { failure: 'internal', message: 'The connector failed.', lost: true };
  if (error.code === null)
    return {
      failure: error.message === 'The database file does not exist.' ? 'unavailable' : 'rejected',
      message: error.message,
      lost: false,
    };
  const known = FAILURES.get(error.code & 0xff);
  return {
    failure: known?.failure ?? 'rejected',
    message: known?.message ?? scrub(`${error.message} (SQLite error ${error.code})`),
    lost: false,
  };
}
