import type { ShellFacts, ShellPlace } from '../../model/facts.ts';
import { Refused } from '../sql/refused.ts';
import { isQuiet, isSweeping, placeRead, placeWritten, shownPath } from './place.ts';
import { isSecret } from './secrets.ts';
import { joined, literal, BELOW } from './field.ts';
import type { Path } from './path.ts';

type Flag =
  | 'writes'
  | 'deletes'
  | 'destroys'
  | 'network'
  | 'uploads'
  | 'elevates'
  | 'runsCode'
  | 'fetchesAndRuns'
  | 'installs'
  | 'changesEnvironment'
  | 'background'
  | 'substitutes';

type Names =
  'programs' | 'subcommands' | 'flags' | 'hosts' | 'pathsRead' | 'pathsWritten' | 'pathsDeleted' | 'pathsRun';

/** Files that say what a build or a test runs. One that this command wrote was looked at by nobody. */
const STEERS_BUILDS =
  /(?:^|\/)(?:(?:package|tsconfig.*|jsconfig.*|deno|nx|turbo|angular|lerna|project)\.jsonc?|(?:phpunit.*|build)\.xml|requirements.*\.txt|\.npmrc|[Mm]akefile|GNUmakefile|.*\.mk|conftest\.py|setup\.(?:py|cfg)|pyproject\.toml|pytest\.ini|tox\.ini|.*\.config\.[cm]?[jt]s|\.eslintrc.*|Cargo\.toml|build\.rs|pom\.xml|.*\.gradle(?:\.kts)?|Gemfile|Rakefile|composer\.json|CMakeLists\.txt|Dockerfile.*|(?:docker-)?compose.*\.ya?ml|\.envrc|.*\*.*)$/;

/** Code, settings and whatever lies in a folder with a dot: what a tool of the folder finds by itself, and runs or goes by. */
const FOUND_BY_TOOLS =
  /(?:^|\/)\.(?!gitignore$|gitkeep$|editorconfig$|\.)[^/]|\.(?:[cm]?[jt]sx?|vue|svelte|pyi?|pth|rb|go|rs|java|kts?|scala|gradle|c|cc|cpp|h|hpp|cs|fs|php|p[lm]|t|sh|bash|lua|exs?|ya?ml|toml|cfg|ini|conf|tf|tfvars|mk|cmake|\w*proj|props|targets|work|mod|gemspec|feature|snap)$/;

/** Far above any command that a person would read; loops and functions are walked more than once. */
const BUDGET = 10_000;
const DEEPEST = 60;

/** Gathered while a command is walked. Everything here only grows. */
export class Findings {
  readonly #flags = new Set<Flag>();
  readonly #names = new Map<Names, Set<string>>();
  readonly #readsFrom = new Set<ShellPlace>();
  readonly #writesTo = new Set<ShellPlace>();
  readonly #runsFrom = new Set<ShellPlace>();
  #budget = BUDGET;
  #depth = 0;
  readonly #fetchedInto = new Set<string>();
  readonly #made = new Set<string>();

