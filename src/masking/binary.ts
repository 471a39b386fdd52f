/** Larger ones count as bytes that can't be searched. */
const LONGEST = 1024 * 1024;

/**
 * What `{ "base64": … }` holds: `text` where the bytes are UTF-8 without control characters, else null for it.
 * Null where the string is no canonical base64 at all.
 */
export function decodeBinary(base64: string): { readonly text: string | null } | null {
  if (base64.length > LONGEST) return { text: null };
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.toString('base64') !== base64) return null;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    // oxlint-disable-next-line no-control-regex -- controls are what is looked for
    return { text: /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text) ? null : text };
  } catch {
    return { text: null };
  }
}
