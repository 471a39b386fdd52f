-- Time
SELECT DATE_FORMAT(ordered_at, '%Y-%m') AS period, COUNT(*) FROM orders GROUP BY period ORDER BY period
SELECT DATE_FORMAT(ordered_at, '%Y-%m-%d') AS period, COUNT(*) FROM orders GROUP BY period ORDER BY period
SELECT DATE_FORMAT(ordered_at, '%x-W%v') AS period, COUNT(*) FROM orders GROUP BY period ORDER BY period
SELECT DATE_FORMAT(ordered_at, '%H:00') AS period, COUNT(*) FROM orders GROUP BY period ORDER BY period
SELECT DATE_FORMAT(created_at, '%Y-%m') AS period, COUNT(*) FROM customers GROUP BY period ORDER BY period
SELECT DATE_FORMAT(created_at, '%Y-%m-%d') AS period, COUNT(*) FROM customers GROUP BY period ORDER BY period
SELECT DATE_FORMAT(created_at, '%x-W%v') AS period, COUNT(*) FROM customers GROUP BY period ORDER BY period
SELECT DATE_FORMAT(created_at, '%H:00') AS period, COUNT(*) FROM customers GROUP BY period ORDER BY period
SELECT DATE_FORMAT(paid_at, '%Y-%m') AS period, COUNT(*) FROM payments GROUP BY period ORDER BY period
SELECT DATE_FORMAT(paid_at, '%Y-%m-%d') AS period, COUNT(*) FROM payments GROUP BY period ORDER BY period
SELECT DATE_FORMAT(paid_at, '%x-W%v') AS period, COUNT(*) FROM payments GROUP BY period ORDER BY period
SELECT DATE_FORMAT(paid_at, '%H:00') AS period, COUNT(*) FROM payments GROUP BY period ORDER BY period
SELECT DATE_FORMAT(created_at, '%Y-%m') AS period, COUNT(*) FROM notes GROUP BY period ORDER BY period
SELECT DATE_FORMAT(created_at, '%Y-%m-%d') AS period, COUNT(*) FROM notes GROUP BY period ORDER BY period
SELECT DATE_FORMAT(created_at, '%x-W%v') AS period, COUNT(*) FROM notes GROUP BY period ORDER BY period
SELECT DATE_FORMAT(created_at, '%H:00') AS period, COUNT(*) FROM notes GROUP BY period ORDER BY period
SELECT id FROM orders WHERE ordered_at >= NOW() - INTERVAL 1 DAY
SELECT id FROM customers WHERE created_at >= NOW() - INTERVAL 7 DAY
SELECT id FROM payments WHERE paid_at >= NOW() - INTERVAL 30 DAY
SELECT id FROM notes WHERE created_at >= NOW() - INTERVAL 90 DAY
SELECT id FROM events WHERE at >= NOW() - INTERVAL 365 DAY
SELECT YEAR(ordered_at) AS part, COUNT(*) AS n FROM orders GROUP BY YEAR(ordered_at)
SELECT MONTH(ordered_at) AS part, COUNT(*) AS n FROM orders GROUP BY MONTH(ordered_at)
SELECT DAY(ordered_at) AS part, COUNT(*) AS n FROM orders GROUP BY DAY(ordered_at)
SELECT HOUR(ordered_at) AS part, COUNT(*) AS n FROM orders GROUP BY HOUR(ordered_at)
SELECT DAYOFWEEK(ordered_at) AS part, COUNT(*) AS n FROM orders GROUP BY DAYOFWEEK(ordered_at)
SELECT DAYNAME(ordered_at) AS part, COUNT(*) AS n FROM orders GROUP BY DAYNAME(ordered_at)
SELECT QUARTER(ordered_at) AS part, COUNT(*) AS n FROM orders GROUP BY QUARTER(ordered_at)
SELECT WEEK(ordered_at) AS part, COUNT(*) AS n FROM orders GROUP BY WEEK(ordered_at)
SELECT DATE(ordered_at) AS part, COUNT(*) AS n FROM orders GROUP BY DATE(ordered_at)
SELECT YEAR(created_at) AS part, COUNT(*) AS n FROM customers GROUP BY YEAR(created_at)
SELECT MONTH(created_at) AS part, COUNT(*) AS n FROM customers GROUP BY MONTH(created_at)
SELECT DAY(created_at) AS part, COUNT(*) AS n FROM customers GROUP BY DAY(created_at)
SELECT HOUR(created_at) AS part, COUNT(*) AS n FROM customers GROUP BY HOUR(created_at)
SELECT DAYOFWEEK(created_at) AS part, COUNT(*) AS n FROM customers GROUP BY DAYOFWEEK(created_at)
SELECT DAYNAME(created_at) AS part, COUNT(*) AS n FROM customers GROUP BY DAYNAME(created_at)
SELECT QUARTER(created_at) AS part, COUNT(*) AS n FROM customers GROUP BY QUARTER(created_at)
SELECT WEEK(created_at) AS part, COUNT(*) AS n FROM customers GROUP BY WEEK(created_at)
SELECT DATE(created_at) AS part, COUNT(*) AS n FROM customers GROUP BY DATE(created_at)
SELECT DATE_ADD(ordered_at, INTERVAL 1 MONTH), DATE_SUB(ordered_at, INTERVAL 2 HOUR) FROM orders LIMIT 5
SELECT DATEDIFF(NOW(), ordered_at) AS age FROM orders ORDER BY age DESC LIMIT 10
SELECT TIMESTAMPDIFF(MINUTE, ordered_at, NOW()) FROM orders LIMIT 5
SELECT EXTRACT(YEAR FROM ordered_at) AS y, SUM(total) FROM orders GROUP BY y
SELECT UNIX_TIMESTAMP(ordered_at), FROM_UNIXTIME(1700000000) FROM orders LIMIT 1
SELECT STR_TO_DATE('21.11.2026', '%d.%m.%Y'), LAST_DAY('2026-02-01'), MAKEDATE(2026, 60)
SELECT CURDATE(), CURTIME(), CURRENT_TIMESTAMP, UTC_TIMESTAMP(), SYSDATE()
SELECT COUNT(*) FROM orders WHERE DATE(ordered_at) = CURDATE()
SELECT COUNT(*) FROM orders WHERE ordered_at BETWEEN '2026-01-01' AND '2026-01-31 23:59:59'
SELECT CONVERT_TZ(ordered_at, '+00:00', '+02:00') FROM orders LIMIT 5
SELECT TIME_TO_SEC(TIMEDIFF(NOW(), ordered_at)), SEC_TO_TIME(3600) FROM orders LIMIT 5
SELECT TO_DAYS(ordered_at), WEEKDAY(ordered_at), YEARWEEK(ordered_at) FROM orders LIMIT 1
-- Text
SELECT CONCAT(name, ' <', email, '>') FROM customers
SELECT CONCAT_WS(', ', city, country) FROM customers
SELECT SUBSTRING_INDEX(email, '@', -1) AS domain, COUNT(*) AS n FROM customers GROUP BY domain ORDER BY n DESC
SELECT LEFT(sku, 2), RIGHT(sku, 2), MID(sku, 2, 3) FROM products
SELECT SUBSTRING(sku, 1, 3), SUBSTRING(sku FROM 2), SUBSTRING(sku FROM 1 FOR 2) FROM products
SELECT GROUP_CONCAT(name ORDER BY name SEPARATOR '; ') FROM products GROUP BY category
SELECT GROUP_CONCAT(DISTINCT category) FROM products
SELECT LPAD(id, 8, '0'), RPAD(sku, 10, '.'), REPEAT('x', 3), SPACE(2), REVERSE(sku) FROM products
SELECT LOCATE('@', email), INSTR(email, '.'), POSITION('@' IN email) FROM customers
SELECT TRIM(BOTH '-' FROM sku), LTRIM(name), RTRIM(name) FROM products
SELECT name FROM customers WHERE name REGEXP '^(Ada|Bob)'
SELECT name FROM customers WHERE name NOT REGEXP '[0-9]'
SELECT name FROM customers WHERE name RLIKE 'a$'
SELECT REGEXP_REPLACE(phone, '[^0-9]', ''), REGEXP_SUBSTR(sku, '[0-9]+') FROM customers, products LIMIT 5
SELECT CHAR_LENGTH(name), OCTET_LENGTH(name), BIT_LENGTH(name) FROM customers LIMIT 5
SELECT UCASE(name), LCASE(name) FROM customers LIMIT 5
SELECT FORMAT(price, 2), HEX(id), MD5(sku), SHA2(sku, 256) FROM products LIMIT 5
SELECT FIND_IN_SET('b', 'a,b,c'), FIELD(status, 'open', 'paid'), ELT(2, 'a', 'b') FROM orders LIMIT 5
SELECT INSERT(sku, 1, 2, 'XX'), REPLACE(sku, '-', '') FROM products
SELECT SOUNDEX(name), name FROM customers WHERE name SOUNDS LIKE 'Ada' LIMIT 5
SELECT ASCII('x'), ORD('x'), CHAR(65), BIN(5), OCT(8), CONV('ff', 16, 10)
SELECT name FROM customers WHERE name LIKE 'A%' AND name COLLATE utf8mb4_general_ci = 'ada'
SELECT CAST(total AS SIGNED), CAST(total AS CHAR), CAST('2026-01-01' AS DATE), CONVERT(total, DECIMAL(10, 1)) FROM orders LIMIT 5
SELECT `name` FROM `customers` WHERE `city` = 'Rome'
SELECT 'it''s', 'a' 'b'
-- JSON
SELECT payload->>'$.page' AS page, COUNT(*) AS n FROM events GROUP BY page
SELECT payload->'$.user.plan' FROM events LIMIT 5
SELECT JSON_EXTRACT(payload, '$.user.plan') FROM events LIMIT 5
SELECT JSON_UNQUOTE(JSON_EXTRACT(attributes, '$.color')) AS color, COUNT(*) AS n FROM products GROUP BY color
SELECT COUNT(*) FROM products WHERE JSON_CONTAINS(attributes, '"new"', '$.tags')
SELECT JSON_KEYS(attributes), JSON_LENGTH(attributes), JSON_TYPE(attributes), JSON_VALID(attributes) FROM products LIMIT 5
SELECT JSON_OBJECT('id', id, 'name', name) FROM products LIMIT 5
SELECT JSON_ARRAY(1, 'a', NULL), JSON_ARRAYAGG(name), JSON_OBJECTAGG(sku, price) FROM products
SELECT JSON_VALUE(attributes, '$.size') FROM products
SELECT JSON_SEARCH(attributes, 'one', 'red') FROM products
SELECT j.tag FROM products p, JSON_TABLE(p.attributes, '$.tags[*]' COLUMNS (tag VARCHAR(40) PATH '$')) AS j
SELECT JSON_PRETTY(attributes) FROM products WHERE id = 3
-- Aggregates and conditions
SELECT status, COUNT(*) AS n FROM orders GROUP BY status WITH ROLLUP
SELECT SUM(status = 'paid') AS paid, SUM(status = 'open') AS open_orders FROM orders
SELECT IF(total > 100, 'big', 'small') AS size, COUNT(*) AS n FROM orders GROUP BY size
SELECT IFNULL(phone, 'none') FROM customers
SELECT STDDEV(total), VARIANCE(total), STD(total), VAR_SAMP(total) FROM orders
SELECT BIT_AND(id), BIT_OR(id), BIT_XOR(id) FROM orders
SELECT ANY_VALUE(name), country FROM customers GROUP BY country
SELECT GREATEST(total, discount), LEAST(total, discount) FROM orders LIMIT 5
SELECT TRUNCATE(total, 1), CEILING(total), FLOOR(total), SIGN(total), POW(2, 10), SQRT(16), MOD(7, 3), 7 DIV 2, 7 % 2, LN(10), EXP(1), PI() FROM orders LIMIT 1
SELECT RAND(), UUID()
SELECT id FROM orders ORDER BY RAND() LIMIT 5
SELECT id, total FROM orders LIMIT 10, 20
SELECT SQL_NO_CACHE COUNT(*) FROM orders
SELECT DISTINCTROW city FROM customers
SELECT STRAIGHT_JOIN c.name FROM customers c JOIN orders o ON o.customer_id = c.id
SELECT id FROM orders FORCE INDEX (PRIMARY) WHERE id > 5
SELECT id FROM orders USE INDEX (PRIMARY) WHERE id > 5
SELECT id FROM orders IGNORE INDEX (PRIMARY) WHERE id > 5
SELECT id FROM customers WHERE phone <=> NULL
SELECT total XOR discount, !discount, NOT discount FROM orders LIMIT 5
SELECT 5 & 3, 5 | 3, 5 ^ 3, ~5, 1 << 4
SELECT COUNT(DISTINCT customer_id, status) FROM orders
SELECT customer_id, MAX(total) AS m FROM orders GROUP BY customer_id HAVING m > 500
SELECT id, LAG(total, 1) OVER (ORDER BY id) AS previous_total, total FROM orders
SELECT MEDIAN(total) OVER (PARTITION BY status) FROM orders
SELECT INET_ATON('10.0.0.1'), INET_NTOA(167772161), INET6_NTOA(INET6_ATON('::1'))
SELECT c.name FROM customers c NATURAL JOIN notes n
SELECT c.name, o.total FROM customers c RIGHT JOIN orders o ON o.customer_id = c.id
SELECT 1 FROM DUAL
SELECT * FROM customers WHERE (city, country) = ('Ulm', 'DE')
SELECT * FROM customers WHERE (city, country) IN (('Ulm', 'DE'), ('Rome', 'IT'))
SELECT VERSION(), DATABASE(), USER(), CURRENT_USER(), CONNECTION_ID()
SELECT @@version, @@sql_mode, @@max_connections
(SELECT id FROM orders WHERE status = 'open' ORDER BY id LIMIT 5) UNION ALL (SELECT id FROM orders WHERE status = 'paid' ORDER BY id LIMIT 5)
WITH RECURSIVE days AS (SELECT DATE('2026-01-01') AS d UNION ALL SELECT d + INTERVAL 1 DAY FROM days WHERE d < '2026-01-31') SELECT days.d, COUNT(o.id) FROM days LEFT JOIN orders o ON DATE(o.ordered_at) = days.d GROUP BY days.d
SELECT o.id FROM orders o JOIN payments p ON p.order_id = o.id AND p.method IN ('card', 'cash')
-- How the database is built
SHOW TABLES
SHOW FULL TABLES
SHOW TABLES LIKE 'ord%'
SHOW DATABASES
SHOW COLUMNS FROM customers
SHOW FULL COLUMNS FROM orders
SHOW INDEX FROM orders
SHOW KEYS FROM customers
SHOW CREATE TABLE orders
SHOW TABLE STATUS
SHOW TABLE STATUS LIKE 'orders'
SHOW VARIABLES LIKE 'version%'
SHOW VARIABLES LIKE 'max_connections'
SHOW GLOBAL STATUS LIKE 'Threads%'
SHOW STATUS LIKE 'Uptime'
SHOW ENGINES
SHOW COLLATION LIKE 'utf8mb4%'
SHOW CHARACTER SET
SHOW WARNINGS
SHOW TRIGGERS
SHOW PLUGINS
SHOW EVENTS
DESCRIBE customers
DESC orders
DESCRIBE customers email
EXPLAIN FORMAT=JSON SELECT * FROM orders WHERE total > 100
EXPLAIN EXTENDED SELECT * FROM orders
EXPLAIN UPDATE orders SET status = 'paid' WHERE id = 1
SELECT table_name, table_rows FROM information_schema.tables WHERE table_schema = DATABASE()
SELECT column_name, data_type, is_nullable FROM information_schema.columns WHERE table_name = 'customers' ORDER BY ordinal_position
SELECT constraint_name, constraint_type FROM information_schema.table_constraints WHERE table_name = 'orders'
SELECT table_name, column_name, referenced_table_name FROM information_schema.key_column_usage WHERE referenced_table_name IS NOT NULL
SELECT index_name, column_name FROM information_schema.statistics WHERE table_name = 'orders'
SELECT table_schema, SUM(data_length + index_length) / 1024 / 1024 AS mb FROM information_schema.tables GROUP BY table_schema
SELECT schema_name FROM information_schema.schemata
-- Small writes, held for a reviewer
INSERT INTO notes SET customer_id = 7, author = 'alice', body = 'x'
INSERT IGNORE INTO notes (customer_id, author, body) VALUES (7, 'alice', 'x')
INSERT INTO products (id, sku, stock) VALUES (1, 'AB-1', 5) ON DUPLICATE KEY UPDATE stock = VALUES(stock)
REPLACE INTO products (id, sku, stock) VALUES (1, 'AB-1', 5)
UPDATE orders o JOIN payments p ON p.order_id = o.id SET o.status = 'paid' WHERE p.id = 55
UPDATE orders SET status = 'open' WHERE id = 3 ORDER BY id LIMIT 1
DELETE FROM notes WHERE id = 3 LIMIT 1
DELETE n FROM notes n JOIN customers c ON c.id = n.customer_id WHERE c.id = 7
-- More of an ordinary day
SELECT method, SUM(amount) AS total FROM payments GROUP BY method ORDER BY total DESC
SELECT kind, COUNT(DISTINCT user_id) AS users FROM events GROUP BY kind
SELECT user_id, MIN(at) AS first_seen, MAX(at) AS last_seen FROM events GROUP BY user_id
SELECT e.name, COUNT(r.id) AS reports FROM employees e LEFT JOIN employees r ON r.manager_id = e.id GROUP BY e.id, e.name
SELECT c.segment, AVG(o.total) AS mean FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.segment
SELECT p.sku FROM products p WHERE NOT EXISTS (SELECT 1 FROM order_items i WHERE i.product_id = p.id)
SELECT order_id, SUM(quantity) AS pieces FROM order_items GROUP BY order_id HAVING pieces > 3
SELECT YEAR(hired_at) AS y, COUNT(*) AS n FROM employees GROUP BY y
SELECT CASE WHEN stock = 0 THEN 'gone' WHEN stock < 5 THEN 'low' ELSE 'ok' END AS state, COUNT(*) AS n FROM products GROUP BY state
SELECT o.status, p.method, COUNT(*) AS n FROM orders o JOIN payments p ON p.order_id = o.id GROUP BY o.status, p.method
