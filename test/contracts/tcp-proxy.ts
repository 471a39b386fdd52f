import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A TCP proxy in front of a real server, which can be made to fail the way networks do. */
export interface TcpProxy {
  readonly port: number;
  /** Resets every connection, and every new one, until `restore`. */
  cut(): void;
  /** Keeps connections open and passes nothing on, in either direction, until `restore` (which resets them). */
  stall(): void;
  /** Stalls the connection on which the client next sends these bytes: they never arrive. */
  stallAt(bytes: string): void;
  restore(): void;
  open(): number;
  close(): Promise<void>;
}

export async function tcpProxy(targetPort: number): Promise<TcpProxy> {
  let mode: 'pass' | 'cut' | 'stall' = 'pass';
  let trap: string | null = null;
  const pairs = new Set<readonly [Socket, Socket]>();
  const drop = (): void => {
    for (const [client, server] of pairs) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
    pairs.clear();
  };
  const listener = createServer((client) => {
    client.on('error', () => {});
    if (mode === 'cut') return client.resetAndDestroy();
    const server = connect(targetPort, '127.0.0.1');
    server.on('error', () => {});
    const pair = [client, server] as const;
    pairs.add(pair);
    let trapped = false;
    client.on('data', (chunk) => {
      if (trap !== null && chunk.includes(trap)) {
        trapped = true;
        trap = null;
      }
      if (mode === 'pass' && !trapped) server.write(chunk);
    });
    server.on('data', (chunk) => {
      if (mode === 'pass' && !trapped) client.write(chunk);
    });
    const end = (): void => {
      pairs.delete(pair);
      client.destroy();
      // A stalled network does not carry the end of a connection either.
      if (mode !== 'stall' && !trapped) server.destroy();
      else pairs.add(pair);
    };
    client.on('close', end);
    server.on('close', end);
  });
  await new Promise<void>((resolve) => {
    listener.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (listener.address() as AddressInfo).port,
    cut() {
      mode = 'cut';
      drop();
    },
    stall() {
      mode = 'stall';
    },
    stallAt(bytes) {
      trap = bytes;
    },
    restore() {
      drop();
      mode = 'pass';
    },
    open: () => pairs.size,
    async close() {
      drop();
      await new Promise((resolve) => {
        listener.close(resolve);
      });
    },
  };
}
