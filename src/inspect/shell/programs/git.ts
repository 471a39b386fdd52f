import { runsFolder, touch, type Call, type Program } from '../call.ts';
import { addUrl } from '../host.ts';
import { after, ANY, ANY_NAME, hasHole, literal, NAME, prefixOf, textOf, type Field } from '../field.ts';
import { chosen } from '../subcommands.ts';
import { GIT, type GitDoes } from './git-table.ts';
import { notUnderstood } from '../refusal.ts';
import type { Parsed } from '../options.ts';
import { pathsOf } from '../paths.ts';
import type { Path } from '../path.ts';
import { placeRead } from '../place.ts';
import { said, SOME } from '../stream.ts';

export const git: Program = (call) => {
  const given = chosen(call, call.args, GIT);
  if (given === undefined) return SOME;
  const { name, parsed } = given;
  for (const folder of given.before.values('-C')) {
    touch(call, folder, 'read');
    touch(call, folder, 'write');
    // Git goes by the configuration of the folder, and that may run a program for every subcommand.
    if (pathsOf(folder, call.state).some(isElsewhere)) touch(call, folder, 'run');
  }
  if (pathsOf(literal('.'), call.state).some(isElsewhere)) runsFolder(call);
  const does = given.does === 'configures' ? configures(name, parsed) : given.does;
  if (name === 'config' && parsed.operands.some(mayBeCredential)) call.walk.findings.readsFrom('secret');
  effects(call, name, does, parsed);
  if (name === 'ls-files' && parsed.has('-z'))
    return { names: [[...literal('./'), { kind: 'glob', text: '**' }]], fetched: false };
  const [only, ...more] = parsed.operands.map(textOf);
  if (name === 'rev-parse' && parsed.has('--short') && only === 'HEAD' && more.length === 0)
    return said(NAME);
  return does === 'fetches' || does === 'talks' ? { fetched: true } : SOME;
};

function effects(call: Call, name: string, does: GitDoes, parsed: Parsed): void {
  const { findings } = call.walk;
  findings.readsFrom('workspace');
  // A pathspec of the repository is the repository's; what leads out of the folder is read or written where it lies.
  for (const operand of parsed.operands)
    if (/^(?:[~/]|\.\.(?:\/|$))/.test(prefixOf(operand)) || prefixOf(operand).includes('/../')) {
      touch(call, operand, 'read');
      if (/^(?:checkout|restore|mv|rm|clean|init|clone|worktree|push)/.test(name))
        touch(call, operand, 'write');
    }
  if (does === 'reads') return;
  if (does === 'fetches' || does === 'sends' || does === 'talks') {
    findings.is('network');
    addresses(call, name === 'clone', does, parsed.operands);
  }
  if (does === 'talks') return;
  if ((name === 'branch' || name === 'tag') && listsOnly(parsed)) return;
  // Hooks of the repository run with these.
  runsFolder(call);
  if (name === 'clone') cloned(call, parsed);
  if (name === 'apply' || name === 'am') patched(call, parsed);
  if (destroys(name, parsed)) findings.is('destroys', 'deletes');
  if (name === 'rm' || (name === 'clean' && !parsed.has('-n', '--dry-run'))) findings.is('deletes');
}

/** A patch of the folder is as good as the folder; one from elsewhere may change any file of it. */
function patched(call: Call, { operands }: Parsed): void {
  const fetched = operands.map((patch) => touch(call, patch, 'read')).includes(true);
  const given = operands.filter((patch) => textOf(patch) !== '-');
  const known = given.length === operands.length && given.length > 0;
  if (!known || fetched || given.some((patch) => pathsOf(patch, call.state).some(isElsewhere)))
    touch(call, [ANY_NAME], 'write');
}

