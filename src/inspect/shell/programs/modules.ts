import { runsFolder, touch, type Call } from '../call.ts';
import { prefixOf, textOf } from '../field.ts';
import { packages } from './packages.ts';
import { notUnderstood, quoted } from '../refusal.ts';
import { SOME, type Stream } from '../stream.ts';

/** Modules that run the tests or tools of the folder. */
const TOOLS =
  /^(?:pytest|unittest|mypy|ruff|black|flake8|isort|pylint|coverage|compileall|doctest|tox|build|sphinx|mkdocs)$/;

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
  if (name === 'http.server') {
    findings.is('network', 'writes');
    findings.readsFrom('workspace');
    return SOME;
  }
  if (name === undefined || !TOOLS.test(name))
    throw notUnderstood(`The module ${quoted(name ?? '…')} is not among those that are understood here.`);
  runsFolder(call);
  return SOME;
}
