import { hasHole, prefixOf, textOf, type Field } from './field.ts';
import type { Findings } from './findings.ts';

/** Names a machine that is reached, lower case; `unknown` where it can't be told. */
export function addHost(field: Field, findings: Findings): void {
  findings.is('network');
  const text = textOf(field)?.toLowerCase() ?? '';
  findings.name(
    'hosts',
    /^(?:[\p{L}\p{N}_](?:[\p{L}\p{N}._-]*)|\[[0-9a-f:.]+\]|::1)$/u.test(text) ? bare(text) : 'unknown',
  );
  // What a name is made of is sent to whoever resolves it.
  if (hasHole(field)) findings.is('uploads');
}

/** Names the machine of a URL. What is computed into a URL is sent to it. */
export function addUrl(field: Field, findings: Findings): void {
  findings.is('network');
  const start = prefixOf(field);
  const [, scheme, authority, rest] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?([^/?#]*)([/?#])?/i.exec(start) ?? [];
  const whole = textOf(field) !== undefined || rest !== undefined;
  const host = (authority ?? '').replace(/^.*@/, '').replace(/:\d*$/, '').toLowerCase();
  const known =
    whole &&
    /^(?:[a-z0-9_](?:[a-z0-9._-]*)|\[[0-9a-f:.]+\])$/.test(host) &&
    !/[{}[\]]/.test(host.replace(/^\[.*\]$/, ''));
  findings.name('hosts', known ? bare(host) : 'unknown');
  if (hasHole(field)) findings.is('uploads');
  if (scheme?.toLowerCase() === 'file') findings.readsFrom('unknown');
}

function bare(host: string): string {
  return host.replace(/\.$/, '').replace(/^\[(.*)\]$/, '$1');
}
