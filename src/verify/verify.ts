import { readDisposals, type Disposals } from './disposals.ts';
import { parseEntry } from './entry.ts';
import { cosignedAt, parseCosignerKey } from './cosignature.ts';
import { createFindings, isWarning, shownId, type Finding, type Findings } from './finding.ts';
import { hashOfEntry } from './merkle-root.ts';
import { createPayloadReader, type PayloadReader } from './payload-reader.ts';
import { openRecordDatabase, type RecordDatabase } from './record-database.ts';
import { openRecordFile } from './record-file.ts';
import type { RecordSource } from './record-source.ts';
import { checkRow, type PayloadCounts } from './row-check.ts';
import { parsePayloadKey, type PayloadKey } from './sealed-payload.ts';
import { openCheckpoint, parseVerifierKey, type VerifierKey } from './signed-checkpoint.ts';
import { createStoryCheck } from './story-check.ts';
import { createTreeCheck, type SignedRoot } from './tree-check.ts';

/** The SQLite file of a record, or the PostgreSQL database that holds one. It is only read, also while a gateway writes. */
type RecordPlace = { readonly path: string } | { readonly database: RecordDatabase };

export type VerifyOptions = RecordPlace & {
  /** A verifier key, `origin+id+base64`: one that the auditor wrote down, not one that came with the file. */
  readonly key: string;
  /** A checkpoint that was kept outside of the database, read before it; null where there is none. */
  readonly kept: string | null;
  /** Further checkpoints from elsewhere, such as what a witness has. */
  readonly seen?: readonly SeenCheckpoint[];
  /** The key of the payloads, as its file has it. Without it their seals are not opened. */
  readonly payloadKey?: string | null;
};

export interface SeenCheckpoint {
  readonly note: string;
  /** The verifier key of the witness that must have cosigned it; null where it need not be cosigned. */
  readonly cosigner: string | null;
}

export interface Verification {
  /** Whether nothing is wrong but warnings. */
  readonly ok: boolean;
  readonly records: number;
  /** The newest good signature in the database. Root in base64, as in the checkpoint. */
  readonly signed: { readonly size: number; readonly root: string } | null;
  readonly payloads: Readonly<PayloadCounts>;
  readonly findings: readonly Finding[];
  /** How many findings of kinds that are listed a hundred times were left out. */
  readonly omitted: number;
}

/** A key is none. */
export class BadVerifierKey extends Error {
  override readonly name = 'BadVerifierKey';
}

/** The key of the payloads is none, or not that of this record. */
export class BadPayloadKey extends Error {
  override readonly name = 'BadPayloadKey';
}

/**
 * Reads a whole record and recomputes everything in it: every hash, every root, every signature, every commitment. It
 * shares no code with what writes the record. Throws `BadVerifierKey`, `BadPayloadKey`,
 * `NotARecord`, and what SQLite throws.
 */
export async function verifyRecord(options: VerifyOptions): Promise<Verification> {
  const { key: text, kept } = options;
  const key = parseVerifierKey(text);
  if (key === null) throw new BadVerifierKey('the key is not a verifier key: origin+id+base64');
  const findings = createFindings();
  const source =
    'path' in options ? openRecordFile(options.path) : await openRecordDatabase(options.database);
  try {
    const masterKey = payloadKeyOf(options.payloadKey ?? null, await source.payloadKey());
    const opener = createPayloadReader(source, masterKey, findings);
    const inside = await signedInside(source, key, findings);
    const notes = [...(kept === null ? [] : [{ note: kept, cosigner: null }]), ...(options.seen ?? [])];
    const outside = notes.flatMap(({ note, cosigner }) => {
      if (cosigner !== null) checkCosignature(note, cosigner, findings);
      return signedOutside(note, key, inside, findings) ?? [];
    });
    const roots = [...inside, ...outside].toSorted((a, b) => a.size - b.size);
    const payloads = { verified: 0, sealed: 0, erased: 0, pruned: 0, missing: 0, held: 0, uncommitted: 0 };
    const records = await readAll(source, roots, opener, await readDisposals(source), payloads, findings);
    const newest = inside.at(-1);
    if (notes.length === 0)
      findings.add(
        'nothing_kept',
        null,
        'no checkpoint was kept outside: an older copy of the database can not be told',
      );
    const unsigned = records - (newest?.size ?? 0);
    if (unsigned > 0) {
      const message = `the last ${unsigned} of ${records} records are not signed yet: a gateway signs them within seconds, or at its next start`;
      findings.add('unsigned', newest?.size ?? 0, message);
    }
    return {
      ok: findings.list.every(isWarning),
      records,
      signed:
        newest === undefined
          ? null
          : { size: newest.size, root: Buffer.from(newest.root, 'hex').toString('base64') },
      payloads,
      findings: findings.list,
      omitted: findings.omitted(),
    };
  } finally {
    await source.close();
  }
}

