import { touch, type Call, type Program } from './call.ts';
import { checkNumber } from './arithmetic.ts';
import { plainName } from './expand.ts';
import { ANY, after, literal, mayBeSeveral, NUMBER, prefixOf, textOf } from './field.ts';
import { assignVariable, exportVariable } from './variables.ts';
import { line } from './output.ts';
import { notUnderstood, quoted } from './refusal.ts';
import { printed, unescaped } from './printf.ts';
import { runStream } from './programs/shells.ts';
import { spaced } from './programs/wrappers.ts';
import { substituted } from './redirect.ts';
import { NOTHING, said, SOME, type Stream } from './stream.ts';
import { changeDirectory } from './directories.ts';

const quiet: Program = () => NOTHING;

const echo: Program = ({ args }) => {
  const options = args.findIndex((arg) => !/^-[neE]+$/.test(textOf(arg) ?? ''));
  const words = options === -1 ? [] : args.slice(options);
  const flags = args
    .slice(0, options === -1 ? args.length : options)
    .map((arg) => textOf(arg) ?? '')
    .join('');
  if (words.some(mayBeSeveral) || words.some((word) => word.some(({ kind }) => kind === 'glob'))) return SOME;
  const text = line(words, flags.includes('n') ? '' : '\n');
  const known = textOf(text);
  // `sh` reads escapes without being told to, and bash only with -e: what both print the same is known.
  if (known === undefined || !known.includes('\\')) return said(text);
  const read = unescaped(known);
  return flags.includes('e') && read !== undefined ? said(literal(read)) : SOME;
};

const printf: Program = (call) => {
  const [first, ...rest] = call.args;
  let args = call.args;
  if (textOf(first ?? []) === '-v') {
    const name = plainName(rest[0] ?? []);
    if (name === undefined) throw notUnderstood('The variable of printf -v is no plain name.');
    assignVariable(name, [ANY], call.state, call.walk);
    return NOTHING;
  }
  if (prefixOf(first ?? []).startsWith('-') && textOf(first ?? []) !== '--')
    throw notUnderstood('The option of printf is not understood.');
  if (textOf(first ?? []) === '--') args = rest;
  // The format may be an option, and an option may be -v with a name that is run.
  if (args[0]?.[0]?.kind === 'hole')
    throw notUnderstood('The format of printf can not be told from the text.');
  return printed(args);
};

/** `eval` joins its words and runs them. */
const evaluate: Program = ({ args, state, walk, input }) => walk.text(spaced(args), state, input);

const source: Program = (call) => {
  const [file, ...rest] = textOf(call.args[0] ?? []) === '--' ? call.args.slice(1) : call.args;
  if (file === undefined) throw notUnderstood(`${call.name} names no file.`);
  const stream = substituted(file, call.walk);
  if (stream !== undefined) return runStream(call, stream, rest);
  touch(call, file, 'run');
  // What it sets in this shell is not known, and everything may depend on it.
  call.walk.findings.is('changesEnvironment');
  for (const name of call.state.variables.keys()) call.state.variables.set(name, [ANY]);
  call.state.directories = null;
  return SOME;
};

/** `export`, `declare`, `local`, `readonly`: names, and values for some of them. */
const declare: Program = ({ name, args, state, walk }) => {
  for (const arg of args) {
    const start = prefixOf(arg);
    if (/^[-+]/.test(start)) {
      // Reference names and functions make a name stand for something else.
      if (!/^[-+][aAgirtxlup]*$/.test(textOf(arg) ?? ''))
        throw notUnderstood(`An option of ${name} is not understood.`);
      if (/p/.test(start)) walk.findings.readsFrom('environment');
      continue;
    }
    const equals = start.indexOf('=');
    const variable =
      equals === -1 ? plainName(arg) : plainName(literal(start.slice(0, equals).replace(/\+$/, '')));
    if (variable === undefined) throw notUnderstood(`What ${name} declares is no plain name.`);
    const values =
      equals === -1
        ? (state.variables.get(variable) ?? [ANY])
        : start[equals - 1] === '+'
          ? [ANY]
          : [after(arg, equals + 1)];
    if (args.some((each) => /^-[a-zA-Z]*i/.test(textOf(each) ?? '')))
      for (const value of values) checkNumber(value, state);
    if (name === 'export' || args.some((each) => /^-[a-zA-Z]*x/.test(textOf(each) ?? '')))
      exportVariable(variable, values, walk);
    if (equals !== -1) assignVariable(variable, values, state, walk);
  }
  if (args.length === 0) walk.findings.readsFrom('environment');
  return NOTHING;
};

