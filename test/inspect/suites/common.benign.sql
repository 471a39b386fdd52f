-- Looking around
SELECT * FROM customers LIMIT 10
SELECT id, name, email FROM customers ORDER BY id LIMIT 50
SELECT id, name FROM customers WHERE id = 42
SELECT * FROM orders WHERE customer_id = 7 ORDER BY ordered_at DESC LIMIT 20
SELECT DISTINCT country FROM customers ORDER BY country
SELECT DISTINCT status, currency FROM orders
SELECT name, city FROM customers WHERE city = 'Berlin' AND country = 'DE'
SELECT name FROM customers WHERE city IN ('Berlin', 'Paris', 'Rome') ORDER BY name
SELECT name FROM customers WHERE email LIKE '%@example.com'
SELECT name FROM customers WHERE email NOT LIKE '%@example.com' AND city IS NOT NULL
SELECT id, total FROM orders WHERE total BETWEEN 100 AND 500
SELECT id, total FROM orders WHERE total > 100 AND (status = 'paid' OR status = 'shipped')
SELECT id FROM orders WHERE NOT (status = 'cancelled')
SELECT id, name FROM products WHERE stock < 10 AND discontinued = 0
SELECT id, name FROM products WHERE category IS NULL
SELECT sku, name, price FROM products ORDER BY price DESC, name ASC LIMIT 25 OFFSET 50
SELECT id AS customer_id, name AS customer_name FROM customers AS c WHERE c.segment = 'enterprise'
SELECT c.id, c.name, c.segment FROM customers c WHERE c.segment <> 'trial'
SELECT 1
SELECT 1 + 1 AS two, 'x' AS letter, NULL AS empty_one
SELECT id, total * 1.19 AS gross FROM orders
SELECT id, quantity * unit_price AS line_total FROM order_items WHERE order_id = 1001
SELECT name, LENGTH(name) FROM customers WHERE LENGTH(name) > 40
SELECT UPPER(country) AS country, LOWER(city) AS city FROM customers
SELECT TRIM(name) FROM customers WHERE name <> TRIM(name)
SELECT REPLACE(phone, ' ', '') AS phone FROM customers WHERE phone IS NOT NULL
SELECT COALESCE(phone, email, 'none') AS contact FROM customers
SELECT NULLIF(city, '') AS city FROM customers
SELECT id, CASE WHEN total >= 1000 THEN 'large' WHEN total >= 100 THEN 'medium' ELSE 'small' END AS bucket FROM orders
SELECT id, CASE status WHEN 'paid' THEN 1 WHEN 'open' THEN 0 ELSE -1 END AS paid FROM orders
SELECT CAST(total AS char(20)) FROM orders LIMIT 5
SELECT ROUND(total, 2) AS total, ABS(total) AS magnitude FROM orders
SELECT ROUND(AVG(total), 2) FROM orders
SELECT id, (total - discount) / NULLIF(total, 0) AS kept FROM orders
SELECT SUBSTR(sku, 1, 3) AS family, name FROM products
SELECT id, -total AS negated, +total AS same FROM orders
SELECT id, total % 10 AS rest FROM orders
-- Counting and adding up
SELECT COUNT(*) FROM customers
SELECT COUNT(*) AS n FROM orders WHERE status = 'open'
SELECT COUNT(DISTINCT customer_id) FROM orders
SELECT COUNT(phone) AS with_phone, COUNT(*) - COUNT(phone) AS without_phone FROM customers
SELECT SUM(total), AVG(total), MIN(total), MAX(total) FROM orders
SELECT status, COUNT(*) FROM orders GROUP BY status
SELECT status, COUNT(*) AS n FROM orders GROUP BY status ORDER BY n DESC
SELECT country, city, COUNT(*) AS n FROM customers GROUP BY country, city HAVING COUNT(*) > 5 ORDER BY n DESC
SELECT customer_id, SUM(total) AS spent FROM orders WHERE status = 'paid' GROUP BY customer_id ORDER BY spent DESC LIMIT 10
SELECT category, AVG(price) AS mean, MIN(price) AS cheapest, MAX(price) AS dearest FROM products GROUP BY category
SELECT category, SUM(stock * price) AS value FROM products GROUP BY category
SELECT currency, SUM(CASE WHEN status = 'paid' THEN total ELSE 0 END) AS paid, SUM(CASE WHEN status = 'open' THEN total ELSE 0 END) AS open_total FROM orders GROUP BY currency
SELECT kind, COUNT(*) FROM events GROUP BY kind HAVING COUNT(*) BETWEEN 10 AND 1000
SELECT customer_id FROM orders GROUP BY customer_id HAVING SUM(total) > 10000 AND COUNT(*) >= 3
SELECT 100.0 * SUM(CASE WHEN status = 'cancelled' THEN 1 ELSE 0 END) / COUNT(*) AS cancelled_percent FROM orders
SELECT MAX(ordered_at) AS latest, MIN(ordered_at) AS first_order FROM orders
SELECT segment, COUNT(*) AS n FROM customers GROUP BY segment ORDER BY 2 DESC
SELECT department_id, AVG(salary) AS mean FROM employees GROUP BY department_id
SELECT COUNT(*) FROM orders o WHERE o.total > (SELECT AVG(total) FROM orders)
-- Joins
SELECT c.name, o.id, o.total FROM customers c JOIN orders o ON o.customer_id = c.id
SELECT c.name, o.id FROM customers AS c INNER JOIN orders AS o ON c.id = o.customer_id WHERE o.status = 'open'
SELECT c.name, COUNT(o.id) AS orders FROM customers c LEFT JOIN orders o ON o.customer_id = c.id GROUP BY c.id, c.name
SELECT c.name FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE o.id IS NULL
SELECT c.name, p.name, i.quantity FROM customers c JOIN orders o ON o.customer_id = c.id JOIN order_items i ON i.order_id = o.id JOIN products p ON p.id = i.product_id
SELECT p.category, SUM(i.quantity * i.unit_price) AS revenue FROM order_items i JOIN products p ON p.id = i.product_id GROUP BY p.category ORDER BY revenue DESC
SELECT e.name, m.name AS manager FROM employees e LEFT JOIN employees m ON m.id = e.manager_id
SELECT e.name, d.name AS department FROM employees e JOIN departments d ON d.id = e.department_id ORDER BY d.name, e.name
SELECT a.id, b.id FROM products a JOIN products b ON a.category = b.category AND a.id < b.id
SELECT d.name, COUNT(e.id) FROM departments d LEFT JOIN employees e ON e.department_id = d.id GROUP BY d.name
SELECT c.country, o.currency, SUM(o.total) FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.country, o.currency
SELECT c.name, n.body FROM customers c JOIN notes n ON n.customer_id = c.id WHERE n.author = 'alice'
SELECT o.id, o.total, p.amount, o.total - p.amount AS due FROM orders o JOIN payments p ON p.order_id = o.id WHERE p.amount < o.total
SELECT o.id FROM orders o LEFT JOIN payments p ON p.order_id = o.id WHERE p.id IS NULL AND o.status = 'paid'
SELECT c.name, d.name FROM customers c CROSS JOIN departments d LIMIT 10
SELECT * FROM customers c, orders o WHERE o.customer_id = c.id AND o.total > 500
SELECT c.*, o.total FROM customers c JOIN orders o ON o.customer_id = c.id WHERE c.country = 'FR'
SELECT o.*, c.name FROM orders o JOIN customers c ON c.id = o.customer_id LIMIT 100
SELECT i.* FROM order_items i JOIN orders o ON o.id = i.order_id WHERE o.customer_id = 12
SELECT p.name FROM products p JOIN order_items i ON i.product_id = p.id GROUP BY p.id, p.name HAVING SUM(i.quantity) > 100
SELECT order_id, product_id FROM order_items JOIN products USING (id)
SELECT c.name, o.total FROM customers c JOIN orders o ON o.customer_id = c.id AND o.status = 'paid' AND o.total > 50
-- Subqueries
SELECT name FROM customers WHERE id IN (SELECT customer_id FROM orders WHERE total > 1000)
SELECT name FROM customers WHERE id NOT IN (SELECT customer_id FROM orders WHERE customer_id IS NOT NULL)
SELECT name FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id AND o.status = 'open')
SELECT name FROM customers c WHERE NOT EXISTS (SELECT 1 FROM notes n WHERE n.customer_id = c.id)
SELECT name, (SELECT COUNT(*) FROM orders o WHERE o.customer_id = c.id) AS orders FROM customers c
SELECT name, (SELECT MAX(o.ordered_at) FROM orders o WHERE o.customer_id = c.id) AS last_order FROM customers c ORDER BY last_order DESC
SELECT id, total FROM orders WHERE total = (SELECT MAX(total) FROM orders)
SELECT t.country, t.n FROM (SELECT country, COUNT(*) AS n FROM customers GROUP BY country) t WHERE t.n > 10
SELECT AVG(t.spent) FROM (SELECT customer_id, SUM(total) AS spent FROM orders GROUP BY customer_id) t
SELECT x.name, x.spent FROM (SELECT c.name, SUM(o.total) AS spent FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.name) x ORDER BY x.spent DESC LIMIT 5
SELECT p.name, p.price FROM products p WHERE p.price > (SELECT AVG(q.price) FROM products q WHERE q.category = p.category)
SELECT o.id FROM orders o WHERE o.total >= (SELECT MIN(amount) FROM payments) AND o.customer_id IN (SELECT id FROM customers WHERE country = 'DE')
SELECT c.name, latest.total FROM customers c JOIN (SELECT customer_id, MAX(total) AS total FROM orders GROUP BY customer_id) latest ON latest.customer_id = c.id
-- Sets
SELECT name FROM customers UNION SELECT name FROM employees
SELECT name, 'customer' AS role FROM customers UNION ALL SELECT name, 'employee' FROM employees ORDER BY name
SELECT city FROM customers UNION SELECT location FROM departments ORDER BY 1
SELECT id FROM customers EXCEPT SELECT customer_id FROM orders
SELECT id FROM customers INTERSECT SELECT customer_id FROM orders
SELECT 'open' AS status, COUNT(*) AS n FROM orders WHERE status = 'open' UNION ALL SELECT 'paid', COUNT(*) FROM orders WHERE status = 'paid'
-- Common table expressions
WITH big AS (SELECT * FROM orders WHERE total > 1000) SELECT COUNT(*) FROM big
WITH spent AS (SELECT customer_id, SUM(total) AS amount FROM orders GROUP BY customer_id) SELECT c.name, s.amount FROM spent s JOIN customers c ON c.id = s.customer_id ORDER BY s.amount DESC LIMIT 10
WITH a AS (SELECT id FROM customers WHERE country = 'DE'), b AS (SELECT o.id, o.total FROM orders o JOIN a ON a.id = o.customer_id) SELECT SUM(total) FROM b
WITH RECURSIVE chain(id, name, manager_id, depth) AS (SELECT id, name, manager_id, 0 FROM employees WHERE manager_id IS NULL UNION ALL SELECT e.id, e.name, e.manager_id, chain.depth + 1 FROM employees e JOIN chain ON e.manager_id = chain.id) SELECT * FROM chain
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 12) SELECT n FROM numbers
WITH per_status AS (SELECT status, COUNT(*) AS n FROM orders GROUP BY status), whole AS (SELECT COUNT(*) AS n FROM orders) SELECT p.status, 100.0 * p.n / w.n AS share FROM per_status p CROSS JOIN whole w
WITH first_orders AS (SELECT customer_id, MIN(ordered_at) AS first_at FROM orders GROUP BY customer_id) SELECT COUNT(*) FROM first_orders WHERE first_at >= '2026-01-01'
WITH ranked AS (SELECT id, customer_id, total, ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY total DESC) AS place FROM orders) SELECT id, total FROM ranked WHERE place = 1
-- Windows
SELECT id, total, SUM(total) OVER (ORDER BY ordered_at, id) AS running FROM orders
SELECT id, total, RANK() OVER (ORDER BY total DESC) AS place, DENSE_RANK() OVER (ORDER BY total DESC) AS dense FROM orders
SELECT customer_id, total, LAG(total) OVER (PARTITION BY customer_id ORDER BY ordered_at) AS before_it FROM orders
SELECT customer_id, total, LEAD(total, 1) OVER (PARTITION BY customer_id ORDER BY ordered_at) AS after_it FROM orders
SELECT id, NTILE(4) OVER (ORDER BY total) AS quartile FROM orders
SELECT id, total, AVG(total) OVER (PARTITION BY customer_id) AS mean, total - AVG(total) OVER (PARTITION BY customer_id) AS off FROM orders
SELECT id, FIRST_VALUE(total) OVER (PARTITION BY customer_id ORDER BY ordered_at) AS first_total FROM orders
SELECT id, SUM(total) OVER (ORDER BY id ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) AS week FROM orders
SELECT id, COUNT(*) OVER () AS whole, ROW_NUMBER() OVER (ORDER BY id) AS n FROM orders
SELECT id, SUM(total) OVER w AS s, AVG(total) OVER w AS a FROM orders WINDOW w AS (PARTITION BY customer_id ORDER BY id)
SELECT id, CUME_DIST() OVER (ORDER BY total) AS cd, PERCENT_RANK() OVER (ORDER BY total) AS pr FROM orders
SELECT status, COUNT(*) AS n, SUM(COUNT(*)) OVER (ORDER BY COUNT(*) DESC) AS running FROM orders GROUP BY status
-- Plans
EXPLAIN SELECT * FROM orders WHERE customer_id = 7
EXPLAIN SELECT c.name FROM customers c JOIN orders o ON o.customer_id = c.id WHERE o.total > 100
-- Small writes, held for a reviewer
INSERT INTO notes (customer_id, author, body) VALUES (7, 'alice', 'Called back, all fine.')
INSERT INTO notes (customer_id, author, body) VALUES (7, 'alice', 'a'), (8, 'alice', 'b')
INSERT INTO notes (customer_id, author, body) SELECT id, 'alice', 'Moved to the new plan' FROM customers WHERE segment = 'trial' AND country = 'DE'
UPDATE customers SET phone = '+49 30 901820' WHERE id = 7
UPDATE customers SET city = 'Ulm', country = 'DE' WHERE id IN (7, 8, 9)
UPDATE orders SET status = 'cancelled' WHERE id = 1001 AND status = 'open'
UPDATE products SET stock = stock - 1 WHERE id = 55 AND stock > 0
UPDATE orders SET discount = 10 WHERE customer_id = (SELECT id FROM customers WHERE email = 'ada@example.com')
DELETE FROM notes WHERE id = 12
DELETE FROM notes WHERE customer_id = 7 AND author = 'alice'
DELETE FROM notes WHERE customer_id IN (SELECT id FROM customers WHERE segment = 'closed')
