import { existsSync, readFileSync } from 'node:fs';
import { shown, type Configuration } from './configuration.ts';
import { postgresPlaces, shownPlace } from './postgres-place.ts';
import { payloadKeySource } from './payload-key.ts';
import { RecordProblem } from './read-record.ts';
import { seenByWitness } from './seen-by-witness.ts';
import { StoreRefused } from '../sessions/store.ts';
import { isWarning } from '../verify/finding.ts';
import {
  BadPayloadKey,
  BadVerifierKey,
  verifyRecord,
  type SeenCheckpoint,
  type Verification,
} from '../verify/verify.ts';

/** A file, or the database of a configuration. */
export type RecordedIn = Configuration['store'] | { readonly kind: 'sqlite'; readonly path: string };

export interface RecordToVerify {
  readonly store: RecordedIn;
  /** Null: the one that lies beside the signing key. */
  readonly key: string | null;
  readonly keyFile: string;
  /** The file of a checkpoint, which has to be there if `checkpointNamed`. */
  readonly checkpointFile: string;
  readonly checkpointNamed: boolean;
  /** URLs of witnesses that are asked what they have seen. */
  readonly witnesses: readonly string[];
  /** The key of the witness that must have cosigned what it has seen, and a checkpoint that is named. */
  readonly witnessKey: string | null;
  /** What opens the payloads: the text of the key, or the file that may hold it. */
  readonly payloadKey: { readonly text: string } | { readonly file: string; readonly named: boolean };
}

/** Throws `RecordProblem` where there is nothing that could be verified. */
export async function verifyStore(wanted: RecordToVerify): Promise<Verification> {
  const { store, keyFile, checkpointFile, checkpointNamed, payloadKey } = wanted;
  const where = store.kind === 'sqlite' ? shown(store.path) : shownPlace(store);
  if (store.kind === 'sqlite' && !existsSync(store.path))
    throw new RecordProblem('missing', `there is no record at ${where}`);
  if (checkpointNamed && !existsSync(checkpointFile))
    throw new RecordProblem('missing', `there is no checkpoint at ${shown(checkpointFile)}`);
  if ('file' in payloadKey && payloadKey.named && !existsSync(payloadKey.file))
    throw new RecordProblem('missing', `there is no payload key at ${shown(payloadKey.file)}`);
  const key = wanted.key ?? verifierKey(keyFile);
  // Before the database: it is written after, and so is never ahead of it.
  const kept = existsSync(checkpointFile) ? readFileSync(checkpointFile, 'utf8') : null;
  const seen: SeenCheckpoint[] = [];
  for (const url of wanted.witnesses)
    seen.push({ note: await seenByWitness(url, key), cosigner: wanted.witnessKey });
  const cosigned = checkpointNamed && wanted.witnessKey !== null && kept !== null;
  if (cosigned) seen.push({ note: kept, cosigner: wanted.witnessKey });
  try {
    const rest = { key, kept: cosigned ? null : kept, seen, payloadKey: textOf(payloadKey) };
    if (store.kind === 'sqlite') return await verifyRecord({ path: store.path, ...rest });
    return await verifyRecord({ database: postgresPlaces(store).place, ...rest });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const about =
      error instanceof BadVerifierKey || error instanceof BadPayloadKey
        ? ''
        : `the record at ${where} cannot be verified: `;
    throw new RecordProblem('unusable', `${about}${why}`);
  }
}

/** Throws `RecordProblem` where the configuration names a key that can't be had. */
export async function configuredPayloadKey(
  configuration: Configuration,
): Promise<RecordToVerify['payloadKey']> {
  try {
    const from = await payloadKeySource(configuration);
    return from.kind === 'text' ? { text: from.text } : { file: from.path, named: false };
  } catch (error) {
    if (error instanceof StoreRefused) throw new RecordProblem('unusable', error.message);
    throw error;
  }
}

/** Null where there is none: an auditor may have been given the record without it. */
function textOf(from: RecordToVerify['payloadKey']): string | null {
  if ('text' in from) return from.text;
  return existsSync(from.file) ? readFileSync(from.file, 'utf8') : null;
}

/** The public key that lies beside the signing key. */
export function verifierKey(keyFile: string): string {
  const path = `${keyFile}.pub`;
  if (!existsSync(path))
    throw new RecordProblem('missing', `there is no key at ${shown(path)}; name one with --key`);
  return readFileSync(path, 'utf8').trim();
}

/** What a person reads: damage first. */
export function renderVerification(found: Verification): string {
  const { records, signed, payloads, findings, omitted } = found;
  const line = (label: string) => (message: string) => `${label}: ${message}\n`;
  const of = (warning: boolean): string =>
    findings
      .filter((finding) => isWarning(finding) === warning)
      .map(({ kind, message }) => line(warning ? 'warning' : 'DAMAGE')(`${message} (${kind})`))
      .join('');
  const signature =
    signed === null ? 'none of them signed' : `${signed.size} of them signed, root ${signed.root}`;
  return [
    of(false),
    of(true),
    omitted > 0 ? `and ${omitted} more findings\n` : '',
    `${records} records, ${signature}\n`,
    `${payloads.verified} payloads verified, ${payloads.sealed} not opened without their key, ${payloads.uncommitted} older than commitments\n`,
    `${payloads.erased} erased, ${payloads.pruned} pruned, ${payloads.missing} missing; ${payloads.held} under a hold\n`,
    found.ok ? 'The record is what was signed.\n' : 'The record is NOT what was signed.\n',
  ].join('');
}
