import { isIP } from 'node:net';
import type { SqlFacts } from '../../model/facts.ts';
import type { Backend } from '../session.ts';
import type { MysqlOptions } from './options.ts';
import { createPool } from '../pool.ts';
import { shareOut } from '../turns.ts';
import { scrubber } from '../scrub.ts';
import { tlsMaterial } from '../tls.ts';
import { connect } from './connect.ts';
import { explain } from './errors.ts';
import { mysqlAddress } from './options.ts';
import { mysqlSession } from './run.ts';

/** Idle sessions are given back to the server after this, in ms. */
const IDLE_MS = 60_000;
const CONNECT_MS = 5000;

export function mysqlBackend(options: MysqlOptions): Backend {
  const parsed = mysqlAddress(options.url);
  if (!parsed.ok) throw new Error(`connection ${options.name}: ${parsed.problem}`);
  const { address } = parsed;
  const tls = tlsMaterial(options.ssl, address.tls, address.host);
  // The driver leaves the name out for an address, and Node then checks the certificate against `localhost`.
  if (tls?.verifyIdentity === true && isIP(address.host) !== 0)
    throw new Error(
      `connection ${options.name}: verify-full needs the server's host name; for an address choose verify-ca`,
    );
  const scrub = scrubber({ always: [options.url, address.password], words: [address.user, address.host] });
  const connectTimeoutMs = options.connectTimeoutMs ?? CONNECT_MS;

  /** A second connection tells the server to stop what the first is running. The statement of a dead thread is no error. */
  const kill = async (threadId: number | null): Promise<void> => {
    if (threadId === null) return;
    const killer = await connect(address, tls, connectTimeoutMs).catch(() => null);
    if (killer === null) return;
    await new Promise<void>((resolve) => {
      killer.connection.query(`KILL QUERY ${threadId}`, () => resolve());
    });
    await killer.destroy();
  };

  const max = options.pool?.max ?? 10;
  const pool = createPool({
    max,
    idleMs: IDLE_MS,
    async open() {
      const connected = await connect(address, tls, connectTimeoutMs);
      return mysqlSession(connected, () => kill(connected.connection.threadId));
    },
  });
  return {
    kind: 'mysql',
    name: options.name,
    readOnly: options.readOnly ?? false,
    placeholders: 'question',
    pool: shareOut(pool, max),
    explain: (error) => explain(error, scrub),
    // What a lost connection had written to a table without transactions stays, and nobody is left to say so.
    undoneByLoss: false,
    undoable,
  };
}

/** Kinds that stay in the transaction. All others commit implicitly, or may reach files and other sessions. */
const WITHIN: ReadonlySet<string> = new Set([
  'SELECT',
  'INSERT',
  'UPDATE',
  'DELETE',
  'REPLACE',
  'WITH',
  'VALUES',
]);

function undoable(facts: SqlFacts): boolean {
  return facts.kinds.every((kind) => WITHIN.has(kind));
}
