import { runsFolder, touch, type Call, type Program } from '../call.ts';
import { addUrl } from '../host.ts';
import { hasHole, literal, prefixOf, textOf, type Field } from '../field.ts';
import { checkValues, chosen, type Chosen } from '../subcommands.ts';
import { CARGO_HANDED, managerOf, MANAGERS, packagesTable } from './packages-table.ts';
import { SCRIPT_OPTIONS, type PackagesDo } from './packages-node-table.ts';
import { notUnderstood, quoted } from '../refusal.ts';
import { optionsOf, parseOptions, type Parsed, type ProgramSpec } from '../options.ts';
import { SOME, type Stream } from '../stream.ts';

const SCRIPT: ProgramSpec = { options: optionsOf(SCRIPT_OPTIONS), permutes: true, calm: 'none' };
const CARGO_SCRIPT: ProgramSpec = { options: optionsOf(CARGO_HANDED), permutes: true, calm: 'none' };

export const packages: Program = (call) => {
  const manager = managerOf(call.name);
  const table = packagesTable(manager);
  if (table === undefined) throw notUnderstood(`${quoted(call.name)} is not understood here.`);
  const { args, inner, handed } = divided(call, manager);
  const given = scriptOf(call, manager, args) ?? chosen(call, args, table);
  // Alone, yarn installs; the others tell how they are used.
  if (given === undefined) return manager === 'yarn' && !tells(args) ? installs(call, []) : SOME;
  checkValues(call, given.parsed);
  if (given.does === 'inner') return runsInner(call, inner ?? given.parsed.operands);
  if (handed.length > 0) handOn(call, given, handed);
  return effects(call, manager, given);
};

function tells(args: readonly Field[]): boolean {
  return args.some((arg) => /^(?:-v|--version|-h|--help)$/.test(textOf(arg) ?? ''));
}

/** What stands behind `--` is a script's, or a program's. */
function divided(
  call: Call,
  manager: string,
): { readonly args: readonly Field[]; readonly inner?: readonly Field[]; readonly handed: readonly Field[] } {
  const { args } = call;
  const at = args.findIndex((arg) => textOf(arg) === '--');
  // `uv run program …`: what stands behind the program is the program's.
  if (
    manager === 'uv' ||
    manager === 'poetry' ||
    manager === 'bundle' ||
    manager === 'pnpm' ||
    manager === 'yarn'
  ) {
    const verb = args.findIndex((arg) => /^(?:run|exec)$/.test(textOf(arg) ?? ''));
    const scripts = manager === 'pnpm' || manager === 'yarn';
    if (verb === 0 && (!scripts || textOf(args[0] ?? []) === 'exec')) {
      let from = 1;
      while (
        /^--(?:frozen|locked|no-sync|no-dev|all-extras|exact|isolated)$/.test(textOf(args[from] ?? []) ?? '')
      )
        from += 1;
      if (textOf(args[from] ?? []) === '--') from += 1;
      return {
        args: args.slice(0, from).filter((arg) => textOf(arg) !== '--'),
        inner: args.slice(from),
        handed: [],
      };
    }
  }
  return at === -1 ? { args, handed: [] } : { args: args.slice(0, at), handed: args.slice(at + 1) };
}

/** yarn, pnpm and bun run a script of the folder by its bare name. */
function scriptOf(call: Call, manager: string, args: readonly Field[]): Chosen<PackagesDo> | undefined {
  if (manager !== 'yarn' && manager !== 'pnpm' && manager !== 'bun') return undefined;
  const [name = '', more] = [textOf(args[0] ?? []), textOf(args[1] ?? [])];
  const table = packagesTable(manager);
  if (table === undefined || table.known.has(name) || table.known.has(`${name} ${more ?? ''}`))
    return undefined;
  if (
    !/^[a-z][\w:-]*$/.test(name) ||
    /^(?:config|set|plugin|x|exec|node|patch|store|server|login|logout|global|env|unplug|version|workspace|pack|self|policies|npm|upm|cache|import|autoclean|owner|team|tag|generate-lock-entry|licenses|versions|setup|deploy|fetch|catalog|approve-builds|ignored-builds|pm|repl|upgrade-interactive)/.test(
      name,
    )
  )
    return undefined;
  call.walk.findings.name('subcommands', `${call.name} ${name}`);
  const parsed = parseOptions(`${call.name} ${name}`, args.slice(1), SCRIPT);
  for (const option of parsed.options) call.walk.findings.name('flags', `${call.name} ${option.name}`);
  return { name, does: 'runs', before: parsed, parsed };
}

/** What a script of the folder is handed. */
function handOn(call: Call, { does }: Chosen<PackagesDo>, handed: readonly Field[]): void {
  if (does !== 'runs') throw notUnderstood(`What ${call.name} hands on can not be told.`);
  const spec = call.name === 'cargo' ? CARGO_SCRIPT : SCRIPT;
  const parsed = parseOptions(`a script of ${call.name}`, handed, spec);
  checkValues(call, parsed);
  for (const { name } of parsed.options) call.walk.findings.name('flags', `${call.name} ${name}`);
  operandsRun(call, parsed);
}

