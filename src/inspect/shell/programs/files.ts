import { noteOptions, removeDeep, touch, type Call, type Program } from '../call.ts';
import { ANY_NAME, literal, textOf } from '../field.ts';
import { assignmentOf, optionsOf, parseOptions, type Parsed, type ProgramSpec } from '../options.ts';
import { pathsOf } from '../paths.ts';
import { placeWritten } from '../place.ts';
import { notUnderstood } from '../refusal.ts';
import { said, SOME } from '../stream.ts';
import { programsOf } from '../table.ts';

function spec(calm: ProgramSpec['calm'], line: string): ProgramSpec {
  return { options: optionsOf(line), permutes: true, calm };
}

const COPY = spec(
  'names',
  '-abdfiHlLnPprRsTuvxZ --archive --recursive --force --interactive --no-clobber --update[=text] --verbose --preserve[=text] --no-preserve=text --parents --link --symbolic-link --dereference --no-dereference --no-target-directory --one-file-system --attributes-only --reflink[=text] --sparse[=text] --backup[=text] --remove-destination --strip-trailing-slashes -S=text --suffix=text -t=write --target-directory=write',
);
const MOVE = spec(
  'names',
  '-bfinTuvZ --force --interactive --no-clobber --update[=text] --verbose --backup[=text] --no-target-directory --strip-trailing-slashes -S=text --suffix=text -t=write --target-directory=write',
);
const LINK = spec(
  'names',
  '-bdfFiLnPrsTv --symbolic --force --interactive --no-dereference --relative --verbose --logical --physical --no-target-directory --backup[=text] -S=text --suffix=text -t=write --target-directory=write',
);
const INSTALL = spec(
  'none',
  '-bcCdDpsTvZ -m=text -o=text -g=text --mode=text --owner=text --group=text --directory --preserve-timestamps --verbose -t=write --target-directory=write',
);
const REMOVE = spec(
  'all',
  '-dfiIrRv --force --interactive[=text] --recursive --dir --verbose --one-file-system --preserve-root[=text] --no-preserve-root',
);
const MODE = spec(
  'none',
  '-cfRvHLPh --changes --silent --quiet --verbose --recursive --preserve-root --no-dereference --dereference --reference=read --from=text',
);

/** The last operand is where all others go, unless an option says where. */
function sourcesOf(parsed: Parsed): {
  readonly sources: Parsed['operands'];
  readonly target: Parsed['operands'][number] | undefined;
} {
  if (parsed.has('-t', '--target-directory')) return { sources: parsed.operands, target: undefined };
  return { sources: parsed.operands.slice(0, -1), target: parsed.operands.at(-1) };
}

function read(call: Call, with_: ProgramSpec): Parsed {
  const parsed = parseOptions(call.name, call.args, with_);
  noteOptions(call, parsed);
  return parsed;
}

/** In a folder, what is copied or moved there keeps its name. */
function keepNames(call: Call, sources: Parsed['operands'], target: Parsed['operands'][number]): void {
  if (!/(?:^|\/)\.{0,2}$/.test(textOf(target) ?? 'x')) return;
  for (const source of sources) {
    const name = (textOf(source) ?? '').replace(/\/+$/, '').split('/').at(-1) ?? '';
    // Of what is not named, any file may be.
    const known = name !== '' && !/^\.{1,2}$/.test(name);
    touch(call, [...target, ...literal('/'), ...(known ? literal(name) : [ANY_NAME])], 'write');
  }
}

const copy: Program = (call) => {
  const parsed = read(call, COPY);
  const { sources, target } = sourcesOf(parsed);
  const deep = parsed.has('-r', '-R', '-a', '--recursive', '--archive');
  for (const source of sources) touch(call, source, deep ? 'deep' : 'read');
  if (target !== undefined) touch(call, target, 'write');
  if (target !== undefined) keepNames(call, sources, target);
  return SOME;
};

const move: Program = (call) => {
  const { sources, target } = sourcesOf(read(call, MOVE));
  for (const source of sources) {
    touch(call, source, 'deep');
    touch(call, source, 'remove');
  }
  if (target !== undefined) touch(call, target, 'write');
  if (target !== undefined) keepNames(call, sources, target);
  return SOME;
};

/** What a link points to can be read and written through it by whatever comes later. */
const link: Program = (call) => {
  const { sources, target } = sourcesOf(read(call, LINK));
  const [only] = call.args.length === 1 ? call.args : [];
  for (const source of only === undefined ? sources : [only]) {
    touch(call, source, 'deep');
    if (pathsOf(source, call.state).some((path) => placeWritten(path) !== 'workspace'))
      touch(call, source, 'write');
  }
  if (target !== undefined) touch(call, target, 'write');
  return SOME;
};

