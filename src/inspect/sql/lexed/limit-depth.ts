import { Refused } from '../refused.ts';
import type { Token } from './token.ts';

/**
 * Refuses a text before a parser can die of it. `chain`: operators and chaining words between two commas or
 * parentheses, each of which is one more level of a tree. `depth`: parentheses in each other.
 */
export function limitDepth(
  tokens: readonly Token[],
  limits: { readonly chain: number; readonly depth: number },
): void {
  const chains = [0];
  for (const token of tokens) {
    const { text } = token;
    if (token.kind === 'symbol' && text === '(') chains.push(0);
    else if (token.kind === 'symbol' && text === ')') {
      if (chains.length > 1) chains.pop();
    } else if (token.kind === 'symbol' && text === ',') chains[chains.length - 1] = 0;
    else if (token.kind === 'symbol' ? text !== '.' : token.kind === 'word' && CHAINING.test(text)) {
      chains[chains.length - 1] = (chains.at(-1) ?? 0) + 1;
    }
    if (chains.length > limits.depth || (chains.at(-1) ?? 0) > limits.chain) {
      throw new Refused('too_deep', 'The statement is nested too deeply, or chains too many operators.');
    }
  }
}

const CHAINING =
  /^(?:and|or|xor|not|union|intersect|except|join|is|like|in|between|div|mod|collate|when|binary|interval|escape)$/i;
