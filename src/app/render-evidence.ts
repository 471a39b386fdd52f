import { shown } from './configuration.ts';
import type { Exported } from './evidence.ts';
import { isPackWarning } from '../verify/pack/pack-finding.ts';
import type { PackVerification } from '../verify/pack/verify-pack.ts';

/** What a person reads: damage first. */
export function renderPackVerification(found: PackVerification): string {
  const { findings, omitted, log, payloads, period, origin, files } = found;
  const said = (warning: boolean): string =>
    findings
      .filter((finding) => isPackWarning(finding) === warning)
      .map(({ kind, message }) => `${warning ? 'warning' : 'DAMAGE'}: ${message} (${kind})\n`)
      .join('');
  return [
    said(false),
    said(true),
    omitted > 0 ? `and ${omitted} more findings\n` : '',
    period === null
      ? ''
      : `period ${period.from ?? 'the beginning'} to ${period.to ?? 'the newest record'} of ${origin ?? '?'}\n`,
    log === null
      ? ''
      : `${log.records} records, from ${log.start} to before ${log.end} of the log, in ${files} files\n`,
    `${payloads.verified} payloads verified, ${payloads.erased} erased, ${payloads.uncommitted} older than commitments\n`,
    found.ok ? 'The pack is what was signed.\n' : 'The pack is NOT what was signed.\n',
  ].join('');
}

export function renderExported({ file, bytes, manifest, unsigned, verification }: Exported): string {
  const warning =
    unsigned === 0
      ? ''
      : `warning: ${unsigned} records of the period are not signed yet and not in it: a running gateway signs them within seconds\n`;
  return `${warning}${renderPackVerification(verification)}${shown(file)}: ${bytes} bytes, manifest ${manifest}\n`;
}
