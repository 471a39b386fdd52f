import { noteOptions, touch, type Call, type Program } from '../call.ts';
import { literal, NUMBER, textOf, type Field } from '../field.ts';
import { awkDoes } from './awk.ts';
import { optionsOf, parseOptions } from '../options.ts';
import { pathsOf } from '../paths.ts';
import { notUnderstood } from '../refusal.ts';
import { readSed } from './sed.ts';
import { said, SOME, type Stream } from '../stream.ts';
import { wholeText } from '../output.ts';
import { programsOf } from '../table.ts';

const SED = optionsOf(
  '-nErsuz -e=text -f=refuse -i[=text] -l=text --quiet --silent --expression=text --file=refuse --regexp-extended --in-place[=text] --separate --unbuffered --null-data --posix --debug --sandbox --line-length=text --follow-symlinks',
);

const sed: Program = (call) => {
  const parsed = parseOptions('sed', call.args, { options: SED, permutes: true, calm: 'none' });
  noteOptions(call, parsed);
  const given = parsed.values('-e', '--expression');
  const scripts = given.length > 0 ? given : parsed.operands.slice(0, 1);
  const files = given.length > 0 ? parsed.operands : parsed.operands.slice(1);
  const text = scripts.map((script) => textOf(script));
  if (text.includes(undefined)) throw notUnderstood('The script of sed can not be told from the text.');
  for (const suffix of parsed.values('-i', '--in-place'))
    if (!/^[\w.~-]*$/.test(textOf(suffix) ?? '/'))
      throw notUnderstood('Where sed keeps the old file is not plain.');
  const does = readSed(text.join('\n'));
  if (does === null) throw notUnderstood('The script of sed has a command that is not understood here.');
  for (const file of does.reads) touch(call, literal(file), 'read');
  for (const file of does.writes) touch(call, literal(file), 'write');
  let fetched = call.input.fetched;
  for (const file of files) {
    fetched = touch(call, file, 'read') || fetched;
    if (parsed.has('-i', '--in-place'))
      for (const path of pathsOf(file, call.state)) call.walk.findings.write(path, true);
  }
  return { fetched };
};

const AWK = optionsOf(
  '-F=text -v=text -f=run --field-separator=text --assign=text --file=run --posix --traditional --re-interval -P --sandbox -S --csv -k',
);

const awk: Program = (call) => {
  const parsed = parseOptions('awk', call.args, { options: AWK, permutes: false, calm: 'none' });
  noteOptions(call, parsed);
  const stored = parsed.has('-f', '--file');
  const [program] = parsed.operands;
  if (!stored && program !== undefined) {
    const text = textOf(program);
    const does = text === undefined ? 'runs' : awkDoes(text);
    if (does === 'runs') call.walk.findings.is('runsCode');
    if (does === 'reads environment') call.walk.findings.readsFrom('environment');
  }
  let fetched = call.input.fetched;
  for (const file of stored ? parsed.operands : parsed.operands.slice(1))
    fetched = touch(call, file, 'read') || fetched;
  return { fetched };
};

const JQ = optionsOf(
  '-acCejMnrRsSh -L=refuse --slurp --raw-input --null-input --compact-output --raw-output --join-output --ascii-output --color-output --monochrome-output --tab --indent=text --unbuffered --sort-keys --exit-status --stream --seq --args --jsonargs --raw-output0 -V --version -f=run --from-file=run',
);

const jq: Program = (call) => {
  const args: Field[] = [];
  for (let at = 0; at < call.args.length; at += 1) {
    const arg = call.args[at] ?? [];
    const option = textOf(arg);
    // A name and a value; a name and a file.
    if (option === '--slurpfile' || option === '--rawfile') touch(call, call.args[at + 2] ?? [], 'read');
    if (/^--(?:arg|argjson|slurpfile|rawfile)$/.test(option ?? '')) at += 2;
    else args.push(arg);
  }
  const parsed = parseOptions('jq', args, { options: JQ, permutes: true, calm: 'none' });
  noteOptions(call, parsed);
  const stored = parsed.has('-f', '--from-file');
  const filter = stored ? undefined : parsed.operands[0];
  const text = textOf(filter ?? []);
  if (text === undefined || /\benv\b|\$ENV|\$__prog/.test(text)) call.walk.findings.readsFrom('environment');
  if (text === undefined || /\b(?:import|include|input_filename|debug|modulemeta)\b/.test(text))
    call.walk.findings.readsFrom('unknown');
  let fetched = call.input.fetched;
  for (const file of stored ? parsed.operands : parsed.operands.slice(1))
    fetched = touch(call, file, 'read') || fetched;
  return { fetched };
};

