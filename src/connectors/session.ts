import type { SqlFacts } from '../model/facts.ts';
import type { BackendFailure, TableResult } from '../model/result.ts';
import type { ConnectionKind, Limits } from '../model/tool.ts';
import type { FairPool } from './turns.ts';
import type { Order, Statement } from './statement.ts';

/** What a call needs from its session before the statement runs. */
export interface SessionTerms {
  /** The engine refuses writes. */
  readonly readOnly: boolean;
  readonly limits: Limits;
  /** Milliseconds after which the server cuts by itself, were this process to vanish. */
  readonly serverTimeoutMs: number;
}

/**
 * One session at a backend, as the driver of a kind offers it: the steps of one call, in this order. A step rejects
 * with whatever the driver throws; the kind's `explain` reads it.
 */
export interface Session {
  begin(terms: SessionTerms): Promise<void>;
  execute(statement: Statement, terms: SessionTerms): Promise<TableResult>;
  /** Whether the statement went past preparation: before that nothing can have happened. */
  started(): boolean;
  commit(): Promise<void>;
  /** `partly`: the engine says that something could not be rolled back. */
  rollback(): Promise<'undone' | 'partly'>;
  /** Clears everything that a statement may have left in the session, after a rollback or commit. */
  reset(): Promise<void>;
  /** Nothing of a call is left in it: no transaction to end, and nothing to clear. Then it is not tidied either. */
  clean(): boolean;
  ping(): Promise<void>;
  /** False once the connection is lost or in a state that no other call should meet. */
  usable(): boolean;
  /** Stops the running statement at the server, through another connection. Resolves once the server was told. */
  cancel(): Promise<void>;
  /** Drops the connection. */
  destroy(): Promise<void>;
}

/** What an error of a driver means. */
export interface Explained {
  readonly failure: BackendFailure;
  /** Safe to show: scrubbed. */
  readonly message: string;
  /** The connection is gone, so the server's word is missing. */
  readonly lost: boolean;
}

/** A kind of backend, as the one line in `run-call.ts` needs it. */
export interface Backend {
  readonly kind: ConnectionKind;
  readonly name: string;
  readonly readOnly: boolean;
  readonly placeholders: 'dollar' | 'question';
  readonly pool: FairPool<Session>;
  /**
   * For a read that needs no session of its own: its result, or null where it is to have one after all. Never rejects.
   * Absent, or null at once: it gets a session. Once its call is `over` it is not begun.
   */
  readAmongOthers?(order: Order, owner: string, over: () => boolean): Promise<TableResult | null> | null;
  explain(error: unknown): Explained;
  /** An uncommitted transaction whose connection ends is certainly rolled back, wholly. */
  readonly undoneByLoss: boolean;
  /** All that the statement could do belongs to its transaction. */
  undoable(facts: SqlFacts): boolean;
}
