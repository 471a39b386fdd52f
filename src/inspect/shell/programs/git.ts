import { touch, type Call, type Program } from '../call.ts';
import { addUrl } from '../host.ts';
import { after, hasHole, literal, NAME, prefixOf, textOf, type Field } from '../field.ts';
import { mayBeOption } from '../options.ts';
import { notUnderstood, quoted } from '../refusal.ts';
import { said, SOME } from '../stream.ts';

/**
 * What a subcommand does. `reads`: the repository. `changes`: the repository and the folder, and so may run its hooks.
 * `fetches`, `sends`: another machine as well.
 */
type Does = 'reads' | 'changes' | 'fetches' | 'sends';

const DOES: ReadonlyMap<string, Does> = new Map(
  (
    [
      [
        'reads',
        'status log diff show blame shortlog describe rev-parse rev-list ls-files ls-tree cat-file reflog merge-base name-rev for-each-ref show-ref check-ignore count-objects version help grep whatchanged diff-tree diff-index diff-files cherry range-diff var verify-commit show-branch fsck',
      ],
      [
        'changes',
        'symbolic-ref add commit checkout switch restore merge rebase cherry-pick revert stash tag branch reset rm mv init clean apply am notes worktree sparse-checkout gc prune update-index remote',
      ],
      ['fetches', 'fetch pull clone ls-remote'],
      ['sends', 'push'],
    ] as const
  ).flatMap(([does, names]) => names.split(' ').map((name) => [name, does] as const)),
);

/** Options, exact or by how they begin, by which git runs another program or writes outside of the repository. */
const RUNS =
  /^(?:--upload-pack|--receive-pack|--exec|--ext-diff|--textconv|--config|--template|--separate-git-dir|--open-files-in-pager|--show-signature$|--recurse-submodules|--reference|--git-dir|--work-tree|--exec-path|--html-path|--paginate|--no-index|--strategy|--gpg-sign|--edit|--interactive|--patch$|--hook|--filter)/;
const WRITES = /^--output(?:=|$)|^--output-directory/;

export const git: Program = (call) => {
  const { args, walk } = call;
  let at = 0;
  for (; at < args.length; at += 1) {
    const option = textOf(args[at] ?? []);
    if (option === undefined) throw notUnderstood('An option of git can not be told from the text.');
    if (!option.startsWith('-')) break;
    if (/^(?:--version|--help|-h|-v)$/.test(option)) return SOME;
    // -c and its like set what git runs; the rest changes only what is printed.
    if (option === '-C') {
      at += 1;
      touch(call, args[at] ?? [], 'read');
      touch(call, args[at] ?? [], 'write');
    } else if (
      !/^(?:--no-pager|-P|--no-optional-locks|--literal-pathspecs|--no-replace-objects)$/.test(option)
    )
      throw notUnderstood(`The option ${quoted(option)} of git may make it run another program.`);
  }
  const name = textOf(args[at] ?? []);
  if (args.length === 0) return SOME;
  if (name === undefined) throw notUnderstood('The subcommand of git can not be told from the text.');
  walk.findings.name('subcommands', `git ${name}`);
  const rest = args.slice(at + 1);
  const does = name === 'config' ? configures(rest) : DOES.get(name);
  if (does === undefined)
    throw notUnderstood(`git ${name} is not among the subcommands that are understood here.`);
  options(call, name, rest);
  effects(call, name, does, rest);
  if (name === 'ls-files' && rest.some((arg) => textOf(arg) === '-z'))
    return { names: [[...literal('./'), { kind: 'glob', text: '**' }]], fetched: false };
  const prints = rest.map((arg) => textOf(arg) ?? '');
  if (name === 'rev-parse' && prints.includes('--short') && prints.at(-1) === 'HEAD') return said(NAME);
  return does === 'fetches' ? { fetched: true } : SOME;
};

