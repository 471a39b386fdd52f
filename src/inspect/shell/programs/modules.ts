import { noteOptions, runsFolder, touch, type Call } from '../call.ts';
import { external } from './external.ts';
import { hasHole, literal, prefixOf, textOf, type Field } from '../field.ts';
import { optionsOf, parseOptions, type Parsed, type ProgramSpec } from '../options.ts';
import { packages } from './packages.ts';
import { notUnderstood, quoted } from '../refusal.ts';
import { SOME, type Stream } from '../stream.ts';

/** Modules that are programs as well, and take the same options. */
const PROGRAMS = /^(?:pytest|mypy|ruff|black|flake8|isort|pylint|tox|yamllint)$/;

/** Modules that run code of the folder, and every option that they may be given. */
const MODULES: Readonly<Record<string, ProgramSpec>> = {
  unittest: spec(
    '-v -q -f -b -c -k=text -s=run -p=text -t=run --verbose --quiet --failfast --buffer --catch --locals --start-directory=run --pattern=text --top-level-directory=run --durations=text',
  ),
  doctest: spec('-v -f --verbose --fail-fast -o=text'),
  build: spec('-s -w -n -x --sdist --wheel --no-isolation --skip-dependency-check'),
  compileall: spec('-q -f -l -r=text -j=text'),
  coverage: spec(
    '-m -q --show-missing --skip-covered --skip-empty --fail-under=text --include=text --omit=text --precision=text --branch --source=text -p --parallel-mode --append -a --format=text --sort=text',
  ),
};

function spec(options: string): ProgramSpec {
  return { options: optionsOf(options), permutes: true, calm: 'none' };
}

/** `python -m module`. */
export function runsModule(call: Call, index: number): Stream {
  const name = textOf(call.args[index] ?? []);
  const { findings } = call.walk;
  const rest = call.args.slice(index + 1);
  findings.name('subcommands', `${call.name} -m ${name ?? '…'}`);
  if (name === 'json.tool') {
    const [from, to] = rest.filter((arg) => !prefixOf(arg).startsWith('-'));
    if (from !== undefined) touch(call, from, 'read');
    if (to !== undefined) touch(call, to, 'write');
    return { fetched: call.input.fetched };
  }
  if (name === 'pip') return packages({ ...call, name: 'pip', args: rest });
  if (name === 'venv') {
    for (const arg of rest) touch(call, arg, 'write');
    return SOME;
  }
  if (name === 'http.server') return serves(call, rest);
  if (name !== undefined && PROGRAMS.test(name)) return external(call, [literal(name), ...rest], call.input);
  const known = name === undefined ? undefined : MODULES[name];
  if (name === undefined || known === undefined)
    throw notUnderstood(`The module ${quoted(name ?? '…')} is not among those that are understood here.`);
  const parsed = parseOptions(name, rest, known);
  noteOptions(call, parsed);
  if (name === 'coverage') covers(call, rest, parsed);
  else
    for (const operand of parsed.operands)
      if (name === 'compileall') touch(call, operand, 'write');
      else if (/[~/]/.test(prefixOf(operand)) || hasHole(operand)) touch(call, operand, 'run');
  runsFolder(call);
  return SOME;
}

/** `coverage run -m pytest`; the reports run nothing. */
function covers(call: Call, rest: readonly Field[], { operands }: Parsed): void {
  const [verb = '', ...more] = operands.map((operand) => textOf(operand) ?? '');
  if (/^(?:report|html|xml|json|combine|erase)$/.test(verb) && more.length === 0) return;
  const at = rest.findIndex((word) => textOf(word) === '-m');
  if (verb !== 'run' || at === -1)
    throw notUnderstood('What coverage runs is not among what is understood here.');
  runsModule({ ...call, args: rest }, at + 1);
}

/** Whoever reaches the machine is served the folder. */
function serves(call: Call, rest: readonly Field[]): Stream {
  const { findings } = call.walk;
  const parsed = parseOptions('http.server', rest, spec('-b=text --bind=text -d=deep --directory=deep'));
  noteOptions(call, parsed);
  const binds = parsed.values('-b', '--bind').map((address) => textOf(address) ?? '');
  const local =
    binds.length > 0 && binds.every((address) => /^(?:127\.0\.0\.1|localhost|::1)$/.test(address));
  findings.is('network', 'writes', 'uploads');
  findings.name('hosts', local ? 'localhost' : 'unknown');
  if (!parsed.has('-d', '--directory')) touch(call, literal('.'), 'deep');
  return SOME;
}
