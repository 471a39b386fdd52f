import type { JsonObject } from './json.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Writes one line to the operator's log. Fields and message are masked on the way. */
export type Log = (level: LogLevel, fields: JsonObject, message: string) => void;