/** Names that take what comes in. */
const read: Program = ({ args, state, walk, name }) => {
  for (let at = 0; at < args.length; at += 1) {
    const text = textOf(args[at] ?? []);
    if (text !== undefined && /^-[a-zA-Z]*[dinNptuCcOs]$/.test(text) && !/^-[ers]+$/.test(text)) {
      if (/[Cc]$/.test(text) && name !== 'read') throw notUnderstood(`${name} runs a text.`);
      if (text.endsWith('t') && name !== 'read') continue;
      at += 1;
      continue;
    }
    if (text?.startsWith('-') === true) continue;
    const variable = plainName(args[at] ?? []);
    if (variable === undefined) throw notUnderstood(`What ${name} sets is no plain name.`);
    assignVariable(variable, [ANY], state, walk);
  }
  state.variables.set('REPLY', [ANY]);
  return NOTHING;
};

const SET_OPTIONS = /^(?:errexit|nounset|pipefail|xtrace|verbose|noglob|noclobber|noexec|monitor)$/;

/** `set -e` and its like; `set -- a b` sets the positional parameters; alone it shows every variable. */
const set: Program = ({ args, state, walk }) => {
  if (args.length === 0) walk.findings.readsFrom('environment');
  for (let at = 0; at < args.length; at += 1) {
    const text = textOf(args[at] ?? []);
    if (text === '--' || text === undefined || !/^[-+]/.test(text)) {
      state.positional = args.slice(text === '--' ? at + 1 : at);
      if (state.positional.some(mayBeSeveral)) state.positional = null;
      if (text === undefined) throw notUnderstood('An option of set can not be told from the text.');
      return NOTHING;
    }
    if (/^[-+][euxvfnCm]*o$/.test(text)) {
      at += 1;
      if (!SET_OPTIONS.test(textOf(args[at] ?? []) ?? ''))
        throw notUnderstood('An option of set is not understood.');
    } else if (!/^[-+][euxvfnCm]+$/.test(text))
      throw notUnderstood(`The option ${quoted(text)} of set is not understood.`);
  }
  return NOTHING;
};

const shopt: Program = ({ args }) => {
  for (const arg of args)
    if (!/^(?:-[suq]|nullglob|failglob|globstar|inherit_errexit)$/.test(textOf(arg) ?? ''))
      throw notUnderstood('An option of shopt is not among those that are understood here.');
  return NOTHING;
};

/** What runs at the end, or at a signal: with whatever the variables hold then. */
const trap: Program = (call) => {
  const [command, ...signals] = textOf(call.args[0] ?? []) === '--' ? call.args.slice(1) : call.args;
  if (command === undefined || signals.length === 0 || /^(?:-|)$/.test(textOf(command) ?? 'x'))
    return NOTHING;
  if (/^-[lp]/.test(textOf(command) ?? '')) return SOME;
  const later = {
    ...call.state,
    variables: new Map([...call.state.variables.keys()].map((name) => [name, [ANY]] as const)),
    directories: null,
    positional: null,
  };
  call.walk.text(command, later, SOME);
  return NOTHING;
};

/** `command ls`, `builtin cd`, `exec program`: this program, whatever function has its name. */
const command: Program = (call) => {
  let at = 0;
  for (; at < call.args.length; at += 1) {
    const text = textOf(call.args[at] ?? []);
    if (text === undefined || !text.startsWith('-')) break;
    if (call.name === 'command' && /^-[vV]+$/.test(text)) return SOME;
    if (text === '--') {
      at += 1;
      break;
    }
    if (!(call.name === 'command' && text === '-p') && !(call.name === 'exec' && /^-[cl]+$/.test(text)))
      throw notUnderstood(`The option ${quoted(text)} of ${call.name} is not understood.`);
  }
  const argv = call.args.slice(at);
  if (argv.length === 0) return NOTHING;
  const state = { ...call.state, functions: new Map(), sure: new Set<string>() };
  const output = call.walk.program(argv, state, call.input);
  call.state.directories = state.directories;
  call.state.positional = state.positional;
  call.state.splitsOtherwise = state.splitsOtherwise;
  return output;
};