const install: Program = (call) => {
  const parsed = read(call, INSTALL);
  const { sources, target } = parsed.has('-d', '--directory')
    ? { sources: [], target: undefined }
    : sourcesOf(parsed);
  for (const given of parsed.values('-m', '--mode'))
    if (/^0*[2-7]\d{3}$|s/.test(textOf(given) ?? 's')) call.walk.findings.is('elevates');
  if (parsed.has('-d', '--directory')) for (const folder of parsed.operands) touch(call, folder, 'write');
  for (const source of sources) touch(call, source, 'read');
  if (target !== undefined) touch(call, target, 'write');
  return SOME;
};

const remove: Program = (call) => {
  const parsed = read(call, REMOVE);
  if (parsed.has('--no-preserve-root')) call.walk.findings.is('destroys');
  for (const operand of parsed.operands) removeDeep(call, operand);
  return SOME;
};

/** Modes like `-x` look like options. */
const mode: Program = (call) => {
  const isMode = (text: string): boolean => /^-[rwxXstugo]+$/.test(text) && text !== '-R';
  const at = call.name === 'chmod' ? call.args.findIndex((arg) => isMode(textOf(arg) ?? '')) : -1;
  const args = at === -1 ? call.args : call.args.with(at, literal('a'));
  const parsed = parseOptions(call.name, args, MODE);
  noteOptions(call, parsed);
  const files = parsed.has('--reference') ? parsed.operands : parsed.operands.slice(1);
  for (const file of files) touch(call, file, 'write');
  if (call.name === 'chown') call.walk.findings.is('elevates');
  const special = /^(?:[0-7]?[2467][0-7]{3}$|.*[ugoa]?[+=][rwxX]*s)/.test(
    textOf(parsed.operands[0] ?? []) ?? 's',
  );
  if (call.name === 'chmod' && special) call.walk.findings.is('elevates');
  return SOME;
};

const disk: Program = (call) => {
  for (const arg of call.args) {
    const word = assignmentOf(arg);
    if (word === undefined) throw notUnderstood('A word for dd is not one of its name=value.');
    if (word.name === 'if') touch(call, word.value, 'read');
    else if (word.name === 'of') touch(call, word.value, 'write');
    else if (!/^(?:bs|ibs|obs|cbs|count|skip|seek|iseek|oseek|conv|iflag|oflag|status)$/.test(word.name))
      throw notUnderstood('A word for dd is not among those that are understood here.');
  }
  return { fetched: call.input.fetched };
};

const tee: Program = (call) => {
  const parsed = read(call, spec('names', '-aip --append --ignore-interrupts --output-error[=text]'));
  for (const file of parsed.operands) {
    touch(call, file, 'write');
    if (call.input.fetched) for (const path of pathsOf(file, call.state)) call.walk.findings.fetched(path);
  }
  return call.input;
};

const shred: Program = (call) => {
  const parsed = read(
    call,
    spec('all', '-fuvxz -n=text -s=text --force --remove[=text] --verbose --zero --iterations=text'),
  );
  call.walk.findings.is('destroys');
  for (const file of parsed.operands) {
    touch(call, file, 'write');
    touch(call, file, 'remove');
  }
  return SOME;
};

const temporary: Program = (call) => {
  const parsed = read(
    call,
    spec('none', '-dqut -p=write --directory --quiet --dry-run --tmpdir[=write] --suffix=text'),
  );
  const [template] = parsed.operands;
  const elsewhere = template !== undefined || parsed.has('-p', '--tmpdir', '--suffix');
  touch(call, elsewhere ? (template ?? literal('/tmp/x')) : literal('/tmp/tmp'), 'write');
  if (elsewhere) return SOME;
  return said([...literal('/tmp/tmp.'), { kind: 'hole', holds: 'name', quoted: true }]);
};

export const FILES: readonly (readonly [string, Program])[] = [
  ...programsOf([
    [
      'touch',
      'write*',
      'names',
      '-acfmh -d=text -r=read -t=text --date=text --reference=read --no-create --time=text --no-dereference',
    ],
    ['mkdir', 'write*', 'names', '-pvZ -m=text --parents --mode=text --verbose'],
    ['rmdir', 'remove*', 'all', '-pv --parents --verbose --ignore-fail-on-non-empty'],
    ['unlink', 'remove*', 'all', ''],
    [
      'truncate',
      'write*',
      'names',
      '-co -s=text -r=read --size=text --no-create --reference=read --io-blocks',
    ],
    ['mkfifo', 'write*', 'names', '-m=text --mode=text'],
    ['fallocate', 'write*', 'names', '-cdnpvxz -l=text -o=text --length=text'],
    ['dos2unix unix2dos', 'write*', 'names', '-qk --quiet --keepdate'],
  ]),
  ['cp', copy],
  ['mv', move],
  ['ln', link],
  ['install', install],
  ['rm', remove],
  ['chmod', mode],
  ['chown', mode],
  ['chgrp', mode],
  ['dd', disk],
  ['tee', tee],
  ['shred', shred],
  ['mktemp', temporary],
];
