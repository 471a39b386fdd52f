import { after, hasHole, prefixOf, textOf, type Field } from './field.ts';
import { notUnderstood, quoted } from './refusal.ts';

/** What the value of an option, or an operand, is to its program. */
export type Role =
  /** A pattern, a number, a format: nothing beyond the program. */
  | 'text'
  | 'read'
  /** Read with everything below it. */
  | 'deep'
  | 'write'
  | 'append'
  | 'remove'
  /** A file that is run as code. */
  | 'run'
  | 'host'
  /** Never: the program would do more than this inspection can tell. */
  | 'refuse';

/** An option: none of them that is not known is taken, for `--compress-program` is an option, too. */
interface OptionSpec {
  readonly takes: 'nothing' | 'value' | 'maybe';
  readonly role: Role;
}

export interface ProgramSpec {
  readonly options: ReadonlyMap<string, OptionSpec>;
  /** Options may stand behind operands, as GNU has it. */
  readonly permutes: boolean;
  /**
   * Which words that can't be told, and so may be options, do no more than known ones would: all, those without a slash
   * (the name of a file), or none.
   */
  readonly calm: 'all' | 'names' | 'none';
  /** Options with one dash are whole words: `-overlay` is not `-o` with a value. */
  readonly wholeWords?: boolean;
}

/**
 * Reads a table line: `-a` takes nothing, `-o=write` a value, `--color[=text]` maybe one behind `=`. `-abc` stands for three.
 */
