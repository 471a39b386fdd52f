import type { SqlDialect, SqlInspection } from '../model/facts.ts';

/** What the inspector sends its worker. */
export interface Job {
  readonly id: number;
  readonly dialect: SqlDialect;
  readonly text: string;
}

export type FromWorker = { readonly ready: true } | { readonly id: number; readonly result: SqlInspection };

export function isJob(value: unknown): value is Job {
  return (
    typeof value === 'object' && value !== null && 'id' in value && 'dialect' in value && 'text' in value
  );
}

export function isFromWorker(value: unknown): value is FromWorker {
  return (
    typeof value === 'object' && value !== null && ('ready' in value || ('id' in value && 'result' in value))
  );
}