/** What was cloned was fetched: running something of it is running what was fetched. */
function cloned(call: Call, { operands: [address, folder] }: Parsed): void {
  const name = /([^/:]+?)(?:\.git)?\/*$/.exec(textOf(address ?? []) ?? '')?.[1];
  const into = folder ?? (name === undefined ? ANY : literal(name));
  touch(call, into, 'write');
  for (const path of pathsOf(into, call.state)) call.walk.findings.fetched(path);
}

/** `.`, `:/` and `*` are all that there is. */
function namesAll({ operands }: Parsed): boolean {
  return operands.some(
    (operand) =>
      (operand.length === 1 && operand[0]?.kind === 'glob') ||
      /^(?:\.|\.\/|:\/|:|\*|:\(.*)$/.test(textOf(operand) ?? ''),
  );
}

function destroys(name: string, parsed: Parsed): boolean {
  const { has, operands } = parsed;
  switch (name) {
    case 'reset':
      return has('--hard', '--merge', '--keep');
    case 'clean':
      return !has('-n', '--dry-run');
    case 'push':
      return (
        has('-f', '--force', '--force-with-lease', '--mirror', '--delete', '-d', '--prune') ||
        operands.some((operand) => /^[+:]/.test(prefixOf(operand)) || hasHole(operand))
      );
    case 'fetch':
    case 'pull':
      return has('-f', '--force') || operands.some((operand) => prefixOf(operand).startsWith('+'));
    case 'branch':
      return has('-D', '-f', '-M', '-C', '--force');
    case 'checkout':
      return has('-f', '--force', '-B') || namesAll(parsed);
    case 'switch':
      return has('-f', '--force', '--discard-changes', '-C', '--force-create');
    case 'restore':
      return namesAll(parsed) && (!has('--staged', '-S') || has('--worktree', '-W'));
    case 'stash drop':
    case 'stash clear':
    case 'reflog expire':
    case 'reflog delete':
    case 'prune':
      return !has('-n', '--dry-run');
    case 'gc':
      return has('--prune', '--aggressive');
    case 'worktree remove':
    case 'worktree add':
    case 'worktree move':
      return has('--force', '-f', '-B');
    case 'rm':
      return namesAll(parsed) || has('-f', '--force');
    case 'tag':
      return has('-f', '--force');
    default:
      return false;
  }
}

function addresses(call: Call, isClone: boolean, does: GitDoes, rest: readonly Field[]): void {
  const { findings } = call.walk;
  let named = false;
  for (const arg of rest) {
    const text = prefixOf(arg);
    // ext:: and fd:: run a program as the other side.
    if (/^[a-z0-9+.-]+::/i.test(text)) throw notUnderstood('The address for git runs a program.');
    const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
    if (/^(?:[a-z+]+:\/\/)?(?:[^@/]*@)?-/i.test(text)) throw notUnderstood('The address for git is no host.');
    const short = /^(?:[^@/:\s]+@)?([^/:\s]+):/.exec(text)?.[1];
    if (!url && (short === undefined || (does === 'sends' && !text.includes('@')))) continue;
    named = true;
    if (url) addUrl(arg, findings);
    else addUrl(literal(`ssh://${short ?? ''}/`), findings);
    if (hasHole(arg)) findings.is('uploads');
    // What comes from an address that the command names may lie anywhere in the folder afterwards.
    if (does === 'fetches' && (url || text.includes('@')) && !isClone)
      for (const path of pathsOf(literal('.'), call.state)) findings.fetched(path);
    if (does === 'sends') findings.is('uploads');
    if (/^file:/i.test(text)) touch(call, after(arg, text.indexOf('://') + 3), 'read');
  }
  if (!named) findings.name('hosts', 'unknown');
  if (does === 'sends') findings.writesTo('remote');
}

/** `branch` and `tag` list where they are told to, or where they are told no name. */
function listsOnly({ has, operands }: Parsed): boolean {
  if (has('-d', '-D', '-f', '-m', '-M', '-c', '-C', '--delete', '--force', '--move', '--copy')) return false;
  if (has('-u', '--set-upstream-to', '--unset-upstream')) return false;
  return (
    operands.length === 0 ||
    has('-l', '--list', '--contains', '--no-contains', '--merged', '--no-merged', '--points-at')
  );
}

function isElsewhere(folder: Path): boolean {
  return placeRead(folder) !== 'workspace' || folder.up > 0;
}

/** Settings that hold passwords, or the addresses that do. */
function mayBeCredential(key: Field): boolean {
  return /credential|extraheader|token|password|cookie|secret/i.test(textOf(key) ?? 'secret');
}

/** Reading the configuration is reading; setting it can make git run anything. */
function configures(name: string, parsed: Parsed): GitDoes {
  const { has, operands } = parsed;
  const [first, ...more] = operands.map((operand) => textOf(operand) ?? '');
  // Whatever is fetched and pushed later comes from there and goes there.
  if (name !== 'config') return 'sends';
  const sets = has('--add', '--unset', '--unset-all', '--replace-all');
  if (!sets) {
    if (has('--get', '--get-all', '--get-regexp', '--list', '-l')) return 'reads';
    if (first === 'get' || first === 'list' || (first !== undefined && more.length === 0)) return 'reads';
  }
  const elsewhere = has('--global', '--system', '--worktree');
  const plain = first !== undefined && /^user\.(?:name|email)$/.test(first) && more.length === 1;
  if (plain && !elsewhere) return 'changes';
  throw notUnderstood('What git is configured to do may make it run another program.');
}
