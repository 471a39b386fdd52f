/** What is sent to people outside, and what they said. Fails by throwing: no answer, or not in time. */
export type Ask = (request: {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly body: string | Uint8Array | null;
  readonly contentType?: string;
  /** Milliseconds for all of it. */
  readonly timeoutMs: number;
  /** Bytes. A longer answer is a failure. */
  readonly most: number;
  /** Ends it before its time. */
  readonly signal?: AbortSignal;
}) => Promise<Answer>;

export interface Answer {
  readonly status: number;
  /** Without parameters, in lower case. */
  readonly contentType: string;
  readonly body: Buffer;
}

/** `ask` over HTTP. A redirect is not followed: an operator names who is asked. */
export function askOverHttp(fetch: typeof globalThis.fetch): Ask {
  return async ({ url, method, body, contentType, timeoutMs, most, signal }) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const response = await fetch(url, {
      method,
      ...(body === null ? {} : { body: Buffer.from(body) }),
      headers: contentType === undefined ? {} : { 'content-type': contentType },
      redirect: 'manual',
      signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
    });
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body ?? []) {
      size += chunk.length;
      // Leaving the loop cancels the rest.
      if (size > most) throw new Error('the answer is too long');
      chunks.push(chunk);
    }
    const [type = ''] = (response.headers.get('content-type') ?? '').split(';');
    return { status: response.status, contentType: type.trim().toLowerCase(), body: Buffer.concat(chunks) };
  };
}

/** Why nothing came, in words that hold nothing of an address or of what a stranger wrote. */
export function whyNot(error: unknown): string {
  const code = codeOf(error) ?? (error instanceof Error ? codeOf(error.cause) : null);
  if (code !== null) return code;
  return error instanceof Error && error.name === 'TimeoutError' ? 'no answer in time' : 'no answer';
}

function codeOf(error: unknown): string | null {
  return error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^[A-Z_]+$/.test(error.code)
    ? error.code
    : null;
}