async function readAll(
  source: RecordSource,
  roots: readonly SignedRoot[],
  opener: PayloadReader,
  disposals: Disposals,
  payloads: PayloadCounts,
  findings: Findings,
): Promise<number> {
  const tree = createTreeCheck(source, roots, findings);
  const story = createStoryCheck(findings);
  let records = 0;
  for await (const row of source.records()) {
    records += 1;
    const leaf = hashOfEntry(row.entry);
    await tree.add(row.index, leaf);
    const entry = parseEntry(row.entry);
    if (entry === null) {
      findings.add('record_unreadable', row.index, `record ${row.index} is not an entry`);
      continue;
    }
    await checkRow(row, leaf, entry, opener, disposals, payloads, findings);
    story.add(row.index, entry);
  }
  await tree.end();
  story.end();
  return records;
}

/** `wanted` is the id of the key that the record is under; null where nothing in it is sealed. */
function payloadKeyOf(text: string | null, wanted: string | null): PayloadKey | null {
  if (text === null || wanted === null) return null;
  const key = parsePayloadKey(text);
  if (key === null) throw new BadPayloadKey('the payload key is none: 32 bytes in base64');
  if (key.id !== wanted)
    throw new BadPayloadKey(`the payload key is ${key.id}, and this record is under ${wanted}`);
  return key;
}

const WORDS = {
  key_changed: 'is signed with another key',
  signature_invalid: 'has a signature that does not fit it',
  checkpoint_invalid: 'is not a checkpoint of this log',
} as const;

/** The good ones, by size. */
async function signedInside(
  source: RecordSource,
  key: VerifierKey,
  findings: Findings,
): Promise<readonly SignedRoot[]> {
  const roots: SignedRoot[] = [];
  for await (const { size, note } of source.checkpoints()) {
    const opened = openCheckpoint(note, key);
    if (!opened.ok)
      findings.add(
        opened.why,
        null,
        `the checkpoint of ${size} records in the database ${WORDS[opened.why]}`,
      );
    else if (opened.size !== size)
      findings.add(
        'checkpoint_invalid',
        null,
        `the checkpoint of ${size} records in the database is one of ${opened.size}`,
      );
    else roots.push({ size, root: opened.root, kept: false });
  }
  return roots;
}

function checkCosignature(note: string, cosigner: string, findings: Findings): void {
  const key = parseCosignerKey(cosigner);
  if (key === null) throw new BadVerifierKey('the key of the witness is not one: name+id+base64');
  if (cosignedAt(note, key) === null)
    findings.add(
      'cosignature_invalid',
      null,
      `the checkpoint that was kept has no good cosignature of ${shownId(key.name)}`,
    );
}

function signedOutside(
  note: string,
  key: VerifierKey,
  inside: readonly SignedRoot[],
  findings: Findings,
): SignedRoot | null {
  const opened = openCheckpoint(note, key);
  if (!opened.ok) {
    findings.add(opened.why, null, `the checkpoint that was kept outside ${WORDS[opened.why]}`);
    return null;
  }
  const { size, root } = opened;
  if (!inside.some((each) => each.size === size))
    findings.add(
      'checkpoint_missing',
      null,
      `the checkpoint of ${size} records that was kept is no longer in the database`,
    );
  return { size, root, kept: true };
}
