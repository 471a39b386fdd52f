import type { Word, WordPart } from 'unbash';
import { ANY, joined, literal, NUMBER, patterned, textOf, type Field, type Segment } from './field.ts';
import { checkArithmetic } from './arithmetic.ts';
import { expandBraces } from './braces.ts';
import { expandParameter, valueOf } from './parameter.ts';
import { notUnderstood } from './refusal.ts';
import { Refused } from '../sql/refused.ts';
import { copyOf, MOST_ALTERNATIVES, type ShellState } from './shell-state.ts';
import { trimmed } from './output.ts';
import { SOME } from './stream.ts';
import type { Walk } from './walk-context.ts';

/** The fields that a word may become, as one of these lists. */
export type Alternatives = readonly (readonly Field[])[];

/** Fragments of a part: the first goes on with the field that stands before it, each other one begins a field. */
interface Piece {
  readonly fragments: readonly Field[];
  /** Makes a field even where it is empty. */
  readonly keeps: boolean;
}

const SEVERAL: Field = [{ kind: 'hole', holds: 'any', quoted: false }];

/** What a word becomes as arguments: split, with patterns and braces. Walks every script in it. */
export function expandWord(word: Word, state: ShellState, walk: Walk): Alternatives {
  const parts = partsOf(word.parts);
  if (parts.length === 0) return [[literal(checked(word.value))]];
  const variants = expandBraces(parts);
  if (variants === null) {
    if (state.posix) throw notUnderstood('Braces are read otherwise by a POSIX shell.');
    for (const part of parts) piecesOf(part, false, state, walk);
    return [[SEVERAL]];
  }
  if (variants.length > 1 && state.posix) throw notUnderstood('Braces are read otherwise by a POSIX shell.');
  return combined(variants.map((variant) => expandParts(variant, state, walk)));
}

/** What a word becomes as one text: the value of an assignment, a here-document, a target. */
export function expandText(
  word: { readonly parts?: readonly WordPart[] | undefined; readonly value: string },
  state: ShellState,
  walk: Walk,
): readonly Field[] {
  const parts = partsOf(word.parts);
  if (parts.length === 0) return [literal(checked(word.value))];
  return expandQuoted(parts, state, walk);
}

/** No person writes a word of so many parts, and each is put together with each. */
const MOST_PARTS = 500;
/** What doubles, doubles until here. */
const LONGEST = 100_000;

function partsOf(parts: readonly WordPart[] = []): readonly WordPart[] {
  if (parts.length > MOST_PARTS) throw new Refused('too_large', 'A word of the command has too many parts.');
  return parts;
}

function limited(texts: readonly Field[]): readonly Field[] {
  for (const text of texts)
    for (const segment of text)
      if (segment.kind === 'text' && segment.text.length > LONGEST)
        throw new Refused('too_large', 'A word of the command becomes too long.');
  return texts;
}

/** Parts as one text without splitting. */
export function expandQuoted(parts: readonly WordPart[], state: ShellState, walk: Walk): readonly Field[] {
  const options = parts.map((part) => piecesOf(part, true, state, walk));
  let texts: readonly Field[] = [[]];
  for (const pieces of options) {
    texts = texts.flatMap((text) => pieces.map(({ fragments }) => joined([...text, ...spaced(fragments)])));
    if (texts.length > MOST_ALTERNATIVES) return [ANY];
    texts = limited(texts);
  }
  return texts;
}

/** The lists of several words, each list of one with each of another. */
export function combined(each: readonly Alternatives[]): Alternatives {
  let all: Alternatives = [[]];
  for (const alternatives of each) {
    all = all.flatMap((fields) => alternatives.map((more) => [...fields, ...more]));
    if (all.length > MOST_ALTERNATIVES)
      return [each.flatMap((some) => (some.length === 1 ? (some[0] ?? []) : [SEVERAL]))];
  }
  return all;
}

function expandParts(parts: readonly WordPart[], state: ShellState, walk: Walk): Alternatives {
  const options = parts.map((part) => piecesOf(part, false, state, walk));
  let drafts: readonly { readonly fields: readonly Field[]; readonly keeps: boolean }[] = [
    { fields: [[]], keeps: false },
  ];
  for (const pieces of options) {
    drafts = drafts.flatMap((draft) =>
      pieces.map(({ fragments, keeps }) => {
        const [first = [], ...rest] = fragments;
        const before = draft.fields.slice(0, -1);
        const current = joined([...(draft.fields.at(-1) ?? []), ...first]);
        return { fields: [...before, current, ...rest], keeps: draft.keeps || keeps };
      }),
    );
    if (drafts.length > MOST_ALTERNATIVES) return [[SEVERAL]];
  }
  return drafts.map(({ fields, keeps }) => {
    const kept = fields.filter((field) => field.length > 0);
    return kept.length === 0 && keeps ? [[]] : kept;
  });
}

