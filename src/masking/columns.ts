import type { SqlFacts } from '../model/facts.ts';
import type { ResultColumn } from '../model/result.ts';
import type { MaskingRules, ToolColumn } from './rules.ts';
import { STRATEGIES, type Strategy } from './strategies.ts';
import type { Standing } from './walk.ts';

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

/**
 * What each column stands for. Classes come from the skill's declaration, the operator's for this tool, and the names:
 * that of the result column and those it was computed from. They add up: a declaration never takes a class away, for
 * the skill may be as hostile as the agent.
 */
export function standingsOf(
  columns: readonly ResultColumn[],
  sources: ColumnSources,
  rules: MaskingRules,
): readonly Standing[] {
  const { resultColumns } = sources;
  // A driver that answers with other columns than the text has: each may be any of them.
  const lost = resultColumns !== null && resultColumns.length !== columns.length;
  const everything = lost ? resultColumns.flat() : [];
  return columns.map(({ name }, index) => {
    const lineage = lost ? everything : (resultColumns?.[index] ?? []);
    const classes = new Set<string>();
    let strategy: Strategy | null = null;
    for (const source of [name, ...lineage]) {
      const column = byOperator(source, sources, rules);
      if (column !== undefined) {
        classes.add(column.class);
        strategy = graver(strategy, column.strategy);
      }
      for (const declared of declaredClasses(source, sources)) classes.add(declared);
      for (const guessed of rules.classesOfName(source)) classes.add(guessed);
    }
    const mayKeep = sources.fixedStatement === true;
    const bytes = mayKeep ? isBinary(name, sources) : !lost && areBinary(lineage, sources);
    return { classes: [...classes], anything: lineage.includes(ANYTHING), mayKeep, bytes, strategy };
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

function declaredClasses(name: string, sources: ColumnSources): readonly string[] {
  return inLowerCase(sources.columnClasses).get(name.toLowerCase()) ?? NONE;
}

function byOperator(name: string, { tool }: ColumnSources, rules: MaskingRules): ToolColumn | undefined {
  return tool === undefined ? undefined : rules.tools.get(tool)?.columns.get(name.toLowerCase());
}

/** Of two strategies for what one column was computed from: `block` over all, and what differs is redacted. */
function graver(a: Strategy | null, b: Strategy | null): Strategy | null {
  if (a === null || b === null || a === b) return a ?? b;
  if (a === 'block' || b === 'block') return 'block';
  return STRATEGIES[0];
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
