import type { SqlDialect } from '../../../src/model/facts.ts';

/** The shop that the statements of the suites are about, in the words of each engine. */
export function schemaOf(dialect: Exclude<SqlDialect, 'sqlserver'>): readonly string[] {
  const json = { postgres: 'jsonb', mysql: 'json', sqlite: 'text' }[dialect];
  const time = dialect === 'mysql' ? 'datetime' : 'timestamp';
  return [
    `CREATE TABLE customers (id integer PRIMARY KEY, name varchar(80), email varchar(120), phone varchar(40), city varchar(60), country varchar(2), segment varchar(20), created_at ${time})`,
    `CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer, status varchar(20), currency varchar(3), total numeric(12, 2), discount integer, ordered_at ${time})`,
    'CREATE TABLE order_items (id integer PRIMARY KEY, order_id integer, product_id integer, quantity integer, unit_price numeric(12, 2))',
    `CREATE TABLE products (id integer PRIMARY KEY, sku varchar(20), name varchar(80), category varchar(40), price numeric(12, 2), stock integer, discontinued integer, attributes ${json})`,
    `CREATE TABLE notes (id ${dialect === 'postgres' ? 'serial' : 'integer'} PRIMARY KEY${dialect === 'mysql' ? ' AUTO_INCREMENT' : ''}, customer_id integer, author varchar(40), body text, created_at ${time})`,
    `CREATE TABLE employees (id integer PRIMARY KEY, name varchar(80), manager_id integer, department_id integer, salary integer, hired_at ${time})`,
    'CREATE TABLE departments (id integer PRIMARY KEY, name varchar(40), location varchar(60))',
    `CREATE TABLE events (id integer PRIMARY KEY, user_id integer, kind varchar(20), payload ${json}, at ${time})`,
    `CREATE TABLE payments (id integer PRIMARY KEY, order_id integer, amount numeric(12, 2), method varchar(20), paid_at ${time})`,
    'CREATE INDEX orders_by_customer ON orders (customer_id)',
    `INSERT INTO customers VALUES (7, 'Ada', 'ada@example.com', '+49 30 901820', 'Berlin', 'DE', 'trial', '2026-01-02 03:04:05')`,
    `INSERT INTO orders VALUES (1001, 7, 'open', 'EUR', 120, 0, '2026-11-20 10:00:00')`,
    `INSERT INTO products VALUES (3, 'AB-1', 'Ball', 'toys', 9.5, 4, 0, '{"color": "red", "tags": ["new"], "size": 1}')`,
    `INSERT INTO events VALUES (1, 7, 'click', '{"page": "/", "user": {"plan": "x"}, "ms": "5"}', '2026-11-20 10:00:00')`,
  ];
}
