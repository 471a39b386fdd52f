import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { scan } from '../scan.ts';
import type { Aid } from './detector.ts';
import { isWholeCard } from './payment-card.ts';

const aid: Aid = { assumeContext: true, phoneRegions: ['US'], budget: { phoneChecks: 1_000, nodes: 0 } };
const PIECES = [
  '4111111111111111',
  '4111',
  ' 1111',
  '-1111',
  '3714 496353 98431',
  '378282246310005',
  '1',
  ' ',
  'x',
];

test('a text that is a whole card is found to be one when it is searched', () => {
  assert.ok(isWholeCard('4111 1111 1111 1111'));
  assert.ok(!isWholeCard('4111 1111 1111 1112'));
  assert.ok(!isWholeCard('4111 1111 1111 1111 '));
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 5 }), (parts) => {
      const text = parts.join('');
      if (!isWholeCard(text)) return;
      const [card] = scan(text, aid).filter(({ class: of }) => of === 'payment_card');
      assert.deepEqual(card, { class: 'payment_card', start: 0, end: text.length, score: 95 }, text);
    }),
    { numRuns: 5_000 },
  );
});
