/** A leaf of the log, read. */
export interface Entry {
  readonly type: string;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly session: string | null;
  readonly call: string | null;
  readonly event: Readonly<Record<string, unknown>>;
  /** Hex: the commitment to the payload. Null where there is none. */
  readonly payload: string | null;
  /** Entries of format 1 commit to no payload. */
  readonly version: number;
}

/** Null where the text is not an entry. */
export function parseEntry(text: string): Entry | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(value)) return null;
  const { type, time, session, call, event, payload, v } = value;
  if (typeof type !== 'string' || typeof time !== 'number' || !isObject(event) || typeof v !== 'number')
    return null;
  if (!isTextOrNull(session) || !isTextOrNull(call)) return null;
  if (payload !== undefined && typeof payload !== 'string') return null;
  return { type, time, session, call, event, payload: payload ?? null, version: v };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}
