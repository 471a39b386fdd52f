import { parse } from 'unbash';
import type { ShellInspection } from '../../model/facts.ts';

/** The facts of a shell command, or why there are none. Pure and synchronous. */
export function inspectShell(text: string): ShellInspection {
  const { commands } = parse(text);
  const message = `The command has ${commands.length} parts, none of which is among the commands that are understood here.`;
  return { ok: false, notUnderstood: { reason: 'unsupported', message } };
}
