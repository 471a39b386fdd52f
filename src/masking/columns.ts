import type { SqlFacts } from '../model/facts.ts';
import type { ResultColumn } from '../model/result.ts';
import type { MaskingRules, ToolColumn } from './rules.ts';
import { begin, follow, NO_PATHS, torn, type PathRule, type Positions } from './paths.ts';
import { graver, type Strategy } from './strategies.ts';
import type { Standing } from './standing.ts';

/** What is known of the columns of a result beside their names. */
export interface ColumnSources {
  readonly columnClasses: Readonly<Record<string, string>>;
  readonly resultColumns: SqlFacts['resultColumns'];
  readonly binaryColumns?: readonly string[];
  readonly tool?: string;
  readonly fixedStatement?: boolean;
}

/** In a lineage: a whole row, or what a function nobody knows returned. */
const ANYTHING = '*';

/** What the columns of a tool's last result stood for. */
interface LastResult {
  readonly resultColumns: SqlFacts['resultColumns'];
  readonly binaryColumns: readonly string[] | undefined;
  readonly tool: string | undefined;
  readonly names: readonly string[];
  readonly rules: MaskingRules;
  readonly standings: readonly Standing[];
}

/** By the declaration, which is one object for as long as its tool is loaded. */
const lastResults = new WeakMap<ColumnSources['columnClasses'], LastResult>();

/**
 * What each column stands for. The results of a statement that a skill author wrote have the same columns each time: to tell
 * it again was 2.2 of the 19 µs that masking one of 2 KB took. Names that an agent wrote may hold anything, and are not kept.
 */
export function standingsOf(
  columns: readonly ResultColumn[],
  sources: ColumnSources,
  rules: MaskingRules,
): readonly Standing[] {
  if (sources.fixedStatement !== true) return standingsFrom(columns, sources, rules);
  const { columnClasses, resultColumns, binaryColumns, tool } = sources;
  const last = lastResults.get(columnClasses);
  if (
    last?.rules === rules &&
    last.resultColumns === resultColumns &&
    last.binaryColumns === binaryColumns &&
    last.tool === tool &&
    areNamed(columns, last.names)
  )
    return last.standings;
  const standings = standingsFrom(columns, sources, rules);
  const names = columns.map(({ name }) => name);
  lastResults.set(columnClasses, { resultColumns, binaryColumns, tool, names, rules, standings });
  return standings;
}

function areNamed(columns: readonly ResultColumn[], names: readonly string[]): boolean {
  return columns.length === names.length && columns.every(({ name }, index) => name === names[index]);
}

/**
 * Classes come from the skill's declaration, the operator's for this tool, and the names: that of the result column and those it was computed from. They add up: a declaration never takes a class away, for
 * the skill may be as hostile as the agent.
 */
function standingsFrom(
  columns: readonly ResultColumn[],
  sources: ColumnSources,
  rules: MaskingRules,
): readonly Standing[] {
  const { resultColumns } = sources;
  // A driver that answers with other columns than the text has: each may be any of them.
  const lost = resultColumns !== null && resultColumns.length !== columns.length;
  const everything = lost ? resultColumns.flat() : [];
  const row = begin(pathsFor(sources.tool, rules));
  return columns.map(({ name }, index) => {
    const lineage = lost ? everything : (resultColumns?.[index] ?? []);
    const classes = new Set<string>();
    let strategy: Strategy | null = null;
    const paths: Positions[number][] = lineage.includes(ANYTHING) ? [...row] : [];
    for (const source of [name, ...lineage]) {
      const column = byOperator(source, sources, rules);
      if (column !== undefined) {
        classes.add(column.class);
        strategy = graver(strategy, column.strategy);
      }
      const below = follow(row, source);
      for (const { class: of, strategy: said } of below.ending) {
        classes.add(of);
        strategy = graver(strategy, said);
      }
      paths.push(...below.paths);
      for (const declared of declaredClasses(source, sources)) classes.add(declared);
      for (const guessed of rules.classesOfName(source)) classes.add(guessed);
    }
    const mayKeep = sources.fixedStatement === true;
    const bytes = mayKeep ? isBinary(name, sources) : !lost && areBinary(lineage, sources);
    return {
      classes: [...classes],
      anything: lineage.includes(ANYTHING),
      mayKeep,
      bytes,
      strategy,
      paths,
      // With a star no column was computed, so nothing was taken out of a document.
      torn: lineage.length === 0 ? NO_PATHS : torn(paths),
    };
  });
}

/**
 * Of a statement that an agent wrote, what counts is what a column was computed from: it may call anything `photo`. Where
 * that can't be told, its bytes stay.
 */
function areBinary(lineage: readonly string[], sources: ColumnSources): boolean {
  return lineage.length > 0 && lineage.every((name) => isBinary(name, sources));
}

function isBinary(name: string, { binaryColumns = NONE }: ColumnSources): boolean {
  return binaryColumns.some((declared) => declared.toLowerCase() === name.toLowerCase());
}

/** The paths that are written for a tool, and those for all. */
function pathsFor(tool: string | undefined, rules: MaskingRules): readonly PathRule[] {
  return (tool === undefined ? undefined : rules.tools.get(tool)?.paths) ?? rules.paths;
}

function declaredClasses(name: string, sources: ColumnSources): readonly string[] {
  return inLowerCase(sources.columnClasses).get(name.toLowerCase()) ?? NONE;
}

function byOperator(name: string, { tool }: ColumnSources, rules: MaskingRules): ToolColumn | undefined {
  return tool === undefined ? undefined : rules.tools.get(tool)?.columns.get(name.toLowerCase());
}

const NONE: readonly string[] = [];

/** By the declaration, which is one object for as long as its tool is loaded: 10 µs a result otherwise. */
const remembered = new WeakMap<ColumnSources['columnClasses'], ReadonlyMap<string, readonly string[]>>();

function inLowerCase(declared: ColumnSources['columnClasses']): ReadonlyMap<string, readonly string[]> {
  const known = remembered.get(declared);
  if (known !== undefined) return known;
  const classes = new Map<string, readonly string[]>();
  for (const [column, dataClass] of Object.entries(declared)) {
    const key = column.toLowerCase();
    classes.set(key, [...(classes.get(key) ?? NONE), dataClass]);
  }
  remembered.set(declared, classes);
  return classes;
}
