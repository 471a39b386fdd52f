import { parseEntry } from '../entry.ts';
import { hashOfEntry } from '../merkle-root.ts';
import { provesInclusion } from '../merkle-proof.ts';
import { commits } from './check-payload.ts';
import { readProof } from './check-samples.ts';
import { parsedObject, type Manifest } from './manifest.ts';
import type { OpenPack } from './open-pack.ts';
import type { PackFindings } from './pack-finding.ts';
import type { PackLog } from './pack-log.ts';

const AT_START = 'rules/at-start';

/** That the rules the period began with are in the log before it, and that files are called by what is in them. */
export async function checkRules(
  pack: OpenPack,
  manifest: Manifest,
  log: PackLog,
  findings: PackFindings,
): Promise<void> {
  for (const [name, { sha256 }] of manifest.files) {
    const said = /^rules\/(?:masked-)?([0-9a-f]{64})\.txt$/.exec(name)?.[1];
    if (said !== undefined && said !== sha256)
      findings.add('rules_differ', name, null, `${name} is not the file that it is called after`);
  }
  const text = (await pack.whole(`${AT_START}.json`))?.toString('utf8');
  if (text === undefined) return;
  const proof = readProof((await pack.whole(`${AT_START}.tlog-proof`))?.toString('utf8') ?? '');
  const entry = parseEntry(text);
  const proven =
    proof !== null &&
    entry?.type === 'rules.loaded' &&
    proof.index < manifest.start &&
    proof.note === log.endNote &&
    provesInclusion({
      index: proof.index,
      size: manifest.end,
      leaf: hashOfEntry(text),
      root: Buffer.from(log.endRoot, 'base64'),
      proof: proof.path,
    });
  if (!proven) {
    findings.add(
      'rules_differ',
      `${AT_START}.json`,
      null,
      'it is not proved that the rules at the start are in the log before it',
    );
    return;
  }
  const opened = (await pack.whole(`${AT_START}.payload.json`))?.toString('utf8') ?? '';
  const { body, salt } = parsedObject(opened);
  if (entry.payload !== null && typeof body === 'string' && !commits(entry.payload, body, salt))
    findings.add(
      'rules_differ',
      `${AT_START}.payload.json`,
      proof.index,
      'the rules at the start are not those that were recorded',
    );
}
