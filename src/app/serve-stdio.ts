import { openGateway } from './open.ts';
import { serveStdio } from '../server/stdio.ts';
import type { Configuration } from './configuration.ts';
import type { Loaded } from '../model/load-error.ts';

export interface ServingStdio {
  /** Resolves when the client has gone and everything is put away. */
  readonly done: Promise<void>;
  readonly close: () => Promise<void>;
}

/** Serves the one client on standard input and output, as the configured local user. */
export async function serveOverStdio(configuration: Configuration): Promise<Loaded<ServingStdio>> {
  const opened = await openGateway(configuration);
  if (!opened.ok) return opened;
  const { gateway, log, close } = opened.value;
  const front = await serveStdio({ gateway, stdin: process.stdin, stdout: process.stdout, log });
  const done = front.closed.then(() => close('client closed'));
  const value = {
    done,
    async close() {
      await front.close();
      await done;
    },
  };
  return { ok: true, value, warnings: opened.warnings };
}
