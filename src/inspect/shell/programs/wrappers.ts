import { noteOptions, touch, type Call, type Program } from '../call.ts';
import { ANY, joined, literal, mayBeSeveral, prefixOf, textOf, type Field } from '../field.ts';
import { assignmentOf, optionsOf, parseOptions, type ProgramSpec } from '../options.ts';
import { exportVariable } from '../variables.ts';
import { external } from './external.ts';
import { withName } from './find.ts';
import { notUnderstood } from '../refusal.ts';
import { wholeText } from '../output.ts';
import { SOME, type Stream } from '../stream.ts';

/** A program that runs the rest of its line: its options, and how many operands stand before what it runs. */
function wrapper(options: string, operands = 0, also: (call: Call) => void = () => {}): Program {
  const spec: ProgramSpec = { options: optionsOf(options), permutes: false, calm: 'none' };
  return (call) => {
    const parsed = parseOptions(call.name, call.args, spec);
    noteOptions(call, parsed);
    also(call);
    const argv = parsed.operands.slice(operands);
    if (argv.length === 0) return SOME;
    return external(call, argv, call.input);
  };
}

const elevated = (call: Call): void => call.walk.findings.is('elevates');

/** `env A=1 program`: variables and then a program; alone, it shows the environment. */
const env: Program = (call) => {
  const spec: ProgramSpec = {
    options: optionsOf(
      '-i0v -u=text -C=refuse -S=refuse --ignore-environment --null --unset=text --chdir=refuse --split-string=refuse',
    ),
    permutes: false,
    calm: 'none',
  };
  const parsed = parseOptions('env', call.args, spec);
  noteOptions(call, parsed);
  for (const name of parsed.values('-u', '--unset')) exportVariable(textOf(name) ?? 'PATH', [[]], call.walk);
  if (parsed.has('-i', '--ignore-environment')) call.walk.findings.is('changesEnvironment');
  let at = 0;
  for (; at < parsed.operands.length; at += 1) {
    const operand = parsed.operands[at] ?? [];
    const assignment = assignmentOf(operand);
    if (assignment === undefined) break;
    exportVariable(assignment.name, [assignment.value], call.walk);
  }
  const argv = parsed.operands.slice(at);
  if (argv.length > 0) return external(call, argv, call.input);
  call.walk.findings.readsFrom('environment');
  return SOME;
};

const SUDO = optionsOf(
  '-AbBEHiKklnPSsv -u=text -g=text -C=text -p=text -h=refuse -r=text -t=text -T=text -U=text -R=refuse -D=refuse --user=text --group=text --non-interactive --preserve-env[=text] --login --shell --stdin --set-home --list --validate',
);

const sudo: Program = (call) => {
  elevated(call);
  const parsed = parseOptions(call.name, call.args, { options: SUDO, permutes: false, calm: 'none' });
  noteOptions(call, parsed);
  if (parsed.has('-A', '-E', '-i', '-s', '--login', '--shell')) call.walk.findings.is('changesEnvironment');
  let at = 0;
  for (; at < parsed.operands.length; at += 1) {
    const assignment = assignmentOf(parsed.operands[at] ?? []);
    if (assignment === undefined) break;
    exportVariable(assignment.name, [assignment.value], call.walk);
  }
  const argv = parsed.operands.slice(at);
  return argv.length === 0 ? SOME : external(call, argv, call.input);
};

/** `su user -c command`. */
const su: Program = (call) => {
  elevated(call);
  const parsed = parseOptions(call.name, call.args, {
    options: optionsOf('-lmp -c=text -s=refuse --login --command=text'),
    permutes: true,
    calm: 'none',
  });
  noteOptions(call, parsed);
  for (const command of parsed.values('-c', '--command'))
    external(call, [literal('sh'), literal('-c'), command], call.input);
  return SOME;
};

const XARGS: ProgramSpec = {
  options: optionsOf(
    '-0ptrxo -a=read -d=text -E=text -I=text -i[=text] -L=text -l[=text] -n=text -P=text -s=text --null --no-run-if-empty --max-args=text --max-procs=text --replace[=text] --delimiter=text --arg-file=read --verbose --max-lines[=text] --exit',
  ),
  permutes: false,
  calm: 'none',
};

