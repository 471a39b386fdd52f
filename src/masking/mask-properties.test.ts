import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Json } from '../model/json.ts';
import { planted, textWithValues, type Planted } from '../../test/support/planted-values.ts';
import { maskJson, maskResult, maskText } from './mask.ts';
import { reportJson } from './report.ts';
import { loadMaskingRules, type MaskingRules } from './rules.ts';

function rulesOf(text: string | null): MaskingRules {
  const loaded = loadMaskingRules(text === null ? null : { path: 'masking.yaml', text });
  assert.ok(loaded.ok, JSON.stringify(loaded));
  return loaded.value;
}

const redacting = rulesOf(null);
const keeping = rulesOf(
  'classes: { payment_card: { strategy: keep_last_four }, iban: { strategy: keep_last_four } }',
);
const rules = fc.constantFrom(redacting, keeping);

/** Runs of five characters of a value, without what separates its groups. */
function fives(value: string): readonly string[] {
  return Array.from({ length: Math.max(0, value.length - 4) }, (_, index) => value.slice(index, index + 5));
}

function assertGone(output: string, values: readonly Planted[], rest: string): void {
  for (const { value } of values) {
    assert.ok(!output.includes(value), `${value} is in ${output}`);
    // A run that the text around the values holds too is not the value's.
    for (const run of fives(value))
      if (!rest.includes(run)) assert.ok(!output.includes(run), `${run} of ${value} is in ${output}`);
  }
}

function without(text: string, values: readonly Planted[]): string {
  return values.reduce((rest, { value }) => rest.replaceAll(value, '\0'), text);
}

/** Strings as they occur in results: with values, nested JSON, and what masking itself writes. */
const text = fc.oneof(
  textWithValues.map((made) => made.text),
  fc.string({ unit: 'binary' }),
  fc.json(),
  planted.map(({ value }) =>
    JSON.stringify({ ssn: value, n: [value], [value]: 1, text: JSON.stringify({ password: value }) }),
  ),
  fc.constantFrom(
    '[redacted:email] 123456789',
    'ssn [payment_card *1111] 123456789',
    '{"ssn":',
    '"\\',
    '[',
    '{"a":{"email":{',
  ),
);

const key = fc.oneof(
  fc.string(),
  fc.constantFrom('ssn', 'email', '__proto__', 'constructor', 'base64', 'toString', 'note'),
  text,
);
const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.double(),
    fc.integer(),
    fc.constantFrom(null, true, false, 4111111111111111, 14155552671, 78051120),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(key, tie('json'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

test('a planted value is never in the output, not five characters of it, and is on the report', () => {
  fc.assert(
    fc.property(textWithValues, rules, (made, by) => {
      const masked = maskText(made.text, by);
      assertGone(masked.value, made.values, without(made.text, made.values));
      if (made.values.length > 0) assert.ok(masked.report.findings.length > 0);
    }),
    { numRuns: 2000 },
  );
});

test('a planted value is found wherever in JSON it stands: cell, number, key, JSON in a string, base64', () => {
  fc.assert(
    fc.property(planted, rules, (one, by) => {
      const bytes = Buffer.from(`x ${one.value} y`).toString('base64');
      const inner = JSON.stringify({ a: [`x ${one.value}`], n: 1 });
      const shapes: readonly Json[] = [
        { a: [{ b: `see ${one.value}.` }] },
        { [one.value]: 1 },
        { a: inner },
        { a: JSON.stringify({ inner }) },
        { a: `log: ${inner} end` },
        { file: { base64: bytes } },
      ];
      for (const shape of shapes) {
        const { value, report } = maskJson(shape, by);
        const output = JSON.stringify(value);
        assertGone(output, [one], '');
        assert.ok(!output.includes(bytes));
        assert.ok(report.findings.length > 0, `found in ${JSON.stringify(shape)}`);
      }
    }),
  );
});

test('masking twice gives what masking once gives', () => {
  fc.assert(
    fc.property(text, rules, (one, by) => {
      const once = maskText(one, by).value;
      assert.equal(maskText(once, by).value, once);
    }),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(json, (one) => {
      const once = maskJson(one, redacting).value;
      assert.deepEqual(maskJson(once, redacting).value, once);
    }),
    { numRuns: 2000 },
  );
});

/** The same kind of value at the same place, except where a text stands for what was masked. */
function assertShape(before: Json, after: Json): void {
  if (typeof after === 'string' && after !== before) return;
  if (typeof before !== 'object' || before === null || typeof after !== 'object' || after === null) {
    assert.deepEqual(after, before);
    return;
  }
  assert.equal(Array.isArray(after), Array.isArray(before));
  const left = Object.values(before);
  const right: readonly Json[] = Object.values(after);
  assert.equal(right.length, left.length);
  for (const [index, value] of left.entries()) assertShape(value, right[index] ?? null);
}

test('any JSON keeps its shape, is not changed itself, and yields a report of classes and counts', () => {
  fc.assert(
    fc.property(json, rules, (one, by) => {
      const before = structuredClone(one);
      const { value, report } = maskJson(one, by);
      assert.deepEqual(one, before);
      assertShape(one, value);
      for (const { count } of report.findings) assert.ok(count > 0);
    }),
    { numRuns: 2000 },
  );
});

test('a result of any cells is masked, with its columns and rows in place', () => {
  const columns = fc.array(fc.record({ name: key, type: fc.constant('text') }), {
    minLength: 1,
    maxLength: 4,
  });
  const rows = fc.array(fc.array(json, { maxLength: 5 }), { maxLength: 4 });
  fc.assert(
    fc.property(columns, rows, rules, (named, cells, by) => {
      const result = {
        kind: 'table',
        columns: named,
        rows: cells,
        truncated: null,
        rowsAffected: 3,
      } as const;
      const how = { columnClasses: {}, resultColumns: null, unmasked: new Set<string>() };
      const { value } = maskResult(result, how, by);
      assert.equal(value.columns.length, named.length);
      assert.deepEqual(
        value.rows.map((row) => row.length),
        cells.map((row) => row.length),
      );
      assert.equal(value.rowsAffected, 3);
    }),
    { numRuns: 500 },
  );
});

test('the report finds each planted value at its place', () => {
  fc.assert(
    fc.property(planted, (one) => {
      const findings = reportJson({ rows: [{ note: `a ${one.value} b` }] }, redacting);
      const [first] = findings;
      assert.equal(findings.length, 1);
      assert.deepEqual(
        [first?.class, first?.path, first?.start, first?.end],
        [one.class, '/rows/0/note', 2, 2 + one.value.length],
      );
    }),
    { numRuns: 1000 },
  );
});
