import { hash } from 'node:crypto';
import { limitDepth } from './limit-depth.ts';
import { unsupported } from '../refused.ts';
import type { Token } from './token.ts';

/**
 * A statement written again so that no parser can read its tokens otherwise than the lexer did: single spaces, no
 * comments, strings replaced by short names, identifiers in one kind of quotes.
 */
export interface Canonical {
  readonly text: string;
  /** The content of each string, by the name that stands for it. */
  readonly strings: ReadonlyMap<string, CanonicalString>;
}

export interface CanonicalString {
  readonly content: string;
  /** Was in double quotes, so it may be an identifier. */
  readonly double: boolean;
}

/** The parser dies of 800 terms in one chain and does not come back; it refuses nesting beyond 50 by itself. */
const LIMITS = { chain: 300, depth: 100 };

/** `doubles`: how to write what was between double quotes. `quote`: what opens the quotes of a name. */
export function canonical(
  tokens: readonly Token[],
  doubles: 'identifier' | 'string',
  quote: '`' | '[' = '`',
): Canonical {
  limitDepth(tokens, LIMITS);
  const names = new Map<string, string>();
  const strings = new Map<string, CanonicalString>();
  const intern = (content: string, double: boolean): string => {
    const key = `${double ? 'd' : 's'}${content}`;
    const name = names.get(key) ?? `${double ? 'd' : 's'}${names.size}`;
    names.set(key, name);
    strings.set(name, { content, double });
    return `'${name}'`;
  };
  const written = tokens.map((token) => {
    switch (token.kind) {
      case 'word':
        return /^[A-Za-z0-9_$]+$/.test(token.text) ? token.text : identifier(token.text, quote);
      case 'quoted':
        return identifier(token.text, quote);
      case 'double':
        return doubles === 'string' ? intern(token.text, true) : identifier(token.text, '"');
      case 'string':
        return intern(token.text, false);
      case 'parameter':
        return '?';
      case 'number':
      case 'symbol':
      case 'variable':
        return token.text;
    }
  });
  return { text: written.join(' '), strings };
}

function identifier(name: string, quote: string): string {
  if (name === '' || /[`"\\\p{C}]/u.test(name) || (quote === '[' && /[[\]]/.test(name)))
    throw unsupported('A name with quotes or control characters in it');
  return `${quote}${name}${quote === '[' ? ']' : quote}`;
}

/** Hex. Literals and parameters count as one and the same, and a list of them as one. */
export function fingerprintOf(tokens: readonly Token[], literals: readonly Token['kind'][]): string {
  const words = tokens.map((token) => {
    if (literals.includes(token.kind)) return '?';
    return token.kind === 'word'
      ? token.text.toLowerCase()
      : `${token.kind === 'symbol' ? '' : token.kind}${token.text}`;
  });
  const normal = words.join(' ').replace(/\?(?: , \?)+/g, '?');
  return hash('sha256', normal, 'hex').slice(0, 16);
}