const GREP = optionsOf(
  '-EFGPVisvnHhoqlLcwxaIbTzUyuZrR -e=text -f=read -A=text -B=text -C=text -m=text -D=text -d=text -NUM[=text] --regexp=text --file=read --after-context=text --before-context=text --context=text --ignore-case --no-ignore-case --invert-match --word-regexp --line-regexp --count --color[=text] --colour[=text] --files-with-matches --files-without-match --max-count=text --only-matching --quiet --silent --no-messages --byte-offset --with-filename --no-filename --line-number --null --text --binary-files=text --extended-regexp --fixed-strings --basic-regexp --perl-regexp --line-buffered --null-data --recursive --dereference-recursive --include=text --exclude=text --exclude-dir=text --exclude-from=read --label=text --initial-tab',
);

const grep: Program = (call) =>
  search(call, GREP, (has) => has('-r', '-R', '--recursive', '--dereference-recursive'), [
    '-e',
    '-f',
    '--regexp',
    '--file',
  ]);

const RG = optionsOf(
  '-aceEFhHiIlLnNopPqrsSuUvwxz0 -A=text -B=text -C=text -e=text -f=read -g=text -j=text -m=text -M=text -r=text -t=text -T=text -d=text --after-context=text --before-context=text --context=text --color=text --column --count --count-matches --files --files-with-matches --files-without-match --fixed-strings --glob=text --heading --no-heading --hidden --ignore-case --iglob=text --invert-match --json --line-number --no-line-number --max-count=text --max-depth=text --multiline --no-ignore --no-filename --with-filename --null --only-matching --pcre2 --pretty --quiet --regexp=text --replace=text --smart-case --case-sensitive --sort=text --sortr=text --stats --text --trim --type=text --type-list --type-not=text --unrestricted --vimgrep --word-regexp --follow --no-messages --passthru --max-columns=text --max-filesize=text --no-config',
);

const rg: Program = (call) => search(call, RG, () => true, ['-e', '-f', '--regexp', '--files']);

/** A pattern and then files; below the folder where a search that goes deep names none. */
function search(
  call: Call,
  options: typeof GREP,
  isDeep: (has: (...names: readonly string[]) => boolean) => boolean,
  patternless: readonly string[],
): Stream {
  const parsed = parseOptions(call.name, call.args, {
    options,
    permutes: true,
    calm: call.name === 'rg' ? 'none' : 'all',
  });
  noteOptions(call, parsed);
  const deep = isDeep(parsed.has);
  const files = parsed.has(...patternless) ? parsed.operands : parsed.operands.slice(1);
  let fetched = call.input.fetched;
  for (const file of deep && files.length === 0 ? [literal('.')] : files)
    fetched = touch(call, file, deep ? 'deep' : 'read') || fetched;
  const one = parsed.has('-c', '--count') && files.length < 2 && !deep;
  return one ? { texts: [NUMBER], fetched } : { fetched };
}

const WC = optionsOf(
  '-clmLw --lines --words --bytes --chars --max-line-length --total=text --files0-from=refuse',
);

const wc: Program = (call) => {
  const parsed = parseOptions('wc', call.args, { options: WC, permutes: true, calm: 'all' });
  noteOptions(call, parsed);
  for (const file of parsed.operands) touch(call, file, 'read');
  return parsed.operands.length === 0 && parsed.options.length === 1 ? said(NUMBER) : SOME;
};

const BASE64 = optionsOf('-dDi -w=text -b=text --decode --ignore-garbage --wrap=text');

/** What it decodes from a known text is known as well. */
const base64: Program = (call) => {
  const parsed = parseOptions(call.name, call.args, { options: BASE64, permutes: true, calm: 'all' });
  noteOptions(call, parsed);
  let fetched = call.input.fetched;
  for (const file of parsed.operands) fetched = touch(call, file, 'read') || fetched;
  const text = wholeText(call.input);
  const decodes = parsed.has('-d', '-D', '--decode');
  if (call.name !== 'base64' || !decodes || text === undefined || parsed.operands.length > 0)
    return { fetched };
  const clean = text.replaceAll(/\s/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(clean)) return { fetched };
  const decoded = Buffer.from(clean, 'base64');
  const plain = decoded.toString('utf8');
  return Buffer.from(plain).equals(decoded) ? said(literal(plain)) : { fetched };
};

/** The rest of a text that is told stays told. */
const cat: Program = (call) => {
  const [row] = CAT;
  const stream = row?.[1](call) ?? SOME;
  return call.args.length === 0 ? call.input : stream;
};

const CAT = programsOf([
  [
    'cat',
    'read*',
    'all',
    '-AbeEnstTuv --show-all --number-nonblank --show-ends --number --squeeze-blank --show-tabs --show-nonprinting',
  ],
]);

const seq: Program = ({ args }) =>
  args.some((arg) => /^-[a-z]*[fs]/.test(textOf(arg) ?? '')) ? SOME : said(NUMBER);

export const TEXT: readonly (readonly [string, Program])[] = [
  ['sed', sed],
  ['awk', awk],
  ['gawk', awk],
  ['mawk', awk],
  ['nawk', awk],
  ['jq', jq],
  ['grep', grep],
  ['egrep', grep],
  ['fgrep', grep],
  ['rg', rg],
  ['wc', wc],
  ['base64', base64],
  ['base32', base64],
  ['cat', cat],
  ['seq', seq],
];
