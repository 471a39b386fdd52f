import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDuration, parseSize } from './units.ts';

test('durations are read into milliseconds', () => {
  const read = ['0s', '500ms', '5s', '30m', '12h', '400d'].map(parseDuration);
  assert.deepEqual(read, [0, 500, 5000, 1_800_000, 43_200_000, 34_560_000_000]);
});

test('what is not a duration is not guessed', () => {
  for (const text of ['5', '5 s', '1.5s', '-1s', 's', '', '5sec', '5S', ' 5s', '9999999999d']) {
    assert.equal(parseDuration(text), undefined, text);
  }
});

test('sizes are read into bytes', () => {
  assert.deepEqual(['512B', '64KiB', '1MiB', '2GiB'].map(parseSize), [512, 65_536, 1_048_576, 2_147_483_648]);
  for (const text of ['1MB', '1', '', '1mib', '1.5MiB', '999999999999GiB'])
    assert.equal(parseSize(text), undefined, text);
});
