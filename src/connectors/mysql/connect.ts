import { Socket } from 'node:net';
import mysql from 'mysql2';
import type { Duplex } from 'node:stream';
import type { Connection } from 'mysql2';
import type { ServerAddress } from '../../model/server-url.ts';
import type { TlsMaterial } from '../tls.ts';
import { ConnectFailed } from '../connect-failed.ts';
import { settleWithin } from '../budget.ts';

/** One connection of the driver. */
export interface Connected {
  readonly connection: Connection;
  /** The stream that the protocol is read from: the TLS one where there is TLS. */
  wire(): Duplex;
  readonly mariadb: boolean;
  lost(): boolean;
  /** Tells of the loss, which the driver hides from a statement that streams its rows. Returns the way to stop. */
  onLost(listener: (error: Error) => void): () => void;
  destroy(): Promise<void>;
}

/** How long a goodbye may take, in ms. */
const GOODBYE_MS = 500;

/** Logs in. Rejects with the driver's error, which still holds user and address: only `explain` may read it. */
export function connect(
  address: ServerAddress,
  tls: TlsMaterial | null,
  timeoutMs: number,
): Promise<Connected> {
  const socket = new Socket();
  socket.setNoDelay(true).setKeepAlive(true, 10_000);
  if (address.host.startsWith('/')) socket.connect(address.host);
  else socket.connect(address.port, address.host);
  const connection = mysql.createConnection({
    stream: socket,
    host: address.host,
    user: address.user,
    password: address.password,
    database: address.database,
    ...(tls === null ? {} : { ssl: tls }),
    charset: 'UTF8MB4_GENERAL_CI',
    // The driver would compile a row parser out of column names, which a statement chooses.
    disableEval: true,
    multipleStatements: false,
    // LOCAL_FILES lets the server ask for any file of this machine; FOUND_ROWS counts rows that did not change; the
    // others change how the server reads a text that was inspected without them.
    flags: ['-LOCAL_FILES', '-FOUND_ROWS', '-ODBC', '-IGNORE_SPACE'],
    supportBigNumbers: true,
    bigNumberStrings: false,
    decimalNumbers: false,
    dateStrings: true,
    jsonStrings: true,
    rowsAsArray: true,
    maxPreparedStatements: 1,
    connectTimeout: timeoutMs,
    connectAttributes: { program_name: 'sallyport' },
  });
  let lost = false;
  const listeners = new Set<(error: Error) => void>();
  const lose = (): void => {
    if (lost) return;
    lost = true;
    const error = Object.assign(new Error('connection lost'), { code: 'PROTOCOL_CONNECTION_LOST' });
    for (const listener of listeners) listener(error);
  };
  connection.on('error', lose);
  connection.on('end', lose);
  socket.on('close', lose);

  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      clearTimeout(timer);
      lose();
      socket.destroy();
      reject(new ConnectFailed(error));
    };
    const timer = setTimeout(
      () => fail(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })),
      timeoutMs,
    );
    connection.connect((error) => {
      // The driver calls back with null here and with nothing elsewhere.
      if (error instanceof Error) return fail(error);
      clearTimeout(timer);
      resolve({
        connection,
        wire() {
          const stream: unknown = Reflect.get(connection, 'stream');
          return stream instanceof Socket ? stream : socket;
        },
        mariadb: Reflect.get(connection, '_isMariaDB') === true,
        lost: () => lost,
        onLost(listener) {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
        async destroy() {
          if (!lost) await settleWithin(goodbye(connection), GOODBYE_MS);
          lose();
          socket.destroy();
        },
      });
    });
  });
}

function goodbye(connection: Connection): Promise<void> {
  return new Promise((resolve) => {
    connection.end(() => resolve());
  });
}
