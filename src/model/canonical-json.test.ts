import { test } from 'node:test';
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { Json } from './json.ts';
import { canonicalJson } from './canonical-json.ts';

/** JSON values as an event may hold them. */
const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.string({ unit: 'binary' }),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(fc.string({ unit: 'binary' }), tie('json'), { maxKeys: 4 }),
  ),
}));

test('RFC 8785, section 3.2.3: properties are sorted by UTF-16 code units', () => {
  const input = {
    '\u20ac': 'Euro Sign',
    '\r': 'Carriage Return',
    '\ufb33': 'Hebrew Letter Dalet With Dagesh',
    '1': 'One',
    '\ud83d\ude00': 'Emoji: Grinning Face',
    '\u0080': 'Control',
    '\u00f6': 'Latin Small Letter O With Diaeresis',
  };
  const output =
    '{"\\r":"Carriage Return","1":"One","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis",' +
    '"\u20ac":"Euro Sign","\ud83d\ude00":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}';
  assert.equal(canonicalJson(input), output);
});

test('RFC 8785, section 3.2.2: strings and literals', () => {
  const input: Json = JSON.parse(
    '{"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null, true, false]}',
  );
  const output = '{"literals":[null,true,false],"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}';
  assert.equal(canonicalJson(input), output);
});

test('RFC 8785, appendix B: the integers among the number samples', () => {
  for (const [number, text] of [
    [0, '0'],
    [-0, '0'],
    [9_007_199_254_740_991, '9007199254740991'],
    [-9_007_199_254_740_991, '-9007199254740991'],
  ] as const) {
    assert.equal(canonicalJson(number), text);
  }
});

test('the published samples of the reference implementation that have no fractions', () => {
  const samples = [
    ['[ 56, { "d": true, "10": null, "1": [ ] } ]', '[56,{"1":[],"10":null,"d":true}]'],
    [
      '{ "peach": "This sorting order", "péché": "is wrong according to French", "pêche": "but canonicalization MUST", "sin":   "ingnore locale" }',
      '{"peach":"This sorting order","péché":"is wrong according to French","pêche":"but canonicalization MUST","sin":"ingnore locale"}',
    ],
    [
      '{ "1": {"f": {"f": "hi","F": 5} ,"\\n": 56.0}, "10": { }, "": "empty", "a": { }, "111": [ { } ], "A": { } }',
      '{"":"empty","1":{"\\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{}],"A":{},"a":{}}',
    ],
    ['{ "Unnormalized Unicode":"A\\u030a" }', '{"Unnormalized Unicode":"A\u030a"}'],
    [
      '{ "\\u20ac": "Euro Sign", "1": "One", "\\u0080": "Control\\u007f", "\\ud83d\\ude02": "Smiley", "\\u00f6": "Latin Small Letter O With Diaeresis", "\\ufb33": "Hebrew Letter Dalet With Dagesh", "</script>": "Browser Challenge" }',
      '{"1":"One","</script>":"Browser Challenge","\u0080":"Control\u007f","\u00f6":"Latin Small Letter O With Diaeresis","\u20ac":"Euro Sign","\ud83d\ude02":"Smiley","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
    ],
  ] as const;
  for (const [input, output] of samples) {
    const value: Json = JSON.parse(input);
    assert.equal(canonicalJson(value), output);
  }
});

test('a fraction and a number that is not exact are refused', () => {
  for (const number of [0.5, 1e-7, 333333333.3333333, 2 ** 53, 1e21, Number.NaN, Infinity, -Infinity]) {
    assert.throws(() => canonicalJson({ deep: [number] }), TypeError);
  }
});

test('a lone surrogate is refused, in a value and in a key', () => {
  for (const value of ['\ud800', '\udc00x', { '\udead': 1 }])
    assert.throws(() => canonicalJson(value), TypeError);
});

test('where every value must have a text, two lone surrogates have two, in values and keys, whatever was quoted before', () => {
  const every = { numbers: 'any', lone: 'escape' } as const;
  assert.equal(canonicalJson({ '\udead': '\ud800' }, every), '{"\\udead":"\\ud800"}');
  assert.notEqual(canonicalJson('\ud800', every), canonicalJson('\ud801', every));
  assert.throws(() => canonicalJson({ '\udead': 1 }), TypeError);
  assert.equal(canonicalJson('a\ud800', { numbers: 'integers', lone: 'replace' }), '"a\ufffd"');
});

test('where fractions are allowed, they have the shortest form of ECMAScript', () => {
  const every = { numbers: 'any', lone: 'refuse' } as const;
  assert.equal(
    canonicalJson([1.5, 1e-7, 1e21, -0, 2 ** 60], every),
    '[1.5,1e-7,1e+21,0,1152921504606847000]',
  );
  for (const number of [Number.NaN, Number.POSITIVE_INFINITY])
    assert.throws(() => canonicalJson(number, every), TypeError);
});

test('what is not JSON is refused, and an undefined property is absent', () => {
  for (const value of [undefined, () => 1, 1n, Symbol('x'), [undefined]]) {
    assert.throws(() => canonicalJson(value as unknown as Json), TypeError);
  }
  assert.equal(canonicalJson({ b: undefined, a: 1 } as unknown as Json), '{"a":1}');
});

test('the text parses to the same value, whatever the value', () => {
  fc.assert(
    fc.property(json, (value) => {
      // A plain JSON round trip is the yardstick: it makes -0 to 0 and drops prototypes.
      assert.deepEqual(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('the text does not depend on the order in which properties were written', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string({ unit: 'binary' }), json), { maxLength: 8 }), (pairs) => {
      const unique = [...new Map(pairs)];
      const forwards = canonicalJson(Object.fromEntries(unique));
      assert.equal(canonicalJson(Object.fromEntries(unique.toReversed())), forwards);
    }),
  );
});

test('keys stand in the order of their UTF-16 code units, and nothing stands between tokens', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ unit: 'binary' }), { maxLength: 10 }), (keys) => {
      const units = (text: string): number[] =>
        Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
      const byUnits = (a: string, b: string): number => {
        const [x, y] = [units(a), units(b)];
        const at = x.findIndex((unit, n) => unit !== y[n]);
        return at === -1 ? x.length - y.length : x[at]! - (y[at] ?? -1);
      };
      const expected = keys.toSorted(byUnits).map((key) => `${JSON.stringify(key)}:0`);
      assert.equal(canonicalJson(Object.fromEntries(keys.map((key) => [key, 0]))), `{${expected.join(',')}}`);
    }),
  );
});

test('objects of any size and words of any kind come out as by `sort()` and `JSON.stringify`', () => {
  const words = fc.oneof(
    fc.string({ unit: 'grapheme-ascii', maxLength: 120 }),
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    fc.constantFrom('\u007f', '\u001f', '"', '\\', 'a\nb', 'a\n', '', ' ', '~', '\u2028'),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(words, words), { maxLength: 40 }), (pairs) => {
      const object = Object.fromEntries(pairs);
      const members = Object.keys(object)
        .toSorted()
        .map((key) => `${JSON.stringify(key)}:${JSON.stringify(object[key])}`);
      for (const lone of ['refuse', 'replace', 'escape'] as const)
        assert.equal(canonicalJson(object, { numbers: 'integers', lone }), `{${members.join(',')}}`);
    }),
    { numRuns: 500 },
  );
});
