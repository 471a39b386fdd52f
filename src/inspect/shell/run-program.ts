import { BUILTINS } from './builtins.ts';
import { compound } from './compound.ts';
import { mayBeSeveral, textOf, type Field } from './field.ts';
import { notUnderstood, quoted } from './refusal.ts';
import { outputOf, redirect } from './redirect.ts';
import { PROGRAMS } from './programs/all.ts';
import { touch, type Call } from './call.ts';
import { copyOf, mergeInto, type ShellState } from './shell-state.ts';
import { from, SOME, type Stream } from './stream.ts';
import type { Walk } from './walk-context.ts';

/** Folders whose programs are those that are known by their names. */
const SYSTEM_FOLDERS = /^\/(?:usr\/)?(?:local\/)?s?bin\/([^/]+)$/;

/** Runs what the first word names: a function, a builtin, a known program, a file. */
export function runProgram(argv: readonly Field[], state: ShellState, walk: Walk, input: Stream): Stream {
  const [first = [], ...args] = argv;
  const name = textOf(first);
  if (name === undefined) throw notUnderstood('The name of a program can not be told from the text.');
  const bodies = state.functions.get(name);
  if (bodies !== undefined) {
    walk.findings.name('programs', name);
    const output = callFunction(bodies, args, state, walk, input);
    if (state.sure.has(name)) return output;
  }
  const known = SYSTEM_FOLDERS.exec(name)?.[1] ?? name;
  walk.findings.name('programs', known.slice(known.lastIndexOf('/') + 1));
  const call: Call = { name: known, args, input, state, walk };
  if (known.includes('/')) return runFile(call, first);
  const program = BUILTINS.get(known) ?? PROGRAMS.get(known);
  if (program === undefined)
    throw notUnderstood(`The program ${quoted(known)} is not among those that are understood here.`);
  return program(call);
}

function callFunction(
  bodies: NonNullable<ReturnType<ShellState['functions']['get']>>,
  args: readonly Field[],
  state: ShellState,
  walk: Walk,
  input: Stream,
): Stream {
  const outputs = bodies.map((body) => {
    // What it declares `local` is gone afterwards; what it sets otherwise is not.
    const inside = copyOf(state);
    inside.positional = args.some(mayBeSeveral) ? null : args;
    if (body.type === 'CompoundList') throw notUnderstood('The body of a function can not be read.');
    const redirected = redirect(body.type === 'Redirected' ? body.redirects : [], inside, walk, input);
    const output = compound(body.type === 'Redirected' ? body.command : body, inside, walk, redirected.input);
    inside.positional = state.positional;
    mergeInto(state, inside);
    return outputOf(output, redirected, walk);
  });
  return from(...outputs);
}

/** A file of the folder, or of another place, whose code is not looked at. */
function runFile(call: Call, file: Field): Stream {
  touch(call, file, 'run');
  return SOME;
}
