import type { Connection } from './connection.ts';

/**
 * One connection that is made when it is needed, for one piece of work after the other. After any failure it is dropped,
 * which rolls back what it had open, and the next piece of work makes a new one: recovery is the path that is taken anyhow.
 */
export interface Link {
  through<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  /** After everything that it was asked before. */
  close(): Promise<void>;
}

export function createLink(open: () => Promise<Connection>): Link {
  let current: Connection | null = null;
  let tail: Promise<unknown> = Promise.resolve();

  async function drop(): Promise<void> {
    const old = current;
    current = null;
    await old?.destroy();
  }

  async function carryOut<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    if (current?.lost() === true) await drop();
    try {
      current ??= await open();
      return await work(current);
    } catch (error) {
      await drop();
      throw error;
    }
  }

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = tail.then(work);
    tail = done.catch(() => undefined);
    return done;
  }

  return {
    through: (work) => inTurn(() => carryOut(work)),
    close: () => inTurn(drop),
  };
}

/** One transaction. Where it rejects before COMMIT was sent, nothing of it is there once the connection is dropped. */
export async function transaction<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
  await connection.run('BEGIN');
  const result = await work();
  await connection.run('COMMIT');
  return result;
}