function options(call: Call, name: string, rest: readonly Field[]): void {
  let ended = false;
  for (const arg of rest) {
    const text = prefixOf(arg);
    if (textOf(arg) === '--') ended = true;
    if (ended) continue;
    if (mayBeOption(arg, 'none'))
      throw notUnderstood(
        'A word for git can not be told from the text and may be an option. Write -- before it.',
      );
    if (!text.startsWith('-')) continue;
    const option = text.replace(/=.*$/s, '');
    call.walk.findings.name('flags', `git ${option}`);
    if (WRITES.test(text) || (name === 'format-patch' && option === '-o')) throw writesElsewhere(option);
    // Git takes any beginning of a long option that is unique.
    const abbreviates =
      /^--(?:up|rece|exe|ext|textc|conf|templ|sepa|open|recu|refe|outp|strat|gpg|edi|inter|patc|hoo|filt)/.test(
        option,
      );
    const short =
      /^-[a-zA-Z]*[Oiep]/.test(option) &&
      /^(?:grep|rebase|add|checkout|reset|stash|commit|clean|restore)$/.test(name) &&
      shortRuns(name, option);
    if (
      (RUNS.test(option) || abbreviates) &&
      !/^--(?:no-edit|no-ext-diff|no-textconv|exec-path)$/.test(option)
    )
      throw runsAnother(option);
    if (short) throw runsAnother(option);
    if (
      /^(?:clone|fetch|pull|push|ls-remote)$/.test(name) &&
      /^-[a-zA-Z]*[uc]/.test(option) &&
      name !== 'push'
    )
      throw runsAnother(option);
  }
}

/** Of the short options, those that open an editor or a program: `grep -O`, `rebase -i` and `-x`, `commit -e`. */
function shortRuns(name: string, option: string): boolean {
  switch (name) {
    case 'grep':
      return /O/.test(option);
    case 'rebase':
      return /[ix]/.test(option);
    case 'clean':
      return false;
    default:
      return /^-[a-z]*[pi]$/.test(option) && name !== 'commit';
  }
}

function effects(call: Call, name: string, does: Does, rest: readonly Field[]): void {
  const { findings } = call.walk;
  const words = rest.map((arg) => textOf(arg) ?? '');
  const has = (pattern: RegExp): boolean => words.some((word) => pattern.test(word));
  findings.readsFrom('workspace');
  if (name === 'rebase' && has(/^(?:-x|--exec)/)) throw runsAnother('--exec');
  // A pathspec of the repository is the repository's; what leads out of the folder is read or written where it lies.
  for (const arg of rest)
    if (/^(?:-[a-zA-Z]|--[\w-]+=)?(?:[~/]|\.\.(?:\/|$))/.test(prefixOf(arg))) {
      const outside = after(arg, /^(?:-[a-zA-Z]|--[\w-]+=)?/.exec(prefixOf(arg))?.[0].length ?? 0);
      touch(call, outside, 'read');
      if (/^(?:checkout|restore|mv|rm|clean|init|clone|worktree)$/.test(name)) touch(call, outside, 'write');
    }
  if (does === 'reads') return;
  if (
    does === 'fetches' ||
    does === 'sends' ||
    (name === 'remote' && has(/^(?:update|show|prune|add|set-url)$/))
  ) {
    findings.is('network');
    addresses(call, name, does, rest);
  }
  if (name === 'ls-remote') return;
  if (name === 'remote' && rest.every((arg) => /^-v$|^--verbose$/.test(textOf(arg) ?? ''))) return;
  if (
    (name === 'branch' || name === 'tag' || name === 'stash' || name === 'worktree' || name === 'notes') &&
    listsOnly(name, words)
  )
    return;
  // Hooks of the repository run with these.
  findings.runsFrom('workspace');
  findings.writesTo('workspace');
  if (destroys(name, has)) findings.is('destroys', 'deletes');
  if (name === 'rm' || (name === 'clean' && !has(/^-[a-zA-Z]*n|^--dry-run$/))) findings.is('deletes');
}

