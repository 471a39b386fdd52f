import type { HereDoc, Redirection } from 'unbash';
import { expandText, expandWord } from './expand.ts';
import { joined, literal, textOf, type Field } from './field.ts';
import { addHost } from './host.ts';
import { notUnderstood } from './refusal.ts';
import { pathsOf } from './paths.ts';
import { SOME, type Stream } from './stream.ts';
import type { Path } from './path.ts';
import type { ShellState } from './shell-state.ts';
import type { Walk } from './walk-context.ts';

/** What redirections make of a command's input and output. */
export interface Redirected {
  readonly input: Stream;
  /** Where its output goes, where it goes elsewhere. */
  readonly into: readonly Path[] | null;
}

export function redirect(
  redirections: readonly Redirection[],
  state: ShellState,
  walk: Walk,
  given: Stream,
): Redirected {
  let input = given;
  let into: readonly Path[] | null = null;
  for (const one of redirections) {
    if (one.descriptor?.type === 'FileDescriptorVariable')
      throw notUnderstood('A descriptor in a variable is not understood.');
    const descriptor = one.descriptor?.value;
    if (one.type === 'HereDoc' || one.type === 'HereString') {
      if (one.type === 'HereString' && state.posix)
        throw notUnderstood('<<< is read otherwise by a POSIX shell.');
      const texts =
        one.type === 'HereDoc' ? hereDocument(one, state, walk) : hereString(one.target, state, walk);
      if ((descriptor ?? 0) === 0) input = { texts, fetched: false };
      continue;
    }
    if (one.target === undefined) throw notUnderstood('A redirection has no target.');
    const targets = expandWord(one.target, state, walk).flat();
    for (const target of targets) {
      if ((one.operator === '>&' || one.operator === '<&') && isDescriptor(target)) continue;
      const network = socketOf(target);
      if (network !== undefined) {
        walk.findings.is('network', 'uploads', 'writes');
        addHost(network, walk.findings);
        if (one.operator === '<' || one.operator === '<>') input = { fetched: true };
        continue;
      }
      if (state.posix && /^&>|^>&$/.test(one.operator))
        throw notUnderstood(`${one.operator} is read otherwise by a POSIX shell.`);
      for (const path of pathsOf(target, state)) {
        if (one.operator === '<' || one.operator === '<&') walk.findings.read(path);
        else walk.findings.write(path);
        if (one.operator === '<>') walk.findings.read(path);
        if (one.operator === '<' && (descriptor ?? 0) === 0)
          input = substituted(target, walk) ?? { fetched: walk.findings.mayBeFetched(path) };
        if (one.operator !== '<' && one.operator !== '<&' && (descriptor ?? 1) === 1)
          into = [...(into ?? []), path];
      }
    }
  }
  return { input, into };
}

/** What goes into a file goes no further; what was fetched is remembered to be in it. */
export function outputOf(output: Stream, { into }: Redirected, walk: Walk): Stream {
  if (into === null) return output;
  if (output.fetched) for (const path of into) walk.findings.fetched(path);
  return SOME;
}

/** What can be read from the path of a process substitution. */
export function substituted(target: Field, walk: Walk): Stream | undefined {
  const [, number = ''] = /^\/dev\/fd\/(\d{4,})$/.exec(textOf(target) ?? '') ?? [];
  return walk.substitutions.get(Number(number));
}

function isDescriptor(target: Field): boolean {
  if (target.length === 1 && target[0]?.kind === 'hole' && target[0].holds === 'number') return true;
  return /^(?:\d+-?|-)$/.test(textOf(target) ?? '');
}

/** Bash opens these itself, whatever lies under /dev. */
function socketOf(target: Field): Field | undefined {
  const text = textOf(target);
  const [, host] =
    /^\/dev\/(?:tcp|udp)\/([^/]*)\//.exec(
      text ?? target.map((one) => (one.kind === 'text' ? one.text : '…')).join(''),
    ) ?? [];
  return host === undefined ? undefined : literal(host);
}

function hereString(
  target: Extract<Redirection, { type: 'HereString' }>['target'],
  state: ShellState,
  walk: Walk,
): readonly Field[] {
  if (target === undefined) throw notUnderstood('A redirection has no target.');
  return expandText(target, state, walk).map((text) => joined([...text, ...literal('\n')]));
}

function hereDocument(
  { body, delimiter, operator }: HereDoc,
  state: ShellState,
  walk: Walk,
): readonly Field[] {
  if (delimiter === undefined) throw notUnderstood('A here-document has no end.');
  const tabs = (text: string): string => (operator === '<<-' ? text.replaceAll(/^\t+/gm, '') : text);
  if (delimiter.quoted) return [literal(tabs(body.text))];
  if (body.parts === undefined) return [literal(tabs(body.text.replaceAll(/\\([$`\\])|\\\n/g, '$1')))];
  return expandText({ parts: body.parts, value: '' }, state, walk);
}
