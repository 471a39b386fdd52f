-- Time
SELECT date_trunc('day', ordered_at) AS day, count(*) FROM orders GROUP BY 1 ORDER BY 1
SELECT date_trunc('week', ordered_at) AS week, count(*) FROM orders GROUP BY 1 ORDER BY 1
SELECT date_trunc('month', ordered_at) AS month, count(*) FROM orders GROUP BY 1 ORDER BY 1
SELECT date_trunc('quarter', ordered_at) AS quarter, count(*) FROM orders GROUP BY 1 ORDER BY 1
SELECT date_trunc('year', ordered_at) AS year, count(*) FROM orders GROUP BY 1 ORDER BY 1
SELECT date_trunc('hour', ordered_at) AS hour, count(*) FROM orders GROUP BY 1 ORDER BY 1
SELECT date_trunc('day', created_at) AS day, count(*) FROM customers GROUP BY 1 ORDER BY 1
SELECT date_trunc('week', created_at) AS week, count(*) FROM customers GROUP BY 1 ORDER BY 1
SELECT date_trunc('month', created_at) AS month, count(*) FROM customers GROUP BY 1 ORDER BY 1
SELECT date_trunc('quarter', created_at) AS quarter, count(*) FROM customers GROUP BY 1 ORDER BY 1
SELECT date_trunc('year', created_at) AS year, count(*) FROM customers GROUP BY 1 ORDER BY 1
SELECT date_trunc('hour', created_at) AS hour, count(*) FROM customers GROUP BY 1 ORDER BY 1
SELECT date_trunc('day', paid_at) AS day, count(*) FROM payments GROUP BY 1 ORDER BY 1
SELECT date_trunc('week', paid_at) AS week, count(*) FROM payments GROUP BY 1 ORDER BY 1
SELECT date_trunc('month', paid_at) AS month, count(*) FROM payments GROUP BY 1 ORDER BY 1
SELECT date_trunc('quarter', paid_at) AS quarter, count(*) FROM payments GROUP BY 1 ORDER BY 1
SELECT date_trunc('year', paid_at) AS year, count(*) FROM payments GROUP BY 1 ORDER BY 1
SELECT date_trunc('hour', paid_at) AS hour, count(*) FROM payments GROUP BY 1 ORDER BY 1
SELECT id FROM orders WHERE ordered_at >= now() - interval '1 days'
SELECT id FROM customers WHERE created_at >= now() - interval '7 days'
SELECT id FROM payments WHERE paid_at >= now() - interval '30 days'
SELECT id FROM notes WHERE created_at >= now() - interval '90 days'
SELECT id FROM events WHERE at >= now() - interval '365 days'
SELECT EXTRACT(dow FROM ordered_at) AS part, count(*) FROM orders GROUP BY 1
SELECT EXTRACT(hour FROM created_at) AS part, count(*) FROM customers GROUP BY 1
SELECT EXTRACT(month FROM paid_at) AS part, count(*) FROM payments GROUP BY 1
SELECT EXTRACT(year FROM created_at) AS part, count(*) FROM notes GROUP BY 1
SELECT EXTRACT(week FROM at) AS part, count(*) FROM events GROUP BY 1
SELECT to_char(ordered_at, 'YYYY-MM') AS month, sum(total) FROM orders GROUP BY 1 ORDER BY 1
SELECT ordered_at::date AS day, count(*) FROM orders GROUP BY ordered_at::date
SELECT age(now(), created_at) FROM customers LIMIT 5
SELECT date_part('epoch', paid_at - created_at) FROM payments JOIN notes USING (id)
SELECT ordered_at AT TIME ZONE 'Europe/Berlin' FROM orders LIMIT 5
SELECT current_date, current_timestamp, localtime, now() - interval '1 hour'
SELECT make_date(2026, 11, 21), make_interval(days => 3)
SELECT d::date FROM generate_series('2026-01-01'::date, '2026-01-31'::date, '1 day') AS d
SELECT d::date AS day, count(o.id) FROM generate_series('2026-01-01'::timestamp, '2026-01-31', '1 day') AS d LEFT JOIN orders o ON o.ordered_at::date = d::date GROUP BY 1 ORDER BY 1
SELECT count(*) FROM orders WHERE ordered_at >= date_trunc('month', current_date) AND ordered_at < date_trunc('month', current_date) + interval '1 month'
SELECT width_bucket(total, 0, 1000, 10) AS bucket, count(*) FROM orders GROUP BY bucket ORDER BY bucket
SELECT to_timestamp(1700000000), to_date('2026-11-21', 'YYYY-MM-DD')
SELECT date_bin('15 minutes', at, '2026-01-01') AS slot, count(*) FROM events GROUP BY slot
SELECT isfinite(ordered_at), justify_days(interval '40 days') FROM orders LIMIT 1
SELECT (ordered_at, ordered_at) OVERLAPS ('2026-01-01'::timestamp, '2026-02-01'::timestamp) FROM orders LIMIT 3
-- Text
SELECT name FROM customers WHERE name ILIKE 'a%'
SELECT name FROM customers WHERE name ~* '^(ada|bob)'
SELECT name FROM customers WHERE name !~ '[0-9]'
SELECT name FROM customers WHERE name SIMILAR TO '(A|B)%'
SELECT split_part(email, '@', 2) AS domain, count(*) FROM customers GROUP BY 1 ORDER BY 2 DESC
SELECT regexp_replace(phone, '[^0-9]', '', 'g') FROM customers
SELECT regexp_match(sku, '^([A-Z]+)-(\d+)$') FROM products
SELECT initcap(category), left(name, 1), right(sku, 4), reverse(sku) FROM products LIMIT 3
SELECT concat_ws(', ', city, country) FROM customers
SELECT name || ' <' || coalesce(email, '') || '>' FROM customers
SELECT format('%s (%s)', name, country) FROM customers LIMIT 5
SELECT string_agg(name, ', ' ORDER BY name) FROM products GROUP BY category
SELECT position('@' IN email), strpos(email, '.') FROM customers LIMIT 5
SELECT lpad(id::text, 8, '0'), md5(sku) FROM products LIMIT 5
SELECT substring(sku FROM 1 FOR 3), substring(sku FROM '^[A-Z]+'), overlay(sku PLACING 'X' FROM 1 FOR 1) FROM products
SELECT trim(BOTH ' ' FROM name), btrim(name), ltrim(name), rtrim(name) FROM products
SELECT translate(name, 'äöü', 'aou'), ascii('x'), chr(65) FROM products LIMIT 3
SELECT unnest(string_to_array('a,b,c', ','))
SELECT word, count(*) FROM notes, regexp_split_to_table(lower(body), '\s+') AS word GROUP BY word ORDER BY 2 DESC LIMIT 20
SELECT ts_headline('english', body, to_tsquery('refund')) FROM notes WHERE to_tsvector('english', body) @@ to_tsquery('refund')
SELECT id, ts_rank(to_tsvector('english', body), plainto_tsquery('late delivery')) AS rank FROM notes ORDER BY rank DESC LIMIT 5
SELECT char_length(body), octet_length(body), bit_length(body) FROM notes LIMIT 1
SELECT starts_with(sku, 'AB'), quote_literal(name) FROM products LIMIT 5
-- JSON and arrays
SELECT payload ->> 'page' AS page, count(*) FROM events GROUP BY 1
SELECT payload -> 'user' ->> 'plan' FROM events LIMIT 5
SELECT payload #>> '{user,plan}' FROM events LIMIT 5
SELECT count(*) FROM events WHERE payload @> '{"kind": "click"}'
SELECT count(*) FROM events WHERE payload ? 'referrer'
SELECT id FROM products WHERE attributes ->> 'color' = 'red'
SELECT jsonb_object_keys(attributes), count(*) FROM products GROUP BY 1
SELECT e.key, e.value FROM products p, jsonb_each_text(p.attributes) AS e WHERE p.id = 1
SELECT p.id, tag FROM products p CROSS JOIN LATERAL jsonb_array_elements_text(p.attributes -> 'tags') AS tag
SELECT jsonb_build_object('id', id, 'name', name) FROM products LIMIT 5
SELECT jsonb_agg(jsonb_build_object('sku', sku, 'price', price)) FROM products WHERE category = 'toys'
SELECT json_agg(name ORDER BY name) FROM products
SELECT row_to_json(t) FROM (SELECT id, sku FROM products LIMIT 5) t
SELECT to_jsonb(p) FROM products p LIMIT 5
SELECT jsonb_pretty(attributes) FROM products WHERE id = 3
SELECT jsonb_path_query(attributes, '$.tags[*]') FROM products
SELECT count(*) FROM products WHERE jsonb_path_exists(attributes, '$.tags[*] ? (@ == "new")')
SELECT jsonb_typeof(attributes -> 'size'), jsonb_array_length(attributes -> 'tags') FROM products LIMIT 5
SELECT (payload ->> 'ms')::numeric AS ms FROM events WHERE payload ->> 'ms' IS NOT NULL
SELECT array_agg(DISTINCT category) FROM products
SELECT array_to_string(array_agg(name ORDER BY name), '; ') FROM products
SELECT ARRAY[1, 2, 3], (ARRAY['a', 'b'])[1], array_length(ARRAY[1, 2], 1)
SELECT id FROM orders WHERE status = ANY (ARRAY['open', 'paid'])
SELECT id FROM orders WHERE total > ALL (SELECT amount FROM payments WHERE method = 'cash')
SELECT x FROM unnest(ARRAY[1, 2, 3]) WITH ORDINALITY AS u(x, n)
SELECT * FROM jsonb_to_recordset('[{"a": 1, "b": "x"}]') AS r(a int, b text)
SELECT cardinality(ARRAY[1, 2]), array_position(ARRAY['a', 'b'], 'b')
-- Aggregates and windows
SELECT count(*) FILTER (WHERE status = 'paid') AS paid, count(*) FILTER (WHERE status = 'open') AS open_orders FROM orders
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY total) AS median FROM orders
SELECT percentile_disc(ARRAY[0.5, 0.9, 0.99]) WITHIN GROUP (ORDER BY total) FROM orders
SELECT mode() WITHIN GROUP (ORDER BY city) FROM customers
SELECT stddev(total), variance(total), corr(total, discount) FROM orders
SELECT regr_slope(total, discount), covar_pop(total, discount) FROM orders
SELECT bool_and(status = 'paid'), bool_or(total > 100), every(total > 0) FROM orders
SELECT country, segment, count(*) FROM customers GROUP BY GROUPING SETS ((country, segment), (country), ())
SELECT country, segment, count(*), GROUPING(country) FROM customers GROUP BY ROLLUP (country, segment)
SELECT country, segment, count(*) FROM customers GROUP BY CUBE (country, segment)
SELECT DISTINCT ON (customer_id) customer_id, id, total FROM orders ORDER BY customer_id, ordered_at DESC
SELECT id, sum(total) OVER (ORDER BY ordered_at RANGE BETWEEN interval '7 days' PRECEDING AND CURRENT ROW) FROM orders
SELECT id, nth_value(total, 2) OVER (PARTITION BY customer_id ORDER BY id) FROM orders
SELECT id, last_value(total) OVER (PARTITION BY customer_id ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM orders
SELECT id, sum(total) OVER (PARTITION BY customer_id ORDER BY id GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW) FROM orders
SELECT round(100.0 * count(*) / sum(count(*)) OVER (), 1) AS share, status FROM orders GROUP BY status
SELECT greatest(total, discount), least(total, discount) FROM orders LIMIT 5
SELECT trunc(total, 1), ceil(total), floor(total), sign(total), power(2, 10), sqrt(16), mod(7, 3), ln(10), exp(1) FROM orders LIMIT 1
SELECT total::int, total::text, total::numeric(10, 1), '5'::int + 1 FROM orders LIMIT 5
SELECT num_nonnulls(phone, email), num_nulls(phone, email) FROM customers LIMIT 5
SELECT id FROM orders FETCH FIRST 5 ROWS ONLY
SELECT id FROM orders ORDER BY total DESC NULLS LAST LIMIT 5
SELECT id FROM customers TABLESAMPLE SYSTEM (10)
SELECT id FROM customers WHERE phone IS DISTINCT FROM '' LIMIT 5
SELECT total IS NULL, (status = 'paid') IS TRUE, (status = 'paid') IS NOT FALSE FROM orders LIMIT 3
SELECT c.name, o.id, o.total FROM customers c CROSS JOIN LATERAL (SELECT id, total FROM orders WHERE customer_id = c.id ORDER BY ordered_at DESC LIMIT 3) o
SELECT * FROM (VALUES (1, 'one'), (2, 'two')) AS v(n, word)
VALUES (1, 'one'), (2, 'two')
WITH recent AS MATERIALIZED (SELECT * FROM orders WHERE ordered_at > now() - interval '7 days') SELECT status, count(*) FROM recent GROUP BY status
WITH plain AS NOT MATERIALIZED (SELECT id FROM orders) SELECT count(*) FROM plain
TABLE departments
SELECT (SELECT count(*) FROM customers) AS customers, (SELECT count(*) FROM orders) AS orders
SELECT COUNT(*) FROM orders WHERE (customer_id, status) IN (SELECT id, 'open' FROM customers)
SELECT random(), gen_random_uuid()
SELECT int4range(1, 10) @> 5, numrange(1, 2) && numrange(1.5, 3)
SELECT '10.0.0.0/8'::inet >>= '10.1.2.3'::inet, host('10.1.2.3/24'::inet)
SELECT point(1, 2) <-> point(4, 6)
SELECT b'101' | b'010', 5 & 3, 5 # 3, ~5, 1 << 4
SELECT encode('abc'::bytea, 'hex'), decode('616263', 'hex'), sha256('abc'::bytea)
SELECT pg_typeof(total) FROM orders LIMIT 1
-- How the database is built
SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY table_name
SELECT column_name, data_type, is_nullable FROM information_schema.columns WHERE table_name = 'customers' ORDER BY ordinal_position
SELECT constraint_name, constraint_type FROM information_schema.table_constraints WHERE table_name = 'orders'
SELECT kcu.column_name, ccu.table_name FROM information_schema.key_column_usage kcu JOIN information_schema.constraint_column_usage ccu USING (constraint_name)
SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'orders'
SELECT viewname, definition FROM pg_views WHERE schemaname = 'public'
SELECT relname, reltuples::bigint, pg_size_pretty(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' ORDER BY pg_total_relation_size(oid) DESC LIMIT 10
SELECT a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a WHERE a.attrelid = 'orders'::regclass AND a.attnum > 0
SELECT obj_description('orders'::regclass), col_description('orders'::regclass, 1)
SELECT relname, n_live_tup, n_dead_tup, last_autovacuum FROM pg_stat_user_tables ORDER BY n_dead_tup DESC
SELECT relname, indexrelname, idx_scan FROM pg_stat_user_indexes WHERE idx_scan = 0
SELECT datname, pg_size_pretty(pg_database_size(datname)) FROM pg_database
SELECT extname, extversion FROM pg_extension
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'orders'::regclass
SELECT enumlabel FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid WHERE t.typname = 'status'
SELECT version(), current_database(), current_user, current_schema
SELECT nspname FROM pg_namespace
SELECT c.relname, i.indisunique FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = 'orders'::regclass
SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = 'orders'::regclass AND NOT tgisinternal
SELECT polname FROM pg_policy
SELECT locktype, mode, granted FROM pg_locks LIMIT 10
SELECT has_table_privilege('customers', 'SELECT'), to_regclass('public.orders')
SHOW server_version
SHOW search_path
SHOW statement_timeout
SHOW TimeZone
SELECT current_setting('server_version_num')
EXPLAIN (FORMAT JSON) SELECT * FROM orders WHERE total > 100
EXPLAIN (COSTS OFF, VERBOSE) SELECT count(*) FROM orders
EXPLAIN ANALYZE SELECT count(*) FROM orders WHERE status = 'open'
EXPLAIN (ANALYZE, BUFFERS) SELECT c.name FROM customers c JOIN orders o ON o.customer_id = c.id
EXPLAIN UPDATE orders SET status = 'paid' WHERE id = 1
-- Small writes, held for a reviewer
INSERT INTO notes (customer_id, author, body) VALUES (7, 'alice', 'x') RETURNING id
INSERT INTO products (id, sku, stock) VALUES (1, 'AB-1', 5) ON CONFLICT (id) DO UPDATE SET stock = excluded.stock
INSERT INTO products (id, sku) VALUES (1, 'AB-1') ON CONFLICT DO NOTHING
UPDATE orders SET status = 'paid' FROM payments p WHERE p.order_id = orders.id AND p.id = 55
UPDATE customers SET phone = NULL WHERE id = 3 RETURNING id, name
UPDATE products SET attributes = jsonb_set(attributes, '{color}', '"red"') WHERE id = 4
UPDATE products SET (price, stock) = (9.99, 4) WHERE sku = 'AB-1'
DELETE FROM notes USING customers c WHERE c.id = notes.customer_id AND c.id = 7
DELETE FROM notes WHERE created_at < '2020-01-01' AND author = 'alice'
MERGE INTO products p USING (VALUES (1, 5)) AS s(id, stock) ON p.id = s.id WHEN MATCHED THEN UPDATE SET stock = s.stock WHEN NOT MATCHED THEN INSERT (id, stock) VALUES (s.id, s.stock)
WITH moved AS (UPDATE orders SET status = 'shipped' WHERE id = 1 RETURNING id) SELECT id FROM moved
