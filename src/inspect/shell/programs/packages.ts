import { touch, type Call, type Program } from '../call.ts';
import { addUrl } from '../host.ts';
import { hasHole, literal, prefixOf, textOf, type Field } from '../field.ts';
import { mayBeOption } from '../options.ts';
import { notUnderstood, quoted } from '../refusal.ts';
import { SOME, type Stream } from '../stream.ts';

/**
 * What a subcommand does. `tells`: about what is there. `asks`: a registry. `runs`: code of the folder. `installs`: packages, whose
 * scripts may run. `anything`: fetches a package only to run it. `publishes`: sends the folder.
 */
type Does = 'tells' | 'asks' | 'runs' | 'installs' | 'anything' | 'publishes';

function table(rows: Readonly<Partial<Record<Does, string>>>): ReadonlyMap<string, Does> {
  const entries: [string, Does][] = [];
  for (const does of ['tells', 'asks', 'runs', 'installs', 'anything', 'publishes'] as const)
    for (const word of (rows[does] ?? '').split(' ')) if (word !== '') entries.push([word, does]);
  return new Map(entries);
}

const NODE = {
  tells: 'ls list ll root prefix bin help why explain fund get completion pkg --version -v',
  asks: 'view info show outdated search audit ping',
  runs: 'run run-script test t start stop restart build lint dev format check typecheck rebuild',
  installs: 'install i ci add update upgrade up uninstall remove rm un dedupe prune link unlink',
  anything: 'dlx create',
  publishes: 'publish unpublish deprecate dist-tag',
};

const TOOLS: Readonly<Record<string, ReadonlyMap<string, Does>>> = {
  npm: table(NODE),
  pnpm: table(NODE),
  yarn: table({ ...NODE, installs: `${NODE.installs} --frozen-lockfile --immutable` }),
  bun: table({ ...NODE, anything: 'x create' }),
  pip: table({
    tells: 'list freeze show check help --version -V',
    asks: 'index',
    installs: 'install uninstall',
  }),
  uv: table({
    tells: '--version tree version',
    installs: 'sync lock add remove venv pip',
    runs: 'run build',
  }),
  poetry: table({
    tells: '--version show check env version',
    installs: 'install update lock add remove',
    runs: 'run build',
    publishes: 'publish',
  }),
  cargo: table({
    tells: '--version version tree metadata locate-project',
    asks: 'search info',
    runs: 'build b check c test t run r bench doc clippy fmt clean rustc',
    installs: 'install update add remove fetch',
    publishes: 'publish yank',
  }),
  go: table({
    tells: 'version env list doc help',
    runs: 'build test vet fmt generate clean',
    installs: 'get mod work install',
  }),
  gem: table({
    tells: 'list env --version which contents',
    asks: 'search',
    installs: 'install update uninstall',
    publishes: 'push yank',
  }),
  bundle: table({
    tells: 'list show --version check info',
    asks: 'outdated',
    runs: 'exec',
    installs: 'install update add',
  }),
  composer: table({
    tells: 'show --version validate licenses',
    asks: 'outdated search',
    runs: 'run-script test dump-autoload',
    installs: 'install update require remove',
  }),
  brew: table({
    tells: 'list info --version deps config doctor leaves',
    asks: 'search outdated',
    installs: 'install upgrade update uninstall tap reinstall cleanup',
  }),
  apt: table({
    tells: 'list show policy depends rdepends',
    asks: 'search',
    installs: 'install remove purge update upgrade autoremove full-upgrade',
  }),
  dotnet: table({
    tells: '--version --info --list-sdks list',
    runs: 'build test run publish clean format',
    installs: 'restore add',
  }),
  mvn: table({ tells: '--version -v', runs: 'compile test package verify clean install validate' }),
  gradle: table({ tells: '--version tasks projects dependencies', runs: 'build test check clean assemble' }),
};

const SAME: Readonly<Record<string, string>> = {
  pip3: 'pip',
  'apt-get': 'apt',
  'apt-cache': 'apt',
  dnf: 'apt',
  yum: 'apt',
  apk: 'apt',
};

/** Options by which a package manager runs, writes or asks something of the caller's choice. */
const RISKY =
  /^--?(?:script-shell|node-options|prefix|userconfig|globalconfig|registry|index-url|extra-index-url|find-links|target|root|config|global-option|install-option|proxy|cert|editable|toolexec|exec|ldflags|gcflags|overlay|modfile|manifest-path|git|path|g|global|init-module|shell|call|c|C|i|f|e|t|o|s|D.*|I|l)$/;
const WORTH = /^--?(?:o|f|c|e|i|s|l|t)$/;

export const packages: Program = (call) => {
  const tool = SAME[call.name] ?? call.name;
  const { findings } = call.walk;
  const at = call.args.findIndex(
    (arg) => !prefixOf(arg).startsWith('-') || TOOLS[tool]?.has(textOf(arg) ?? '') === true,
  );
  const verb = at === -1 ? (tool === 'yarn' ? 'install' : '--version') : textOf(call.args[at] ?? []);
  if (verb === undefined) throw notUnderstood(`What ${call.name} is to do can not be told from the text.`);
  if (call.args.length === 0) return tool === 'yarn' ? installs(call, []) : SOME;
  findings.name('subcommands', `${call.name} ${verb}`);
  const does =
    tool === 'npm' || tool === 'pnpm' || tool === 'yarn' || tool === 'bun'
      ? (TOOLS[tool]?.get(verb) ?? scripts(tool, verb))
      : TOOLS[tool]?.get(verb);
  if (does === undefined)
    throw notUnderstood(`${call.name} ${verb} is not among the subcommands that are understood here.`);
  const rest = [...call.args.slice(0, Math.max(0, at)), ...call.args.slice(at + 1)];
  options(call, tool, does, rest);
  return effects(call, tool, verb, does, rest);
};

