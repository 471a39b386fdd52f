import { createHash } from 'node:crypto';
import type { ShellFacts, ShellInspection } from '../../model/facts.ts';
import { Refused } from '../sql/refused.ts';
import { Findings } from './findings.ts';
import { canonical } from './canonical.ts';
import { countCommands, parseScript } from './parse.ts';
import { literal } from './field.ts';
import { newShell } from './shell-state.ts';
import { newWalk } from './walk.ts';
import { SOME } from './stream.ts';

/**
 * The facts of a shell command, or why there are none. Pure and synchronous. `crashed` means that the parser failed:
 * whoever runs this in a worker replaces the worker.
 */
export function inspectShell(text: string): ShellInspection {
  try {
    forbidBytes(text);
    return { ok: true, facts: factsOf(text) };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, notUnderstood: error.notUnderstood };
    const message = 'The parser failed on this command; a simpler one may pass.';
    return { ok: false, notUnderstood: { reason: 'crashed', message } };
  }
}

/**
 * Bash drops a NUL, and reads a carriage return and other control characters as parts of words that a person does not see.
 * Half a surrogate pair is turned into another character.
 */
function forbidBytes(text: string): void {
  if (/(?![\t\n])\p{Cc}/u.test(text))
    throw new Refused('forbidden_bytes', 'The command contains a control character.');
  if (!text.isWellFormed()) throw new Refused('forbidden_bytes', 'The command is not valid Unicode.');
}

function factsOf(text: string): ShellFacts {
  const script = parseScript(text);
  const commands = countCommands(script);
  if (script.commands.length === 0) throw new Refused('syntax', 'There is no command in the text.');
  const findings = new Findings();
  newWalk(findings).statements(script.commands, newShell(false, [literal('.')]), SOME);
  const fingerprint = createHash('sha256').update(canonical(script)).digest('hex').slice(0, 16);
  return findings.facts(commands, fingerprint);
}
