import { createHash, verify } from 'node:crypto';
import { PackUnusable } from './pack-finding.ts';
import type { OpenPack } from './open-pack.ts';
import type { VerifierKey } from '../signed-checkpoint.ts';

interface ManifestFile {
  readonly size: number;
  readonly sha256: string;
}

/** What a pack says of itself. */
export interface Manifest {
  readonly origin: string;
  readonly start: number;
  readonly end: number;
  readonly records: number;
  readonly period: { readonly from: string | null; readonly to: string | null };
  readonly sample: { readonly wanted: number; readonly drawn: number; readonly of: number };
  readonly types: Readonly<Record<string, unknown>>;
  readonly files: ReadonlyMap<string, ManifestFile>;
}

const MANIFEST = 'manifest.json';
const NOTE = 'manifest.note';
const MAX_MANIFEST = 256 * 1024 * 1024;

/** The manifest, which must be signed by the key of the log under the name for manifests. Throws `PackUnusable`. */
export async function openManifest(pack: OpenPack, key: VerifierKey): Promise<Manifest> {
  const bytes = await pack.whole(MANIFEST, MAX_MANIFEST);
  const note = await pack.whole(NOTE);
  if (bytes === null || note === null) throw invalid('the pack has no signed manifest');
  const said = digestIn(note.toString('utf8'), key);
  if (createHash('sha256').update(bytes).digest('hex') !== said)
    throw new PackUnusable('signature_invalid', MANIFEST, 'the manifest is not the one that was signed');
  return parse(bytes.toString('utf8'), key.name);
}

function digestIn(note: string, key: VerifierKey): string {
  const [body = '', signatures = '', ...more] = note.split('\n\n');
  const name = `${key.name}/evidence`;
  const id = keyId(name, key);
  const line = signatures.split('\n').find((each) => each.startsWith(`— ${name} `));
  const signature = Buffer.from(line?.split(' ')[2] ?? '', 'base64');
  if (line === undefined || more.length > 0 || signature.toString('hex', 0, 4) !== id)
    throw new PackUnusable('key_changed', NOTE, 'the manifest is not signed by the key of this log');
  const text = `${body}\n`;
  if (!verify(null, Buffer.from(text), key.key, signature.subarray(4)))
    throw new PackUnusable('signature_invalid', NOTE, 'the signature of the manifest does not fit it');
  const [origin, title, digest, ...rest] = body.split('\n');
  const hex = /^sha256 ([0-9a-f]{64})$/.exec(digest ?? '')?.[1];
  if (origin !== name || title !== 'sallyport evidence manifest v1' || hex === undefined || rest.length > 0)
    throw invalid('what is signed is not a manifest');
  return hex;
}

/** SHA-256(name ‖ LF ‖ 0x01 ‖ public key), the first four bytes in hex: a key under another name has another id. */
function keyId(name: string, { key }: VerifierKey): string {
  const point = Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');
  return createHash('sha256')
    .update(`${name}\n`)
    .update(Buffer.of(0x01))
    .update(point)
    .digest('hex')
    .slice(0, 8);
}

function parse(text: string, origin: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid('the manifest is not JSON');
  }
  const manifest = objectIn(value);
  if (manifest['format'] !== 'sallyport-evidence' || manifest['v'] !== 1)
    throw invalid('the manifest is of a format that this version does not know');
  if (manifest['origin'] !== origin) throw invalid('the manifest is of another log');
  const log = objectIn(manifest['log']);
  const sample = objectIn(manifest['sample']);
  const period = objectIn(manifest['period']);
  const files = new Map<string, ManifestFile>();
  const listed = manifest['files'];
  for (const each of Array.isArray(listed) ? listed : []) {
    const { name, size, sha256 } = objectIn(each);
    if (typeof name !== 'string' || typeof size !== 'number' || typeof sha256 !== 'string' || files.has(name))
      throw invalid('the list of files in the manifest is damaged');
    files.set(name, { size, sha256 });
  }
  return {
    origin,
    start: countIn(log['start']),
    end: countIn(log['end']),
    records: countIn(log['records']),
    period: { from: textIn(period['from']), to: textIn(period['to']) },
    sample: { wanted: countIn(sample['wanted']), drawn: countIn(sample['drawn']), of: countIn(sample['of']) },
    types: objectIn(objectIn(manifest['counts'])['types']),
    files,
  };
}

/** The object that a text is; one without keys where it is none. */
export function parsedObject(text: string): Readonly<Record<string, unknown>> {
  try {
    return objectIn(JSON.parse(text));
  } catch {
    return {};
  }
}

export function objectIn(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textIn(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function countIn(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw invalid('the manifest lacks a count');
}

function invalid(message: string): PackUnusable {
  return new PackUnusable('manifest_invalid', MANIFEST, message);
}
