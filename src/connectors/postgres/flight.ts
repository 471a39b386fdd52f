import type { Duplex } from 'node:stream';
import { Refused } from '../refused.ts';

/** The part of `pg`'s connection that a flight uses. Rows is a number on the wire, whatever the published types say. */
interface Wire {
  readonly stream: Duplex;
  parse(
    query: { readonly name: string; readonly text: string; readonly types: string[] },
    more: boolean,
  ): void;
  bind(
    config: { readonly portal: string; readonly statement: string; readonly values: (string | null)[] },
    more: boolean,
  ): void;
  describe(message: { readonly type: string; readonly name: string }, more: boolean): void;
  execute(
    config: { readonly portal?: string | undefined; readonly rows?: unknown } | null,
    more: boolean,
  ): void;
  sync(): void;
}

export interface Field {
  readonly name: string;
  readonly dataTypeID: number;
}

export interface FlightPlan {
  readonly portal: string;
  /** Absent: fetch on from a portal that is open. */
  readonly open?: { readonly text: string; readonly values: readonly (string | null)[] };
  /** Rows to fetch. */
  readonly rows: number;
  /** Bytes from the server after which the connection is dropped; `null`: no end. */
  readonly wireLimit: number | null;
  readonly onFields: (fields: readonly Field[]) => void;
  readonly onRow: (cells: readonly (string | null)[]) => void;
}

export interface Landed {
  /** The portal has more rows. */
  readonly suspended: boolean;
  /** `INSERT 0 5`; null where the portal was suspended. */
  readonly tag: string | null;
}

/** The server sent more than the wire limit; the connection is gone. */
export class TooManyBytes extends Error {}

/**
 * One round trip of the extended protocol: parse, bind, describe, execute, sync, in one packet. `Parse` takes exactly one
 * statement, so a second one after a semicolon is the server's error. In a transaction a portal outlives its sync, so
 * that the next flight fetches on, and a limit cuts by simply not asking for more. `pg` calls the `handle…` methods.
 */
export function flight(plan: FlightPlan) {
  const { promise, resolve, reject } = Promise.withResolvers<Landed>();
  let suspended = false;
  let tag: string | null = null;
  let bytes = 0;
  let stream: Duplex | null = null;
  let trouble: Error | null = null;

  const count = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (plan.wireLimit !== null && bytes > plan.wireLimit) {
      trouble = new TooManyBytes('The result is larger than its limit.');
      stream?.destroy(trouble);
    }
  };
  const end = (): void => {
    stream?.off('data', count);
  };
  const fail = (error: unknown): void => {
    end();
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- the driver's object, for `explain`
    reject(trouble ?? error);
  };

  const submittable = {
    submit(wire: Wire): null {
      stream = wire.stream;
      stream.on('data', count);
      stream.cork();
      if (plan.open !== undefined) {
        wire.parse({ name: '', text: plan.open.text, types: [] }, true);
        wire.bind({ portal: plan.portal, statement: '', values: Array.from(plan.open.values) }, true);
        wire.describe({ type: 'P', name: plan.portal }, true);
      }
      wire.execute({ portal: plan.portal, rows: plan.rows }, true);
      wire.sync();
      stream.uncork();
      return null;
    },
    handleRowDescription(message: { readonly fields: readonly Field[] }): void {
      plan.onFields(message.fields);
    },
    handleDataRow(message: { readonly fields: readonly (string | null)[] }): void {
      if (trouble === null) plan.onRow(message.fields);
    },
    handlePortalSuspended(): void {
      suspended = true;
    },
    handleCommandComplete(message: { readonly text: string }): void {
      tag = message.text;
    },
    handleEmptyQuery(): void {},
    /** COPY FROM STDIN swallows the sync that was sent with it, so the connection can't be brought back in step. */
    handleCopyInResponse(): void {
      fail(new CopyStream('COPY FROM STDIN is not supported: a call has no rows to send.'));
    },
    handleCopyData(): void {
      trouble ??= new CopyStream('COPY TO STDOUT is not supported: use SELECT.');
    },
    handleReadyForQuery(): void {
      if (trouble !== null) fail(trouble);
      else {
        end();
        resolve({ suspended, tag });
      }
    },
    handleError: fail,
  };
  return { submittable, landed: promise };
}

/** The statement speaks the COPY sub-protocol, whose stream is no table. */
export class CopyStream extends Refused {}
