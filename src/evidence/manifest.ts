import { createHash } from 'node:crypto';
import { canonicalJson } from '../model/canonical-json.ts';
import type { JsonObject } from '../model/json.ts';
import type { Signer } from '../sessions/log/note.ts';

/** The name of the format, and its version. */
const PACK_FORMAT = 'sallyport-evidence';
const PACK_VERSION = 1;

/** The key that signs the log signs manifests under another name. */
const KEY_SUFFIX = '/evidence';

export function manifestText(about: JsonObject): string {
  return `${canonicalJson({ format: PACK_FORMAT, v: PACK_VERSION, ...about }, { numbers: 'integers', lone: 'replace' })}\n`;
}

/**
 * A signed note over the manifest. Nobody can take it for a checkpoint: its first line is not the origin of the log, its
 * second is no number, and the name of its key is another. Nor a checkpoint for it.
 */
export function manifestNote(manifest: string, signer: Signer): string {
  const digest = createHash('sha256').update(manifest).digest('hex');
  const name = `${signer.name}${KEY_SUFFIX}`;
  return signer.named(name).sign(`${name}\nsallyport evidence manifest v1\nsha256 ${digest}\n`);
}
