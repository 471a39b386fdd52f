import type { IncomingHttpHeaders } from 'node:http';

/** A header of which there may be one. Node joins repeated unknown headers with `, `, which then match nothing. */
export function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

export const sseHeaders = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  // Tells nginx not to hold events back (basic/transports/streamable-http, "Receiving Messages").
  'x-accel-buffering': 'no',
} as const;
