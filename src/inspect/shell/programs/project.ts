import { touch, type Program } from '../call.ts';
import { literal, prefixOf, textOf } from '../field.ts';
import { mayBeOption } from '../options.ts';
import { notUnderstood } from '../refusal.ts';
import { SOME } from '../stream.ts';

/** `npx`, `bunx`, `uvx`, `pipx run`: runs a package, and fetches it where it is not there. */
const npx: Program = (call) => {
  const { findings } = call.walk;
  const words = call.args.map((arg) => textOf(arg) ?? '');
  if (words.length === 1 && words[0] === '--version') return SOME;
  const only = words.indexOf('--no-install') === 0 || words.indexOf('--no') === 0;
  if (call.name === 'npx' && only) {
    if (words.slice(1).some((word) => /^(?:-c|--call|-p|--package)/.test(word) && words.indexOf(word) === 1))
      throw notUnderstood('What npx runs can not be told.');
    findings.runsFrom('workspace');
    findings.writesTo('workspace');
    return SOME;
  }
  findings.is('network', 'installs', 'fetchesAndRuns', 'runsCode');
  findings.name('hosts', 'unknown');
  return { fetched: true };
};

/** Programs that run code or the configuration of the folder: builds, tests, linters. */
const project: Program = (call) => {
  const { findings } = call.walk;
  for (const [index, arg] of call.args.entries()) {
    const text = prefixOf(arg);
    if (mayBeOption(arg, 'names'))
      throw notUnderstood(`A word for ${call.name} can not be told from the text and may be an option.`);
    const option = text.replace(/=.*$/s, '');
    if (option.startsWith('-')) findings.name('flags', `${call.name} ${option}`);
    if (
      call.name === 'make' &&
      /^(?:-[a-zA-Z]*[fICE]|--(?:file|makefile|directory|include-dir|eval|jobserver.*|environment-overrides))$/.test(
        option,
      )
    ) {
      if (option === '--eval' || option.includes('E')) throw notUnderstood('make is given text to run.');
      const value = text.includes('=')
        ? literal(text.slice(text.indexOf('=') + 1))
        : (call.args[index + 1] ?? []);
      if (textOf(value) === '-') throw notUnderstood('make is given text to run.');
      touch(call, value, 'run');
    }
    // A variable of make is pasted into its recipes.
    if (call.name === 'make' && /^[A-Za-z_]\w*[:+?]?=/.test(text) && /[`$;|&<>()\n]/.test(textOf(arg) ?? '$'))
      throw notUnderstood('A variable of make may run its text.');
    if (call.name === 'make' && /^(?:SHELL|CC|CXX|LD|MAKE|MAKEFLAGS|.*FLAGS)[:+?]?=/.test(text))
      throw notUnderstood('A variable of make may run its text.');
    if (
      call.name !== 'make' &&
      /^--(?:config|rulesdir|resolve-plugins-relative-to|plugin|require|loader|rootdir|confcutdir|import|p|globalSetup|setupFiles.*|testRunner|preset|transform|tsconfig|project)$/.test(
        option,
      )
    ) {
      const value = text.includes('=')
        ? literal(text.slice(text.indexOf('=') + 1))
        : (call.args[index + 1] ?? []);
      touch(call, value, 'run');
    } else if (!option.startsWith('-') && /[~/]/.test(text)) touch(call, arg, 'run');
  }
  findings.runsFrom('workspace');
  findings.writesTo('workspace');
  return SOME;
};

const NAMES =
  'make pytest tox jest vitest mocha tsc eslint oxlint prettier stylelint mypy ruff black isort flake8 pylint pyright rubocop rspec golangci-lint gofmt goimports rustfmt cmake ctest ninja webpack vite rollup esbuild phpunit markdownlint hadolint yamllint shfmt';

export const PROJECT: readonly (readonly [string, Program])[] = [
  ...['npx', 'bunx', 'pnpx', 'uvx', 'pipx'].map((name) => [name, npx] as const),
  ...NAMES.split(' ').map((name) => [name, project] as const),
];
