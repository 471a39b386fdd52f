import type { CommandNode, PipelineNode, Statement } from 'unbash';
import { compound } from './compound.ts';
import { Findings } from './findings.ts';
import { notUnderstood } from './refusal.ts';
import { parseScript } from './parse.ts';
import { runProgram } from './run-program.ts';
import { simpleCommand } from './simple-command.ts';
import { copyOf, mergeInto, type ShellState } from './shell-state.ts';
import { from, NOTHING, SOME, type Stream } from './stream.ts';
import { textOf } from './field.ts';
import { outputOf, redirect } from './redirect.ts';
import type { Walk } from './walk-context.ts';

export function newWalk(findings: Findings): Walk {
  const walk: Walk = {
    findings,
    substitutions: new Map(),
    statements: (statements, state, input) => sequence(statements, state, walk, input),
    text: (field, state, input) => {
      const text = textOf(field);
      if (text === undefined) throw notUnderstood('A text that can not be told is run as a command.');
      return findings.descend(() => sequence(parseScript(text).commands, state, walk, input));
    },
    program: (argv, state, input) => findings.descend(() => runProgram(argv, state, walk, input)),
  };
  return walk;
}

function sequence(statements: readonly Statement[], state: ShellState, walk: Walk, input: Stream): Stream {
  const outputs = statements.map((statement) =>
    walk.findings.descend(() => one(statement, state, walk, input)),
  );
  const [only] = outputs;
  if (outputs.length === 0) return NOTHING;
  return outputs.length === 1 && only !== undefined ? only : from(...outputs);
}

function one({ command, background }: Statement, state: ShellState, walk: Walk, input: Stream): Stream {
  if (background !== true) return list(command, state, walk, input);
  walk.findings.is('background');
  return list(command, copyOf(state), walk, SOME);
}

function list(node: Statement['command'], state: ShellState, walk: Walk, input: Stream): Stream {
  if (node.type !== 'AndOr') return pipeline(node, state, walk, input);
  const outputs = node.commands.map((each, index) => {
    if (index === 0) return pipeline(each, state, walk, input);
    // Whether it runs depends on what ran before it.
    const branch = copyOf(state);
    const output = pipeline(each, branch, walk, input);
    mergeInto(state, branch);
    return output;
  });
  return from(...outputs);
}

function pipeline(node: PipelineNode, state: ShellState, walk: Walk, input: Stream): Stream {
  if (node.type !== 'Pipeline') return single(node, state, walk, input);
  if (node.prefixes.some(({ type }) => type === 'Time')) walk.findings.name('programs', 'time');
  let stream = input;
  for (const each of node.commands)
    stream = single(each, node.commands.length > 1 ? copyOf(state) : state, walk, stream);
  return stream;
}

function single(node: CommandNode, state: ShellState, walk: Walk, input: Stream): Stream {
  return walk.findings.descend(() => {
    if (node.type === 'Command') return simpleCommand(node, state, walk, input);
    if (node.type === 'Redirected') {
      const redirected = redirect(node.redirects, state, walk, input);
      return outputOf(compound(node.command, state, walk, redirected.input), redirected, walk);
    }
    if (node.type === 'Coproc')
      throw notUnderstood('coproc is not among the constructs that are understood here.');
    if (node.type !== 'Function') return compound(node, state, walk, input);
    const name = node.name.value;
    if (!/^[\w.:+@%-]+$/.test(name)) throw notUnderstood('The name of a function is not plain.');
    if (node.body.type === 'CompoundList') throw notUnderstood('The body of a function can not be read.');
    state.functions.set(name, [node.body]);
    state.sure.add(name);
    return NOTHING;
  });
}