function destroys(name: string, has: (pattern: RegExp) => boolean): boolean {
  switch (name) {
    case 'reset':
      return has(/^--(?:hard|merge|keep)$/);
    case 'clean':
      return !has(/^-[a-zA-Z]*n|^--dry-run$/);
    case 'push':
      return has(/^(?:-[a-zA-Z]*f|--force.*|--mirror|--delete|-[a-zA-Z]*d|--prune|\+.*|:.+)$/);
    case 'branch':
      return has(/^(?:-[a-zA-Z]*[DfM]|--force)$/);
    case 'checkout':
    case 'switch':
      return has(/^(?:-[a-zA-Z]*f|--force|--discard-changes|\.)$/);
    case 'restore':
      return has(/^(?:\.|:\/|\*)$/) && !has(/^--staged$|^-S$/);
    case 'stash':
      return has(/^(?:drop|clear)$/);
    case 'gc':
    case 'prune':
      return has(/^--prune/) || name === 'prune';
    case 'worktree':
      return has(/^(?:--force|-f)$/);
    case 'rm':
      return has(/^(?:\.|\*|:\/)$/) || has(/^-[a-zA-Z]*f/);
    case 'tag':
      return has(/^(?:-[a-zA-Z]*f|--force)$/);
    default:
      return false;
  }
}

function addresses(call: Call, name: string, does: Does, rest: readonly Field[]): void {
  const { findings } = call.walk;
  let named = false;
  for (const arg of rest) {
    const text = prefixOf(arg);
    // ext:: and fd:: run a program as the other side.
    if (/^[a-z0-9+.-]+::/i.test(text)) throw notUnderstood('The address for git runs a program.');
    const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
    const short = /^(?:[^@/:\s]+@)?([^/:\s]+):/.exec(text)?.[1];
    if (!url && (short === undefined || (does === 'sends' && !text.includes('@')))) continue;
    named = true;
    if (url) addUrl(arg, findings);
    else addUrl(literal(`ssh://${short ?? ''}/`), findings);
    if (hasHole(arg)) findings.is('uploads');
    if (does === 'sends' || name === 'remote') findings.is('uploads');
    if (/^file:/i.test(text)) touch(call, after(arg, text.indexOf('://') + 3), 'read');
  }
  if (!named) findings.name('hosts', 'unknown');
  if (does === 'sends') findings.writesTo('remote');
}

function listsOnly(name: string, words: readonly string[]): boolean {
  if (name === 'stash' || name === 'worktree' || name === 'notes')
    return words[0] === 'list' || words[0] === 'show';
  return (
    words.every((word) =>
      /^(?:-a|-r|-l|-v|-vv|-n\d*|--list|--all|--remotes|--show-current|--merged|--no-merged|--contains|--sort=.*|--format=.*|--column|--points-at)$/.test(
        word,
      ),
    ) || words.some((word) => /^(?:-l|--list|--contains|--merged|--no-merged|--show-current)$/.test(word))
  );
}

/** Reading the configuration is reading; setting it can make git run anything. */
function configures(rest: readonly Field[]): Does {
  const words = rest.map((arg) => textOf(arg) ?? '');
  const [first = ''] = words.filter(
    (word) =>
      !/^--(?:global|local|system|show-origin|show-scope|null|type=\w+|bool|int|path)$|^-z$/.test(word),
  );
  if (/^(?:--get|--get-all|--get-regexp|--list|-l|get|list)$/.test(first)) return 'reads';
  const [key = '', value, ...more] = words.filter((word) => !word.startsWith('-'));
  if (value === undefined && more.length === 0 && /^[\w-]+\.[\w.-]+$/.test(key)) return 'reads';
  if (
    /^user\.(?:name|email)$/.test(key) &&
    more.length === 0 &&
    !words.some((word) => /^--(?:file|f|blob|global|system)|^-f/.test(word))
  )
    return 'changes';
  throw notUnderstood('What git is configured to do may make it run another program.');
}

function runsAnother(option: string): Error {
  return notUnderstood(`The option ${quoted(option)} of git may make it run another program.`);
}

function writesElsewhere(option: string): Error {
  return notUnderstood(`The option ${quoted(option)} of git writes a file.`);
}