/** Runs a program with what comes in as its last arguments, or in the place of a mark. */
const xargs: Program = (call) => {
  const parsed = parseOptions('xargs', call.args, XARGS);
  noteOptions(call, parsed);
  const argv = parsed.operands.length === 0 ? [literal('echo')] : parsed.operands;
  const marks = [
    ...parsed.values('-I', '-i', '--replace'),
    ...(parsed.has('-i', '--replace') ? [literal('{}')] : []),
  ];
  const mark = marks.length === 0 ? undefined : (textOf(marks[0] ?? []) ?? '');
  const given = parsed.has('-a', '--arg-file') ? SOME : call.input;
  let last: Stream = SOME;
  for (const name of namesIn(given, parsed.has('-0', '--null'), mark !== undefined))
    last = external(
      call,
      mark === undefined ? [...argv, ...name] : argv.map((arg) => withName(arg, name[0] ?? [], mark)),
      SOME,
    );
  return { fetched: last.fetched || call.input.fetched };
};

/** The arguments that an input becomes. A name with white space in it is two, unless names are ended by NUL. */
function namesIn(input: Stream, nul: boolean, oneEach: boolean): readonly (readonly Field[])[] {
  if (nul && input.names !== undefined) return input.names.map((name) => [name]);
  const text = nul ? undefined : wholeText(input);
  // Quotes and backslashes join words for xargs.
  if (text === undefined || /["'\\]/.test(text))
    return [[ANY.map((segment) => ({ ...segment, quoted: false }))]];
  const words = text.split(oneEach ? /\n+/ : /\s+/).filter((word) => word !== '');
  return oneEach ? words.map((word) => [literal(word.trim())]) : [words.map(literal)];
}

/** `watch` gives its words to a shell as one text. */
const watch: Program = (call) => {
  const spec: ProgramSpec = {
    options: optionsOf(
      '-bcdegtwx -n=text --interval=text --differences[=text] --no-title --color --exec --errexit --chgexit',
    ),
    permutes: false,
    calm: 'none',
  };
  const parsed = parseOptions('watch', call.args, spec);
  noteOptions(call, parsed);
  if (parsed.has('-x', '--exec')) return external(call, parsed.operands, SOME);
  return external(call, [literal('sh'), literal('-c'), spaced(parsed.operands)], SOME);
};

/** `script -c command file`. */
const script: Program = (call) => {
  const parsed = parseOptions('script', call.args, {
    options: optionsOf('-aefqE -c=text --command=text --quiet --append --return --flush'),
    permutes: true,
    calm: 'none',
  });
  noteOptions(call, parsed);
  touch(call, parsed.operands[0] ?? literal('typescript'), 'write');
  const [command] = parsed.values('-c', '--command');
  if (command === undefined) throw notUnderstood('script without -c runs a shell on what it is given.');
  return external(call, [literal('sh'), literal('-c'), command], call.input);
};

export function spaced(words: readonly Field[]): Field {
  if (words.some(mayBeSeveral)) throw notUnderstood('A text that can not be told is run as a command.');
  return joined(words.flatMap((word, index) => (index === 0 ? word : [...literal(' '), ...word])));
}

/** `busybox sh`: the applet is the program. */
const busybox: Program = (call) => {
  if (call.args.length === 0 || prefixOf(call.args[0] ?? []).startsWith('-')) return SOME;
  return external(call, call.args, call.input);
};

export const WRAPPERS: readonly (readonly [string, Program])[] = [
  ['nohup', wrapper('', 0, (call) => call.walk.findings.is('background'))],
  ['setsid', wrapper('-cfw --fork --wait', 0, (call) => call.walk.findings.is('background'))],
  [
    'timeout',
    wrapper('-v -k=text -s=text --foreground --preserve-status --kill-after=text --signal=text --verbose', 1),
  ],
  ['nice', wrapper('-n=text -NUM[=text] --adjustment=text')],
  ['ionice', wrapper('-t -c=text -n=text')],
  ['chrt', wrapper('-bfior', 1)],
  ['taskset', wrapper('-a', 1)],
  ['stdbuf', wrapper('-i=text -o=text -e=text --input=text --output=text --error=text')],
  ['time', wrapper('-pv -f=text -o=write -a --format=text --output=write --append --portability --verbose')],
  ['unbuffer', wrapper('')],
  ['caffeinate', wrapper('-dims')],
  ['chroot', wrapper('', 1, elevated)],
  ['pkexec', wrapper('', 0, elevated)],
  ['sudo', sudo],
  ['doas', sudo],
  ['su', su],
  ['runuser', su],
  ['env', env],
  ['xargs', xargs],
  ['watch', watch],
  ['script', script],
  ['busybox', busybox],
];
