import type { JsonObject } from './json.ts';
import type { InspectKind, SqlDialect, SqlFacts } from './facts.ts';

export type ConnectionKind = 'sqlite' | 'postgres' | 'mysql';

/** A configured backend as policy and the record see it: its name and place, never its URL or secret. */
export interface Connection {
  readonly name: string;
  readonly kind: ConnectionKind;
  /** The Cedar `Environment` it is in, for example `production`. */
  readonly environment: string;
}

/** A governed tool, as a skill author declared it, checked and compiled at load. */
export interface Tool {
  /** Unique over all skills: `[a-z][a-z0-9_]*`, at most 48 characters. */
  readonly name: string;
  readonly skill: string;
  readonly title?: string;
  readonly description: string;
  readonly connection: Connection;
  /** JSON Schema 2020-12, `type: object`. */
  readonly inputSchema: JsonObject;
  readonly action: ToolAction;
  /** Arguments that are inspected beside the action, by name; a kind stands at most once. Required strings. */
  readonly inspect: Readonly<Record<string, InspectKind>>;
  readonly limits: Limits;
  /** Data classes the author declares for result columns by name; they add to what masking finds. */
  readonly columnClasses: Readonly<Record<string, string>>;
  /** Result columns whose bytes may leave, where policy shows `binary`; all others are masked. */
  readonly binaryColumns: readonly string[];
  /** Arguments in which tokens are turned back into values of a class, by name. Strings that are bound as parameters. */
  readonly reveals: Readonly<Record<string, string>>;
}

export type ToolAction =
  | { readonly kind: 'sql'; readonly dialect: SqlDialect; readonly statement: FixedStatement }
  /** The agent writes the statement, in the argument named here. */
  | { readonly kind: 'sql'; readonly dialect: SqlDialect; readonly from: string };

/** A statement that a skill author wrote. Its `:names` are bound by the driver as parameters, never as text. */
export interface FixedStatement {
  /** As written, `:names` and all. */
  readonly text: string;
  /** The text cut at its parameters: `parts.length === names.length + 1`. A connector joins with its own placeholder. */
  readonly parts: readonly string[];
  /** The input property behind each cut, in order; a name used twice stands here twice. */
  readonly names: readonly string[];
  readonly facts: SqlFacts;
}

/** What a call may cost at the backend. */
export interface Limits {
  /** Rows in a result. */
  readonly rows: number;
  /** Bytes of a result, counted as the JSON that would leave. */
  readonly bytes: number;
  /** Milliseconds from the start of execution, cut at the server. */
  readonly timeoutMs: number;
}
