import { runsFolder, touch, type Call, type Program } from '../call.ts';
import { prefixOf, textOf } from '../field.ts';
import { runsModule } from './modules.ts';
import { notUnderstood, quoted } from '../refusal.ts';
import { substituted } from '../redirect.ts';
import { SOME, type Stream } from '../stream.ts';

interface Interpreter {
  /** Options that are followed by code. */
  readonly code: RegExp;
  /** Options without a value that change nothing that matters here. */
  readonly flags: RegExp;
  /** Tells its version and ends. */
  readonly tells: RegExp;
  /** Options that check a file and run nothing. */
  readonly checks?: RegExp;
}

const INTERPRETERS: Readonly<Record<string, Interpreter>> = {
  python: {
    code: /^-[bBdEiIOqsSuvx]*c/,
    flags: /^-[bBdEIOqsSuvx]+$|^-W(?:ignore|error|default)$/,
    tells: /^(?:-V|--version|-VV|-h|--help)$/,
  },
  node: {
    code: /^(?:-e|-p|-pe|--eval|--print)/,
    flags:
      /^--(?:test|watch|trace-warnings|trace-deprecation|no-warnings|no-deprecation|unhandled-rejections=\w+|experimental-(?:strip-types|transform-types|test-coverage|test-module-mocks|test-snapshots|vm-modules|sqlite)|max-old-space-size=\d+|enable-source-maps|test-(?:only|force-exit|update-snapshots|reporter=(?:spec|tap|dot|junit|lcov)|(?:concurrency|timeout)=\d+|shard=\d+\/\d+|(?:name|skip)-pattern=.*))$/s,
    tells: /^(?:-v|--version|-h|--help)$/,
    checks: /^(?:-c|--check)$/,
  },
  perl: {
    code: /^-[a-zA-Z0-9]*[eE]/,
    flags: /^-[wnplaT]+$/,
    tells: /^(?:-v|-V|--version|-h)$/,
    checks: /^-c$|^-wc$|^-cw$/,
  },
  ruby: {
    code: /^-[a-z]*e/,
    flags: /^-[wW]\d?$/,
    tells: /^(?:-v|--version|-h)$/,
    checks: /^-c$|^-wc$|^-cw$/,
  },
  php: { code: /^(?:-r|-B|-R|-E)/, flags: /^-[nq]$/, tells: /^(?:-v|--version|-m|-i|-h)$/, checks: /^-l$/ },
  lua: { code: /^-e/, flags: /^-[EW]$/, tells: /^-v$/ },
  Rscript: { code: /^-e/, flags: /^--vanilla$/, tells: /^--version$/ },
  other: { code: /^-/, flags: /^$/, tells: /^(?:-v|-V|--version)$/ },
};

/** An interpreter with code on its line, in a file, or on its input. */
export const interpreter: Program = (call) => {
  const family = call.name.replace(/[\d.]+$/, '');
  const known = INTERPRETERS[family] ?? INTERPRETERS['other'];
  const { findings } = call.walk;
  let checks = false;
  let tests = false;
  if (known === undefined) throw notUnderstood('The interpreter is not known.');
  for (const [index, arg] of call.args.entries()) {
    const option = textOf(arg) ?? prefixOf(arg);
    if (known.tells.test(option)) return SOME;
    if (option === '-m' && family === 'python') return runsModule(call, index + 1);
    if (option === '-') return runsInput(call);
    // `deno eval`, `gdb program`: what a word is to the others is not known.
    // The test runner of node runs every file that it is given.
    if (!option.startsWith('-') && tests) {
      for (const file of call.args.slice(index)) touch(call, file, 'run');
      runsFolder(call);
      return SOME;
    }
    if (!option.startsWith('-'))
      return known === INTERPRETERS['other'] ? runsInput(call) : runsFile(call, index, checks);
    findings.name('flags', `${call.name} ${option}`);
    tests ||= family === 'node' && option === '--test';
    if (known.checks?.test(option) === true) checks = true;
    else if (known.code.test(option)) {
      findings.is('runsCode');
      if (call.input.fetched) findings.is('fetchesAndRuns');
      return SOME;
    } else if (!known.flags.test(option))
      throw notUnderstood(
        `The option ${quoted(option)} of ${call.name} is not among those that are understood here.`,
      );
  }
  // Given no file, it finds its own.
  if (tests) {
    runsFolder(call);
    return SOME;
  }
  return runsInput(call);
};

function runsInput(call: Call): Stream {
  call.walk.findings.is('runsCode');
  if (call.input.fetched) call.walk.findings.is('fetchesAndRuns');
  return SOME;
}

function runsFile(call: Call, index: number, checks: boolean): Stream {
  const file = call.args[index] ?? [];
  const stream = substituted(file, call.walk);
  if (stream !== undefined) return runsInput({ ...call, input: stream });
  if (/^https?:/.test(prefixOf(file))) call.walk.findings.is('network', 'fetchesAndRuns', 'runsCode');
  touch(call, file, checks ? 'read' : 'run');
  return SOME;
}
