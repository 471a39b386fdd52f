import type { Execution } from '../model/result.ts';
import type { ConnectionKind } from '../model/tool.ts';
import type { PermittedCall } from '../model/tool-call.ts';

/**
 * The code behind one configured connection. All kinds keep the same promises, and `test/contracts/connectors.test.ts`
 * holds each of them to every one on a real server.
 */
export interface Connector {
  readonly kind: ConnectionKind;

  /**
   * Carries a permitted call out, and never throws: every way it can end is an `Execution`.
   *
   * - **What runs** is the tool's statement and nothing else. Arguments are bound by the engine as parameters, an absent
   *   one as NULL. A call whose facts do not say exactly one statement is not run.
   * - **One call is one transaction.** Where the facts do not say `writes: false` it is committed before the result is
   *   returned; otherwise the engine itself is told to refuse writes, and whatever was done is rolled back. Quick reads of a SQLite file
   *   may share one, which changes nothing for any of them.
   * - **Nothing of a call is left for the next**: settings, temporary tables and locks of a session end with the call.
   * - **Limits** (`call.tool.limits`) cut at the server. A result that was cut says by what. A write is never cut by rows
   *   or bytes: it happens once and completely, and only what it returns is shortened.
   * - **Time** counts from here, waiting for a connection included. At the limit, or when `signal` aborts, the statement is
   *   stopped at the server. A read is answered at once; a write at most a second later, which is spent on
   *   learning whether it was rolled back.
   * - **`ran`** of a failure is `no` only where that is certain. A rollback cannot take back what a statement did outside
   *   its transaction (a program it started, another server it called): such statements end in `maybe`.
   * - **A failure's message** is the backend's, without credentials, addresses, URLs and user names.
   * - A backend that is away gives `unavailable` or `timeout`; once it is back, calls succeed without anything being
   *   restarted.
   */
  run(permitted: PermittedCall, io: { readonly signal: AbortSignal }): Promise<Execution>;

  /** Makes one round trip to the backend, within five seconds. Never throws; `detail` is one sentence without secrets. */
  health(): Promise<{ readonly ok: boolean; readonly detail: string }>;

  /** Cuts what is running, and resolves once every connection, process and timer is gone. Later calls are `unavailable`. */
  close(): Promise<void>;
}