/** yarn, pnpm and bun run a script of the folder by its bare name. */
function scripts(tool: string, verb: string): Does | undefined {
  return tool !== 'npm' &&
    /^[a-z][\w:-]*$/.test(verb) &&
    !/^(?:config|set|plugin|x|exec|node|patch|store|server|login|logout)/.test(verb)
    ? 'runs'
    : undefined;
}

function options(call: Call, tool: string, does: Does, rest: readonly Field[]): void {
  for (const arg of rest) {
    if (textOf(arg) === '--') return;
    if (mayBeOption(arg, 'none'))
      throw notUnderstood(`A word for ${call.name} can not be told from the text and may be an option.`);
    const option = prefixOf(arg).replace(/=.*$/s, '');
    if (!option.startsWith('-')) continue;
    call.walk.findings.name('flags', `${call.name} ${option}`);
    const harmless = does === 'tells' || (does === 'asks' && WORTH.test(option)) || isHarmless(tool, option);
    if (RISKY.test(option) && !harmless)
      throw notUnderstood(
        `The option ${quoted(option)} of ${call.name} is not among those that are understood here.`,
      );
  }
}

/** Short options that mean something else to some. */
function isHarmless(tool: string, option: string): boolean {
  if (option === '-g' || option === '--global') return true;
  if (tool === 'npm' || tool === 'pnpm' || tool === 'yarn') return /^-[DsW]$/.test(option);
  if (tool === 'go') return /^-[ov]$/.test(option);
  if (tool === 'mvn') return /^-D(?:skipTests|test|maven\.test\.skip)$/.test(option) || option === '-o';
  return false;
}

function effects(call: Call, tool: string, verb: string, does: Does, rest: readonly Field[]): Stream {
  const { findings } = call.walk;
  switch (does) {
    case 'tells':
      findings.readsFrom('workspace');
      return SOME;
    case 'asks':
      findings.is('network');
      findings.name('hosts', 'unknown');
      if (verb === 'audit' && rest.some((arg) => /fix/.test(textOf(arg) ?? ''))) return installs(call, []);
      return { fetched: true };
    case 'runs':
      if (tool === 'bundle' || (verb === 'run' && (tool === 'uv' || tool === 'poetry')))
        return inner(call, rest);
      findings.runsFrom('workspace');
      findings.writesTo('workspace');
      return SOME;
    case 'installs':
      return installs(call, verb === 'pip' ? rest.slice(1) : rest);
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

/** `uv run x`, `bundle exec x`: the program with the packages of the folder. */
function inner(call: Call, argv: readonly Field[]): Stream {
  call.walk.findings.runsFrom('workspace');
  if (prefixOf(argv[0] ?? literal('-')).startsWith('-'))
    throw notUnderstood(`What ${call.name} runs can not be told.`);
  return call.walk.program(argv, call.state, call.input);
}

function installs(call: Call, rest: readonly Field[]): Stream {
  const { findings } = call.walk;
  findings.is('network', 'installs');
  findings.name('hosts', 'unknown');
  findings.writesTo('workspace');
  const tool = SAME[call.name] ?? call.name;
  const machine =
    tool === 'apt' ||
    tool === 'brew' ||
    rest.some((arg) => /^(?:-g|--global|--system|--break-system-packages)$/.test(textOf(arg) ?? ''));
  if (machine) findings.writesTo('system');
  for (const [index, arg] of rest.entries()) {
    const text = prefixOf(arg);
    const before = textOf(rest[index - 1] ?? []);
    if (before === '-r' || before === '--requirement' || before === '-c') {
      if (text.includes('://')) findings.is('fetchesAndRuns', 'runsCode');
      touch(call, arg, 'read');
    } else if (text.startsWith('-')) continue;
    // Not a name in a registry but an address: whatever lies there is run.
    else if (
      /^[a-z+]+:|^[\w.-]+\/[\w.-]+$|\.git$|^[\w-]+@(?:https?|git|file):/i.test(text) &&
      !/^@|^\.{0,2}\//.test(text)
    ) {
      if (/:\/\//.test(text))
        addUrl(literal(text.slice(text.search(/[a-z+]+:\/\//i)).replace(/^git\+/, '')), findings);
      if (tool !== 'composer' && tool !== 'apt' && tool !== 'brew' && tool !== 'go')
        findings.is('fetchesAndRuns', 'runsCode');
    } else if (hasHole(arg)) findings.is('fetchesAndRuns', 'runsCode');
    else if (/^[./~]/.test(text)) touch(call, arg, 'run');
  }
  return SOME;
}

export const PACKAGES: readonly (readonly [string, Program])[] = [
  ...Object.keys(TOOLS),
  ...Object.keys(SAME),
].map((name) => [name, packages] as const);