function piecesOf(part: WordPart, quoted: boolean, state: ShellState, walk: Walk): readonly Piece[] {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
      return [{ fragments: [literal(checked(part.value))], keeps: true }];
    case 'AnsiCQuoted':
      if (state.posix) throw notUnderstood("$'…' is read otherwise by a POSIX shell.");
      return [{ fragments: [literal(checked(part.value))], keeps: true }];
    case 'DoubleQuoted':
    case 'LocaleString':
      if (part.type === 'LocaleString' && state.posix)
        throw notUnderstood('$"…" is read otherwise by a POSIX shell.');
      return quotedPieces(part.parts, state, walk);
    case 'Glob':
      for (const inner of part.parts ?? []) piecesOf(inner, true, state, walk);
      return [
        {
          fragments: [[quoted ? literalSegment(part.text) : { kind: 'glob', text: part.text }]],
          keeps: true,
        },
      ];
    case 'ExtendedGlob':
      for (const inner of part.parts ?? []) piecesOf(inner, true, state, walk);
      return [{ fragments: [[{ kind: 'glob', text: part.text }]], keeps: true }];
    case 'BraceExpansion':
      for (const inner of part.parts ?? []) piecesOf(inner, false, state, walk);
      return [{ fragments: [SEVERAL], keeps: false }];
    case 'SimpleExpansion':
      return splitUnless(quoted, valueOf(part.text.slice(1), state, walk), state);
    case 'ParameterExpansion':
      return splitUnless(
        quoted,
        expandParameter(part, state, walk, { text: expandText, quoted: expandQuoted }),
        state,
      );
    case 'CommandExpansion':
      return splitUnless(quoted, substituted(part.script, state, walk), state);
    case 'ArithmeticExpansion':
      checkArithmetic(part.expression, part.text, state, walk, expandQuoted);
      return [{ fragments: [NUMBER], keeps: true }];
    case 'ProcessSubstitution': {
      if (state.posix) throw notUnderstood('<(…) is read otherwise by a POSIX shell.');
      const script = wellFormed(part.script);
      walk.findings.is('substitutes');
      const stream = walk.findings.descend(() => walk.statements(script.commands, copyOf(state), SOME));
      const number = 1000 + walk.substitutions.size;
      walk.substitutions.set(number, part.operator === '<' ? stream : SOME);
      return [{ fragments: [literal(`/dev/fd/${number}`)], keeps: true }];
    }
  }
}

function quotedPieces(parts: readonly WordPart[], state: ShellState, walk: Walk): readonly Piece[] {
  // "$@" makes as many fields as there are.
  const [only] = parts;
  if (parts.length === 1 && only?.type === 'SimpleExpansion' && only.text === '$@') {
    if (state.positional === null) return [{ fragments: [SEVERAL], keeps: false }];
    return [{ fragments: state.positional, keeps: false }];
  }
  return expandQuoted(parts, state, walk).map((text) => ({
    fragments: [text.map((segment) => (segment.kind === 'hole' ? { ...segment, quoted: true } : segment))],
    keeps: true,
  }));
}

function substituted(script: Script, state: ShellState, walk: Walk): readonly Field[] {
  const { commands } = wellFormed(script);
  walk.findings.is('substitutes');
  const stream = walk.findings.descend(() => walk.statements(commands, copyOf(state), SOME));
  return trimmed(stream);
}

type Script = Extract<WordPart, { type: 'CommandExpansion' }>['script'];

function wellFormed(script: Script): NonNullable<Script> {
  if (script === undefined || (script.errors?.length ?? 0) > 0)
    throw notUnderstood('A substitution can not be read.');
  return script;
}

/** Unquoted text is split at white space and its patterns are patterns. */
function splitUnless(quoted: boolean, texts: readonly Field[], state: ShellState): readonly Piece[] {
  if (quoted) return texts.map((text) => ({ fragments: [text], keeps: true }));
  return texts.map((text) => ({ fragments: split(text, state), keeps: false }));
}

function split(text: Field, state: ShellState): readonly Field[] {
  if (state.splitsOtherwise && text.length > 0) return [SEVERAL];
  const fields: Segment[][] = [[]];
  for (const segment of text) {
    if (segment.kind !== 'text') {
      fields.at(-1)?.push(segment.kind === 'hole' ? { ...segment, quoted: false } : segment);
      continue;
    }
    for (const [index, word] of segment.text.split(/[ \t\n]+/).entries()) {
      if (index > 0) fields.push([]);
      fields.at(-1)?.push(...patterned(word));
    }
  }
  return fields.map(joined);
}

function spaced(fragments: readonly Field[]): Field {
  return fragments.flatMap((fragment, index) => (index === 0 ? fragment : [...literal(' '), ...fragment]));
}

function literalSegment(text: string): Segment {
  return { kind: 'text', text };
}

/** What holds a NUL ends there for some and not for others. */
function checked(text: string): string {
  if (text.includes('\0')) throw notUnderstood('A word holds a NUL character.');
  return text;
}

/** The name that a word is, where it can be nothing else. */
export function plainName(field: Field): string | undefined {
  const text = textOf(field);
  return text !== undefined && /^[A-Za-z_]\w*$/.test(text) ? text : undefined;
}