export function optionsOf(line: string): ReadonlyMap<string, OptionSpec> {
  const options = new Map<string, OptionSpec>();
  for (const word of line.split(/\s+/).filter((each) => each !== '')) {
    const [, names = '', open = '', role = ''] = /^(-[^=[]+)(\[?=?)(\w*)\]?$/.exec(word) ?? [];
    const takes = open === '' ? 'nothing' : open === '[=' ? 'maybe' : 'value';
    const each =
      names.startsWith('--') || takes !== 'nothing'
        ? [names]
        : names
            .slice(1)
            .split('')
            .map((letter) => `-${letter}`);
    for (const name of each) options.set(name, { takes, role: roleOf(role) });
  }
  return options;
}

function roleOf(word: string): Role {
  switch (word) {
    case 'read':
    case 'deep':
    case 'write':
    case 'append':
    case 'remove':
    case 'run':
    case 'host':
    case 'refuse':
      return word;
    default:
      return 'text';
  }
}

/** A command line in parts. */
export interface Parsed {
  readonly options: readonly {
    readonly name: string;
    readonly value: Field | undefined;
    readonly role: Role;
  }[];
  readonly operands: readonly Field[];
  readonly has: (...names: readonly string[]) => boolean;
  readonly values: (...names: readonly string[]) => readonly Field[];
}

export function parseOptions(program: string, args: readonly Field[], spec: ProgramSpec): Parsed {
  const options: { name: string; value: Field | undefined; role: Role }[] = [];
  const operands: Field[] = [];
  const add = (name: string, value: Field | undefined): void => {
    const role = spec.options.get(name)?.role ?? 'text';
    if (role === 'refuse')
      throw notUnderstood(`The option ${name} of ${program} is not among those that are understood here.`);
    options.push({ name, value, role });
  };
  let index = 0;
  const next = (name: string): Field => {
    index += 1;
    const value = args[index];
    if (value === undefined) throw notUnderstood(`The option ${name} of ${program} has no value.`);
    if (spec.calm !== 'all' && maySplit(value)) throw mayBeOptions(program);
    return value;
  };

  for (; index < args.length; index += 1) {
    const arg = args[index] ?? [];
    const start = prefixOf(arg);
    if (textOf(arg) === '--') {
      operands.push(...args.slice(index + 1));
      break;
    }
    if (mayBeOption(arg, spec.calm)) throw mayBeOptions(program);
    if (!start.startsWith('-') || textOf(arg) === '-') {
      operands.push(arg);
      if (spec.permutes) continue;
      operands.push(...args.slice(index + 1));
      break;
    }
    if (start.startsWith('--')) readLong(arg, start);
    else readShort(arg, start);
  }

  function readLong(arg: Field, start: string): void {
    const equals = start.indexOf('=');
    const name = equals === -1 ? textOf(arg) : start.slice(0, equals);
    const known = name === undefined ? undefined : spec.options.get(name);
    if (name === undefined || known === undefined) throw unknownOption(program, name ?? start);
    if (equals !== -1) {
      if (known.takes === 'nothing') throw unknownOption(program, start);
      add(name, after(arg, equals + 1));
    } else add(name, known.takes === 'value' ? next(name) : undefined);
  }

  function readShort(arg: Field, start: string): void {
    // Some programs write long options with one dash, and their values behind `=`.
    const equals = start.indexOf('=');
    const whole = equals === -1 ? textOf(arg) : start.slice(0, equals);
    const long = whole === undefined ? undefined : spec.options.get(whole);
    if (
      whole !== undefined &&
      long !== undefined &&
      (whole.length > 2 || (spec.wholeWords === true && equals > 0))
    ) {
      if (equals === -1) add(whole, long.takes === 'value' ? next(whole) : undefined);
      else if (long.takes === 'nothing') throw unknownOption(program, start);
      else add(whole, after(arg, equals + 1));
      return;
    }
    if (spec.wholeWords === true && (start.length > 2 || whole !== start))
      throw unknownOption(program, start);
    for (let at = 1; at < start.length; at += 1) {
      const name = `-${start[at]}`;
      const digits = /^\d$/.test(start[at] ?? '') && spec.options.has('-NUM');
      const known = spec.options.get(digits ? '-NUM' : name);
      if (known === undefined) throw unknownOption(program, name);
      if (known.takes === 'nothing') {
        add(name, undefined);
        continue;
      }
      const rest = after(arg, at + 1);
      const attached = at + 1 < start.length || rest.length > 0;
      add(name, attached ? rest : known.takes === 'value' ? next(name) : undefined);
      return;
    }
    if (hasHole(arg) || textOf(arg) === undefined) throw unknownOption(program, start);
  }

  return {
    options,
    operands,
    has: (...names) => options.some(({ name }) => names.includes(name)),
    values: (...names) =>
      options.flatMap(({ name, value }) => (value !== undefined && names.includes(name) ? [value] : [])),
  };
}

/** What begins with something unknown may begin with a dash, and so may the words that it is split into. */
export function mayBeOption(field: Field, calm: ProgramSpec['calm']): boolean {
  const [first] = field;
  if (calm === 'all' || first === undefined) return false;
  if (maySplit(field)) return true;
  if (first.kind === 'text') return false;
  if (first.kind === 'hole' && first.holds === 'number') return false;
  return calm === 'none' || (first.kind === 'hole' && first.holds === 'any');
}

/** An unquoted text that can't be told becomes as many words as it has, and none where it is empty. */
function maySplit(field: Field): boolean {
  return field.some((segment) => segment.kind === 'hole' && segment.holds === 'any' && !segment.quoted);
}

function mayBeOptions(program: string): Error {
  return notUnderstood(
    `A word for ${program} can't be told from the text and may be an option. Quote it, and write -- before it or ./ at its start.`,
  );
}

function unknownOption(program: string, option: string): Error {
  return notUnderstood(
    `The option ${quoted(option)} of ${program} is not among those that are understood here.`,
  );
}

/** `name=value` words, as `dd` and `env` have them. */
export function assignmentOf(field: Field): { readonly name: string; readonly value: Field } | undefined {
  const start = prefixOf(field);
  const equals = start.indexOf('=');
  return equals < 1 ? undefined : { name: start.slice(0, equals), value: after(field, equals + 1) };
}
