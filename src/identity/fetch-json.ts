export type Fetched =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly status: number | null; readonly detail: string };

export interface FetchLimits {
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/**
 * Fetches a JSON document from an issuer: no redirect is followed (it could lead inside the network, or to another
 * key set), and size and time are limited. Never throws.
 */
export async function fetchJson(
  fetchFn: typeof fetch,
  url: URL,
  limits: FetchLimits,
  closed: AbortSignal,
): Promise<Fetched> {
  try {
    const response = await fetchFn(url, {
      redirect: 'manual',
      headers: { accept: 'application/json, application/jwk-set+json' },
      signal: AbortSignal.any([closed, AbortSignal.timeout(limits.timeoutMs)]),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      return { ok: false, status: response.status, detail: `${url.href} answered ${response.status}.` };
    }
    const body = await readBody(response, limits.maxBytes);
    if (body === null) {
      return { ok: false, status: 200, detail: `${url.href} answered more than ${limits.maxBytes} bytes.` };
    }
    const value: unknown = JSON.parse(body);
    return { ok: true, value };
  } catch (error) {
    return { ok: false, status: null, detail: `${url.href} could not be read: ${reason(error)}.` };
  }
}

async function readBody(response: Response, maxBytes: number): Promise<string | null> {
  if (response.body === null) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop cancels the stream, so no more than the limit is ever held.
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Names the error without quoting it: the text of a JSON error contains the document. */
function reason(error: unknown): string {
  if (error instanceof SyntaxError) return 'it is not JSON';
  if (!(error instanceof Error)) return 'an unknown error';
  if (error.name === 'TimeoutError') return 'it took too long';
  if (error.name === 'AbortError') return 'the server is closing';
  const { cause } = error;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string'
    ? cause.code
    : error.name;
}
