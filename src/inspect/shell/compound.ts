import type { CompoundCommand, CompoundList, TestExpression, Word } from 'unbash';
import { checkArithmetic, checkNumber } from './arithmetic.ts';
import { expandQuoted, expandText, expandWord, plainName } from './expand.ts';
import { ANY, mayBeSeveral, type Field } from './field.ts';
import { assignVariable } from './variables.ts';
import { notUnderstood } from './refusal.ts';
import { copyOf, forgetDifferences, mergeInto, union, type ShellState } from './shell-state.ts';
import { from, NOTHING, type Stream } from './stream.ts';
import type { Walk } from './walk-context.ts';

/** A loop whose variables still change after so many rounds is given up. */
const ROUNDS = 12;

export function compound(node: CompoundCommand, state: ShellState, walk: Walk, input: Stream): Stream {
  switch (node.type) {
    case 'BraceGroup':
      return body(node.body, state, walk, input);
    case 'Subshell':
      return body(node.body, copyOf(state), walk, input);
    case 'If': {
      const outputs = [body(node.clause, state, walk, input), branch(node.then, state, walk, input)];
      for (const each of node.elif)
        outputs.push(branch(each.clause, state, walk, input), branch(each.then, state, walk, input));
      if (node.else !== undefined) outputs.push(branch(node.else, state, walk, input));
      return from(...outputs);
    }
    case 'While':
      return loop(state, (inside) => {
        body(node.clause, inside, walk, input);
        return body(node.body, inside, walk, input);
      });
    case 'For':
    case 'Select': {
      const values = listed(node.wordlist, state, walk);
      return loop(state, (inside) => {
        assignVariable(node.name.value, values, inside, walk);
        return body(node.body, inside, walk, input);
      });
    }
    case 'ArithmeticFor':
      return loop(state, (inside) => {
        for (const expression of [node.initialize, node.test, node.update])
          if (expression !== undefined) checkArithmetic(expression, '', inside, walk, expandQuoted);
        return body(node.body, inside, walk, input);
      });
    case 'Case': {
      expandText(node.word, state, walk);
      const outputs = node.items.map((item) => {
        for (const pattern of item.pattern) expandText(pattern, state, walk);
        return branch(item.body, state, walk, input);
      });
      return from(...outputs);
    }
    case 'TestCommand':
      if (state.posix) throw notUnderstood('[[ is a program to a POSIX shell.');
      test(node.expression, state, walk);
      return NOTHING;
    case 'ArithmeticCommand':
      if (state.posix) throw notUnderstood('(( is two subshells to a POSIX shell.');
      checkArithmetic(node.expression, node.body, state, walk, expandQuoted);
      return NOTHING;
  }
}

function body({ commands }: CompoundList, state: ShellState, walk: Walk, input: Stream): Stream {
  return walk.statements(commands, state, input);
}

/** A part that may not run. */
function branch(part: CompoundList, state: ShellState, walk: Walk, input: Stream): Stream {
  const inside = copyOf(state);
  const output = body(part, inside, walk, input);
  mergeInto(state, inside);
  return output;
}

/** Walks a loop until another round would find nothing new. */
function loop(state: ShellState, visit: (inside: ShellState) => Stream): Stream {
  for (let round = 0; round < ROUNDS; round += 1) {
    const inside = copyOf(state);
    const output = visit(inside);
    if (!mergeInto(state, inside)) return from(output);
    if (round >= 2) forgetDifferences(state, inside);
  }
  throw notUnderstood('A loop changes its variables in too many ways.');
}

/** The texts that the variable of a loop takes. */
function listed(words: readonly Word[] | undefined, state: ShellState, walk: Walk): readonly Field[] {
  if (words === undefined) return state.positional ?? [ANY];
  let values: readonly Field[] = [];
  for (const word of words)
    for (const field of expandWord(word, state, walk).flat())
      values = union(values, [mayBeSeveral(field) ? ANY : field]);
  return values;
}

function test(node: TestExpression, state: ShellState, walk: Walk): void {
  switch (node.type) {
    case 'TestLogical':
      for (const operand of node.operands) test(operand, state, walk);
      return;
    case 'TestNot':
      return test(node.operand, state, walk);
    case 'TestGroup':
      return test(node.expression, state, walk);
    case 'TestUnary': {
      const operands = expandText(node.operand, state, walk);
      // A name with a subscript is evaluated, and what stands in the subscript is run.
      if (
        (node.operator === '-v' || node.operator === '-R') &&
        operands.some((one) => plainName(one) === undefined)
      )
        throw notUnderstood(`${node.operator} on a text that is no plain name may run it.`);
      return;
    }
    case 'TestBinary': {
      const operands = [...expandText(node.left, state, walk), ...expandText(node.right, state, walk)];
      if (/^-(?:eq|ne|lt|le|gt|ge)$/.test(node.operator)) for (const one of operands) checkNumber(one, state);
    }
  }
}
