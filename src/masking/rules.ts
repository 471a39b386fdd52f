import { createHash } from 'node:crypto';
import type { CountryCode } from 'libphonenumber-js/max';
import type { LoadError, Loaded } from '../model/load-error.ts';
import { compileNames, type NameMatcher } from './column-names.ts';
import { compileCustom, type CustomDetector } from './custom-detectors.ts';
import { DATA_CLASS_TABLE, DATA_CLASSES, isBuiltIn, UNREADABLE } from './data-classes.ts';
import { readMaskingFile } from './masking-file.ts';
import { parsePath, type PathRule } from './paths.ts';
import { DEFAULT_THRESHOLD, type MaskingFile, type ToolColumnSaid } from './schema.ts';
import { redacted, type Strategy } from './strategies.ts';

/** What is done with a class. */
export interface ClassRule {
  readonly strategy: Strategy;
  /** A finding counts from this score on. */
  readonly threshold: number;
}

interface ToolRules {
  readonly classes: Readonly<Record<string, ClassRule>>;
  /** Result columns by lower-case name. */
  readonly columns: ReadonlyMap<string, ToolColumn>;
  /** Those for all tools, too. */
  readonly paths: readonly PathRule[];
}

export interface ToolColumn {
  readonly class: string;
  /** Null for the strategy of the class. */
  readonly strategy: Strategy | null;
}

/** Masking rules, compiled. Immutable. */
export interface MaskingRules {
  /** SHA-256 over everything the file can say, and the table of classes. Hex. */
  readonly digest: string;
  /** All that there are: those that are built in, then those that the file declares. Each is a `DataClass` of policies. */
  readonly dataClasses: readonly string[];
  readonly classes: Readonly<Record<string, ClassRule>>;
  /**
   * What `redact` leaves, of every class. Only that is believed: an agent can write `[payment_card *` and four characters
   * of a secret in its own SELECT, so what another strategy keeps is masked again where the column says so.
   */
  readonly placeholders: ReadonlySet<string>;
  readonly tools: ReadonlyMap<string, ToolRules>;
  readonly classesOfName: NameMatcher;
  /** What stands where in rows and in JSON. */
  readonly paths: readonly PathRule[];
  /** What an operator has looked for beside what is built in. */
  readonly detectors: readonly CustomDetector[];
  /** Within which a pseudonym stays the same: one session, or everything that this store serves. */
  readonly pseudonymsWithin: 'session' | 'store';
  /** Countries whose national telephone formats are known. */
  readonly phoneRegions: readonly CountryCode[];
}

const DEFAULT_RULE: ClassRule = { strategy: 'redact', threshold: DEFAULT_THRESHOLD };
const DEFAULT_REGIONS: readonly CountryCode[] = ['US', 'GB', 'DE', 'FR', 'ES', 'IT', 'NL'];

/**
 * Compiles `policies/masking.yaml`; without a file, every class is redacted.
 *
 * @param file its path as the author would type it, and its content; null where there is none.
 */
export function loadMaskingRules(
  file: { readonly path: string; readonly text: string } | null,
): Loaded<MaskingRules> {
  if (file === null) return { ok: true, value: compile({}), warnings: [] };
  const read = readMaskingFile(file.path, file.text);
  if (!read.ok) return read;
  return { ok: true, value: compile(read.value), warnings: NO_WARNINGS };
}

const NO_WARNINGS: readonly LoadError[] = [];

function compile(file: MaskingFile): MaskingRules {
  const named = new Map(Object.entries(file.classes ?? {}));
  const dataClasses = [...DATA_CLASSES, ...[...named.keys()].filter((name) => !isBuiltIn(name))];
  const classes = withRules(Object.fromEntries(dataClasses.map((name) => [name, DEFAULT_RULE])), named);
  const paths = pathRules(file.paths ?? {});
  const tools = Object.entries(file.tools ?? {}).map(([tool, rules]): [string, ToolRules] => {
    const columns = Object.entries(rules.columns ?? {});
    return [
      tool,
      {
        classes: withRules(classes, new Map(Object.entries(rules.classes ?? {}))),
        columns: new Map(columns.map(([name, of]) => [name.toLowerCase(), toolColumn(of)])),
        paths: [...paths, ...pathRules(rules.paths ?? {})],
      },
    ];
  });
  const pick = (key: 'columns' | 'except'): Readonly<Record<string, readonly string[]>> =>
    Object.fromEntries(dataClasses.map((name) => [name, named.get(name)?.[key] ?? []]));
  const phoneRegions = file.phone_regions ?? DEFAULT_REGIONS;
  const pseudonymsWithin = file.pseudonyms_within ?? 'session';
  const names = { columns: pick('columns'), except: pick('except') };
  const said = {
    classes,
    names,
    phoneRegions,
    pseudonymsWithin,
    detectors: file.detectors ?? [],
    table: DATA_CLASS_TABLE,
    paths,
    tools: tools.map(([tool, rules]) => [tool, rules.classes, [...rules.columns], rules.paths]),
  };
  return Object.freeze({
    digest: createHash('sha256').update(JSON.stringify(said)).digest('hex'),
    dataClasses,
    classes,
    placeholders: new Set([...dataClasses, UNREADABLE].map(redacted)),
    tools: new Map(tools),
    classesOfName: compileNames(names),
    paths,
    detectors: (file.detectors ?? []).map((one) => compileCustom(one)),
    phoneRegions,
    pseudonymsWithin,
  });
}

function pathRules(said: Readonly<Record<string, ToolColumnSaid>>): readonly PathRule[] {
  return Object.entries(said).flatMap(([path, of]) => {
    const steps = parsePath(path);
    return steps === null ? [] : [{ ...toolColumn(of), steps }];
  });
}

function toolColumn(said: ToolColumnSaid): ToolColumn {
  return typeof said === 'string'
    ? { class: said, strategy: null }
    : { class: said.class, strategy: said.strategy ?? null };
}

type Overrides = ReadonlyMap<
  string,
  { readonly strategy?: Strategy | undefined; readonly threshold?: number | undefined }
>;

function withRules(
  base: Readonly<Record<string, ClassRule>>,
  overrides: Overrides,
): Readonly<Record<string, ClassRule>> {
  // Of no prototype, so that the name of a class that there is not finds nothing.
  const rules: Record<string, ClassRule> = Object.assign(Object.create(null), base);
  for (const [name, { strategy, threshold }] of overrides) {
    const before = rules[name] ?? DEFAULT_RULE;
    rules[name] = { strategy: strategy ?? before.strategy, threshold: threshold ?? before.threshold };
  }
  return Object.freeze(rules);
}
