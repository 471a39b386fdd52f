import { createHash } from 'node:crypto';
import { parseEntry } from '../entry.ts';
import { createRunningRoot, hashOfEntry } from '../merkle-root.ts';
import { parseVerifierKey, type VerifierKey } from '../signed-checkpoint.ts';
import { BadVerifierKey } from '../verify.ts';
import { beside, linesUnder } from './beside.ts';
import { checkEvents } from './check-events.ts';
import { checkPayload, type PackPayloads } from './check-payload.ts';
import { checkRules } from './check-rules.ts';
import { checkSamples } from './check-samples.ts';
import { checkTables } from './check-tables.ts';
import { checkVerification } from './check-verification.ts';
import { openManifest, type Manifest } from './manifest.ts';
import { openPack, type OpenPack } from './open-pack.ts';
import {
  createPackFindings,
  isPackWarning,
  PackUnusable,
  type PackFinding,
  type PackFindings,
} from './pack-finding.ts';
import { openPackLog, type PackLog } from './pack-log.ts';

export interface PackVerification {
  /** Whether nothing is wrong but warnings. */
  readonly ok: boolean;
  /** The log that it is of; null where that cannot be told. */
  readonly origin: string | null;
  readonly period: { readonly from: string | null; readonly to: string | null } | null;
  /** Records, from `start` to before `end` of the log. */
  readonly log: { readonly start: number; readonly end: number; readonly records: number } | null;
  readonly payloads: Readonly<PackPayloads>;
  readonly files: number;
  readonly findings: readonly PackFinding[];
  readonly omitted: number;
}

/**
 * Verifies a pack offline, with nothing but itself and a key: the archive, the manifest and its signature, every file, the
 * signed states, each record and payload, and that events, tables and samples are those of the records. It shares no code
 * with what makes packs. `key` null: the one that came with the pack, which is a warning. Throws `BadVerifierKey`, and what
 * reading the file throws.
 */
export async function verifyPack(path: string, key: string | null): Promise<PackVerification> {
  const findings = createPackFindings();
  const payloads = { verified: 0, erased: 0, uncommitted: 0 };
  let files = 0;
  let manifest: Manifest | null = null;
  let records = 0;
  const trusted = key === null ? null : parseKey(key);
  let pack: OpenPack | null = null;
  try {
    pack = openPack(path);
    files = pack.names.length;
    const verifier = trusted ?? (await keyInside(pack, findings));
    manifest = await openManifest(pack, verifier);
    await checkFiles(pack, manifest, findings);
    // What is not what was signed is named, and nothing is made of it.
    if (findings.list.every(isPackWarning)) {
      const log = await openPackLog(pack, manifest, verifier, findings);
      records = await checkRecords(pack, manifest, log, payloads, findings);
      await checkRules(pack, manifest, log, findings);
      await checkVerification(pack, { ok: findings.list.every(isPackWarning), records, payloads }, findings);
    }
  } catch (error) {
    if (!(error instanceof PackUnusable)) throw error;
    findings.add(error.kind, error.file, null, error.message);
  } finally {
    pack?.close();
  }
  return {
    ok: findings.list.every(isPackWarning),
    origin: manifest?.origin ?? null,
    period: manifest?.period ?? null,
    log: manifest === null ? null : { start: manifest.start, end: manifest.end, records },
    payloads,
    files,
    findings: findings.list,
    omitted: findings.omitted(),
  };
}

function parseKey(text: string): VerifierKey {
  const key = parseVerifierKey(text);
  if (key === null) throw new BadVerifierKey('the key is not a verifier key: origin+id+base64');
  return key;
}

async function keyInside(pack: OpenPack, findings: PackFindings): Promise<VerifierKey> {
  const key = parseVerifierKey((await pack.whole('log/key'))?.toString('utf8') ?? '');
  if (key === null)
    throw new PackUnusable('file_missing', 'log/key', 'no key was given, and the pack has none');
  findings.add(
    'key_untrusted',
    'log/key',
    null,
    'the key came with the pack: whoever made the pack may have made the key',
  );
  return key;
}

const NOT_LISTED = ['manifest.json', 'manifest.note'];

async function checkFiles(pack: OpenPack, manifest: Manifest, findings: PackFindings): Promise<void> {
  const names = new Set(pack.names);
  for (const name of pack.names)
    if (!manifest.files.has(name) && !NOT_LISTED.includes(name))
      findings.add('file_added', name, null, `${name} is not in the manifest`);
  for (const [name, { size, sha256 }] of manifest.files) {
    if (!names.has(name)) {
      findings.add('file_missing', name, null, `${name} is in the manifest and not in the pack`);
      continue;
    }
    const hash = createHash('sha256');
    if (pack.size(name) === size) for await (const piece of pack.pieces(name)) hash.update(piece);
    if (pack.size(name) !== size || hash.digest('hex') !== sha256)
      findings.add('file_changed', name, null, `${name} is not the file that was signed`);
  }
}

async function checkRecords(
  pack: OpenPack,
  manifest: Manifest,
  log: PackLog,
  payloads: PackPayloads,
  findings: PackFindings,
): Promise<number> {
  const nodes: { readonly level: number; readonly place: number; readonly hash: Buffer }[] = [];
  const root = createRunningRoot((level, place, hash) => void nodes.push({ level, place, hash }), log.before);
  const payloadLines = beside(linesUnder(pack, 'payloads/')[Symbol.asyncIterator]());
  const events = checkEvents(pack, findings);
  const tables = checkTables(pack, findings);
  const samples = checkSamples(pack, manifest, log, findings);
  const types: Record<string, number> = {};
  let index = manifest.start;
  let reached = 0;

  for await (const { file, text } of linesUnder(pack, 'records/')) {
    const leaf = hashOfEntry(text);
    root.add(leaf);
    const kept = await log.leaf(index);
    if (kept === null || !kept.equals(leaf))
      findings.add('record_edited', file, index, `record ${index} is not the one that the tiles have`);
    for (const { level, place, hash } of nodes.splice(0))
      if ((await log.node(level, place))?.equals(hash) !== true)
        findings.add(
          'tiles_edited',
          null,
          index,
          `hash ${place} of level ${level} is not that of the records under it`,
        );
    const entry = parseEntry(text);
    if (entry === null) findings.add('record_unreadable', file, index, `record ${index} is not an entry`);
    else {
      types[entry.type] = (types[entry.type] ?? 0) + 1;
      await checkPayload(index, entry, payloadLines, payloads, findings);
      await events.record(index, entry);
      await tables.record(index, entry);
      samples.record(index, entry, text);
    }
    index += 1;
    for (let state = log.states[reached]; state?.size === index; state = log.states[reached]) {
      reached += 1;
      if (root.root().toString('hex') !== state.root)
        findings.add(
          'history_rewritten',
          state.file,
          null,
          `the records do not lead to the root of ${state.file}`,
        );
    }
  }
  if (index !== manifest.end)
    findings.add(
      'records_missing',
      null,
      null,
      `there are ${index - manifest.start} records, and the signed states differ by ${manifest.end - manifest.start}`,
    );
  const line = await payloadLines.next();
  if (line !== null)
    findings.add('payload_added', line.file, null, `${line.file} has a payload of no record`);
  for (const type of new Set([...Object.keys(types), ...Object.keys(manifest.types)]))
    if (types[type] !== manifest.types[type])
      findings.add(
        'records_missing',
        'manifest.json',
        null,
        'the manifest counts other records by type than there are',
      );
  await events.end();
  await tables.end();
  await samples.end();
  return index - manifest.start;
}
