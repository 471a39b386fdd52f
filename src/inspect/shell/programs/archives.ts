import { noteOptions, touch, type Call, type Program } from '../call.ts';
import { literal, prefixOf, textOf, type Field } from '../field.ts';
import { optionsOf, parseOptions } from '../options.ts';
import { pathsOf } from '../paths.ts';
import { notUnderstood } from '../refusal.ts';
import { SOME } from '../stream.ts';
import { programsOf } from '../table.ts';

/** Of what tar can be told, that which runs no program of the caller's choice. */
const TAR = optionsOf(
  '-cxtruvAdzjJahkmopPSWOwB0 -f=text -C=text -X=read -T=refuse -b=text --create --extract --get --list --append --update --diff --verbose --gzip --bzip2 --xz --zstd --lzma --auto-compress --file=text --directory=text --exclude=text --exclude-from=read --exclude-vcs --strip-components=text --keep-old-files --overwrite --no-same-owner --same-owner --preserve-permissions --no-same-permissions --numeric-owner --owner=text --group=text --mode=text --mtime=text --sort=text --wildcards --no-recursion --one-file-system --dereference --absolute-names --to-stdout --totals --full-time --transform=refuse --null --no-wildcards --anchored --sparse --touch --skip-old-files --unlink-first --show-transformed-names --format=text --posix -n',
);

const tar: Program = (call) => {
  const [first = [], ...rest] = call.args;
  const start = prefixOf(first);
  // `tar xzf file`: letters without a dash, and then their values in order.
  const args = textOf(first) !== undefined && /^[a-zA-Z]/.test(start) ? oldStyle(start, rest) : call.args;
  const parsed = parseOptions('tar', args, { options: TAR, permutes: true, calm: 'none' });
  noteOptions(call, parsed);
  const archives = parsed.values('-f', '--file');
  // host:file is a file of another machine, fetched by a program.
  for (const archive of archives)
    if (/^[^/]*:/.test(textOf(archive) ?? ':'))
      throw notUnderstood('Where the archive lies can not be told.');
  const makes = parsed.has('-c', '--create', '-r', '--append', '-u', '--update', '-A');
  let fetched = call.input.fetched;
  for (const archive of archives) fetched = touch(call, archive, makes ? 'write' : 'read') || fetched;
  const folders = parsed.values('-C', '--directory');
  if (makes) {
    for (const operand of parsed.operands) touch(call, operand, 'deep');
    // From which of the folders a name is taken is a matter of order.
    for (const folder of folders) {
      touch(call, folder, 'deep');
      for (const operand of parsed.operands) touch(call, [...folder, ...literal('/'), ...operand], 'deep');
    }
  } else if (parsed.has('-x', '--extract', '--get') && !parsed.has('-O', '--to-stdout')) {
    for (const folder of folders.length > 0 ? folders : [literal('.')]) {
      touch(call, folder, 'write');
      if (fetched) unpacked(call, folder);
    }
    // With absolute names, an archive says where it goes.
    if (parsed.has('-P', '--absolute-names')) call.walk.findings.writesTo('unknown');
  }
  return { fetched };
};

/** What lies in a fetched archive lies here now. */
function unpacked(call: Call, folder: Field): void {
  for (const path of pathsOf(folder, call.state)) call.walk.findings.fetched(path);
}

function oldStyle(letters: string, rest: readonly Field[]): readonly Field[] {
  const values = [...rest];
  const args: Field[] = [];
  for (const letter of letters) {
    args.push(literal(`-${letter}`));
    const takes = TAR.get(`-${letter}`)?.takes;
    const value = takes === 'value' ? values.shift() : undefined;
    if (value !== undefined) args.push(value);
  }
  return [...args, ...values];
}

const ZIP = optionsOf(
  '-rjqv0123456789umdgXyoSDlle -x=text -i=text -P=refuse --recurse-paths --quiet --exclude=text --junk-paths',
);

const zip: Program = (call) => {
  const parsed = parseOptions('zip', call.args, { options: ZIP, permutes: true, calm: 'none' });
  noteOptions(call, parsed);
  const [archive, ...files] = parsed.operands;
  if (archive !== undefined) touch(call, archive, 'write');
  for (const file of files) {
    touch(call, file, 'deep');
    if (parsed.has('-m')) touch(call, file, 'remove');
  }
  return SOME;
};

const UNZIP = optionsOf('-lvtpZqqojnuCLaz -d=write -x=text -P=refuse');

const unzip: Program = (call) => {
  const parsed = parseOptions('unzip', call.args, { options: UNZIP, permutes: true, calm: 'none' });
  noteOptions(call, parsed);
  const [archive] = parsed.operands;
  const fetched = archive !== undefined && touch(call, archive, 'read');
  const into = parsed.values('-d');
  if (fetched) for (const folder of into.length > 0 ? into : [literal('.')]) unpacked(call, folder);
  if (!parsed.has('-l', '-v', '-t', '-p', '-Z', '-z', '-d')) touch(call, literal('.'), 'write');
  return SOME;
};

/** Each file is replaced by its packed or unpacked self, unless it goes to the output. */
const pack: Program = (call) => {
  const options = optionsOf(
    '-cdfhklLnNqrtvV123456789 -S=text -T=text -o=write --stdout --to-stdout --decompress --uncompress --force --keep --list --quiet --recursive --test --verbose --fast --best --threads=text --rm --ultra --long',
  );
  const parsed = parseOptions(call.name, call.args, { options, permutes: true, calm: 'none' });
  noteOptions(call, parsed);
  const prints = parsed.has('-c', '--stdout', '--to-stdout', '-l', '--list', '-t', '--test');
  for (const file of parsed.operands) {
    touch(call, file, 'deep');
    if (prints) continue;
    touch(call, file, 'write');
    if (!parsed.has('-k', '--keep')) touch(call, file, 'remove');
  }
  return { fetched: call.input.fetched };
};

export const ARCHIVES: readonly (readonly [string, Program])[] = [
  ['tar', tar],
  ['zip', zip],
  ['unzip', unzip],
  ...['gzip', 'gunzip', 'bzip2', 'bunzip2', 'xz', 'unxz', 'zstd', 'unzstd'].map(
    (name) => [name, pack] as const,
  ),
  ...programsOf([['zipinfo', 'read,text*', 'none', '-12lmshtvzZ']]),
];
