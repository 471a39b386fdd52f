import { noteOptions, type Call } from './call.ts';
import { prefixOf, textOf, type Field } from './field.ts';
import { mayBeOption, optionsOf, parseOptions, type Parsed, type ProgramSpec } from './options.ts';
import { notUnderstood, quoted } from './refusal.ts';

/**
 * Subcommands that do the same and take the same options: their names, one or two words each, with commas between; what they do;
 * every option that they may be given, beside those that all have; how many operands they may have.
 */
export type SubcommandRow<Does> = readonly [names: string, does: Does, options: string, operands?: number];

interface Known<Does> {
  readonly does: Does;
  readonly spec: ProgramSpec;
  readonly operands: number;
}

/** All that a program with subcommands may be told. What is not in it is not understood. */
export interface Subcommands<Does> {
  /** Options that may stand before the subcommand. */
  readonly before: ProgramSpec;
  readonly known: ReadonlyMap<string, Known<Does>>;
}

/** A command line of such a program. */
export interface Chosen<Does> {
  readonly name: string;
  readonly does: Does;
  /** What stands before the subcommand. */
  readonly before: Parsed;
  /** Options before the subcommand and behind it, and the operands behind it. */
  readonly parsed: Parsed;
}

export function subcommandsOf<Does>(
  before: string,
  everywhere: string,
  rows: readonly SubcommandRow<Does>[],
  wholeWords = false,
): Subcommands<Does> {
  const known = new Map<string, Known<Does>>();
  for (const [names, does, options, operands = Infinity] of rows) {
    const spec = {
      options: optionsOf(`${everywhere} ${options}`),
      permutes: true,
      calm: 'none',
      wholeWords,
    } as const;
    for (const name of names.split(',')) known.set(name.trim(), { does, spec, operands });
  }
  const options = optionsOf(`${before} ${everywhere}`);
  return { before: { options, permutes: false, calm: 'none', wholeWords }, known };
}

/** The subcommand of a call with its options, all of them noted. Undefined where there is none at all. */
export function chosen<Does>(
  call: Call,
  args: readonly Field[],
  { before, known }: Subcommands<Does>,
): Chosen<Does> | undefined {
  const first = parseOptions(call.name, args, before);
  noteOptions(call, first);
  const [one, two] = first.operands.slice(0, 2).map(textOf);
  if (first.operands.length === 0) return undefined;
  if (one === undefined) throw notUnderstood(`What ${call.name} is to do can not be told from the text.`);
  const both = `${one} ${two ?? ''}`;
  const name = two !== undefined && known.has(both) ? both : one;
  const found = known.get(name);
  if (found === undefined)
    throw notUnderstood(`${call.name} ${both.trim()} is not among the subcommands that are understood here.`);
  const rest = first.operands.slice(name === both ? 2 : 1);
  const parsed = together(first, parseOptions(`${call.name} ${name}`, rest, found.spec));
  if (parsed.operands.length > found.operands)
    throw notUnderstood(
      `What ${quoted(`${call.name} ${name}`)} is to do with its words is not understood here.`,
    );
  noteOptions(call, { ...parsed, options: parsed.options.slice(first.options.length) });
  call.walk.findings.name('subcommands', ...namesOf(call.name, name));
  return { name, does: found.does, before: first, parsed };
}

/** `docker compose` and `docker compose up`. */
function namesOf(program: string, name: string): readonly string[] {
  const [one = ''] = name.split(' ');
  return one === name ? [`${program} ${name}`] : [`${program} ${one}`, `${program} ${name}`];
}

function together(before: Parsed, behind: Parsed): Parsed {
  return {
    options: [...before.options, ...behind.options],
    operands: behind.operands,
    has: (...names) => before.has(...names) || behind.has(...names),
    values: (...names) => [...before.values(...names), ...behind.values(...names)],
  };
}

/**
 * Values that every reader of options takes for values: `-f=x` is the file `x` to some programs and `=x` to others, and what
 * begins with a dash is an option to those that take no value there.
 */
export function checkValues(call: Call, { options }: Parsed): void {
  for (const { name, value } of options) {
    if (value === undefined) continue;
    const start = prefixOf(value);
    const short = /^-[^-]$/.test(name) && start.startsWith('=');
    if (short || (start.startsWith('-') && !/^-\d*$/.test(start)) || mayBeOption(value, 'none'))
      throw notUnderstood(
        `The value of ${name} of ${call.name} is not plain. Write ${name}, a space and a plain word.`,
      );
  }
}
