import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';

export type Body =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly why: 'too_large' | 'not_utf8' | 'encoded' | 'gone' };

/**
 * Reads a request body of at most `maxBytes`. What is declared too large is refused unread; what grows too large is
 * refused at the first byte over. Compressed bodies are refused, for a small one may unpack to any size.
 */
export function readBody(req: IncomingMessage, maxBytes: number): Promise<Body> {
  const encoding = req.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity')
    return Promise.resolve({ ok: false, why: 'encoded' });
  if (Number(req.headers['content-length'] ?? 0) > maxBytes) {
    return Promise.resolve({ ok: false, why: 'too_large' });
  }
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    req.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) {
        req.pause();
        resolve({ ok: false, why: 'too_large' });
      } else {
        chunks.push(chunk);
      }
    });
    req.on('end', () => {
      const [only] = chunks;
      const bytes = only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks);
      resolve(isUtf8(bytes) ? { ok: true, text: bytes.toString('utf8') } : { ok: false, why: 'not_utf8' });
    });
    // 'close' comes after 'end' on a whole body, and alone where the client went away.
    req.on('close', () => resolve({ ok: false, why: 'gone' }));
    req.on('error', () => resolve({ ok: false, why: 'gone' }));
  });
}
