import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { ensureExampleDatabase } from './crm.ts';
import { maskJson } from '../masking/mask.ts';
import { loadMaskingRules } from '../masking/rules.ts';

const dir = mkdtempSync(join(tmpdir(), 'sallyport-example-'));
after(() => rmSync(dir, { recursive: true, force: true }));

/** Rows and schema, not bytes of the file: those depend on the version of SQLite. */
function dump(path: string): string {
  const database = new DatabaseSync(path, { readOnly: true });
  const hash = createHash('sha256');
  for (const { sql } of database.prepare('SELECT sql FROM sqlite_schema ORDER BY name').all())
    hash.update(String(sql).replaceAll(/\s+/g, ' '));
  for (const table of ['customers', 'orders', 'notes'])
    for (const row of database.prepare(`SELECT * FROM ${table} ORDER BY id`).iterate())
      hash.update(`${JSON.stringify(Object.values(row))}\n`);
  database.close();
  return hash.digest('hex');
}

function rows(path: string, sql: string): readonly Record<string, unknown>[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

const first = join(dir, 'a', 'crm.db');
ensureExampleDatabase(first);

test('the example holds the same rows on every machine and at every time', () => {
  const second = join(dir, 'b', 'crm.db');
  assert.equal(ensureExampleDatabase(second), true);
  assert.equal(dump(second), dump(first));
  // What a screenshot, a document or a test says of the example stays true.
  assert.equal(dump(first), '22bbcec1e496a530cf4f1b0eb9909bf702faeafabd55b49c1e7a5783d392dc5e');
});

test('it is large enough to be worth asking, and its notes belong to its customers', () => {
  const [counts] = rows(
    first,
    `SELECT (SELECT count(*) FROM customers) AS customers, (SELECT count(*) FROM orders) AS orders,
      (SELECT count(*) FROM notes WHERE customer_id IN (SELECT id FROM customers)) AS notes`,
  );
  assert.deepEqual({ ...counts }, { customers: 3000, orders: 7000, notes: 4000 });
});

test('a database that is there is left exactly as it is, whatever it holds', () => {
  const mine = join(dir, 'mine.db');
  writeFileSync(mine, 'not even a database');
  assert.equal(ensureExampleDatabase(mine), false);
  assert.equal(readFileSync(mine, 'utf8'), 'not even a database');
});

test('nothing half-made stays beside it', () => {
  ensureExampleDatabase(join(dir, 'c', 'crm.db'));
  assert.deepEqual(readdirSync(join(dir, 'c')), ['crm.db']);
});

test('what it plants is found: no regulated value of any customer survives masking, in columns or in prose', () => {
  const loaded = loadMaskingRules(null);
  assert.ok(loaded.ok);
  const customers = rows(first, 'SELECT email, phone, card_number, ssn, iban, notes FROM customers');
  for (const customer of customers) {
    const { email, phone, card_number, ssn, iban, notes } = customer as Record<string, string | null>;
    const told = [
      `Mail ${email}, call ${phone}, card ${card_number}, SSN ${ssn}, IBAN ${iban}.`,
      notes ?? '',
    ];
    const masked = JSON.stringify(maskJson(told, loaded.value).value);
    const bare = masked.replaceAll(/[\s-]/g, '').toLowerCase();
    for (const value of [email, phone, card_number, ssn?.replaceAll('-', ''), iban])
      if (value !== null && value !== undefined)
        assert.ok(!bare.includes(value.toLowerCase()), `${value} survived in ${masked}`);
  }
});
