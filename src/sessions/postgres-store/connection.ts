import { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { Client } from 'pg';
import { StoreUnavailable } from '../store.ts';
import type { Row } from '../row.ts';

/** A PostgreSQL database, who we are there, and the schema that is ours in it. */
export interface PostgresPlace {
  /** A name, an address, or the directory of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** `false` leaves the connection in the clear. */
  readonly ssl: ConnectionOptions | false;
  readonly schema: string;
}

export type SqlValue =
  string | number | boolean | null | Uint8Array | readonly (string | number | null | Uint8Array)[];

/** One session of the server. */
export interface Connection {
  /** One statement, prepared once a connection under the text itself. Rejects with `DatabaseProblem`. */
  query(text: string, ...values: readonly SqlValue[]): Promise<readonly Row[]>;
  /** Fixed text, several statements in one round trip. Rejects with `DatabaseProblem`. */
  run(text: string): Promise<void>;
  /** Whether it is known to be of no more use. */
  lost(): boolean;
  destroy(): Promise<void>;
}

/**
 * The server said no, or is not there. The message is for the operator: it names no value, user, address or password,
 * which the words of a server and a driver may.
 */
export class DatabaseProblem extends Error {
  override readonly name = 'DatabaseProblem';
  /** SQLSTATE, or the code of a socket's error, or `timeout`. */
  readonly code: string;
  /** Whether the server said it, so that the statement was not carried out, and the connection may be in order. */
  readonly said: boolean;

  constructor(code: string, said: boolean, message: string) {
    super(message);
    this.code = code;
    this.said = said;
  }
}

const CONNECT_MS = 5_000;
const GOODBYE_MS = 500;
const INT8 = 20;

/**
 * - What the log promises has to be on disk when COMMIT says so; a server that does more than `on` is left at that.
 * - Indexes are assigned after a lock is taken, by what is seen then and not when the transaction began.
 * - A process that dies with its machine sends no goodbye: its transaction, and the locks of it, end after five seconds, and whoever waits for one of them waits longer than that.
 * - What is not found in our schema is not found.
 */
const SESSION = `
  SELECT set_config('synchronous_commit', 'on', false)
    WHERE current_setting('synchronous_commit') NOT IN ('on', 'remote_apply');
  SET default_transaction_isolation = 'read committed';
  SET default_transaction_read_only = off;
  SET idle_in_transaction_session_timeout = '5s';
  SET lock_timeout = '8s';
  SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3;
  SET tcp_user_timeout = '10s';
  SET standard_conforming_strings = on`;

/** Logs in. `answerMs` is how long any one statement may take, from here. Rejects with `DatabaseProblem`. */
export async function connect(place: PostgresPlace, answerMs: number): Promise<Connection> {
  const socket = new Socket();
  const client = new Client({
    stream: () => socket,
    host: place.host,
    port: place.port,
    user: place.user,
    // A function, because the driver takes an empty password for a missing one and looks into PGPASSWORD and ~/.pgpass.
    password: () => place.password,
    database: place.database,
    ssl: place.ssl,
    application_name: 'sallyport store',
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: answerMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5_000,
    types: { getTypeParser: (oid: number) => parserOf(oid) },
  });
  let lost = false;
  client.on('error', () => void (lost = true));
  client.on('end', () => void (lost = true));

  async function told<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      const problem = problemOf(error);
      if (!problem.said) lost = true;
      throw problem;
    }
  }

  const names = new Map<string, string>();
  function nameOf(text: string): string {
    const name = names.get(text) ?? `s${names.size}`;
    names.set(text, name);
    return name;
  }

  const connection: Connection = {
    query: async (text, ...values) => {
      const answer = await told(client.query<Row>({ name: nameOf(text), text, values: Array.from(values) }));
      return answer.rows;
    },
    run: async (text) => {
      await told(client.query(text));
    },
    lost: () => lost,
    async destroy() {
      lost = true;
      const goodbye = client.end().catch(() => undefined);
      await Promise.race([goodbye, new Promise((resolve) => setTimeout(resolve, GOODBYE_MS).unref())]);
      socket.destroy();
    },
  };
  try {
    await told(client.connect());
    await connection.run(SESSION);
    await connection.query(
      "SELECT set_config('search_path', quote_ident($1::text) || ', pg_temp', false)",
      place.schema,
    );
    return connection;
  } catch (error) {
    await connection.destroy();
    throw error;
  }
}

/** Whatever went wrong with a connection, for those who use a store. */
export function unavailable(error: unknown, recorded: StoreUnavailable['recorded']): StoreUnavailable {
  const message = error instanceof Error ? error.message : 'unknown error';
  return new StoreUnavailable('failed', recorded, message);
}

/** Indexes and times are whole numbers that fit; everything else comes as the server writes it, but bytes. */
function parserOf(oid: number): (text: string) => unknown {
  const BYTEA = 17;
  const INT4 = 23;
  if (oid === INT8 || oid === INT4) return Number;
  if (oid === BYTEA) return (text) => Buffer.from(text.slice(2), 'hex');
  return (text) => text;
}

/** The server's words for what a person can mend, without its names. */
const SAID: Readonly<Record<string, string>> = {
  '28P01': 'the database refused the login',
  '28000': 'the database refused the login',
  '3D000': 'there is no such database',
  '42501': 'the role lacks a privilege: run sallyport store migrate as the owner of the record',
  '53300': 'the database has no connection left',
  '53100': 'the disk of the database is full',
  '55P03': 'another process held the lock of the log for too long',
  '57014': 'the database cancelled the statement',
  '25006': 'the database is read-only: is it a replica?',
};

function problemOf(error: unknown): DatabaseProblem {
  const code = textIn(error, 'code');
  if (/^[0-9A-Z]{5}$/u.test(code) && textIn(error, 'severity') !== '') {
    const gone = /^(?:08|57P0[1-5]|XX)/u.test(code);
    const what = SAID[code] ?? (gone ? 'the database went away' : 'the database refused a statement');
    return new DatabaseProblem(code, !gone, `${what} (SQLSTATE ${code})`);
  }
  const message = error instanceof Error ? error.message : '';
  if (message.includes('timeout'))
    return new DatabaseProblem('timeout', false, 'the database gave no answer in time');
  if (message.includes('SSL') || code.startsWith('ERR_TLS') || code.includes('CERT'))
    return new DatabaseProblem(code, false, `no encrypted connection to the database (${code || 'TLS'})`);
  const known = /^E[A-Z_]{2,30}$/u.test(code);
  return new DatabaseProblem(code, false, `no connection to the database${known ? ` (${code})` : ''}`);
}

function textIn(error: unknown, key: string): string {
  if (typeof error !== 'object' || error === null) return '';
  const value: unknown = Reflect.get(error, key);
  return typeof value === 'string' ? value : '';
}
