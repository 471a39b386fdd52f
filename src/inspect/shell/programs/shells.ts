import { touch, type Call, type Program } from '../call.ts';
import { literal, textOf, type Field } from '../field.ts';
import { notUnderstood, quoted } from '../refusal.ts';
import { newShell } from '../shell-state.ts';
import { wholeText } from '../output.ts';
import { substituted } from '../redirect.ts';
import { SOME, type Stream } from '../stream.ts';

const FLAGS = /^[+-][aefhmnuvxlE]+$/;
const LONG = /^--(?:login|noprofile|norc|posix|noediting)$/;
const OPTIONS = /^(?:errexit|nounset|pipefail|xtrace|verbose|noglob)$/;

/** `sh`, `bash`, `dash`: a text, a file or the input as a script. */
export const shell: Program = (call) => {
  const { args } = call;
  let takesText = false;
  let takesInput = false;
  let at = 0;
  for (; at < args.length; at += 1) {
    const option = textOf(args[at] ?? []);
    if (option === undefined) throw notUnderstood(`An option of ${call.name} can not be told from the text.`);
    if (option === '--' || option === '-') {
      at += 1;
      break;
    }
    if (!/^[+-]/.test(option)) break;
    const letters = option.replace(/[cs]/g, '');
    if (LONG.test(option)) continue;
    if (
      /^-[a-zA-Z]*o$/.test(option) &&
      (letters === '-o' || FLAGS.test(letters.slice(0, -1))) &&
      OPTIONS.test(textOf(args[at + 1] ?? []) ?? '')
    ) {
      if (option.includes('c')) takesText = true;
      at += 1;
      continue;
    }
    if (!option.startsWith('-') || (letters !== '-' && !FLAGS.test(letters)))
      throw notUnderstood(
        `The option ${quoted(option)} of ${call.name} is not among those that are understood here.`,
      );
    takesText ||= option.includes('c');
    takesInput ||= option.includes('s');
  }
  const rest = args.slice(at);
  const [first, ...others] = rest;
  if (takesText) {
    if (first === undefined) throw notUnderstood(`${call.name} -c has no command.`);
    return runText(call, first, others.slice(1), call.input);
  }
  if (first === undefined || takesInput) return runInput(call, rest);
  const stream = substituted(first, call.walk);
  if (stream !== undefined) return runStream(call, stream, others);
  touch(call, first, 'run');
  return SOME;
};

/** Runs a text as a new shell of the kind that the program is. */
function runText(call: Call, text: Field, positional: readonly Field[] | null, input: Stream): Stream {
  const state = newShell(call.name !== 'bash', call.state.directories);
  state.positional = positional;
  return call.walk.text(text, state, input);
}

function runInput(call: Call, positional: readonly Field[]): Stream {
  return runStream(call, call.input, positional);
}

/** A script that comes from elsewhere is understood where its text is known, or refused; what was fetched is named. */
export function runStream(call: Call, stream: Stream, positional: readonly Field[]): Stream {
  if (stream.fetched) {
    call.walk.findings.is('fetchesAndRuns', 'runsCode');
    return { fetched: true };
  }
  const text = wholeText(stream);
  if (text === undefined)
    throw notUnderstood(`What ${call.name} is given to run can not be told from the text.`);
  return runText(call, literal(text), positional, SOME);
}
