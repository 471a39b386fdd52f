import type {
  HttpInspection,
  ShellInspection,
  SqlDialect,
  SqlInspection,
  TextInspection,
} from '../model/facts.ts';
import type { TextPatterns } from './text/patterns.ts';

/** What a text is, and so who reads it. */
export type Question =
  | { readonly kind: 'sql'; readonly dialect: SqlDialect; readonly text: string }
  | { readonly kind: 'shell'; readonly text: string }
  | { readonly kind: 'http'; readonly text: string }
  | { readonly kind: 'text'; readonly patterns: TextPatterns; readonly text: string };

/** The inspection of a text, of the kind that was asked for. */
export type Finding =
  | { readonly kind: 'sql'; readonly result: SqlInspection }
  | { readonly kind: 'shell'; readonly result: ShellInspection }
  | { readonly kind: 'http'; readonly result: HttpInspection }
  | { readonly kind: 'text'; readonly result: TextInspection };

/** What the inspector sends its worker. */
export interface Job {
  readonly id: number;
  readonly question: Question;
}

export type FromWorker = { readonly ready: true } | { readonly id: number; readonly finding: Finding };

export function isJob(value: unknown): value is Job {
  return typeof value === 'object' && value !== null && 'id' in value && 'question' in value;
}

export function isFromWorker(value: unknown): value is FromWorker {
  return (
    typeof value === 'object' && value !== null && ('ready' in value || ('id' in value && 'finding' in value))
  );
}
