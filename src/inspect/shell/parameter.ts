import type { ParameterExpansionPart, WordPart } from 'unbash';
import { ANY, hasHole, literal, NAME, NUMBER, textOf, type Field } from './field.ts';
import { assignVariable, isSecretVariable } from './variables.ts';
import { notUnderstood, quoted } from './refusal.ts';
import { checkSubscript } from './arithmetic.ts';
import { union, type ShellState } from './shell-state.ts';
import type { Walk } from './walk-context.ts';

interface Expanders {
  readonly text: (
    word: { readonly parts?: readonly WordPart[] | undefined; readonly value: string },
    state: ShellState,
    walk: Walk,
  ) => readonly Field[];
  readonly quoted: (parts: readonly WordPart[], state: ShellState, walk: Walk) => readonly Field[];
}

const NUMBERS =
  /^(?:[#?$!]|PPID|UID|EUID|RANDOM|SRANDOM|SECONDS|LINENO|EPOCHSECONDS|BASHPID|SHLVL|COLUMNS|LINES)$/;
const NAMES = /^(?:-|USER|LOGNAME|HOSTNAME|HOSTTYPE|OSTYPE|MACHTYPE|LANG|TERM)$/;

/** The texts that a variable may hold. Reading a credential out of the environment is reading one. */
export function valueOf(name: string, state: ShellState, walk: Walk): readonly Field[] {
  const known = state.variables.get(name);
  if (known !== undefined) return known;
  if (NUMBERS.test(name)) return [NUMBER];
  if (NAMES.test(name)) return [NAME];
  if (name === 'HOME') return [literal('~')];
  if (name === 'PWD') return [literal('.')];
  if (name === 'TMPDIR') return [literal('/tmp')];
  if (/^[1-9]\d*$/.test(name))
    return state.positional === null ? [ANY] : [state.positional[Number(name) - 1] ?? []];
  if (name === '@' || name === '*') return state.positional?.length === 0 ? [[]] : [ANY];
  if (isSecretVariable(name)) walk.findings.readsFrom('secret');
  return [ANY];
}

export function expandParameter(
  part: ParameterExpansionPart,
  state: ShellState,
  walk: Walk,
  expand: Expanders,
): readonly Field[] {
  const { parameter, prefix, index, operation } = part;
  if (index !== undefined) checkSubscript(index, state, walk, expand.quoted);
  if (prefix === '!') {
    const keys = operation?.type === 'Names' || (index !== undefined && /^[@*]$/.test(index.value));
    if (!keys) throw notUnderstood(`${quoted(part.text)} names its variable by another.`);
    return [ANY];
  }
  const value = index === undefined ? valueOf(parameter, state, walk) : [ANY];
  if (prefix === '#') return [NUMBER];
  if (operation === undefined) return value;
  switch (operation.type) {
    case 'Default': {
      const operand = expand.text(operation.operand, state, walk);
      if (operation.operator.endsWith('+')) return union(operand, [[]]);
      if (operation.operator.endsWith('?')) return value;
      if (operation.operator.endsWith('=')) assignVariable(parameter, union(value, operand), state, walk);
      return union(value, operand);
    }
    case 'Remove':
      return withPartRemoved(value, operation.operator, expand.text(operation.operand, state, walk));
    case 'Replace': {
      expand.text(operation.pattern, state, walk);
      const replacement = expand.text(operation.replacement, state, walk);
      return [...value, ...replacement].every(isName) ? [NAME] : [ANY];
    }
    case 'Slice':
      checkSubscript(operation.offset, state, walk, expand.quoted);
      if (operation.length !== undefined) checkSubscript(operation.length, state, walk, expand.quoted);
      return value.every(isName) ? [NAME] : [ANY];
    case 'CaseModification':
      if (operation.operand !== undefined) expand.text(operation.operand, state, walk);
      return value.every(isName) ? [NAME] : [ANY];
    case 'Transform':
      // `@P` expands the value as a prompt, and a prompt runs commands.
      if (!/^[QEULuKAak]$/.test(operation.operand.value))
        throw notUnderstood(`${quoted(part.text)} runs its value.`);
      return [ANY];
    case 'Names':
      return [ANY];
    case 'Unknown':
      throw notUnderstood(`${quoted(part.text)} is not an expansion that is understood here.`);
  }
}

/** No slash and no white space: part of it is no more than a name, either. */
function isName(field: Field): boolean {
  return field.every((segment) => {
    if (segment.kind === 'text') return /^[\w.,:=@%+-]*$/.test(segment.text);
    return segment.kind === 'hole' ? segment.holds !== 'any' : segment.text !== '**';
  });
}

function withPartRemoved(
  values: readonly Field[],
  operator: string,
  operands: readonly Field[],
): readonly Field[] {
  const [operand = ANY] = operands;
  const ofName = operator === '##' && startsWithAnyFolder(operand);
  if (values.every(isName) || (ofName && !values.some(hasHole))) return [NAME];
  const text = textOf(operand) ?? '/';
  const suffix = operator.startsWith('%') && !text.includes('/');
  return suffix && operands.length === 1 && !values.some(hasHole) ? values.map(folderWithName) : [ANY];
}

/** `*` and a slash: of a path, what is left is its last part. */
function startsWithAnyFolder(operand: Field): boolean {
  const [first, second, ...rest] = operand;
  if (textOf(operand) === '*/') return true;
  return (
    first?.kind === 'glob' &&
    first.text === '*' &&
    second?.kind === 'text' &&
    second.text === '/' &&
    rest.length === 0
  );
}

/** The folder of a path, and some name in it. */
function folderWithName(field: Field): Field {
  const at = field.findLastIndex((segment) => segment.kind === 'text' && segment.text.includes('/'));
  const segment = field[at];
  if (segment?.kind !== 'text') return NAME;
  return [
    ...field.slice(0, at),
    ...literal(segment.text.slice(0, segment.text.lastIndexOf('/') + 1)),
    ...NAME,
  ];
}