  /** Runs `visit` one level deeper, within the limits on levels and on parts. */
  descend<T>(visit: () => T): T {
    this.#budget -= 1;
    if (this.#budget < 0) throw new Refused('too_large', 'The command has too many parts.');
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw new Refused('too_deep', 'The command is nested too deeply.');
    const result = visit();
    this.#depth -= 1;
    return result;
  }

  is(...flags: readonly Flag[]): void {
    for (const flag of flags) this.#flags.add(flag);
  }

  name(kind: Names, ...names: readonly string[]): void {
    const known = this.#names.get(kind) ?? new Set();
    this.#names.set(kind, known);
    for (const name of names) known.add(name);
  }

  /** `deep`: with everything below it. */
  read(path: Path, deep = false): void {
    if (isQuiet(path)) return;
    this.name('pathsRead', shownPath(path));
    this.#readsFrom.add(placeRead(path));
    if (deep && holdsSecrets(path)) this.#readsFrom.add('secret');
  }

  /** `edits`: changes lines of a file that is there, and does not put another in its place. */
  write(path: Path, edits = false): void {
    if (isQuiet(path)) return;
    this.is('writes');
    this.name('pathsWritten', shownPath(path));
    if (!edits) this.#made.add(shownPath(path));
    const place = placeWritten(path);
    this.#writesTo.add(place);
    if (place === 'device') this.is('destroys');
  }

  /** `deep`: with everything below it. */
  remove(path: Path, deep = false): void {
    this.is('writes', 'deletes');
    this.name('pathsDeleted', shownPath(path));
    this.#writesTo.add(placeWritten(path));
    if (deep && isSweeping(path)) this.is('destroys');
  }

  run(path: Path): void {
    const shown = shownPath(path);
    this.name('pathsRun', shown);
    this.#runsFrom.add(placeRead(path));
    if (this.mayBeFetched(path)) this.is('fetchesAndRuns', 'runsCode');
    if (this.#names.get('pathsWritten')?.has(shown) === true) this.is('runsCode');
  }

  /** What was fetched may have been put in this file or folder: running it is running what was fetched. */
  fetched(path: Path): void {
    this.#fetchedInto.add(shownPath(path));
  }

  mayBeFetched(path: Path): boolean {
    const shown = shownPath(path);
    for (const place of this.#fetchedInto)
      if (place === shown || shown.startsWith(`${place}/`) || (place === '.' && path.root === 'relative'))
        return true;
    return false;
  }

  readsFrom(place: ShellPlace): void {
    this.#readsFrom.add(place);
  }

  writesTo(place: ShellPlace): void {
    this.is('writes');
    this.#writesTo.add(place);
  }

  /** Code of a folder that is not named: what a build, a test or a hook runs, and writes there. */
  runsFolder(path: Path): void {
    this.#runsFrom.add(placeRead(path));
    this.writesTo(placeWritten(path));
    if (this.mayBeFetched(path)) this.is('fetchesAndRuns', 'runsCode');
    for (const written of this.#names.get('pathsWritten') ?? [])
      if (STEERS_BUILDS.test(written)) this.is('runsCode');
    for (const made of this.#made) if (FOUND_BY_TOOLS.test(made)) this.is('runsCode');
  }

  facts(commands: number, fingerprint: string): ShellFacts {
    const has = (flag: Flag): boolean => this.#flags.has(flag);
    const names = (kind: Names): readonly string[] => [...(this.#names.get(kind) ?? [])].sort();
    return {
      commands,
      programs: names('programs'),
      subcommands: names('subcommands'),
      flags: names('flags'),
      // Code that is not inspected may do anything.
      writes: has('writes') || has('runsCode') || has('fetchesAndRuns') || this.#runsFrom.size > 0,
      deletes: has('deletes'),
      destroys: has('destroys'),
      network: has('network'),
      hosts: names('hosts'),
      uploads: has('uploads'),
      pathsRead: names('pathsRead'),
      pathsWritten: names('pathsWritten'),
      pathsDeleted: names('pathsDeleted'),
      pathsRun: names('pathsRun'),
      readsFrom: [...this.#readsFrom].sort(),
      writesTo: [...this.#writesTo].sort(),
      runsFrom: [...this.#runsFrom].sort(),
      elevates: has('elevates'),
      runsCode: has('runsCode'),
      fetchesAndRuns: has('fetchesAndRuns'),
      installs: has('installs'),
      changesEnvironment: has('changesEnvironment'),
      background: has('background'),
      substitutes: has('substitutes'),
      fingerprint,
    };
  }
}

function holdsSecrets(path: Path): boolean {
  if (path.root !== 'home' && path.root !== 'absolute') return false;
  const parts = [...path.parts, [BELOW]];
  return isSecret({ ...path, parts: parts.map((part) => joined(part.length === 0 ? literal('.') : part)) });
}
