import { DATA_CLASS_TABLE, isBuiltIn } from './data-classes.ts';
import { wordsOf } from './words.ts';

/** Names that an operator adds to a class, or takes out of its reach. */
export interface NameRules {
  readonly columns: Readonly<Record<string, readonly string[]>>;
  readonly except: Readonly<Record<string, readonly string[]>>;
}

/** The classes a column or key name stands for, most severe first, the operator's own behind them; empty for most names. */
export type NameMatcher = (name: string) => readonly string[];

/**
 * What may follow a marking word and make the name one *about* the value: `email_verified_at` holds no address.
 * Only trailing words count; `verified_email` is one.
 */
const ABOUT = new Set(
  (
    'count counts verified verification confirmed confirmation enabled disabled valid validated at on type kind ' +
    'status length format provider required optional expired expires expiry changed updated created sent bounced ' +
    'opt in out flag brand network attempts usage limit allowed preferences preference consent label'
  ).split(' '),
);

interface Pattern {
  readonly class: string;
  /** ` card number `, to be found inside ` old card number `. */
  readonly text: string;
  readonly where: 'anywhere' | 'last' | 'whole';
}

/** Hostile results can hold any number of distinct keys. */
const REMEMBERED = 4_096;

/** Compiles the default names and the operator's. Lookups are remembered, for results repeat their names. */
export function compileNames(rules: NameRules): NameMatcher {
  const patterns: Pattern[] = [];
  const excepted = new Map<string, Set<string>>();
  for (const entry of DATA_CLASS_TABLE) {
    for (const name of listed(entry.names)) addPattern(patterns, entry.name, name);
    for (const name of listed(entry.lastWords ?? '')) addPattern(patterns, entry.name, name, 'last');
    for (const name of listed(entry.wholeNames)) addPattern(patterns, entry.name, name, 'whole');
    for (const name of rules.columns[entry.name] ?? []) addPattern(patterns, entry.name, name);
  }
  for (const [own, names] of Object.entries(rules.columns))
    if (!isBuiltIn(own)) for (const name of [own, ...names]) addPattern(patterns, own, name);
  for (const [dataClass, names] of Object.entries(rules.except))
    for (const name of names) {
      const key = wordsOf(name).join(' ');
      excepted.set(key, (excepted.get(key) ?? new Set()).add(dataClass));
    }
  const remembered = new Map<string, readonly string[]>();
  return (name) => {
    const known = remembered.get(name);
    if (known !== undefined) return known;
    if (remembered.size >= REMEMBERED) remembered.clear();
    const found = match(wordsOf(name), patterns, excepted);
    remembered.set(name, found);
    return found;
  };
}

function listed(names: string): readonly string[] {
  return names === '' ? [] : names.split(' ');
}

/** A pattern also stands for its words run together: `cardnumber` is as common as `card_number`. */
function addPattern(
  patterns: Pattern[],
  of: string,
  name: string,
  where: Pattern['where'] = 'anywhere',
): void {
  const words = wordsOf(name);
  for (const text of new Set([words.join(' '), words.join('')]))
    if (text !== '') patterns.push({ class: of, text: ` ${text} `, where });
}

const NOTHING: readonly string[] = [];

function match(
  words: readonly string[],
  patterns: readonly Pattern[],
  excepted: ReadonlyMap<string, ReadonlySet<string>>,
): readonly string[] {
  if (words.length === 0) return NOTHING;
  const name = ` ${words.join(' ')} `;
  const spared = excepted.get(words.join(' '));
  const found = new Set<string>();
  for (const pattern of patterns) {
    if (found.has(pattern.class) || spared?.has(pattern.class) === true) continue;
    const at = name.indexOf(pattern.text);
    if (at === -1 || (pattern.where === 'whole' && name !== pattern.text)) continue;
    if (pattern.where === 'last' && !name.endsWith(pattern.text)) continue;
    const rest = name.slice(at + pattern.text.length).trim();
    if (rest === '' || !rest.split(' ').every((word) => ABOUT.has(word))) found.add(pattern.class);
  }
  return found.size === 0 ? NOTHING : [...found];
}
