import assert from 'node:assert/strict';
import { test } from 'node:test';
import { standingsOf } from './columns.ts';
import { loadMaskingRules, type MaskingRules } from './rules.ts';

function rulesOf(text: string): MaskingRules {
  const loaded = loadMaskingRules({ path: 'masking.yaml', text });
  assert.ok(loaded.ok, JSON.stringify(loaded));
  return loaded.value;
}

const rules = rulesOf('{}');
const columnClasses = { memo: 'national_id' };

test('what columns stood for is not taken for that of others, of another tool, or under other rules', () => {
  const how = { columnClasses, resultColumns: [['a'], ['b']], tool: 'one', fixedStatement: true };
  const classes = (names: readonly string[], changed: object = {}, by = rules): unknown =>
    standingsOf(
      names.map((name) => ({ name, type: 'TEXT' })),
      { ...how, ...changed },
      by,
    ).map((standing) => standing.classes);
  const first = classes(['id', 'memo']);
  assert.deepEqual(first, [[], ['national_id']]);
  assert.deepEqual(classes(['id', 'memo']), first);
  assert.deepEqual(classes(['memo', 'id']), [['national_id'], []]);
  assert.deepEqual(classes(['memo']), [['national_id']]);
  assert.deepEqual(classes(['id', 'memo'], { resultColumns: [['ssn'], ['b']] }), [
    ['us_ssn'],
    ['national_id'],
  ]);
  assert.deepEqual(classes(['id', 'memo'], { columnClasses: {} }), [[], []]);
  const own = rulesOf('tools: { two: { columns: { id: passport } } }');
  assert.deepEqual(classes(['id', 'memo'], {}, own), first);
  assert.deepEqual(classes(['id', 'memo'], { tool: 'two' }, own), [['passport'], ['national_id']]);
  assert.deepEqual(classes(['id', 'memo']), first);
});

test('nothing is kept of columns that an agent named', () => {
  const of = (fixedStatement: boolean): unknown =>
    standingsOf(
      [{ name: 'id', type: 'TEXT' }],
      { columnClasses: {}, resultColumns: null, fixedStatement },
      rules,
    )[0];
  assert.notEqual(of(false), of(false));
});
