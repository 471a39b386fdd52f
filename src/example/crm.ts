import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { date, makeCustomer } from './people.ts';
import { between, pick, seeded } from './random.ts';

const CUSTOMERS = 3000;
const ORDERS = 7000;
const NOTES = 4000;

const SCHEMA = `
  CREATE TABLE customers (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE, phone TEXT, city TEXT, country TEXT,
    card_number TEXT, ssn TEXT, iban TEXT, created_at TEXT NOT NULL, notes TEXT
  );
  CREATE TABLE orders (
    id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers(id), placed_at TEXT NOT NULL,
    status TEXT NOT NULL, total_cents INTEGER NOT NULL
  );
  CREATE INDEX orders_by_customer ON orders(customer_id);
  CREATE TABLE notes (
    id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers(id), author TEXT NOT NULL,
    written_at TEXT NOT NULL, body TEXT NOT NULL
  );
  CREATE INDEX notes_by_customer ON notes(customer_id);
`;

/**
 * Makes the shipped example's customer database where it does not exist; leaves one that does exactly as it is.
 * The content is the same on every machine. Written beside and renamed, so that a crash leaves no half database.
 *
 * @returns whether it was made.
 */
export function ensureExampleDatabase(path: string): boolean {
  if (existsSync(path)) return false;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.draft`;
  rmSync(draft, { force: true });
  const database = new DatabaseSync(draft);
  try {
    database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN');
    database.exec(SCHEMA);
    fill(database);
    database.exec('COMMIT; PRAGMA journal_mode = WAL');
  } finally {
    database.close();
  }
  renameSync(draft, path);
  return true;
}

function fill(database: DatabaseSync): void {
  const random = seeded(20_260_728);
  const addCustomer = database.prepare('INSERT INTO customers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const customers = Array.from({ length: CUSTOMERS }, (_, index) => makeCustomer(random, index + 1));
  for (const one of customers)
    addCustomer.run(
      one.id,
      one.name,
      one.email,
      one.phone,
      one.city,
      one.country,
      one.card_number,
      one.ssn,
      one.iban,
      one.created_at,
      one.notes,
    );
  const addOrder = database.prepare('INSERT INTO orders VALUES (?, ?, ?, ?, ?)');
  for (let id = 1; id <= ORDERS; id += 1)
    addOrder.run(
      id,
      between(random, 1, CUSTOMERS),
      date(random),
      pick(random, ['open', 'paid', 'shipped', 'returned']),
      between(random, 499, 250_000),
    );
  const addNote = database.prepare('INSERT INTO notes VALUES (?, ?, ?, ?, ?)');
  for (let id = 1; id <= NOTES; id += 1) {
    const about = customers[between(random, 0, CUSTOMERS - 1)];
    if (about === undefined) continue;
    addNote.run(id, about.id, pick(random, ['alice', 'amir', 'lena', 'tariq']), date(random), about.notes);
  }
}
