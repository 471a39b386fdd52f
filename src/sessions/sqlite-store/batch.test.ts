import { test } from 'node:test';
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { creation, sampleApproval } from '../../../test/contracts/sample-approval.ts';
import type { AppendItem } from '../append-queue.ts';
import { encodeChange } from '../change.ts';
import { encodeRecord } from '../entry.ts';
import { packBatch, unpackBatch } from './batch.ts';

const records = fc
  .record({
    type: fc.constantFrom('call.intent', 'call.outcome', 'session.opened', 'server.started'),
    time: fc.nat(),
    session: fc.option(fc.string()),
    call: fc.option(fc.string()),
    event: fc.record({ principal: fc.string(), tool: fc.string() }, { requiredKeys: [] }),
    payload: fc.option(fc.record({ value: fc.string({ unit: 'binary', maxLength: 200 }) })),
  })
  .map((record) => encodeRecord(record as unknown as Parameters<typeof encodeRecord>[0]));

const items: fc.Arbitrary<AppendItem> = fc.record({
  records: fc.array(records, { maxLength: 3 }),
  changes: fc.array(
    fc.string().map((id) => encodeChange(creation(sampleApproval(id)))),
    { maxLength: 2 },
  ),
});

/** Items with changes stand for themselves, others in one row with their neighbours. */
function neighbours(all: readonly AppendItem[]): readonly AppendItem[] {
  const rows: AppendItem[] = [];
  for (const item of all) {
    const last = rows.at(-1);
    if (item.changes.length === 0 && item.records.length === 0) continue;
    if (item.changes.length > 0 || last === undefined || last.changes.length > 0) rows.push(item);
    else rows.splice(-1, 1, { records: [...last.records, ...item.records], changes: [] });
  }
  return rows;
}

test('a batch comes out on the other thread as it was, record by record', () => {
  fc.assert(
    fc.property(fc.array(items, { maxLength: 6 }), (all) => {
      const there = unpackBatch(structuredClone(packBatch(all)));
      const plain = (given: readonly AppendItem[]) =>
        given.map(({ records: some, changes }) => ({
          changes,
          records: some.map((record) => ({
            ...record,
            payload: record.payload === null ? null : Buffer.from(record.payload).toString('latin1'),
          })),
        }));
      assert.deepEqual(plain(there), plain(neighbours(all)));
    }),
  );
});

test('the memory that crosses with a batch holds its payloads and nothing beside them', () => {
  const record = encodeRecord({
    type: 'call.refused',
    time: 1,
    session: null,
    call: null,
    event: {},
    payload: null,
  });
  const payload = Buffer.from('a piece of a pool', 'utf8');
  const { payloads } = packBatch([
    { records: [{ ...record, payload, commitment: '00' }, record], changes: [] },
  ]);
  assert.equal(payloads.buffer.byteLength, payload.length);
});
