import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A network in front of a server that loses one exchange, in one of the two ways that look the same to a client. */
export interface LossyProxy {
  readonly port: number;
  /** The request with these bytes arrives, and the connection breaks before the answer does. */
  loseAnswerTo(bytes: string): void;
  /** The connection breaks, and the request with these bytes arrives only with `deliver`. */
  delay(bytes: string): void;
  /** Resolves once the server had the time to carry out what was delayed. */
  deliver(): Promise<void>;
  close(): Promise<void>;
}

export async function lossyProxy(targetPort: number): Promise<LossyProxy> {
  let trap: { readonly bytes: string; readonly kind: 'answer' | 'request' } | null = null;
  let delayed: { readonly server: Socket; readonly chunk: Buffer } | null = null;
  const sockets = new Set<Socket>();
  const listener = createServer((client) => {
    const server = connect(targetPort, '127.0.0.1');
    let kept = false;
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', () => {});
    }
    client.on('data', (chunk) => {
      if (trap === null || !chunk.includes(trap.bytes)) return void server.write(chunk);
      kept = true;
      if (trap.kind === 'request') delayed = { server, chunk };
      else server.write(chunk);
      trap = null;
      setTimeout(() => client.resetAndDestroy(), 50);
    });
    server.on('data', (chunk) => {
      if (!kept) client.write(chunk);
    });
    // The server does not hear of the loss.
    client.on('close', () => void (kept || server.destroy()));
    server.on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => {
    listener.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (listener.address() as AddressInfo).port,
    loseAnswerTo: (bytes) => void (trap = { bytes, kind: 'answer' }),
    delay: (bytes) => void (trap = { bytes, kind: 'request' }),
    async deliver() {
      delayed?.server.write(delayed.chunk);
      await sleep(300);
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => {
        listener.close(resolve);
      });
    },
  };
}
