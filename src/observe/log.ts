import { pino } from 'pino';
import type { JsonObject } from '../model/json.ts';
import type { Log, LogLevel } from '../model/log.ts';

export interface LogOptions {
  /** The least that is written. */
  readonly level: LogLevel | 'fatal' | 'trace' | 'silent';
  readonly format: 'json' | 'pretty';
  /** Masking, as functions: nothing is written that did not pass it. */
  readonly maskFields: (fields: JsonObject) => JsonObject;
  readonly maskMessage: (message: string) => string;
  /** Where lines go; standard error unless a test wants them. Standard output belongs to the protocol. */
  readonly write?: (line: string) => void;
}

/** The structured log of the process: pino, one JSON line an event, or a readable line with `format: pretty`. */
export function createLog(options: LogOptions): Log {
  const write = options.write ?? stderr();
  const sink = { write: options.format === 'pretty' ? (line: string) => write(pretty(line)) : write };
  const logger = pino(
    { level: options.level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime },
    sink,
  );
  return (level, fields, message) => {
    if (!logger.isLevelEnabled(level)) return;
    try {
      logger[level](options.maskFields(fields), options.maskMessage(message));
    } catch {
      // A line that can't be masked is worth less than what it might hold.
      logger[level]('a log line was withheld: it could not be masked');
    }
  };
}

function stderr(): (line: string) => void {
  // Synchronous: a line about a crash must be out before the process is.
  const destination = pino.destination({ fd: 2, sync: true });
  return (line) => {
    destination.write(line);
  };
}

const LEVEL_NAMES: Readonly<Record<number, string>> = { 20: 'debug', 30: 'info ', 40: 'WARN ', 50: 'ERROR' };

function pretty(line: string): string {
  const { level, time, msg, pid: _pid, ...fields }: Record<string, unknown> = JSON.parse(line);
  const rest = Object.entries(fields)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
  // A field can hold what an agent wrote: it must not be able to drive the operator's terminal.
  const text = `${String(msg)}${rest === '' ? '' : `  ${rest}`}`.replaceAll(
    /[\p{Cc}\u2028\u2029]/gu,
    '\u{FFFD}',
  );
  return `${String(time).slice(11, 19)} ${LEVEL_NAMES[Number(level)] ?? '?'} ${text}\n`;
}