/** A script may run what it is handed. */
function operandsRun(call: Call, { operands, options }: Parsed): void {
  for (const word of [
    ...operands,
    ...options.flatMap(({ value, role }) => (value === undefined || role !== 'text' ? [] : [value])),
  ])
    if (/[~/]|\.\./.test(prefixOf(word)) || hasHole(word)) touch(call, word, 'run');
}

function effects(call: Call, manager: string, { name, does, parsed }: Chosen<PackagesDo>): Stream {
  const { findings } = call.walk;
  switch (does) {
    case 'tells':
      findings.readsFrom('workspace');
      if (
        name === 'config get' &&
        /auth|token|password|key|cert/i.test(textOf(parsed.operands[0] ?? []) ?? 'key')
      )
        findings.readsFrom('secret');
      return SOME;
    case 'asks':
      findings.is('network');
      findings.name('hosts', 'unknown');
      if (parsed.operands.some(hasHole)) findings.is('uploads');
      return parsed.has('--fix') ? installs(call, []) : { fetched: true };
    case 'runs':
      return runs(call, manager, parsed);
    case 'inner':
      return runsInner(call, parsed.operands);
    case 'edits':
      findings.writesTo('workspace');
      // What a script is, this says: whatever is run later is run unread.
      if (name.startsWith('pkg ')) findings.is('runsCode');
      return SOME;
    case 'installs':
      return installs(call, parsed.operands, parsed);
    case 'anything':
      findings.is('network', 'installs', 'fetchesAndRuns', 'runsCode');
      findings.name('hosts', 'unknown');
      return { fetched: true };
    case 'publishes':
      findings.is('network', 'uploads', 'destroys');
      findings.name('hosts', 'unknown');
      findings.writesTo('remote');
      return SOME;
  }
}

function runs(call: Call, manager: string, parsed: Parsed): Stream {
  const { findings } = call.walk;
  runsFolder(call);
  for (const word of parsed.operands) {
    const text = prefixOf(word);
    // A goal with a colon is a plugin's, from anywhere, and may run any program.
    if (manager === 'mvn' && !/^[a-z-]+$/.test(textOf(word) ?? ''))
      throw notUnderstood('A goal of mvn is not plain.');
    // A package of go that is not of the folder is fetched.
    if (manager === 'go' && /^[^./@]+\.[^/@]+\//.test(text))
      findings.is('network', 'fetchesAndRuns', 'runsCode');
    if (manager === 'go' && text.includes('@')) findings.is('network', 'fetchesAndRuns', 'runsCode');
  }
  operandsRun(call, parsed);
  return SOME;
}

/** `uv run x`, `bundle exec x`: the program with the packages of the folder. */
function runsInner(call: Call, argv: readonly Field[]): Stream {
  runsFolder(call);
  if (prefixOf(argv[0] ?? literal('-')).startsWith('-'))
    throw notUnderstood(`What ${call.name} runs can not be told.`);
  return call.walk.program(argv, call.state, call.input);
}

const ADDRESS =
  /^[a-z+]+:|^[\w.-]+\/[\w.-]+$|\.git$|^[\w-]+@(?:https?|git|file|github|npm):|@ |.@[^/]*[:/]|::/i;

function installs(call: Call, operands: readonly Field[], parsed?: Parsed): Stream {
  const { findings } = call.walk;
  findings.is('network', 'installs');
  findings.name('hosts', 'unknown');
  findings.writesTo('workspace');
  const manager = managerOf(call.name);
  const machines = manager === 'apt' || manager === 'brew';
  // What the folder's own files name is installed, and their scripts run.
  if (machines) findings.writesTo('system');
  else runsFolder(call);
  if (parsed?.has('-g', '--global', '--system', '--break-system-packages') === true)
    findings.writesTo('system');
  for (const list of parsed?.values('-r', '--requirement', '-c', '--constraint') ?? [])
    if (prefixOf(list).includes('://')) findings.is('fetchesAndRuns', 'runsCode');
    else if (textOf(list) === '-') findings.is('runsCode');
  for (const operand of operands) {
    const text = prefixOf(operand);
    // Not a name in a registry but an address: whatever lies there is run.
    if (ADDRESS.test(text) && !/^@|^\.{0,2}\//.test(text)) {
      if (/:\/\//.test(text))
        addUrl(literal(text.slice(text.search(/[a-z+]+:\/\//i)).replace(/^git\+/, '')), findings);
      if (manager !== 'composer' && manager !== 'apt' && manager !== 'brew' && manager !== 'go')
        findings.is('fetchesAndRuns', 'runsCode');
    } else if (hasHole(operand)) findings.is('fetchesAndRuns', 'runsCode');
    else if (/^[./~]/.test(text)) touch(call, operand, 'run');
  }
  return SOME;
}

export const PACKAGES: readonly (readonly [string, Program])[] = MANAGERS.map(
  (name) => [name, packages] as const,
);
