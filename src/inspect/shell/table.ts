import { noteOptions, touch, type Program } from './call.ts';
import { optionsOf, parseOptions, type Parsed, type ProgramSpec, type Role } from './options.ts';
import { from } from './stream.ts';

/**
 * A program that does what its options and operands say and nothing else: its name, what its operands are to it
 * (`read*`, `text,read*`, `read*,write`), which unknown words are harmless, and every option that it may be given.
 */
export type Row = readonly [names: string, operands: string, calm: ProgramSpec['calm'], options: string];

export function programsOf(rows: readonly Row[]): readonly (readonly [string, Program])[] {
  return rows.flatMap(([names, operands, calm, options]) => {
    const program = programOf(operands, { options: optionsOf(options), permutes: true, calm });
    return names.split(' ').map((name) => [name, program] as const);
  });
}

function programOf(operands: string, spec: ProgramSpec): Program {
  const roles = operandRoles(operands);
  return (call) => {
    const parsed = parseOptions(call.name, call.args, spec);
    noteOptions(call, parsed);
    let fetched = call.input.fetched;
    for (const [field, role] of roles(parsed)) fetched = touch(call, field, role) || fetched;
    return { fetched: from(call.input).fetched || fetched };
  };
}

/** `a,b*,c`: the first is a, the last is c, all between are b. */
function operandRoles(
  pattern: string,
): (parsed: Parsed) => readonly (readonly [Parsed['operands'][number], Role])[] {
  const names = pattern.split(',').filter((name) => name !== '');
  const at = names.findIndex((name) => name.endsWith('*'));
  const before = at === -1 ? names : names.slice(0, at);
  const behind = at === -1 ? [] : names.slice(at + 1);
  const middle = at === -1 ? 'text' : (names[at] ?? 'text').slice(0, -1);
  return ({ operands }) =>
    operands.map((field, index) => {
      const fromEnd = operands.length - index;
      const name =
        index < before.length
          ? before[index]
          : fromEnd <= behind.length
            ? behind[behind.length - fromEnd]
            : middle;
      return [field, roleNamed(name ?? 'text')] as const;
    });
}

function roleNamed(name: string): Role {
  switch (name) {
    case 'read':
    case 'deep':
    case 'write':
    case 'append':
    case 'remove':
    case 'run':
      return name;
    default:
      return 'text';
  }
}
