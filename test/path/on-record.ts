/** What is on record of a call, read from the store as any other program would. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after } from 'node:test';
import { openSqliteStore } from '../../src/sessions/sqlite-store/open-sqlite-store.ts';
import type { Store } from '../../src/sessions/store.ts';
import { readAll } from '../contracts/read-all.ts';
import type { RecordType, StoredRecord } from '../../src/model/record.ts';

interface Recorded {
  readonly storePath: string;
}

/** One store a file of records: opening one starts two threads, which costs more than all the reading. */
const stores = new Map<string, Promise<Store>>();
after(async () => {
  for (const store of stores.values()) await (await store).close();
});

/** Open until the test file is over. */
export async function storeOf({ storePath }: Recorded): Promise<Store> {
  const store = stores.get(storePath) ?? openSqliteStore({ path: storePath, clock: Date.now });
  stores.set(storePath, store);
  return await store;
}

export async function recordsIn(folder: Recorded): Promise<readonly StoredRecord[]> {
  return await readAll(await storeOf(folder));
}

/** The records of one call in order, which must be of these types and in one session. */
export async function history<const Types extends readonly RecordType[]>(
  folder: Recorded,
  call: string,
  types: Types,
): Promise<{ readonly [At in keyof Types]: StoredRecord }> {
  const records = (await recordsIn(folder)).filter((record) => record.call === call);
  assert.deepEqual(
    records.map(({ type }) => type),
    types,
    `the history of ${call}`,
  );
  assert.equal(new Set(records.map(({ session }) => session)).size, 1, 'one call, one session');
  return records as unknown as { readonly [At in keyof Types]: StoredRecord };
}

/** None of the values is in the store's files, neither as it was planted nor as JSON would write it. */
export function assertNotInStore({ storePath }: Recorded, values: readonly string[]): void {
  for (const path of [storePath, `${storePath}-wal`]) {
    if (existsSync(path)) assertNotIn(path, readFileSync(path).toString('latin1'), values);
  }
}

export function assertNotIn(where: string, text: string, values: readonly string[]): void {
  assert.ok(values.length > 0, 'nothing was looked for');
  for (const value of values) {
    assert.ok(value.length > 4, `"${value}" is too short to be looked for`);
    assert.ok(!text.includes(value), `${where} holds ${value}`);
  }
}
