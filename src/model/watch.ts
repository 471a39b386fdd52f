import type { OutcomeKind, RefusalCause } from './answer.ts';

/** The stations of the governed path, in the order in which a call passes them. */
export type Station =
  'identify' | 'address' | 'inspect' | 'decide' | 'clear' | 'intent' | 'execute' | 'mask' | 'outcome';

/** Follows one call: one lap as each station is passed, one end. Sees names and times, never values. */
export interface Watch {
  /** The station is passed; the time since the lap before is its own. Hands back what it is given. */
  lap<T>(station: Station, passed: T): T;
  /** Patterns that stand in the text of a result, by name. */
  found(patterns: readonly string[]): void;
  end(outcome: OutcomeKind, cause: RefusalCause | null): void;
}

/** What a watch is started with. */
export interface Watched {
  readonly call: string;
  readonly tool: string;
  readonly traceparent?: string;
}
