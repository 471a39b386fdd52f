import { inclusionProof, type TileReader } from '../sessions/log/proof.ts';
import { tlogProof } from '../sessions/log/tlog-proof.ts';
import { decodeRecord } from '../sessions/entry.ts';
import type { RecordSource, SourceRecord } from '../sessions/store.ts';
import type { Stretch } from './period.ts';
import { ruleVersion, type RuleVersion } from './rule-versions.ts';
import type { ZipFile } from './zip-file.ts';

/** The rules that the period began with: on record before it, and proved to be in the same log. */
export interface RulesInForce {
  readonly version: RuleVersion;
  readonly write: (zip: ZipFile) => void;
}

/** Null where none were loaded before. Reads backwards: a gateway loads rules at each start. */
export async function rulesInForce(
  source: RecordSource,
  tiles: TileReader,
  { start, end }: Stretch,
): Promise<RulesInForce | null> {
  const found = await lastRules(source, start?.size ?? 0);
  if (found === null) return null;
  const { index, entry, payload } = found;
  const proof = tlogProof(index, await inclusionProof(tiles, index, end.size), end.note);
  const opened =
    payload.kind === 'kept' ? { salt: payload.salt, body: payload.body } : { [payload.kind]: true };
  return {
    version: ruleVersion(decodeRecord(index, entry, null), payload.kind === 'kept' ? payload.body : null),
    write: (zip) => {
      zip.put('rules/at-start.json', entry);
      zip.put('rules/at-start.payload.json', `${JSON.stringify({ index, ...opened })}\n`);
      zip.put('rules/at-start.tlog-proof', proof);
    },
  };
}

const STEP = 1_024;

async function lastRules(source: RecordSource, before: number): Promise<SourceRecord | null> {
  for (let end = before; end > 0;) {
    const first = Math.max(0, end - STEP);
    let latest: SourceRecord | null = null;
    for (let at = first; at < end;) {
      const page = await source.records(at, end);
      if (page.length === 0) throw new Error(`record ${at} of the log is missing`);
      latest = page.findLast(isRulesLoaded) ?? latest;
      at += page.length;
    }
    if (latest !== null) return latest;
    end = first;
  }
  return null;
}

/** To look for the word first spares reading most entries as JSON. */
function isRulesLoaded({ index, entry }: SourceRecord): boolean {
  return entry.includes('"rules.loaded"') && decodeRecord(index, entry, null).type === 'rules.loaded';
}
