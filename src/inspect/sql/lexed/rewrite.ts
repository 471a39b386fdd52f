import type { Token } from './token.ts';

/** What to put instead of the tokens from `at` on; null where the rule has nothing to say. */
export type Rewrite = (
  tokens: readonly Token[],
  at: number,
) => { readonly skip: number; readonly put: readonly string[] } | null;

export function dropped(tokens: readonly Token[], rules: readonly Rewrite[]): readonly Token[] {
  const kept: Token[] = [];
  for (let at = 0; at < tokens.length;) {
    const token = tokens[at];
    if (token === undefined) break;
    const change = firstChange(rules, tokens, at);
    if (change === null) {
      kept.push(token);
      at += 1;
      continue;
    }
    for (const text of change.put) kept.push({ ...token, kind: /^\w/.test(text) ? 'word' : 'symbol', text });
    at += change.skip;
  }
  return kept;
}

function firstChange(rules: readonly Rewrite[], tokens: readonly Token[], at: number): ReturnType<Rewrite> {
  for (const rule of rules) {
    const change = rule(tokens, at);
    if (change !== null) return change;
  }
  return null;
}
