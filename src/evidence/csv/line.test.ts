import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, assert as holds, asyncProperty, constantFrom, string, tuple } from 'fast-check';
import { csvRows } from '../../verify/pack/csv-rows.ts';
import { csvLine } from './line.ts';

async function* linesOf(text: string): AsyncGenerator<string> {
  for (const line of text.split('\n').slice(0, -1)) yield line;
}

async function read(text: string): Promise<readonly (readonly string[])[]> {
  const rows: (readonly string[])[] = [];
  for await (const row of csvRows(linesOf(text))) rows.push(row);
  return rows;
}

test('whatever is in a cell comes out of it, but for an apostrophe in front of what could be a formula', async () => {
  const special = constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '"', ',', '＝', "'", 'a', '');
  const cell = tuple(special, string({ unit: 'binary', maxLength: 6 }), special, special).map((parts) =>
    parts.join('').toWellFormed(),
  );
  await holds(
    asyncProperty(array(array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 4 }), async (rows) => {
      const found = await read(rows.map(csvLine).join(''));
      const plain = (value: string): string => (/^[=+\-@\t\r\n＝＋－＠]/u.test(value) ? `'${value}` : value);
      assert.deepEqual(
        found,
        rows.map((row) => row.map(plain)),
      );
    }),
    { numRuns: 300 },
  );
});

test('numbers, truth values and nothing are written as such', () => {
  assert.equal(csvLine([1, true, null, '', 'a']), '1,true,,,a\r\n');
});
