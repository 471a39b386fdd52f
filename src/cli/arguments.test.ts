import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commaSeparated, durationInSeconds, limit } from './arguments.ts';

test('a list is cut at commas, without spaces and empty parts', () => {
  assert.deepEqual(commaSeparated(' support, dba,,audit ,'), ['support', 'dba', 'audit']);
  assert.deepEqual(commaSeparated(''), []);
});

test('a duration is a whole number and a unit', () => {
  assert.deepEqual(
    ['45s', '30m', '12h', '7d'].map((text) => durationInSeconds(text)),
    [45, 1800, 43_200, 604_800],
  );
  for (const text of ['', '12', 'h', '0m', '-1h', '1.5h', '1h30m', '1w', ' 1h', '9999999d', '1H'])
    assert.throws(() => durationInSeconds(text), /such as 30m, 12h or 7d/, text);
});

test('a limit is a whole number from 1 to 10,000', () => {
  assert.deepEqual([limit('1'), limit('10000')], [1, 10_000]);
  for (const text of ['0', '10001', '1.5', '-1', 'x', '', 'Infinity', 'NaN'])
    assert.throws(() => limit(text), /from 1 to 10000/, text);
});
