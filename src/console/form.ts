import type { IncomingMessage } from 'node:http';

/** A form holds a comment and a few words, or a development token. */
const MAX_BYTES = 16_384;

export type Form =
  | { readonly ok: true; readonly fields: URLSearchParams }
  | { readonly ok: false; readonly status: 413 | 415 };

/** Reads what a browser sends for a form. Nothing else is taken: other types are what scripts of other sites send. */
export async function readForm(req: IncomingMessage): Promise<Form> {
  const type = req.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') return { ok: false, status: 415 };
  if (Number(req.headers['content-length'] ?? 0) > MAX_BYTES) return { ok: false, status: 413 };
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of req.iterator({ destroyOnReturn: false })) {
    if (!(chunk instanceof Uint8Array)) continue;
    size += chunk.byteLength;
    if (size > MAX_BYTES) return { ok: false, status: 413 };
    chunks.push(chunk);
  }
  return { ok: true, fields: new URLSearchParams(Buffer.concat(chunks).toString('utf8')) };
}
