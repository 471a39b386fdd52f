import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { beginningsOf, keyOf } from './context-beginnings.ts';
import {
  anyOf,
  contextWords,
  hasContext,
  mayHaveContext,
  several,
  whichMayHaveContext,
  type ContextWords,
} from './context.ts';
import type { Aid } from './detector.ts';
import { NATIONAL_NUMBERS } from './national-numbers.ts';
import { NATIONAL_WORDS } from './national-words.ts';
import { ANY_WORDS } from './worded-numbers.ts';

const aid: Aid = { assumeContext: false, phoneRegions: [], budget: { phoneChecks: 0, nodes: 0 } };

/** What a word beside a candidate is, told by patterns alone. */
function said(text: string, start: number, end: number, { pattern }: ContextWords): boolean {
  const left = text.slice(Math.max(0, start - 40), start);
  const from = Math.max(left.lastIndexOf(']') + 1, left.lastIndexOf(',"') + 1);
  const [right = ''] = text.slice(end, end + 16).split(/[[\]{}",;\n]/);
  return [left.slice(from), right].some((side) => /\p{L}{2}/u.test(side) && pattern.test(side.toLowerCase()));
}

const ALL = [...NATIONAL_NUMBERS, ...NATIONAL_WORDS].map(({ words }) => words);
/** Words of the tables as they may stand in a text, and what cuts a window off. */
const AROUND = (
  'PESEL|Id-Nr|id number|ID #|t.c.|TC|Kimlik no|n.i.e|cédula|CEDULA|rč|r.č|идн|инн|ИНН|身份证|α.φ.μ|tel|x|1nhs|NHS|' +
  'sin no.|a/c|A/C 12|dl no.|passport|İnn|\u212apan|social|medicare|],|,"|]|[|;|\n|: |, |é|  |national id|Steuer-ID'
).split('|');
const side = fc.array(fc.constantFrom(...AROUND, ' ', ' '), { maxLength: 8 }).map((parts) => parts.join(''));

test('a word is found beside a value whatever is asked first: the letters that it begins with, or its pattern', () => {
  fc.assert(
    fc.property(side, side, fc.constantFrom(...ALL, ANY_WORDS, anyOf(ALL)), (left, right, words) => {
      const text = `${left}44051401359${right}`;
      const end = left.length + 11;
      const expected = said(text, left.length, end, words);
      if (expected) assert.ok(mayHaveContext(text, left.length, end, words, aid), text);
      assert.equal(hasContext(text, left.length, end, words, aid), expected, text);
    }),
    { numRuns: 20_000 },
  );
});

test('of several words, those that may stand beside a value are told apart', () => {
  fc.assert(
    fc.property(side, side, fc.boolean(), (left, right, assumeContext) => {
      const text = `${left}44051401359${right}`;
      const end = left.length + 11;
      const asked = { ...aid, assumeContext };
      for (let first = 0; first < ALL.length; first += 20) {
        const some = ALL.slice(first, first + 20);
        const which = whichMayHaveContext(text, left.length, end, several(some), asked);
        for (const [kind, words] of some.entries())
          assert.equal(
            (which >>> kind) & 1,
            mayHaveContext(text, left.length, end, words, asked) ? 1 : 0,
            text,
          );
      }
    }),
    { numRuns: 300 },
  );
});

/** Numbers among words, as they stand side by side in a text. */
const NUMBERS = fc.array(
  fc.constantFrom('1', '22 ', '333-', ' ', ', ', '"', '],', ';', ' tel', 'NHS ', 'é', '\n'),
  {
    maxLength: 40,
  },
);

test('beside one number after another there stands what stands beside each of them alone', () => {
  const words = anyOf(ALL);
  fc.assert(
    fc.property(NUMBERS, fc.array(fc.nat(8), { maxLength: 12 }), (parts, steps) => {
      const text = parts.join('');
      let at = 0;
      for (const step of steps) {
        at = Math.min(text.length, at + step);
        const end = Math.min(text.length, at + 3);
        assert.equal(hasContext(text, at, end, words, aid), said(text, at, end, words), `${text} at ${at}`);
      }
    }),
    { numRuns: 5_000 },
  );
});

test('what a pattern can begin with is read from its source, and what is not understood may be anything', () => {
  const begins = (source: string, text: string): boolean | null => {
    const marks = beginningsOf(source);
    return marks === null ? null : marks[keyOf(text.charCodeAt(0), text.charCodeAt(1))] === 1;
  };
  assert.equal(begins('tel|phones?', 'phone'), true);
  assert.equal(begins('tel|phones?', 'PHONE'), true);
  assert.equal(begins('tel|phones?', 'fax'), false);
  assert.equal(begins('ips?', 'ip'), true);
  assert.equal(begins('t\\.?c\\.?', 'tc'), true);
  assert.equal(begins('t\\.?c\\.?', 't.'), true);
  assert.equal(begins('t\\.?c\\.?', 'to'), false);
  assert.equal(begins('c[eé]dula', 'ce'), true);
  assert.equal(begins('c[eé]dula', 'ca'), false);
  assert.equal(begins('p\\. ?iva', 'pa'), false);
  assert.equal(begins('c[^a]', 'ce'), true);
  assert.equal(begins('ab{2}', 'ac'), true);
  assert.equal(begins('ab?', 'ac'), true);
  assert.equal(begins('(?:account|a/c)(?: no)?', 'a/'), true);
  assert.equal(begins('(?:account|a/c)(?: no)?', 'no'), false);
  for (const open of ['(?:a)?bc', 'a?bc', '[ab]c', '.c', '#1', '\\bid', ''])
    assert.equal(begins(open, 'bc'), null, open);
});

test('words of operators are found as they are written, signs and all', () => {
  const words = contextWords('#ref', 'staff', 'staff\\?');
  assert.ok(hasContext('#ref 12', 5, 7, words, aid));
  assert.ok(hasContext('no. 12 staff', 4, 6, words, aid));
  assert.ok(!hasContext('stafford 12', 9, 11, words, aid));
});
