import { forEachChild, parse, type ParsedScript, type SyntaxNode } from 'unbash';
import { Refused } from '../sql/refused.ts';

/** The script, where all of it can be read: an error at any depth refuses the whole. */
export function parseScript(text: string): ParsedScript {
  const script = parse(text);
  const [error] = script.errors ?? [];
  if (error !== undefined) throw new Refused('syntax', `The command can not be read: ${error.message}.`);
  return script;
}

/** How many commands a script holds, at any depth, and that every one can be read. */
export function countCommands(script: ParsedScript): number {
  let commands = 0;
  let left = 50_000;
  const open: SyntaxNode[] = [script];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    left -= 1;
    if (left < 0) throw new Refused('too_large', 'The command has too many parts.');
    if (node.type === 'Command' && node.name !== undefined) commands += 1;
    if (node.type === 'Script' && 'errors' in node && (node.errors?.length ?? 0) > 0)
      throw new Refused(
        'syntax',
        `The command can not be read: ${node.errors?.[0]?.message ?? 'syntax error'}.`,
      );
    forEachChild(node, (child) => void open.push(child));
  }
  return commands;
}
