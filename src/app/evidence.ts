import { createHash, randomBytes } from 'node:crypto';
import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { accessReader } from './access.ts';
import { explainedSource } from './explained-source.ts';
import { shown, type Configuration } from './configuration.ts';
import { openRecord, recordLook, RecordProblem } from './read-record.ts';
import { VERSION } from './version.ts';
import { manifestNote, manifestText } from '../evidence/manifest.ts';
import { stretchOf, type Period } from '../evidence/period.ts';
import { writePack, type PackContents } from '../evidence/write-pack.ts';
import { createZipFile, PackTooLarge, type ZipFile } from '../evidence/zip-file.ts';
import { startInspector } from '../inspect/inspector.ts';
import { BadKeyFile, readKeyFile } from '../sessions/log/key-file.ts';
import { LogIncomplete } from '../sessions/log/tree.ts';
import { verifyPack, type PackVerification } from '../verify/pack/verify-pack.ts';
import { BadVerifierKey } from '../verify/verify.ts';
import type { Controls } from '../evidence/controls.ts';
import type { Signer } from '../sessions/log/note.ts';
import type { Store } from '../sessions/store.ts';

export interface ExportWanted {
  readonly period: Period;
  /** The file to be made. It must not exist. */
  readonly out: string;
  /** How many calls are drawn. */
  readonly sample: number;
  readonly controls: Controls | null;
  /** Who exports, for the record. */
  readonly by: string;
}

export interface Exported {
  readonly file: string;
  readonly bytes: number;
  readonly files: number;
  /** SHA-256 of the manifest, hex: the same for the same period of the same log, whoever exports it and when. */
  readonly manifest: string;
  /** Records of the period that are in no pack until the gateway has signed them. */
  readonly unsigned: number;
  readonly verification: PackVerification;
}

/** Writes a pack, verifies it, and puts on record that it was made. Throws `RecordProblem`. */
export async function exportEvidence(configuration: Configuration, wanted: ExportWanted): Promise<Exported> {
  const { out } = wanted;
  if (existsSync(out)) throw new RecordProblem('unusable', `${shown(out)} exists already`);
  const signer = signerOf(configuration);
  const store = await openRecord(configuration, false);
  const draft = `${out}.${randomBytes(6).toString('hex')}`;
  try {
    const { verification, manifest, unsigned, files } = await make(
      draft,
      configuration,
      wanted,
      store,
      signer,
    );
    const bytes = statSync(draft).size;
    await recordExport(store, wanted, { manifest, bytes, verification });
    renameSync(draft, out);
    return { file: out, bytes, files, manifest, unsigned, verification };
  } catch (error) {
    throw asProblem(error);
  } finally {
    rmSync(draft, { force: true });
    await store.close();
  }
}

/** Throws `RecordProblem` where there is no such file, or the key is none. */
export async function verifyEvidence(file: string, key: string | null): Promise<PackVerification> {
  if (!existsSync(file)) throw new RecordProblem('missing', `there is no pack at ${shown(file)}`);
  try {
    return await verifyPack(file, key);
  } catch (error) {
    if (error instanceof BadVerifierKey) throw new RecordProblem('unusable', error.message);
    throw error;
  }
}

async function make(
  path: string,
  configuration: Configuration,
  { period, sample, controls, by }: ExportWanted,
  store: Store,
  signer: Signer,
): Promise<{
  readonly verification: PackVerification;
  readonly manifest: string;
  readonly unsigned: number;
  readonly files: number;
}> {
  const stretch = await stretchOf(store.source, period);
  if (stretch === null)
    throw new RecordProblem(
      'unusable',
      'nothing of that period is signed: the record begins after it, or no gateway has signed it yet',
    );
  const range = { from: stretch.start?.size ?? 0, to: stretch.end.size };
  await recordLook(store, { by, how: 'command', what: 'evidence', range });
  const inspector = startInspector();
  const zip = createZipFile(path, `${path}.part`);
  try {
    const contents = await writePack(zip, {
      source: await explainedSource(store),
      readSession: (session, after) => store.records({ session, after, limit: 1_000 }),
      access: accessReader(configuration.limits, inspector),
      period,
      stretch,
      log: { origin: signer.name, verifierKey: signer.verifierKey },
      version: VERSION,
      sample,
      controls,
    });
    seal(zip, contents, signer);
    const verification = await verifyPack(path, signer.verifierKey);
    zip.rewind('manifest.json');
    zip.put('verification.json', `${JSON.stringify(verification)}\n`);
    const manifest = seal(zip, contents, signer);
    return { verification, manifest, unsigned: stretch.unsigned, files: zip.files().length };
  } finally {
    zip.close();
    await inspector.close();
  }
}

/** Lists and signs what is there. @returns the digest of the manifest. */
function seal(zip: ZipFile, { about, rows }: PackContents, signer: Signer): string {
  zip.settle();
  const files = zip.files().map(({ name, size, sha256 }) => {
    const lines = rows.get(name);
    return { name, size, sha256, ...(lines === undefined ? {} : { rows: lines }) };
  });
  const manifest = manifestText({ ...about, files });
  zip.put('manifest.json', manifest);
  zip.put('manifest.note', manifestNote(manifest, signer));
  zip.settle();
  return createHash('sha256').update(manifest).digest('hex');
}

function signerOf({ record }: Configuration): Signer {
  try {
    const signer = readKeyFile(record.keyFile);
    if (signer !== null) return signer;
  } catch (error) {
    if (error instanceof BadKeyFile) throw new RecordProblem('unusable', error.message);
    throw error;
  }
  throw new RecordProblem(
    'missing',
    `there is no key at ${shown(record.keyFile)}: a pack is signed with the key of the log`,
  );
}

/** Before the pack has its name: one that the record has not heard of must not exist. */
async function recordExport(
  store: Store,
  { period, by, sample, controls }: ExportWanted,
  made: { readonly manifest: string; readonly bytes: number; readonly verification: PackVerification },
): Promise<void> {
  const { log, ok } = made.verification;
  const event = {
    by,
    ...(period.from === null ? {} : { from: new Date(period.from).toISOString() }),
    ...(period.to === null ? {} : { to: new Date(period.to).toISOString() }),
    start: log?.start ?? 0,
    end: log?.end ?? 0,
    manifest: made.manifest,
    bytes: made.bytes,
    sample,
    ...(controls === null ? {} : { controls }),
    verified: ok,
  };
  await store.append([
    { type: 'evidence.exported', time: Date.now(), session: null, call: null, event, payload: null },
  ]);
}

function asProblem(error: unknown): unknown {
  if (error instanceof RecordProblem) return error;
  if (error instanceof PackTooLarge || error instanceof LogIncomplete)
    return new RecordProblem('unusable', `the pack cannot be made: ${error.message}`);
  const why = error instanceof Error ? error.message : String(error);
  return new RecordProblem('unusable', `the pack cannot be made: ${why}. Look with: sallyport verify`);
}
