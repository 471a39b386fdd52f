import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { tableBuilder } from './table.ts';
import type { Json } from '../model/json.ts';
import type { ResultColumn } from '../model/result.ts';

const cell = fc.oneof(fc.constant(null), fc.integer(), fc.string({ unit: 'binary', maxLength: 40 }));
const rows = fc.array(fc.array(cell, { maxLength: 4 }), { maxLength: 20 });
const columns: readonly ResultColumn[] = [{ name: 'straße', type: 'text' }];

test('rows are kept as long as the bytes of their JSON fit, to the byte', () => {
  let cut = 0;
  fc.assert(
    fc.property(rows, fc.nat(2000), (all, bytes) => {
      const table = tableBuilder({ rows: 1000, bytes, timeoutMs: 1 });
      table.columns(columns);
      let left = bytes - 2 - Buffer.byteLength(JSON.stringify(columns));
      const kept: (readonly Json[])[] = [];
      let full = false;
      for (const row of all) {
        left -= Buffer.byteLength(JSON.stringify(row)) + 1;
        full ||= left < 0;
        if (!full) kept.push(row);
        assert.equal(table.add(row), !full);
      }
      if (full) cut += 1;
      const whole = {
        kind: 'table',
        columns,
        rows: kept,
        truncated: full ? { by: 'bytes', limit: bytes } : null,
        rowsAffected: null,
      };
      assert.deepEqual(table.finish(null), whole);
      assert.equal(table.finishAsJson(null), JSON.stringify(whole));
    }),
    { numRuns: 500 },
  );
  assert.ok(cut > 20, `only ${cut} were cut`);
});
