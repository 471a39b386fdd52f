import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Aid, Candidate } from './detectors/detector.ts';
import { scan, scanUngated } from './scan.ts';
import { textWithValues } from '../../test/support/planted-values.ts';

function aid(assumeContext: boolean): Aid {
  return { assumeContext, phoneRegions: ['US', 'GB', 'DE'], budget: { phoneChecks: 100_000, nodes: 0 } };
}

function sorted(candidates: readonly Candidate[]): readonly Candidate[] {
  return [...candidates].sort((a, b) => a.start - b.start || a.end - b.end || (a.class < b.class ? -1 : 1));
}

test('the scan that calls detectors at triggers finds what detectors find when asked everywhere', () => {
  fc.assert(
    fc.property(textWithValues, fc.boolean(), ({ text }, context) => {
      assert.deepEqual(sorted(scan(text, aid(context))), sorted(scanUngated(text, aid(context))));
    }),
    { numRuns: 2000 },
  );
});

test('of arbitrary Unicode too, lone surrogates among it', () => {
  const anything = fc.string({ unit: 'binary', maxLength: 60 });
  const digits = fc.constantFrom(
    '4111111111111111',
    '٠٧٨-٠٥-١١٢٠',
    '４１１１ 1111 1111 1111',
    '\ud835',
    '\udfd8',
    'a@b.co',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(anything, digits), { maxLength: 8 }), (parts) => {
      const text = parts.join('');
      assert.deepEqual(sorted(scan(text, aid(false))), sorted(scanUngated(text, aid(false))));
    }),
    { numRuns: 1000 },
  );
});

test('offsets point into the text as it was, however it was folded', () => {
  const text = 'ﬁ ⅷ \ud83d\ude00 ４１１１\u200b１１１１\u00ad１１１１ １１１１\u200b.';
  const [card] = scan(text, aid(false)).filter(({ class: of }) => of === 'payment_card');
  assert.equal(text.slice(card?.start, card?.end), '４１１１\u200b１１１１\u00ad１１１１ １１１１\u200b');
});
