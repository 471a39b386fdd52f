import { removeDeep, touch, type Call, type Program } from '../call.ts';
import { BELOW, joined, literal, patterned, prefixOf, textOf, type Field } from '../field.ts';
import { mayBeOption } from '../options.ts';
import { external } from './external.ts';
import { notUnderstood, quoted } from '../refusal.ts';
import { SOME } from '../stream.ts';

/** Tests and actions by how many words they take; what runs or writes stands below. */
const TAKES = new Map<string, number>([
  ...[
    '-depth',
    '-d',
    '-mount',
    '-xdev',
    '-daystart',
    '-follow',
    '-noleaf',
    '-ignore_readdir_race',
    '-noignore_readdir_race',
    '-empty',
    '-executable',
    '-readable',
    '-writable',
    '-nouser',
    '-nogroup',
    '-true',
    '-false',
    '-print',
    '-print0',
    '-ls',
    '-prune',
    '-quit',
    '-a',
    '-and',
    '-o',
    '-or',
    '-not',
    '!',
    '(',
    ')',
    ',',
    '-warn',
    '-nowarn',
    '-H',
    '-L',
    '-P',
    '-help',
    '-version',
  ].map((name) => [name, 0] as const),
  ...[
    '-name',
    '-iname',
    '-path',
    '-ipath',
    '-wholename',
    '-iwholename',
    '-regex',
    '-iregex',
    '-regextype',
    '-lname',
    '-ilname',
    '-type',
    '-xtype',
    '-size',
    '-user',
    '-group',
    '-uid',
    '-gid',
    '-perm',
    '-links',
    '-inum',
    '-fstype',
    '-amin',
    '-atime',
    '-cmin',
    '-ctime',
    '-mmin',
    '-mtime',
    '-used',
    '-maxdepth',
    '-mindepth',
    '-printf',
    '-newerXY',
    '-context',
  ].map((name) => [name, 1] as const),
]);

/** Looks for files by tests, and does to them what its actions say. */
export const find: Program = (call) => {
  const { args } = call;
  let at = 0;
  while (/^-[HLP]$|^-O\d$/.test(textOf(args[at] ?? []) ?? '')) at += 1;
  const starts: Field[] = [];
  for (; at < args.length; at += 1) {
    const arg = args[at] ?? [];
    if (/^[-!(),]/.test(prefixOf(arg))) break;
    if (mayBeOption(arg, 'none'))
      throw notUnderstood('Where find begins can not be told. Write ./ before it.');
    starts.push(arg);
  }
  if (starts.length === 0) starts.push(literal('.'));
  for (const start of starts) touch(call, start, 'read');
  const name = soleName(args.slice(at));
  const found = starts.map((start) =>
    joined([...start, ...literal('/'), BELOW, ...(name.length === 0 ? [] : [...literal('/'), ...name])]),
  );

  let ends: 'line' | 'nul' = 'line';
  while (at < args.length) {
    const word = textOf(args[at] ?? []);
    if (word === undefined) throw notUnderstood('A word for find can not be told from the text.');
    if (word === '-print0') ends = 'nul';
    at = action(call, word, at, found);
  }
  // A name may hold a line end, or white space, so that only names ended by NUL are still those that were found.
  return ends === 'nul' ? { names: found, fetched: false } : SOME;
};

/** The pattern that every name fits: told only where no test stands against another. */
function soleName(tests: readonly Field[]): Field {
  const words = tests.map((word) => textOf(word));
  if (words.some((word) => word === undefined || /^(?:-o|-or|!|-not|,|\(|\))$/.test(word))) return [];
  const at = words.indexOf('-name');
  const pattern = at === -1 ? '' : (words[at + 1] ?? '');
  return /[\\/]/.test(pattern) ? [] : patterned(pattern);
}

/** Notes one test or action and returns where the next begins. */
function action(call: Call, word: string, at: number, found: readonly Field[]): number {
  const { args, walk } = call;
  const value = (offset: number): Field => {
    const field = args[at + offset];
    if (field === undefined) throw notUnderstood(`${word} of find has no value.`);
    return field;
  };
  switch (word) {
    case '-delete':
      walk.findings.name('flags', 'find -delete');
      for (const each of found) removeDeep(call, each);
      return at + 1;
    case '-exec':
    case '-execdir':
    case '-ok':
    case '-okdir': {
      walk.findings.name('flags', `find ${word}`);
      return run(call, at + 1, found);
    }
    case '-fprint':
    case '-fprint0':
    case '-fls':
      touch(call, value(1), 'write');
      return at + 2;
    case '-fprintf':
      touch(call, value(1), 'write');
      return at + 3;
    case '-newer':
    case '-anewer':
    case '-cnewer':
    case '-samefile':
      value(1);
      return at + 2;
    case '-files0-from':
      throw notUnderstood('Where find begins can not be told.');
    default: {
      const takes = /^-newer[aBcm][aBcmt]$/.test(word) ? 1 : TAKES.get(word);
      if (takes === undefined)
        throw notUnderstood(`${quoted(word)} of find is not among those that are understood here.`);
      if (takes === 1) value(1);
      return at + 1 + takes;
    }
  }
}

function run(call: Call, start: number, found: readonly Field[]): number {
  const end = call.args.findIndex((arg, index) => {
    const text = textOf(arg);
    return index >= start && (text === ';' || (text === '+' && textOf(call.args[index - 1] ?? []) === '{}'));
  });
  if (end <= start) throw notUnderstood('What find runs has no end; write \\; behind it.');
  for (const name of found)
    external(
      call,
      call.args.slice(start, end).map((arg) => withName(arg, name)),
      SOME,
    );
  return end + 1;
}

/** `{}` anywhere in a word stands for the name. */
export function withName(arg: Field, name: Field, mark = '{}'): Field {
  return joined(
    arg.flatMap((segment): Field => {
      if (segment.kind !== 'text') return [segment];
      return segment.text
        .split(mark)
        .flatMap((text, index) => (index === 0 ? literal(text) : [...name, ...literal(text)]));
    }),
  );
}
