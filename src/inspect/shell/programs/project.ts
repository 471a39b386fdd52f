import { noteOptions, runsFolder, touch, type Call, type Program } from '../call.ts';
import { checkValues } from '../subcommands.ts';
import { hasHole, literal, prefixOf, textOf, type Field } from '../field.ts';
import { assignmentOf, parseOptions } from '../options.ts';
import { exportVariable } from '../variables.ts';
import { external } from './external.ts';
import { notUnderstood, quoted } from '../refusal.ts';
import { PROJECT_NAMES, projectSpec } from './project-table.ts';
import { SOME } from '../stream.ts';

/** `npx`, `bunx`, `uvx`, `pipx run`: runs a package, and fetches it where it is not there. */
const npx: Program = (call) => {
  const { findings } = call.walk;
  const words = call.args.map((arg) => textOf(arg) ?? '');
  if (words.length === 1 && words[0] === '--version') return SOME;
  if (call.name === 'npx' && (words[0] === '--no-install' || words[0] === '--no')) {
    const argv = call.args.slice(words[1] === '--' ? 2 : 1);
    // A program of the folder, by the name of a tool that is known.
    if (!PROJECT_NAMES.includes(textOf(argv[0] ?? []) ?? ''))
      throw notUnderstood(`What npx runs is not among the programs that are understood here.`);
    runsFolder(call);
    return external(call, argv, call.input);
  }
  findings.is('network', 'installs', 'fetchesAndRuns', 'runsCode');
  findings.name('hosts', 'unknown');
  return { fetched: true };
};

/** Programs that run code or the configuration of the folder: builds, tests, linters. */
const project: Program = (call) => {
  const spec = projectSpec(call.name);
  if (spec === undefined) throw notUnderstood(`${quoted(call.name)} is not understood here.`);
  const parsed = parseOptions(call.name, call.args, spec);
  // Before what it writes itself is noted: that is not what it runs.
  runsFolder(call);
  noteOptions(call, parsed);
  checkValues(call, parsed);
  for (const { name, value, role } of parsed.options) {
    // A text in the place of a file is settings, or code.
    if (role === 'run' && /^-$|[{}"'=\n]/.test(textOf(value ?? []) ?? ''))
      throw notUnderstood(`${call.name} is given text to run.`);
    // By its name a formatter, a reporter or a profile is a module that is loaded.
    if (value !== undefined && loads(call.name, name, value)) touch(call, value, 'run');
  }
  const verbs = VERBS[call.name];
  if (
    verbs !== undefined &&
    parsed.operands.length > 0 &&
    !verbs.test(textOf(parsed.operands[0] ?? []) ?? '')
  )
    throw notUnderstood(`What ${call.name} is to do is not among what is understood here.`);
  // Behind `--` stand options of another program; behind `@`, more options in a file.
  if (/^(?:cmake|tox)$/.test(call.name) && call.args.some((arg) => textOf(arg) === '--'))
    throw notUnderstood(`What ${call.name} hands on is not understood here.`);
  if (parsed.operands.some((operand) => prefixOf(operand).startsWith('@')))
    throw notUnderstood(`${call.name} is given options in a file.`);
  for (const operand of parsed.operands) {
    const variable = call.name === 'make' ? assignmentOf(operand) : undefined;
    if (variable !== undefined) setsMake(call, variable.name, variable.value);
    else if (/[~/]|\.\./.test(prefixOf(operand)) || hasHole(operand)) touch(call, operand, 'run');
  }
  return SOME;
};

/** Programs whose first word says what they do. */
const VERBS: Readonly<Record<string, RegExp>> = {
  ruff: /^(?:check|format|rule|linter|config|version|clean|analyze)$/,
  'golangci-lint': /^(?:run|linters|version|fmt|formatters|help|config)$/,
  biome: /^(?:check|format|lint|ci|version|explain)$/,
  vite: /^(?:build|dev|serve|preview|optimize)$/,
  webpack: /^(?:build|bundle|b|watch|w|serve|server|s|version|v|info|i)$/,
};

function loads(program: string, option: string, value: Field): boolean {
  const names =
    /^(?:-f|-R|--format|--reporter|--ds|--env)$/.test(option) && !/^(?:pytest|ruff|black)$/.test(program);
  return names && /[./~]/.test(textOf(value) ?? '/');
}

/** A variable of make is pasted into its recipes, and every program that these run is given it. */
function setsMake(call: Call, given: string, value: Field): void {
  const name = given.replace(/[:+?]+$/, '');
  const text = textOf(value);
  if (text === undefined || !/^[\w.,@+:/-]*$/.test(text) || text.startsWith('-'))
    throw notUnderstood('A variable of make may run its text.');
  if (!/^[A-Za-z_]\w*$/.test(name) || TOOLS.test(name))
    throw notUnderstood('A variable of make may run its text.');
  if (!CALM.test(name)) exportVariable(name, [literal(text)], call.walk);
  if (text.includes('/')) touch(call, value, 'run');
}

/** Names that say which of what is there is built, and steer no program. */
const CALM =
  /^(?:V|VERSION|TAG|NAME|TEST|TESTS|BUILD|PREFIX|DESTDIR|TARGET|PKG|PACKAGE|MODE|STAGE|REGION|COVERAGE|ARGS|WHAT|FILTER|RELEASE)$/;

/** By these, make's own rules run programs. */
const TOOLS =
  /^(?:SHELL|AR|AS|CC|CXX|CPP|FC|M2C|PC|CO|GET|LEX|YACC|LINT|MAKE.*|TEX|TEXI2DVI|WEAVE|CWEAVE|TANGLE|CTANGLE|RM|LD|.*FLAGS|CURDIR|VPATH|INSTALL.*|PYTHON.*|NODE|NPM|GO|CARGO|DOCKER|BASH|SH|SUDO|CMD|COMMAND|.*_CMD|.*BIN|RUNNER|EXEC.*)$/;

export const PROJECT: readonly (readonly [string, Program])[] = [
  ...['npx', 'bunx', 'pnpx', 'uvx', 'pipx'].map((name) => [name, npx] as const),
  ...PROJECT_NAMES.map((name) => [name, project] as const),
];
