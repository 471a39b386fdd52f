import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import type { Socket } from 'node:net';

/** Names one backend process to the server (protocol message BackendKeyData). */
export interface CancelKey {
  readonly processId: number;
  readonly secretKey: number;
}

interface CancelTarget {
  readonly host: string;
  readonly port: number;
  readonly tls: ConnectionOptions | null;
}

/** 1234.5678 and 1234.5679, the codes of CancelRequest and SSLRequest (PostgreSQL "Message Formats"). */
const CANCEL_CODE = 80877102;
const SSL_CODE = 80877103;

/**
 * Asks the server to cancel what the process is running. It is the wire's own request and not `pg_cancel_backend`: it
 * needs no free connection slot and no login, and passes a pooler, whose process ids are its own. Resolves once the server
 * closed the connection, which it does after the signal was sent, or after three seconds.
 */
export function requestCancel(key: CancelKey, target: CancelTarget): Promise<void> {
  return new Promise((resolve) => {
    const raw = target.host.startsWith('/')
      ? connect(`${target.host}/.s.PGSQL.${target.port}`)
      : connect(target.port, target.host);
    let socket: Socket = raw;
    const timer = setTimeout(() => socket.destroy(), 3000);
    const done = (): void => {
      clearTimeout(timer);
      raw.destroy();
      resolve();
    };
    // A server that can't be reached can't be asked: the connection is dropped by the caller in any case.
    raw.once('error', done).once('close', done);
    const { tls } = target;
    raw.once('connect', () => {
      if (tls === null) {
        raw.write(message(CANCEL_CODE, key));
        return;
      }
      raw.write(message(SSL_CODE));
      raw.once('data', (answer) => {
        if (answer.toString('latin1') !== 'S') return done();
        socket = connectTls({ ...tls, socket: raw }, () => socket.write(message(CANCEL_CODE, key)));
        socket.once('error', done).once('close', done);
      });
    });
    raw.on('end', done);
  });
}

function message(code: number, key?: CancelKey): Buffer {
  const buffer = Buffer.alloc(key === undefined ? 8 : 16);
  buffer.writeInt32BE(buffer.length, 0);
  buffer.writeInt32BE(code, 4);
  if (key !== undefined) {
    buffer.writeInt32BE(key.processId, 8);
    buffer.writeInt32BE(key.secretKey, 12);
  }
  return buffer;
}
