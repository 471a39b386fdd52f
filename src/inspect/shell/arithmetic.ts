import { forEachChild, type ArithmeticExpression, type SyntaxNode, type Word, type WordPart } from 'unbash';
import { NUMBER, textOf, type Field } from './field.ts';
import { assignVariable } from './variables.ts';
import { notUnderstood, quoted } from './refusal.ts';
import type { ShellState } from './shell-state.ts';
import type { Walk } from './walk-context.ts';

type ExpandParts = (parts: readonly WordPart[], state: ShellState, walk: Walk) => readonly Field[];

const PLAIN = /^[\w\s+\-*/%<>=!&|^~?:(),.#@]*$/;

/**
 * Walks arithmetic. Bash evaluates the text of a variable as arithmetic again, and a subscript in it as a word, so that the
 * value `a[$(rm x)]` runs `rm`: every text that comes in must be told to be a number.
 */
export function checkArithmetic(
  expression: ArithmeticExpression | undefined,
  text: string,
  state: ShellState,
  walk: Walk,
  expand: ExpandParts,
): void {
  if (expression === undefined) {
    if (/^[\s$()[\]]*$/.test(text)) return;
    throw notUnderstood(`The arithmetic ${quoted(text)} can not be read.`);
  }
  visit(expression);

  function visit(node: SyntaxNode): void {
    if (node.type === 'ArithmeticWord') {
      if (node.parts === undefined) checkNames(node.value, state);
      else checkTexts(node.parts, state, walk, expand);
      return;
    }
    if (node.type === 'ArithmeticCommandExpansion')
      throw notUnderstood('Arithmetic on the output of a command may run what it prints.');
    if (node.type === 'ArithmeticBinary') {
      // What is set anew is not evaluated first; all else that stands there is.
      if (node.operator === '=') visit(node.right);
      else forEachChild(node, visit);
      assigned(node.operator.endsWith('=') && !/^[<>=!]=$/.test(node.operator), node.left);
    } else if (node.type === 'ArithmeticUnary') {
      visit(node.operand);
      assigned(node.operator === '++' || node.operator === '--', node.operand);
    } else if (node.type === 'ArithmeticTernary' || node.type === 'ArithmeticGroup')
      forEachChild(node, visit);
    else throw notUnderstood('A part of the arithmetic is not understood.');
  }

  function assigned(assigns: boolean, target: ArithmeticExpression): void {
    if (!assigns) return;
    const name = target.type === 'ArithmeticWord' ? target.value : '';
    if (!/^[A-Za-z_]\w*$/.test(name)) throw notUnderstood('What the arithmetic assigns to can not be told.');
    assignVariable(name, [NUMBER], state, walk);
  }
}

/** A subscript, an offset, a length: arithmetic, unless it stands for all. */
export function checkSubscript(index: Word, state: ShellState, walk: Walk, expand: ExpandParts): void {
  if (index.parts === undefined) {
    if (index.value !== '@' && index.value !== '*') checkNames(index.value, state);
  } else checkTexts(index.parts, state, walk, expand);
}

/** Words of `let` and of comparisons by number: texts that are arithmetic once they are expanded. */
export function checkNumber(field: Field, state: ShellState): void {
  const text = textOf(field);
  if (text !== undefined) checkNames(text, state);
  else if (field.some((segment) => segment.kind !== 'text' && !isNumber(segment)))
    throw notUnderstood('Arithmetic on a text that can not be told may run it.');
  else for (const segment of field) if (segment.kind === 'text') checkNames(segment.text, state);
}

function checkTexts(parts: readonly WordPart[], state: ShellState, walk: Walk, expand: ExpandParts): void {
  const others: WordPart[] = [];
  for (const part of parts) {
    const name = simpleName(part);
    // What the process inherited is the operator's.
    if (name !== undefined && !state.variables.has(name) && !/^\d|^[@*]/.test(name)) continue;
    others.push(part);
  }
  for (const field of expand(others, state, walk)) checkNumber(field, state);
}

function simpleName(part: WordPart): string | undefined {
  if (part.type === 'SimpleExpansion') return part.text.slice(1);
  if (part.type !== 'ParameterExpansion') return undefined;
  return part.prefix === undefined && part.index === undefined && part.operation === undefined
    ? part.parameter
    : undefined;
}

function checkNames(text: string, state: ShellState): void {
  if (!PLAIN.test(text)) throw notUnderstood(`The arithmetic ${quoted(text)} may run a command.`);
  for (const [name] of text.matchAll(/[A-Za-z_]\w*/g))
    for (const value of state.variables.get(name) ?? [])
      if (
        !value.every(
          (segment) => isNumber(segment) || (segment.kind === 'text' && /^[\s\d+*%()-]*$/.test(segment.text)),
        )
      )
        throw notUnderstood(
          `Arithmetic on ${quoted(name)}, whose text can not be told to be a number, may run it.`,
        );
}

function isNumber(segment: Field[number]): boolean {
  return segment.kind === 'hole' && segment.holds === 'number';
}
