import { literal, textOf, type Field } from './field.ts';
import { pathsOf } from './paths.ts';
import { substituted } from './redirect.ts';
import type { Parsed, Role } from './options.ts';
import type { ShellState } from './shell-state.ts';
import type { Stream } from './stream.ts';
import type { Walk } from './walk-context.ts';

/** A program that is run with arguments. */
export interface Call {
  readonly name: string;
  readonly args: readonly Field[];
  readonly input: Stream;
  readonly state: ShellState;
  readonly walk: Walk;
}

/** Names what a call does, and says what it prints. */
export type Program = (call: Call) => Stream;

/** Notes a file for what its program does with it. True where what is read of it may have been fetched. */
export function touch(call: Call, field: Field, role: Role): boolean {
  const { findings } = call.walk;
  if (role === 'text' || textOf(field) === '-') return false;
  const stream = substituted(field, call.walk);
  if (stream !== undefined && (role === 'read' || role === 'deep')) return stream.fetched;
  let fetched = false;
  for (const path of pathsOf(field, call.state)) {
    switch (role) {
      case 'read':
        findings.read(path);
        break;
      case 'deep':
        findings.read(path, true);
        break;
      case 'write':
      case 'append':
        findings.write(path);
        break;
      case 'remove':
        findings.remove(path);
        break;
      case 'run':
        findings.run(path);
        break;
      case 'host':
      case 'refuse':
        break;
    }
    fetched ||= findings.mayBeFetched(path);
  }
  return fetched;
}

/** Runs code of the folder that the shell is in, and writes there. */
export function runsFolder(call: Call): void {
  for (const path of pathsOf(literal('.'), call.state)) call.walk.findings.runsFolder(path);
}

export function removeDeep(call: Call, field: Field): void {
  for (const path of pathsOf(field, call.state)) call.walk.findings.remove(path, true);
}

/** Notes every option with what its value is. */
export function noteOptions(call: Call, { options }: Parsed): void {
  for (const { name, value, role } of options) {
    call.walk.findings.name('flags', `${call.name} ${name}`);
    if (value !== undefined) touch(call, value, role);
  }
}
