import type { Json } from './json.ts';

/** What a connector brings back: not masked, so nothing but `masking/` may read a value of it. */
export type BackendResult = TableResult;

/**
 * Rows of a query. Cells are lossless: integers beyond 2^53, decimals and timestamps are strings as the database
 * prints them, JSON is JSON, binary is `{ "base64": "…" }`, NULL is null.
 */
export interface TableResult {
  readonly kind: 'table';
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly Json[])[];
  /** Set where a limit cut the result. */
  readonly truncated: Truncation | null;
  /** Rows changed, where the statement changes rows. */
  readonly rowsAffected: number | null;
}

export interface ResultColumn {
  readonly name: string;
  /** The engine's own type name, lower case. */
  readonly type: string;
}

export interface Truncation {
  readonly by: 'rows' | 'bytes';
  /** The limit that cut. */
  readonly limit: number;
}

/** Why a backend gave no result. A closed list: it is the label in records and metrics. */
export type BackendFailure =
  'timeout' | 'cancelled' | 'unavailable' | 'rejected' | 'not_permitted' | 'internal';

export type Execution =
  | { readonly ok: true; readonly result: BackendResult }
  | {
      readonly ok: false;
      readonly failure: BackendFailure;
      /** The backend's words, without credentials or addresses of it; still to be masked. */
      readonly message: string;
      /** Whether the backend may have carried it out. `maybe` makes the outcome of a write `unknown`. */
      readonly ran: 'no' | 'maybe';
    };

declare const masked: unique symbol;

/** Text or JSON that passed masking. Only `masking/mask.ts` makes one; an answer or a record takes nothing else. */
export interface Masked<T> {
  readonly [masked]: true;
  readonly value: T;
  readonly report: MaskingReport;
}

export type MaskedResult = Masked<BackendResult>;

/** What masking found and did: classes, counts and places, never values. */
export interface MaskingReport {
  readonly findings: readonly MaskingFinding[];
}

export interface MaskingFinding {
  /** The data class: `email`, `payment_card`, `us_ssn`, … */
  readonly class: string;
  /** Where: a column name, or a JSON pointer. */
  readonly path: string;
  readonly count: number;
  /** `shown` where policy lets the principal see the class. */
  readonly did:
    | 'redact'
    | 'keep_last_four'
    | 'keep_domain'
    | 'generalise'
    | 'tokenise'
    | 'tokenise_reversibly'
    | 'format_preserving'
    | 'drop'
    | 'block'
    | 'shown';
}
