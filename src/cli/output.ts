import type { LoadError } from '../model/load-error.ts';

/** The streams of a command, so that every command can be run and read by a test. */
export interface Output {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

export function jsonLine(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}

/** `file:line:column: message` and the suggestion under it: what editors and terminals turn into a link. */
export function formatLoadError(error: LoadError, label: 'error' | 'warning'): string {
  const place = [error.file, error.line, error.column].filter((part) => part !== undefined).join(':');
  const suggestion = error.suggestion === undefined ? '' : `\n    ${error.suggestion}`;
  return `${place}: ${label}: ${error.message}${suggestion}\n`;
}
