import type { Assignment, Command, CommandArgument } from 'unbash';
import { checkSubscript } from './arithmetic.ts';
import { combined, expandQuoted, expandText, expandWord, type Alternatives } from './expand.ts';
import { ANY, joined, literal, textOf, type Field } from './field.ts';
import { assignVariable, exportVariable } from './variables.ts';
import { outputOf, redirect } from './redirect.ts';
import { copyOf, mergeInto, union, type ShellState } from './shell-state.ts';
import { from, NOTHING, type Stream } from './stream.ts';
import type { Walk } from './walk-context.ts';

/** One command: assignments, words, redirections. */
export function simpleCommand(command: Command, state: ShellState, walk: Walk, given: Stream): Stream {
  const words: Alternatives[] = [];
  if (command.name !== undefined) words.push(expandWord(command.name, state, walk));
  for (const argument of command.args) words.push(expandArgument(argument, state, walk));
  const redirected = redirect(command.redirects, state, walk, given);
  const assignments = command.prefix.filter((one) => one.type === 'Assignment');
  const lists = combined(words);

  if (lists.every((argv) => argv.length === 0)) {
    for (const one of assignments) assign(one, state, walk);
    return outputOf(NOTHING, redirected, walk);
  }
  for (const one of assignments) {
    // `IFS= read` splits what it reads, and nothing after it.
    if (one.name === 'IFS' && lists.every(([name = []]) => textOf(name) === 'read')) continue;
    const values = valuesOf(one, state, walk);
    exportVariable(one.name, values, walk);
    state.variables.set(one.name, union(state.variables.get(one.name) ?? [ANY], values));
  }
  const outputs = lists.map((argv) => runOne(argv, lists.length > 1, state, walk, redirected.input));
  const [only] = outputs;
  const output = outputs.length === 1 && only !== undefined ? only : from(...outputs);
  return outputOf(output, redirected, walk);
}

function runOne(
  argv: readonly Field[],
  oneOfSome: boolean,
  state: ShellState,
  walk: Walk,
  input: Stream,
): Stream {
  if (argv.length === 0) return NOTHING;
  if (!oneOfSome) return walk.program(argv, state, input);
  const branch = copyOf(state);
  const output = walk.program(argv, branch, input);
  mergeInto(state, branch);
  return output;
}

function expandArgument(argument: CommandArgument, state: ShellState, walk: Walk): Alternatives {
  if (argument.type === 'Word') return expandWord(argument, state, walk);
  // `export a=b` and its like: a word to whoever is no builtin.
  return valuesOf(argument, state, walk).map((value) => [
    joined([...literal(`${argument.name}=`), ...value]),
  ]);
}

function assign(one: Assignment, state: ShellState, walk: Walk): void {
  assignVariable(one.name, valuesOf(one, state, walk), state, walk);
}

function valuesOf(one: Assignment, state: ShellState, walk: Walk): readonly Field[] {
  if (one.index !== undefined) checkSubscript(one.index, state, walk, expandQuoted);
  if (one.value.type === 'ArrayValue') {
    for (const element of one.value.elements) expandWord(element, state, walk);
    return [ANY];
  }
  const values = expandText(one.value, state, walk);
  if (one.index !== undefined) return [ANY];
  if (one.append !== true) return values;
  const before = state.variables.get(one.name) ?? [ANY];
  return before
    .flatMap((start) => values.map((end) => joined([...start, ...end])))
    .reduce<readonly Field[]>((all, each) => union(all, [each]), []);
}
