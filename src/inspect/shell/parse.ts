import { forEachChild, parse, type ParsedScript, type SyntaxNode } from 'unbash';
import { Refused } from '../sql/refused.ts';

/** The script, where all of it can be read: an error at any depth refuses the whole. */
export function parseScript(text: string): ParsedScript {
  const script = parse(text);
  new Check(text).script(script);
  return script;
}

/** How many commands a script holds, at any depth. */
export function countCommands(script: ParsedScript): number {
  let commands = 0;
  const open: SyntaxNode[] = [script];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.type === 'Command' && node.name !== undefined) commands += 1;
    forEachChild(node, (child) => void open.push(child));
  }
  return commands;
}

/** Each of these matches one character at a time in one way only, so that no text is tried twice. */
const WORDS = /^(?:[ \t]|\\\n)*$/;
const STATEMENTS = /^(?:[\s;&]|\\\n|#[^\n]*(?:\n|$))*$/;
const LOGIC = /^(?:\s|\\\n|#[^\n]*(?:\n|$))*(?:&&|\|\|)(?:\s|\\\n|#[^\n]*(?:\n|$))*$/;
const PIPES = /^(?:\s|\\\n|#[^\n]*(?:\n|$))*(?:\|&?)?(?:\s|\\\n|#[^\n]*(?:\n|$))*$/;

/**
 * The parser makes the best of what it is given, and may drop a character that is in its way. So the text between the parts
 * of a command must be what can stand there, and nothing may be left over.
 */
class Check {
  readonly #text: string;
  #left = 50_000;

  constructor(text: string) {
    this.#text = text;
  }

  script(script: ParsedScript): void {
    const [error] = script.errors ?? [];
    if (error !== undefined) throw new Refused('syntax', `The command can not be read: ${error.message}.`);
    const documents: (readonly [from: number, to: number])[] = [];
    this.#visit(script, documents);
    for (const node of this.#nodes(script)) this.#gaps(node, documents);
    const last = Math.max(
      script.pos,
      ...documents.map(([, to]) => to),
      ...script.commands.map(({ end }) => end),
    );
    if (!STATEMENTS.test(this.#between(last, script.end, []))) throw leftOver();
  }

  /** Every node of this script alone; scripts in it are checked by themselves. */
  #nodes(script: ParsedScript): readonly SyntaxNode[] {
    const nodes: SyntaxNode[] = [];
    const open: SyntaxNode[] = [script];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      nodes.push(node);
      forEachChild(node, (child) => {
        if (child.type !== 'Script') open.push(child);
      });
    }
    return nodes;
  }

  #visit(script: ParsedScript, documents: (readonly [number, number])[]): void {
    for (const node of this.#nodes(script)) {
      this.#left -= 1;
      if (this.#left < 0) throw new Refused('too_large', 'The command has too many parts.');
      if (node.type === 'HereDoc') documents.push([node.body.pos, node.closing?.end ?? node.body.end]);
      forEachChild(node, (child) => {
        if (child.type !== 'Script') return;
        if (child.source === undefined) this.script(child);
        else new Check(child.source).script(child);
      });
    }
  }

  #gaps(node: SyntaxNode, documents: readonly (readonly [number, number])[]): void {
    const allowed = allowedIn(node);
    if (allowed === undefined) return;
    let end: number | undefined;
    forEachChild(node, (child) => {
      if (end !== undefined && !allowed.test(this.#between(end, child.pos, documents))) throw leftOver();
      end = child.end;
    });
    if (node.type === 'Command' && end !== undefined && end < node.end) throw leftOver();
  }

  /** The text, without the here-documents in it. */
  #between(from: number, to: number, documents: readonly (readonly [number, number])[]): string {
    let text = '';
    let at = from;
    for (const [opens, closes] of documents
      .filter(([begin]) => begin >= from && begin < to)
      .sort(([a], [b]) => a - b)) {
      text += this.#text.slice(at, opens);
      at = Math.max(at, closes);
    }
    return text + this.#text.slice(at, to);
  }
}

function allowedIn(node: SyntaxNode): RegExp | undefined {
  if (node.type === 'Command') return WORDS;
  if (node.type === 'Script' || node.type === 'CompoundList') return STATEMENTS;
  if (node.type === 'AndOr') return LOGIC;
  return node.type === 'Pipeline' ? PIPES : undefined;
}

function leftOver(): Refused {
  return new Refused('syntax', 'The command can not be read: a part of it belongs to nothing.');
}
