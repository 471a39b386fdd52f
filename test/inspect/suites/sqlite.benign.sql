-- Time
SELECT strftime('%Y-%m', ordered_at) AS period, count(*) FROM orders GROUP BY period ORDER BY period
SELECT strftime('%Y-%m-%d', ordered_at) AS period, count(*) FROM orders GROUP BY period ORDER BY period
SELECT strftime('%Y-W%W', ordered_at) AS period, count(*) FROM orders GROUP BY period ORDER BY period
SELECT strftime('%H', ordered_at) AS period, count(*) FROM orders GROUP BY period ORDER BY period
SELECT strftime('%w', ordered_at) AS period, count(*) FROM orders GROUP BY period ORDER BY period
SELECT strftime('%s', ordered_at) AS period, count(*) FROM orders GROUP BY period ORDER BY period
SELECT strftime('%Y-%m', created_at) AS period, count(*) FROM customers GROUP BY period ORDER BY period
SELECT strftime('%Y-%m-%d', created_at) AS period, count(*) FROM customers GROUP BY period ORDER BY period
SELECT strftime('%Y-W%W', created_at) AS period, count(*) FROM customers GROUP BY period ORDER BY period
SELECT strftime('%H', created_at) AS period, count(*) FROM customers GROUP BY period ORDER BY period
SELECT strftime('%w', created_at) AS period, count(*) FROM customers GROUP BY period ORDER BY period
SELECT strftime('%s', created_at) AS period, count(*) FROM customers GROUP BY period ORDER BY period
SELECT strftime('%Y-%m', paid_at) AS period, count(*) FROM payments GROUP BY period ORDER BY period
SELECT strftime('%Y-%m-%d', paid_at) AS period, count(*) FROM payments GROUP BY period ORDER BY period
SELECT strftime('%Y-W%W', paid_at) AS period, count(*) FROM payments GROUP BY period ORDER BY period
SELECT strftime('%H', paid_at) AS period, count(*) FROM payments GROUP BY period ORDER BY period
SELECT strftime('%w', paid_at) AS period, count(*) FROM payments GROUP BY period ORDER BY period
SELECT strftime('%s', paid_at) AS period, count(*) FROM payments GROUP BY period ORDER BY period
SELECT strftime('%Y-%m', created_at) AS period, count(*) FROM notes GROUP BY period ORDER BY period
SELECT strftime('%Y-%m-%d', created_at) AS period, count(*) FROM notes GROUP BY period ORDER BY period
SELECT strftime('%Y-W%W', created_at) AS period, count(*) FROM notes GROUP BY period ORDER BY period
SELECT strftime('%H', created_at) AS period, count(*) FROM notes GROUP BY period ORDER BY period
SELECT strftime('%w', created_at) AS period, count(*) FROM notes GROUP BY period ORDER BY period
SELECT strftime('%s', created_at) AS period, count(*) FROM notes GROUP BY period ORDER BY period
SELECT strftime('%Y-%m', at) AS period, count(*) FROM events GROUP BY period ORDER BY period
SELECT strftime('%Y-%m-%d', at) AS period, count(*) FROM events GROUP BY period ORDER BY period
SELECT strftime('%Y-W%W', at) AS period, count(*) FROM events GROUP BY period ORDER BY period
SELECT strftime('%H', at) AS period, count(*) FROM events GROUP BY period ORDER BY period
SELECT strftime('%w', at) AS period, count(*) FROM events GROUP BY period ORDER BY period
SELECT strftime('%s', at) AS period, count(*) FROM events GROUP BY period ORDER BY period
SELECT id FROM orders WHERE ordered_at >= datetime('now', '-1 days')
SELECT id FROM customers WHERE created_at >= datetime('now', '-7 days')
SELECT id FROM payments WHERE paid_at >= datetime('now', '-30 days')
SELECT id FROM notes WHERE created_at >= datetime('now', '-90 days')
SELECT id FROM events WHERE at >= datetime('now', '-365 days')
SELECT date(ordered_at, 'start of month') AS month, count(*) FROM orders GROUP BY 1
SELECT date(created_at, 'start of month') AS month, count(*) FROM customers GROUP BY 1
SELECT date(paid_at, 'start of month') AS month, count(*) FROM payments GROUP BY 1
SELECT date(created_at, 'start of month') AS month, count(*) FROM notes GROUP BY 1
SELECT date(at, 'start of month') AS month, count(*) FROM events GROUP BY 1
SELECT julianday('now') - julianday(ordered_at) AS age FROM orders LIMIT 5
SELECT date('now'), time('now'), datetime('now', 'localtime'), unixepoch('now')
SELECT datetime(1700000000, 'unixepoch'), date('2026-01-31', '+1 month', '-1 day')
SELECT count(*) FROM orders WHERE date(ordered_at) = date('now')
SELECT CAST((julianday('now') - julianday(created_at)) / 365.25 AS INTEGER) AS years FROM customers
SELECT CURRENT_DATE, CURRENT_TIME, CURRENT_TIMESTAMP
SELECT timediff('now', ordered_at) FROM orders LIMIT 5
-- Text
SELECT name || ' <' || email || '>' FROM customers
SELECT substr(email, instr(email, '@') + 1) AS domain, count(*) FROM customers GROUP BY domain ORDER BY 2 DESC
SELECT printf('%08d', id), format('%s-%s', sku, name) FROM products
SELECT group_concat(name, '; ') FROM products GROUP BY category
SELECT string_agg(name, ', ') FROM products
SELECT group_concat(DISTINCT category) FROM products
SELECT name FROM customers WHERE name GLOB 'A*'
SELECT name FROM customers WHERE name NOT GLOB '*[0-9]*'
SELECT name FROM customers WHERE name LIKE 'a\_%' ESCAPE '\'
SELECT ltrim(name), rtrim(name), trim(name, '-') FROM products
SELECT hex(sku), quote(name), unicode('x'), char(65, 66), typeof(price) FROM products LIMIT 5
SELECT name FROM customers ORDER BY name COLLATE NOCASE
SELECT name FROM customers WHERE city = 'rome' COLLATE NOCASE
SELECT ifnull(phone, 'none'), iif(total > 100, 'big', 'small') FROM customers, orders LIMIT 5
SELECT "name", [city], `country` FROM customers
SELECT concat(city, ', ', country), concat_ws(' ', city, country) FROM customers
SELECT replace(replace(phone, ' ', ''), '-', '') FROM customers
SELECT upper(substr(name, 1, 1)) || substr(name, 2) FROM customers
SELECT zeroblob(4), length(randomblob(4)), octet_length(name) FROM products LIMIT 1
SELECT instr(body, 'refund') > 0 AS mentions, count(*) FROM notes GROUP BY mentions
-- JSON
SELECT json_extract(payload, '$.page') AS page, count(*) FROM events GROUP BY page
SELECT payload ->> '$.user.plan' FROM events LIMIT 5
SELECT payload -> 'user' ->> 'plan' FROM events LIMIT 5
SELECT j.key, j.value FROM products p, json_each(p.attributes) AS j WHERE p.id = 1
SELECT p.id, t.value AS tag FROM products p, json_each(p.attributes, '$.tags') AS t
SELECT p.id FROM products p JOIN json_each(p.attributes, '$.tags') t ON t.value = 'new'
SELECT fullkey, atom FROM products, json_tree(products.attributes) WHERE products.id = 2
SELECT json_object('id', id, 'name', name) FROM products LIMIT 5
SELECT json_group_array(name), json_group_object(sku, price) FROM products
SELECT json_array(1, 'a', NULL), json_array_length(attributes, '$.tags') FROM products LIMIT 5
SELECT json_type(attributes, '$.size'), json_valid(attributes), json_quote(name) FROM products LIMIT 5
SELECT json_set(attributes, '$.seen', 1), json_remove(attributes, '$.tags') FROM products LIMIT 5
SELECT json_patch(attributes, '{"a": 1}'), json_pretty(attributes) FROM products LIMIT 1
-- Aggregates and conditions
SELECT count(*) FILTER (WHERE status = 'paid') AS paid, total(discount) FROM orders
SELECT sum(status = 'paid') AS paid, sum(status = 'open') AS open_orders FROM orders
SELECT avg(total) FILTER (WHERE currency = 'EUR') FROM orders
SELECT max(total, discount), min(total, discount) FROM orders LIMIT 5
SELECT round(total, 2), abs(-1), sign(total), ceil(total), floor(total), trunc(total), power(2, 10), sqrt(16), mod(7, 3), ln(10), pi() FROM orders LIMIT 1
SELECT CAST(total AS INTEGER), CAST(id AS TEXT), CAST('5' AS REAL) FROM orders LIMIT 5
SELECT id FROM orders WHERE total IS NOT NULL AND discount ISNULL
SELECT id FROM customers WHERE phone NOTNULL
SELECT id FROM customers WHERE phone IS NOT email LIMIT 5
SELECT id FROM customers WHERE city IS 'Rome'
SELECT id FROM orders WHERE total == 100
SELECT random() % 100 AS r, abs(random() % 10) AS a
SELECT id FROM orders ORDER BY random() LIMIT 5
SELECT id, total FROM orders LIMIT 10, 20
SELECT id, sum(total) OVER (ORDER BY id ROWS UNBOUNDED PRECEDING) FROM orders
SELECT id, nth_value(total, 2) OVER (PARTITION BY customer_id ORDER BY id) FROM orders
SELECT id, group_concat(status, ',') OVER (ORDER BY id) FROM orders
SELECT name, row_number() OVER (PARTITION BY country ORDER BY created_at) AS n FROM customers
SELECT * FROM customers NATURAL JOIN notes
SELECT rowid, name FROM customers LIMIT 5
SELECT 5 & 3, 5 | 3, ~5, 1 << 4, 7 % 2
SELECT x'41', 0x1F, 1e3, .5
SELECT id FROM orders INDEXED BY orders_by_customer WHERE customer_id = 7
SELECT id FROM orders NOT INDEXED WHERE total > 100
WITH recent AS MATERIALIZED (SELECT * FROM orders WHERE total > 5) SELECT status, count(*) FROM recent GROUP BY status
WITH plain AS NOT MATERIALIZED (SELECT id FROM orders) SELECT count(*) FROM plain
WITH RECURSIVE days(d) AS (SELECT date('2026-01-01') UNION ALL SELECT date(d, '+1 day') FROM days WHERE d < '2026-01-31') SELECT days.d, count(o.id) FROM days LEFT JOIN orders o ON date(o.ordered_at) = days.d GROUP BY days.d
SELECT c.name, o.total FROM customers c FULL OUTER JOIN orders o ON o.customer_id = c.id
SELECT c.name, o.total FROM customers c RIGHT JOIN orders o ON o.customer_id = c.id
SELECT * FROM customers WHERE (city, country) = ('Ulm', 'DE')
SELECT count(*) FROM orders WHERE customer_id IN (1, 2, 3) AND status NOT IN ('open')
SELECT name FROM customers WHERE name BETWEEN 'A' AND 'M'
VALUES (1, 'one'), (2, 'two')
SELECT total(amount), count(*) FROM payments WHERE method = 'card'
SELECT sqlite_version(), changes(), last_insert_rowid(), total_changes()
SELECT unhex('41'), likelihood(total > 1, 0.5) FROM orders LIMIT 1
SELECT DISTINCT substr(sku, 1, 2) AS family FROM products ORDER BY family
SELECT coalesce(p.amount, 0) AS paid, o.total FROM orders o LEFT JOIN payments p ON p.order_id = o.id
SELECT category, count(*) AS n, avg(price) AS mean FROM products WHERE price > 0 GROUP BY category HAVING n > 2 ORDER BY mean DESC
SELECT CASE WHEN stock = 0 THEN 'gone' WHEN stock < 5 THEN 'low' ELSE 'ok' END AS state, count(*) FROM products GROUP BY state
SELECT customer_id, count(*) AS n FROM notes GROUP BY customer_id ORDER BY n DESC LIMIT 5
SELECT e.name, count(r.id) AS reports FROM employees e LEFT JOIN employees r ON r.manager_id = e.id GROUP BY e.id
SELECT d.location, sum(e.salary) FROM departments d JOIN employees e ON e.department_id = d.id GROUP BY d.location
SELECT strftime('%Y', hired_at) AS y, count(*) FROM employees GROUP BY y
SELECT p.sku FROM products p WHERE NOT EXISTS (SELECT 1 FROM order_items i WHERE i.product_id = p.id)
SELECT order_id, sum(quantity) AS pieces, sum(quantity * unit_price) AS value FROM order_items GROUP BY order_id HAVING pieces > 3
SELECT kind, count(DISTINCT user_id) AS users FROM events GROUP BY kind
SELECT user_id, min(at) AS first_seen, max(at) AS last_seen FROM events GROUP BY user_id
SELECT method, sum(amount) FROM payments GROUP BY method ORDER BY 2 DESC
SELECT c.segment, avg(o.total) FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.segment
SELECT o.status, p.method, count(*) FROM orders o JOIN payments p ON p.order_id = o.id GROUP BY o.status, p.method
-- How the database is built
SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name
SELECT sql FROM sqlite_schema WHERE name = 'orders'
SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'orders'
SELECT count(*) FROM sqlite_schema
PRAGMA table_info(customers)
PRAGMA table_info('orders')
PRAGMA table_xinfo(orders)
PRAGMA table_list
PRAGMA index_list(orders)
PRAGMA index_info(orders_by_customer)
PRAGMA foreign_key_list(orders)
PRAGMA database_list
PRAGMA collation_list
PRAGMA function_list
PRAGMA compile_options
PRAGMA user_version
PRAGMA schema_version
PRAGMA page_count
PRAGMA page_size
PRAGMA freelist_count
PRAGMA journal_mode
PRAGMA foreign_keys
PRAGMA encoding
SELECT name, type FROM pragma_table_info('customers')
SELECT m.name, t.name AS column_name FROM sqlite_master m, pragma_table_info(m.name) t WHERE m.type = 'table'
SELECT l.name, i.name FROM pragma_index_list('orders') l, pragma_index_info(l.name) i
SELECT * FROM pragma_foreign_key_list('orders')
EXPLAIN QUERY PLAN SELECT * FROM orders WHERE customer_id = 7
EXPLAIN QUERY PLAN SELECT c.name FROM customers c JOIN orders o ON o.customer_id = c.id
EXPLAIN QUERY PLAN UPDATE orders SET status = 'paid' WHERE id = 1
-- Small writes, held for a reviewer
INSERT INTO notes (customer_id, author, body) VALUES (7, 'alice', 'x') RETURNING id
INSERT OR IGNORE INTO notes (id, customer_id, body) VALUES (1, 7, 'x')
INSERT OR REPLACE INTO products (id, sku, stock) VALUES (1, 'AB-1', 5)
REPLACE INTO products (id, sku, stock) VALUES (1, 'AB-1', 5)
INSERT INTO products (id, sku, stock) VALUES (1, 'AB-1', 5) ON CONFLICT (id) DO UPDATE SET stock = excluded.stock
INSERT INTO products (id, sku) VALUES (1, 'AB-1') ON CONFLICT DO NOTHING
UPDATE OR IGNORE customers SET phone = NULL WHERE id = 3
UPDATE orders SET status = 'paid' FROM payments AS p WHERE p.order_id = orders.id AND p.id = 55
UPDATE products SET attributes = json_set(attributes, '$.color', 'red') WHERE id = 4 RETURNING id
UPDATE products SET (price, stock) = (9.99, 4) WHERE sku = 'AB-1'
DELETE FROM notes WHERE id = 3 RETURNING id
-- More of an ordinary day
SELECT date(paid_at) AS day, sum(amount) FROM payments GROUP BY day ORDER BY day DESC LIMIT 14
SELECT author, count(*) FROM notes GROUP BY author
