import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { settle, type Span } from './settle.ts';

const span: fc.Arbitrary<Span> = fc
  .record({
    class: fc.constantFrom('payment_card', 'email', 'phone', 'binary'),
    start: fc.nat(40),
    length: fc.integer({ min: 1, max: 12 }),
    did: fc.constantFrom('redact', 'block', 'keep_last_four', 'shown'),
  })
  .map(({ class: of, start, length, did }) => {
    const made = did === 'keep_last_four' ? `[${of} *1111]` : null;
    return {
      class: of,
      start,
      end: start + length,
      score: 90,
      did,
      made,
      instead: null,
      inside: null,
    } as const;
  });

function covers(spans: readonly Span[], index: number): boolean {
  return spans.some(({ did, start, end }) => did !== 'shown' && start <= index && index < end);
}

test('spans come out in order and apart, and what one of them masked is masked', () => {
  fc.assert(
    fc.property(fc.array(span, { maxLength: 12 }), (spans) => {
      const settled = settle(spans);
      for (const [index, { start }] of settled.entries())
        assert.ok(start >= (settled[index - 1]?.end ?? 0), JSON.stringify(settled));
      for (let index = 0; index < 60; index++) assert.ok(!covers(spans, index) || covers(settled, index));
    }),
    { numRuns: 2000 },
  );
});

test('what blocks a result blocks it under whatever else it lies', () => {
  fc.assert(
    fc.property(fc.array(span, { maxLength: 12 }), (spans) => {
      const blocks = (all: readonly Span[]): boolean => all.some(({ did }) => did === 'block');
      assert.equal(blocks(settle(spans)), blocks(spans));
    }),
  );
});

test('what was to stand for a part never stands for the whole', () => {
  const card: Span = {
    class: 'payment_card',
    start: 0,
    end: 16,
    score: 95,
    did: 'keep_last_four',
    made: '[payment_card *1111]',
    instead: null,
    inside: null,
  };
  const [joined] = settle([card, { ...card, class: 'phone', start: 10, end: 22, did: 'redact', made: null }]);
  assert.deepEqual(
    [joined?.start, joined?.end, joined?.did, joined?.made, joined?.class],
    [0, 22, 'redact', null, 'payment_card'],
  );
});
