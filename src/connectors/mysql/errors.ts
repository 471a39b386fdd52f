import type { BackendFailure } from '../../model/result.ts';
import type { Explained } from '../session.ts';
import { ConnectFailed } from '../connect-failed.ts';
import { Refused } from '../refused.ts';
import { socketProblem } from '../socket-problem.ts';

/** Error numbers with a meaning of their own; any other of a server is `rejected`. */
const FAILURES: ReadonlyMap<number, BackendFailure> = new Map<number, BackendFailure>([
  // Killed (KILL QUERY), and the time limits of MariaDB and MySQL: the caller's clock tells them apart.
  [1317, 'cancelled'],
  [1969, 'cancelled'],
  [3024, 'cancelled'],
  // Read-only transaction, read-only server.
  [1792, 'not_permitted'],
  [1290, 'not_permitted'],
  [1836, 'not_permitted'],
  // Privileges.
  [1044, 'not_permitted'],
  [1142, 'not_permitted'],
  [1143, 'not_permitted'],
  [1227, 'not_permitted'],
  [1370, 'not_permitted'],
]);

/** The servers' words for "not now": full, shutting down, connection gone. */
const AWAY: ReadonlySet<number> = new Set([
  1040, 1053, 1129, 1152, 1153, 1158, 1159, 1160, 1161, 1203, 1226, 1927, 1928,
]);

/** Reads an error of `mysql2`: of the server where it carries an error number and is not fatal, else of the way to it. */
export function explain(error: unknown, scrub: (message: string) => string): Explained {
  if (error instanceof Refused) return { failure: 'rejected', message: error.message, lost: false };
  if (error instanceof ConnectFailed) return notConnected(error.cause);
  const errno = property(error, 'errno');
  const code = property(error, 'code');
  const sqlState = property(error, 'sqlState');
  if (typeof errno !== 'number' || typeof sqlState !== 'string')
    return {
      failure: 'unavailable',
      message: socketProblem(typeof code === 'string' ? code : ''),
      lost: true,
    };
  if (AWAY.has(errno))
    return { failure: 'unavailable', message: `The database is not available (${errno}).`, lost: true };
  const message = property(error, 'sqlMessage');
  return {
    failure: FAILURES.get(errno) ?? 'rejected',
    message: scrub(
      `${typeof message === 'string' ? message : 'The statement failed.'} (error ${errno}, SQLSTATE ${sqlState})`,
    ),
    lost: false,
  };
}

function property(error: unknown, key: string): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, key) : undefined;
}

/** 1045 and its kind name user and host, 1130 the gateway's address: their words stay here. */
function notConnected(cause: unknown): Explained {
  const errno = property(cause, 'errno');
  const code = property(cause, 'code');
  const message =
    typeof errno === 'number' && typeof property(cause, 'sqlState') === 'string'
      ? AWAY.has(errno)
        ? `The database is not available (error ${errno}).`
        : `The database refused the gateway's login (error ${errno}).`
      : socketProblem(typeof code === 'string' ? code : '');
  return { failure: 'unavailable', message, lost: true };
}
