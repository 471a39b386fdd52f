import type { Json, JsonObject } from '../model/json.ts';
import type { SqlFacts } from '../model/facts.ts';
import type { BackendResult, Masked, MaskedResult, MaskingReport, ResultColumn } from '../model/result.ts';
import { maskLabel } from './column-labels.ts';
import { standingsOf } from './columns.ts';
import { ReportBuilder, jsonPointer } from './masking-report.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import type { RevealedValue } from './revealed-values.ts';
import type { MaskingRules } from './rules.ts';
import { maskAcrossCells, type Across } from './seams.ts';
import type { Span } from './settle.ts';
import { viewOf } from './view.ts';
import { NOWHERE, rootOf } from './standing.ts';
import { walk, walkText, type Walk } from './walk.ts';

/** What is known of a result beside its content. */
export interface MaskHow {
  /** Classes that the skill declares for columns, by name. */
  readonly columnClasses: Readonly<Record<string, string>>;
  /** What each column was computed from, from inspection. */
  readonly resultColumns: SqlFacts['resultColumns'];
  /** Columns whose bytes the skill declares to be some that may leave; without it, none. */
  readonly binaryColumns?: readonly string[];
  /** Classes that policy lets this principal see. */
  readonly unmasked: ReadonlySet<string>;
  /** The tool's name, for the rules that are written for it. */
  readonly tool?: string;
  /**
   * Whether a skill author wrote the statement. Where the agent did, a column keeps no last four: with
   * `'424242424242' || substr(card_number, 1, 4)` it could ask for any four.
   */
  readonly fixedStatement?: boolean;
  /** What the backend was given in place of tokens: none of it may come back. */
  readonly revealed?: readonly RevealedValue[];
  /** For the strategies `tokenise` and `format_preserving`; without it they redact. */
  readonly pseudonyms?: Pseudonyms;
}

/**
 * Masks the rows and the column names of a result. Does not change what it is given; shares with it what was not
 * masked. Never throws on JSON of any shape.
 */
export function maskResult(result: BackendResult, how: MaskHow, rules: MaskingRules): MaskedResult {
  const report = new ReportBuilder();
  // To an agent that writes the statement, pseudonyms would answer for any value that it can think of.
  const pseudonyms = how.fixedStatement === true ? (how.pseudonyms ?? null) : null;
  const view = viewOf(rules, how.tool, how.unmasked, pseudonyms, how.revealed);
  const standings = standingsOf(result.columns, how, rules);
  let path = '';
  const state: Walk = { view, path: [], note: (span) => report.add(path, span) };
  const columns = result.columns.map((column): ResultColumn => {
    path = 'column names';
    const name = maskLabel(column.name, state);
    const type = maskLabel(column.type, state);
    return name === column.name && type === column.type ? column : { name, type };
  });
  const pathOf = (index: number): string => columns[index]?.name ?? `column ${index + 1}`;
  const across: Across = { view, note: (index, _, span) => report.add(pathOf(index), span) };
  const cells = result.rows.map((row) => {
    let copy: Json[] | null = null;
    for (let index = 0; index < row.length; index++) {
      const cell = row[index];
      if (cell === undefined) continue;
      path = pathOf(index);
      const masked = walk(cell, standings[index] ?? NOWHERE, state);
      if (masked === cell) continue;
      copy ??= [...row];
      copy[index] = masked;
    }
    return copy ?? row;
  });
  const rows = cells.map((row, index) => maskAcrossCells(row, result.rows[index] ?? row, across));
  return seal({ ...result, columns, rows }, report.build());
}

/**
 * Masks a text: an error, a log line, what a tool says. Nothing is shown, whoever asks.
 *
 * @param revealed what a backend was given in place of tokens, where the text is its.
 */
export function maskText(
  text: string,
  rules: MaskingRules,
  revealed: readonly RevealedValue[] = [],
): Masked<string> {
  const { state, report } = begin(rules, revealed);
  return seal(walkText(text, rootOf(rules), state), report.build());
}

/** Masks JSON that is no table, as arguments are. Nothing is shown, whoever asks. */
export function maskJson(value: Json, rules: MaskingRules): Masked<Json> {
  const { state, report } = begin(rules);
  return seal(walk(value, rootOf(rules), state), report.build());
}

/** A file that an operator wrote; `text` null: it is not kept. */
interface SourceFile {
  readonly path: string;
  readonly sha256: string;
  readonly text: string | null;
}

/**
 * Policies name people and addresses, as every record does: those stay, or nobody could tell what was in force. What should
 * not stand in such a file, a key or a card number, is masked.
 */
const STAYS: ReadonlySet<string> = new Set(['email', 'person_name', 'ip_address']);

/** Masks the files of operators for the record, with what is kept `about` them: names that they chose. */
export function maskSources(
  files: readonly SourceFile[],
  about: JsonObject,
  rules: MaskingRules,
): Masked<Json> {
  const { state, report } = begin(rules, [], STAYS);
  const masked = files.map(({ path, sha256, text }) => ({
    path,
    sha256,
    text: text === null ? null : walkText(text, NOWHERE, state),
  }));
  return seal({ ...about, files: masked }, report.build());
}

const NOTHING: ReadonlySet<string> = new Set();

function begin(
  rules: MaskingRules,
  revealed: readonly RevealedValue[] = [],
  shown: ReadonlySet<string> = NOTHING,
): { readonly state: Walk; readonly report: ReportBuilder } {
  const report = new ReportBuilder();
  const path: (string | number)[] = [];
  const note = (span: Span): void => report.add(jsonPointer(path, true), span);
  return { state: { view: viewOf(rules, undefined, shown, null, revealed), path, note }, report };
}

/** The only place where something is called masked. */
function seal<T>(value: T, report: MaskingReport): Masked<T> {
  return { value, report } as Masked<T>;
}
