import { Socket } from 'node:net';
import { Client } from 'pg';
import type { ConnectionOptions } from 'node:tls';
import type { ServerAddress } from '../../model/server-url.ts';
import type { TlsMaterial } from '../tls.ts';
import type { CancelKey } from './cancel.ts';
import { ConnectFailed } from '../connect-failed.ts';
import { settleWithin } from '../budget.ts';

/** One connection of the driver, and what it takes to cancel its statement and to know that it is gone. */
export interface Connected {
  readonly client: Client;
  readonly cancelKey: CancelKey | null;
  lost(): boolean;
  /** Says goodbye where the server listens, and drops the socket in any case. */
  destroy(): Promise<void>;
}

/** How long a goodbye may take, in ms. */
const GOODBYE_MS = 500;

/** Logs in. Rejects with the driver's error, which still holds the address: only `explain` may read it. */
export async function connect(
  address: ServerAddress,
  tls: TlsMaterial | null,
  connectTimeoutMs: number,
): Promise<Connected> {
  const socket = new Socket();
  const client = new Client({
    stream: () => socket,
    host: address.host,
    port: address.port,
    user: address.user,
    // A function, because the driver takes an empty password for a missing one and looks into PGPASSWORD and ~/.pgpass.
    password: () => address.password,
    database: address.database,
    application_name: 'sallyport',
    // Inspection reads a backslash in a string as the standard does. A role that turned that off would read another
    // statement than the one that was decided on; what comes with the connection wins over what is set for a role.
    options: '-c standard_conforming_strings=on',
    ssl: tls === null ? false : tlsSocketOptions(tls, address.host),
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
  });
  let lost = false;
  client.on('error', () => {
    lost = true;
  });
  client.on('end', () => {
    lost = true;
  });
  try {
    await client.connect();
  } catch (error) {
    socket.destroy();
    throw new ConnectFailed(error);
  }
  return {
    client,
    cancelKey: cancelKeyOf(client),
    lost: () => lost,
    async destroy() {
      await settleWithin(client.end(), GOODBYE_MS);
      socket.destroy();
    },
  };
}

export function tlsSocketOptions(tls: TlsMaterial, host: string): ConnectionOptions {
  const { verifyIdentity, ...options } = tls;
  return {
    ...options,
    host,
    ...(verifyIdentity ? {} : { checkServerIdentity: () => undefined }),
  };
}

/** The driver keeps both on the client, and its published types leave them out. */
function cancelKeyOf(client: Client): CancelKey | null {
  const processId: unknown = Reflect.get(client, 'processID');
  const secretKey: unknown = Reflect.get(client, 'secretKey');
  return typeof processId === 'number' && typeof secretKey === 'number' ? { processId, secretKey } : null;
}