/** `[ … ]`: only a name to be looked up with -v is evaluated. */
const test: Program = ({ args }) => {
  for (const [index, arg] of args.entries()) {
    const text = textOf(arg);
    if ((text === '-v' || text === '-R') && plainName(args[index + 1] ?? ANY) === undefined)
      throw notUnderstood(`${text} on a text that is no plain name may run it.`);
    // What can not be told may be -v, and what stands behind it then is evaluated.
    const open = arg.some((segment) => segment.kind === 'hole' && segment.holds === 'any');
    const next = textOf(args[index + 1] ?? literal(']'));
    if (
      open &&
      (mayBeSeveral(arg) || next === undefined || !/^(?:\]|\)|-[a-z]{1,2}|[!=<>]=?|==)$/.test(next))
    )
      throw notUnderstood('What is tested can not be told from the text; put it in quotes.');
  }
  return NOTHING;
};

const arithmetic: Program = ({ args, state, walk }) => {
  for (const arg of args) {
    checkNumber(arg, state);
    for (const [, name = ''] of (textOf(arg) ?? '').matchAll(
      /([A-Za-z_]\w*)\s*(?:[-+*/%&|^]|<<|>>)?=|([A-Za-z_]\w*)(?:\+\+|--)/g,
    ))
      if (name !== '') assignVariable(name, [NUMBER], state, walk);
  }
  return NOTHING;
};

const unset: Program = ({ args, state, walk, name }) => {
  for (const arg of args) {
    if (/^-[fv]+$/.test(textOf(arg) ?? '')) {
      if (/f/.test(textOf(arg) ?? '')) throw notUnderstood('unset -f makes a name mean something else.');
      continue;
    }
    const variable = plainName(arg);
    // A subscript is evaluated, and what stands in it is run.
    if (variable === undefined) throw notUnderstood(`What ${name} names is no plain name.`);
    assignVariable(variable, [[]], state, walk);
  }
  return NOTHING;
};

const shift: Program = ({ state }) => {
  state.positional = null;
  return NOTHING;
};

const waits: Program = ({ args }) => {
  if (args.some((arg) => /^-[fn]*p/.test(prefixOf(arg))))
    throw notUnderstood('What wait sets is not understood.');
  return NOTHING;
};

const alias: Program = ({ args }) => {
  if (args.some((arg) => textOf(arg)?.includes('=') !== false))
    throw notUnderstood('An alias makes a name mean something else.');
  return SOME;
};

const refused: Program = ({ name }): Stream => {
  throw notUnderstood(`${name} is not among the builtins that are understood here.`);
};

const plain = (names: string, program: Program): readonly (readonly [string, Program])[] =>
  names.split(' ').map((name) => [name, program] as const);

const pwd: Program = () => said(literal('.'));

export const BUILTINS: ReadonlyMap<string, Program> = new Map([
  ...plain(': true false exit return break continue jobs times disown suspend logout', quiet),
  ['wait', waits],
  ...plain('type help dirs', () => SOME),
  ['echo', echo],
  ['printf', printf],
  ['eval', evaluate],
  ['source', source],
  ['.', source],
  ...plain('export declare typeset local readonly', declare),
  ...plain('read mapfile readarray', read),
  ['set', set],
  ['shopt', shopt],
  ['trap', trap],
  ...plain('command builtin exec', command),
  ['test', test],
  ['[', test],
  ['let', arithmetic],
  ['unset', unset],
  ['shift', shift],
  ['alias', alias],
  ['unalias', quiet],
  ['cd', changeDirectory],
  ['pushd', changeDirectory],
  ['popd', changeDirectory],
  ['pwd', pwd],
  [
    'printenv',
    ({ args, walk }: Call) => {
      walk.findings.readsFrom(
        args.some((arg) => /^(?:PATH|HOME|USER|SHELL|LANG|PWD)$/.test(textOf(arg) ?? '')) && args.length === 1
          ? 'workspace'
          : 'environment',
      );
      return SOME;
    },
  ],
  ...plain(
    'umask ulimit enable hash bind fc history complete compgen compopt caller getopts coproc',
    refused,
  ),
]);
