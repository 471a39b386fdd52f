import type { PackPayloads } from './check-payload.ts';
import { objectIn, parsedObject } from './manifest.ts';
import type { OpenPack } from './open-pack.ts';
import type { PackFindings } from './pack-finding.ts';

const FILE = 'verification.json';

/** That what verification is said to have found when the pack was made is what it finds now. None: the pack is a draft. */
export async function checkVerification(
  pack: OpenPack,
  now: { readonly ok: boolean; readonly records: number; readonly payloads: Readonly<PackPayloads> },
  findings: PackFindings,
): Promise<void> {
  const text = (await pack.whole(FILE))?.toString('utf8');
  if (text === undefined) return;
  const said = parsedObject(text);
  const then = [said['ok'], objectIn(said['log'])['records'], objectIn(said['payloads'])];
  if (JSON.stringify(then) !== JSON.stringify([now.ok, now.records, now.payloads]))
    findings.add(
      'verification_differs',
      FILE,
      null,
      'verification finds something else than it is said to have found',
    );
}
