-- Looking around
SELECT TOP (10) * FROM customers
SELECT TOP (50) id, name, email FROM customers ORDER BY id
SELECT id, name FROM customers WHERE id = 42
SELECT TOP (20) * FROM orders WHERE customer_id = 7 ORDER BY ordered_at DESC
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
SELECT sku, name, price FROM products ORDER BY price DESC, name ASC OFFSET 50 ROWS FETCH NEXT 25 ROWS ONLY
SELECT id AS customer_id, name AS customer_name FROM customers AS c WHERE c.segment = 'enterprise'
SELECT c.id, c.name, c.segment FROM customers c WHERE c.segment <> 'trial'
SELECT 1
SELECT 1 + 1 AS two, 'x' AS letter, NULL AS empty_one
SELECT id, total * 1.19 AS gross FROM orders
SELECT id, quantity * unit_price AS line_total FROM order_items WHERE order_id = 1001
SELECT name, LEN(name) FROM customers WHERE LEN(name) > 40
SELECT UPPER(country) AS country, LOWER(city) AS city FROM customers
SELECT TRIM(name) FROM customers WHERE name <> TRIM(name)
SELECT REPLACE(phone, ' ', '') AS phone FROM customers WHERE phone IS NOT NULL
SELECT COALESCE(phone, email, 'none') AS contact FROM customers
SELECT NULLIF(city, '') AS city FROM customers
SELECT id, CASE WHEN total >= 1000 THEN 'large' WHEN total >= 100 THEN 'medium' ELSE 'small' END AS bucket FROM orders
SELECT id, CASE status WHEN 'paid' THEN 1 WHEN 'open' THEN 0 ELSE -1 END AS paid FROM orders
SELECT TOP (5) CAST(total AS char(20)) FROM orders
SELECT ROUND(total, 2) AS total, ABS(total) AS magnitude FROM orders
SELECT ROUND(AVG(total), 2) FROM orders
SELECT id, (total - discount) / NULLIF(total, 0) AS kept FROM orders
SELECT SUBSTRING(sku, 1, 3) AS family, name FROM products
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
SELECT TOP (10) customer_id, SUM(total) AS spent FROM orders WHERE status = 'paid' GROUP BY customer_id ORDER BY spent DESC
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
SELECT TOP (10) c.name, d.name FROM customers c CROSS JOIN departments d
SELECT * FROM customers c, orders o WHERE o.customer_id = c.id AND o.total > 500
SELECT c.*, o.total FROM customers c JOIN orders o ON o.customer_id = c.id WHERE c.country = 'FR'
SELECT TOP (100) o.*, c.name FROM orders o JOIN customers c ON c.id = o.customer_id
SELECT i.* FROM order_items i JOIN orders o ON o.id = i.order_id WHERE o.customer_id = 12
SELECT p.name FROM products p JOIN order_items i ON i.product_id = p.id GROUP BY p.id, p.name HAVING SUM(i.quantity) > 100
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
SELECT x.name, x.spent FROM (SELECT TOP (5) c.name, SUM(o.total) AS spent FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.name) x ORDER BY x.spent DESC
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
WITH spent AS (SELECT customer_id, SUM(total) AS amount FROM orders GROUP BY customer_id) SELECT TOP (10) c.name, s.amount FROM spent s JOIN customers c ON c.id = s.customer_id ORDER BY s.amount DESC
WITH a AS (SELECT id FROM customers WHERE country = 'DE'), b AS (SELECT o.id, o.total FROM orders o JOIN a ON a.id = o.customer_id) SELECT SUM(total) FROM b
WITH chain(id, name, manager_id, depth) AS (SELECT id, name, manager_id, 0 FROM employees WHERE manager_id IS NULL UNION ALL SELECT e.id, e.name, e.manager_id, chain.depth + 1 FROM employees e JOIN chain ON e.manager_id = chain.id) SELECT * FROM chain
WITH numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 12) SELECT n FROM numbers
WITH per_status AS (SELECT status, COUNT(*) AS n FROM orders GROUP BY status), whole AS (SELECT COUNT(*) AS n FROM orders) SELECT p.status, 100.0 * p.n / w.n AS share FROM per_status p CROSS JOIN whole w
WITH first_orders AS (SELECT customer_id, MIN(ordered_at) AS first_at FROM orders GROUP BY customer_id) SELECT COUNT(*) FROM first_orders WHERE first_at >= '2026-01-01'
WITH ranked AS (SELECT id, customer_id, total, ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY total DESC) AS place FROM orders) SELECT id, total FROM ranked WHERE place = 1
-- Windows
SELECT id, total, SUM(total) OVER (ORDER BY ordered_at, id) AS running FROM orders
SELECT id, total, RANK() OVER (ORDER BY total DESC) AS place, DENSE_RANK() OVER (ORDER BY total DESC) AS dense FROM orders
SELECT customer_id, total, LAG(total) OVER (PARTITION BY customer_id ORDER BY ordered_at) AS before_it FROM orders
SELECT customer_id, total, LEAD(total, 1) OVER (PARTITION BY customer_id ORDER BY ordered_at) AS after_it FROM orders
SELECT id, NTILE(4) OVER (ORDER BY total) AS quartile FROM orders
SELECT id, total, AVG(total) OVER (PARTITION BY customer_id) AS mean, total - AVG(total) OVER (PARTITION BY customer_id) AS above FROM orders
SELECT id, FIRST_VALUE(total) OVER (PARTITION BY customer_id ORDER BY ordered_at) AS first_total FROM orders
SELECT id, SUM(total) OVER (ORDER BY id ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) AS week FROM orders
SELECT id, COUNT(*) OVER () AS whole, ROW_NUMBER() OVER (ORDER BY id) AS n FROM orders
SELECT id, SUM(total) OVER w AS s, AVG(total) OVER w AS a FROM orders WINDOW w AS (PARTITION BY customer_id ORDER BY id)
SELECT id, CUME_DIST() OVER (ORDER BY total) AS cd, PERCENT_RANK() OVER (ORDER BY total) AS pr FROM orders
SELECT status, COUNT(*) AS n, SUM(COUNT(*)) OVER (ORDER BY COUNT(*) DESC) AS running FROM orders GROUP BY status
-- Time
SELECT YEAR(ordered_at) AS part, COUNT(*) AS n FROM orders GROUP BY YEAR(ordered_at) ORDER BY part
SELECT DATEPART(quarter, ordered_at) AS part, COUNT(*) AS n FROM orders GROUP BY DATEPART(quarter, ordered_at)
SELECT DATENAME(weekday, ordered_at) AS part, COUNT(*) AS n FROM orders GROUP BY DATENAME(weekday, ordered_at)
SELECT FORMAT(ordered_at, 'yyyy-MM') AS period, COUNT(*) AS n FROM orders GROUP BY FORMAT(ordered_at, 'yyyy-MM') ORDER BY period
SELECT CONVERT(char(7), ordered_at, 126) AS period, COUNT(*) AS n FROM orders GROUP BY CONVERT(char(7), ordered_at, 126)
SELECT DATEADD(month, DATEDIFF(month, 0, ordered_at), 0) AS period, COUNT(*) AS n FROM orders GROUP BY DATEADD(month, DATEDIFF(month, 0, ordered_at), 0)
SELECT CAST(ordered_at AS date) AS period, COUNT(*) AS n FROM orders GROUP BY CAST(ordered_at AS date) ORDER BY period DESC
SELECT EOMONTH(ordered_at) AS period, COUNT(*) AS n FROM orders GROUP BY EOMONTH(ordered_at)
SELECT id FROM orders WHERE ordered_at >= DATEADD(day, -7, GETDATE())
SELECT id FROM orders WHERE ordered_at >= DATEADD(MONTH, -1, CAST(SYSUTCDATETIME() AS date))
SELECT id, DATEDIFF(day, ordered_at, CURRENT_TIMESTAMP) AS age FROM orders WHERE DATEDIFF(day, ordered_at, CURRENT_TIMESTAMP) > 30
SELECT id FROM orders WHERE ordered_at >= '20260101' AND ordered_at < '20260201'
SELECT DATETRUNC(week, ordered_at) AS period, COUNT(*) AS n FROM orders GROUP BY DATETRUNC(week, ordered_at)
SELECT MIN(ordered_at) AS first_one, MAX(ordered_at) AS last_one, DATEDIFF(hh, MIN(ordered_at), MAX(ordered_at)) AS hours FROM orders
SELECT id, ordered_at AT TIME ZONE 'UTC' AT TIME ZONE 'Central European Standard Time' AS here FROM orders
SELECT YEAR(created_at) AS part, COUNT(*) AS n FROM customers GROUP BY YEAR(created_at) ORDER BY part
SELECT DATEPART(quarter, created_at) AS part, COUNT(*) AS n FROM customers GROUP BY DATEPART(quarter, created_at)
SELECT DATENAME(weekday, created_at) AS part, COUNT(*) AS n FROM customers GROUP BY DATENAME(weekday, created_at)
SELECT FORMAT(created_at, 'yyyy-MM') AS period, COUNT(*) AS n FROM customers GROUP BY FORMAT(created_at, 'yyyy-MM') ORDER BY period
SELECT CONVERT(char(7), created_at, 126) AS period, COUNT(*) AS n FROM customers GROUP BY CONVERT(char(7), created_at, 126)
SELECT DATEADD(month, DATEDIFF(month, 0, created_at), 0) AS period, COUNT(*) AS n FROM customers GROUP BY DATEADD(month, DATEDIFF(month, 0, created_at), 0)
SELECT CAST(created_at AS date) AS period, COUNT(*) AS n FROM customers GROUP BY CAST(created_at AS date) ORDER BY period DESC
SELECT EOMONTH(created_at) AS period, COUNT(*) AS n FROM customers GROUP BY EOMONTH(created_at)
SELECT id FROM customers WHERE created_at >= DATEADD(day, -7, GETDATE())
SELECT id FROM customers WHERE created_at >= DATEADD(MONTH, -1, CAST(SYSUTCDATETIME() AS date))
SELECT id, DATEDIFF(day, created_at, CURRENT_TIMESTAMP) AS age FROM customers WHERE DATEDIFF(day, created_at, CURRENT_TIMESTAMP) > 30
SELECT id FROM customers WHERE created_at >= '20260101' AND created_at < '20260201'
SELECT DATETRUNC(week, created_at) AS period, COUNT(*) AS n FROM customers GROUP BY DATETRUNC(week, created_at)
SELECT MIN(created_at) AS first_one, MAX(created_at) AS last_one, DATEDIFF(hh, MIN(created_at), MAX(created_at)) AS hours FROM customers
SELECT id, created_at AT TIME ZONE 'UTC' AT TIME ZONE 'Central European Standard Time' AS here FROM customers
SELECT YEAR(paid_at) AS part, COUNT(*) AS n FROM payments GROUP BY YEAR(paid_at) ORDER BY part
SELECT DATEPART(quarter, paid_at) AS part, COUNT(*) AS n FROM payments GROUP BY DATEPART(quarter, paid_at)
SELECT DATENAME(weekday, paid_at) AS part, COUNT(*) AS n FROM payments GROUP BY DATENAME(weekday, paid_at)
SELECT FORMAT(paid_at, 'yyyy-MM') AS period, COUNT(*) AS n FROM payments GROUP BY FORMAT(paid_at, 'yyyy-MM') ORDER BY period
SELECT CONVERT(char(7), paid_at, 126) AS period, COUNT(*) AS n FROM payments GROUP BY CONVERT(char(7), paid_at, 126)
SELECT DATEADD(month, DATEDIFF(month, 0, paid_at), 0) AS period, COUNT(*) AS n FROM payments GROUP BY DATEADD(month, DATEDIFF(month, 0, paid_at), 0)
SELECT CAST(paid_at AS date) AS period, COUNT(*) AS n FROM payments GROUP BY CAST(paid_at AS date) ORDER BY period DESC
SELECT EOMONTH(paid_at) AS period, COUNT(*) AS n FROM payments GROUP BY EOMONTH(paid_at)
SELECT id FROM payments WHERE paid_at >= DATEADD(day, -7, GETDATE())
SELECT id FROM payments WHERE paid_at >= DATEADD(MONTH, -1, CAST(SYSUTCDATETIME() AS date))
SELECT id, DATEDIFF(day, paid_at, CURRENT_TIMESTAMP) AS age FROM payments WHERE DATEDIFF(day, paid_at, CURRENT_TIMESTAMP) > 30
SELECT id FROM payments WHERE paid_at >= '20260101' AND paid_at < '20260201'
SELECT DATETRUNC(week, paid_at) AS period, COUNT(*) AS n FROM payments GROUP BY DATETRUNC(week, paid_at)
SELECT MIN(paid_at) AS first_one, MAX(paid_at) AS last_one, DATEDIFF(hh, MIN(paid_at), MAX(paid_at)) AS hours FROM payments
SELECT id, paid_at AT TIME ZONE 'UTC' AT TIME ZONE 'Central European Standard Time' AS here FROM payments
SELECT GETDATE() AS now_local, GETUTCDATE() AS now_utc, SYSDATETIMEOFFSET() AS with_offset
SELECT DATEFROMPARTS(2026, 11, 21) AS d, TIMEFROMPARTS(9, 30, 0, 0, 0) AS t
SELECT id FROM orders WHERE ordered_at >= DATEFROMPARTS(YEAR(GETDATE()), 1, 1)
SELECT DATE_BUCKET(week, 2, ordered_at) AS period, SUM(total) AS total FROM orders GROUP BY DATE_BUCKET(week, 2, ordered_at)
SELECT name, hired_at, DATEDIFF(year, hired_at, GETDATE()) AS years FROM employees ORDER BY years DESC
SELECT id, MONTH(ordered_at) AS m, DAY(ordered_at) AS d FROM orders WHERE ISDATE('2026-01-01') = 1
SELECT SWITCHOFFSET(SYSDATETIMEOFFSET(), '+02:00') AS there, TODATETIMEOFFSET(GETDATE(), '-05:00') AS elsewhere
-- Names, strings and numbers
SELECT [c].[id], [c].[name] FROM [dbo].[customers] AS [c] WHERE [c].[country] = N'DE'
SELECT "c"."id", "c"."name" AS "Full Name" FROM "dbo"."customers" AS "c"
SELECT c.name AS [Name of the customer], c.city AS [City] FROM dbo.customers c
SELECT 'Total' = SUM(total), [Mean] = AVG(total) FROM orders
SELECT buyer = c.name, spent = SUM(o.total) FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.name
SELECT name FROM shop.dbo.customers WHERE name LIKE N'Å%'
SELECT name + N' (' + country + N')' AS label FROM customers
SELECT CONCAT(name, ' <', email, '>') AS label FROM customers
SELECT CONCAT_WS(', ', name, city, country) AS label FROM customers
SELECT LEN(name) AS letters, DATALENGTH(name) AS bytes FROM customers
SELECT LEFT(sku, 2) AS family, RIGHT(sku, 3) AS number FROM products
SELECT SUBSTRING(email, CHARINDEX('@', email) + 1, LEN(email)) AS domain, COUNT(*) AS n FROM customers GROUP BY SUBSTRING(email, CHARINDEX('@', email) + 1, LEN(email))
SELECT PATINDEX('%[0-9]%', phone) AS first_digit FROM customers WHERE phone LIKE '%[0-9]%'
SELECT name FROM customers WHERE name LIKE '[A-C]%' ORDER BY name
SELECT name FROM products WHERE name LIKE '50!%%' ESCAPE '!'
SELECT name FROM customers WHERE name COLLATE Latin1_General_CI_AI = 'ada'
SELECT STUFF(phone, 1, 3, '***') AS hidden, REPLICATE('*', 5) AS stars FROM customers
SELECT UPPER(LTRIM(RTRIM(name))) AS name, REVERSE(sku) AS backwards FROM employees CROSS JOIN products
SELECT TRANSLATE(phone, '()- ', '    ') AS phone FROM customers
SELECT TRIM('x' FROM name) AS name FROM customers
SELECT QUOTENAME(name) AS quoted, SPACE(2) AS gap, ASCII('A') AS code, NCHAR(945) AS alpha FROM departments
SELECT FORMAT(total, 'N2') AS pretty, STR(total, 10, 2) AS padded FROM orders
SELECT FORMAT(total, 'C', 'de-DE') AS pretty FROM orders
SELECT SOUNDEX(name) AS sound, DIFFERENCE(name, 'Smith') AS likeness FROM customers
SELECT ROUND(total, 0) AS r, FLOOR(total) AS f, CEILING(total) AS c, POWER(total, 2) AS p, SQRT(total) AS s, SIGN(total) AS g FROM orders
SELECT id, total % 7 AS rest, total / NULLIF(discount, 0) AS ratio FROM orders
SELECT id, discount & 1 AS odd, discount | 2 AS flagged, discount ^ 3 AS mixed, ~discount AS inverted FROM orders
SELECT 1e3 AS a, .5 AS b, 0x1F AS c, -2 AS d, N'it''s' AS e
SELECT id FROM orders WHERE total != 0 AND discount <> 0
SELECT GREATEST(total, discount) AS high, LEAST(total, discount) AS low FROM orders
SELECT STRING_ESCAPE(body, 'json') AS body FROM notes
SELECT COUNT_BIG(*) AS n, CHECKSUM_AGG(CHECKSUM(id, name)) AS state FROM customers
SELECT CONVERT(varchar(64), HASHBYTES('SHA2_256', email), 2) AS pseudonym FROM customers
SELECT name FROM products WHERE CONTAINS(name, 'ball')
SELECT body FROM notes WHERE FREETEXT(body, 'late delivery') AND author = 'alice'
-- Casts and choices
SELECT TRY_CAST(name AS int) AS v FROM products
SELECT TRY_CONVERT(int, sku) AS v FROM products
SELECT TRY_CAST(name AS bigint) AS v FROM products
SELECT TRY_CONVERT(bigint, sku) AS v FROM products
SELECT TRY_CAST(name AS decimal(10, 2)) AS v FROM products
SELECT TRY_CONVERT(decimal(10, 2), sku) AS v FROM products
SELECT TRY_CAST(name AS varchar(30)) AS v FROM products
SELECT TRY_CONVERT(varchar(30), sku) AS v FROM products
SELECT TRY_CAST(name AS nvarchar(max)) AS v FROM products
SELECT TRY_CONVERT(nvarchar(max), sku) AS v FROM products
SELECT TRY_CAST(name AS float) AS v FROM products
SELECT TRY_CONVERT(float, sku) AS v FROM products
SELECT TRY_CAST(name AS money) AS v FROM products
SELECT TRY_CONVERT(money, sku) AS v FROM products
SELECT TRY_CAST(name AS bit) AS v FROM products
SELECT TRY_CONVERT(bit, sku) AS v FROM products
SELECT CAST(ordered_at AS time) AS t, CAST(ordered_at AS datetime2(3)) AS d, CAST(ordered_at AS datetimeoffset) AS o FROM orders
SELECT CONVERT(varchar(10), ordered_at, 104) AS german, CONVERT(date, '20260102', 112) AS d FROM orders
SELECT id, IIF(total > 100, 'large', 'small') AS bucket FROM orders
SELECT id, CHOOSE(DATEPART(weekday, ordered_at), 'So', 'Mo', 'Di', 'Mi', 'Do', 'Fr', 'Sa') AS day_name FROM orders
SELECT ISNULL(phone, 'none') AS phone, ISNULL(city, country) AS place FROM customers
SELECT COALESCE(phone, email, N'none') AS contact FROM customers
SELECT id, CASE WHEN total IS NULL THEN 0 WHEN total > 100 THEN IIF(discount > 0, 1, 2) ELSE 3 END AS grade FROM orders
SELECT SUM(IIF(status = 'paid', total, 0)) AS paid, SUM(IIF(status = 'open', total, 0)) AS still_open FROM orders
SELECT name FROM products WHERE ISNUMERIC(sku) = 0
SELECT a.id FROM customers a JOIN customers b ON a.city IS NOT DISTINCT FROM b.city AND a.id < b.id
-- Top, pages and ties
SELECT TOP 10 id, total FROM orders ORDER BY total DESC
SELECT TOP (10) WITH TIES id, total FROM orders ORDER BY total DESC
SELECT TOP 5 PERCENT id, total FROM orders ORDER BY total DESC
SELECT TOP (3 + 2) * FROM products ORDER BY price
SELECT DISTINCT TOP 10 city FROM customers ORDER BY city
SELECT TOP 1 name FROM employees ORDER BY NEWID()
SELECT id FROM orders ORDER BY ordered_at DESC OFFSET 20 ROWS FETCH NEXT 10 ROWS ONLY
SELECT id FROM orders ORDER BY id OFFSET 5 ROWS
SELECT id FROM orders ORDER BY (SELECT NULL) OFFSET 0 ROWS FETCH FIRST 1 ROW ONLY
SELECT TOP 100 * FROM orders WHERE customer_id IN (SELECT TOP 5 id FROM customers ORDER BY created_at DESC)
-- Apply
SELECT c.name, o.id, o.total FROM customers c CROSS APPLY (SELECT TOP 3 id, total FROM orders WHERE customer_id = c.id ORDER BY total DESC) o
SELECT c.name, o.total FROM customers c OUTER APPLY (SELECT TOP 1 total FROM orders WHERE customer_id = c.id ORDER BY ordered_at DESC) AS o
SELECT p.name, s.value AS tag FROM products p CROSS APPLY STRING_SPLIT(p.category, ',') AS s
SELECT p.name, s.ordinal, s.value FROM products p CROSS APPLY STRING_SPLIT(p.category, ',', 1) s WHERE s.ordinal = 1
SELECT e.id, v.kind, v.amount FROM orders e CROSS APPLY (VALUES ('total', e.total), ('discount', CAST(e.discount AS decimal(12, 2)))) AS v (kind, amount)
SELECT e.id, j.[key], j.value FROM events e CROSS APPLY OPENJSON(e.payload) AS j
SELECT o.id, x.due FROM orders o CROSS APPLY (SELECT o.total - SUM(p.amount) AS due FROM payments p WHERE p.order_id = o.id) x WHERE x.due > 0
SELECT n.value AS number FROM GENERATE_SERIES(1, 12) AS n
SELECT DATEADD(day, n.value, '20260101') AS d, COUNT(o.id) AS orders FROM GENERATE_SERIES(0, 30, 1) n LEFT JOIN orders o ON CAST(o.ordered_at AS date) = DATEADD(day, n.value, '20260101') GROUP BY n.value
SELECT value FROM STRING_SPLIT('a,b,c', ',')
SELECT id FROM customers WHERE country IN (SELECT value FROM STRING_SPLIT('DE,FR', ','))
SELECT v.code, v.label, COUNT(o.id) AS n FROM (VALUES ('open', 'Open'), ('paid', 'Paid')) AS v (code, label) LEFT JOIN orders o ON o.status = v.code GROUP BY v.code, v.label
-- Windows
SELECT id, ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY ordered_at DESC) AS n FROM orders
SELECT id, SUM(total) OVER (PARTITION BY customer_id ORDER BY ordered_at ROWS UNBOUNDED PRECEDING) AS running FROM orders
SELECT id, AVG(total) OVER (ORDER BY ordered_at ROWS BETWEEN 3 PRECEDING AND 3 FOLLOWING) AS smooth FROM orders
SELECT id, total, LAG(total, 1, 0) OVER (ORDER BY id) AS previous, total - LAG(total, 1, 0) OVER (ORDER BY id) AS step FROM orders
SELECT DISTINCT customer_id, PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY total) OVER (PARTITION BY customer_id) AS median FROM orders
SELECT DISTINCT PERCENTILE_DISC(0.9) WITHIN GROUP (ORDER BY total) OVER () AS p90 FROM orders
SELECT id, LAST_VALUE(total) OVER (PARTITION BY customer_id ORDER BY id ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS final FROM orders
SELECT id, LAST_VALUE(discount) IGNORE NULLS OVER (ORDER BY id) AS filled FROM orders
SELECT id, SUM(total) OVER w AS s FROM orders WINDOW w AS (PARTITION BY customer_id ORDER BY id)
SELECT name, salary, NTILE(10) OVER (ORDER BY salary) AS decile, STDEV(salary) OVER () AS spread FROM employees
SELECT department_id, VAR(salary) AS v, STDEVP(salary) AS s, VARP(salary) AS p FROM employees GROUP BY department_id
WITH numbered AS (SELECT *, ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY ordered_at DESC) AS rn FROM orders) SELECT id, total FROM numbered WHERE rn = 1
-- Lists and groups of groups
SELECT STRING_AGG(name, ', ') AS names FROM customers
SELECT country, STRING_AGG(city, ', ') WITHIN GROUP (ORDER BY city) AS cities FROM customers GROUP BY country
SELECT customer_id, STRING_AGG(CAST(id AS nvarchar(max)), ',') WITHIN GROUP (ORDER BY id DESC) AS ids FROM orders GROUP BY customer_id
SELECT country, city, COUNT(*) AS n FROM customers GROUP BY ROLLUP (country, city)
SELECT status, currency, SUM(total) AS total FROM orders GROUP BY CUBE (status, currency)
SELECT status, currency, SUM(total) AS total FROM orders GROUP BY GROUPING SETS ((status), (currency), ())
SELECT status, currency, SUM(total) AS total FROM orders GROUP BY GROUPING SETS ((status, currency), (status)) ORDER BY status
SELECT status, SUM(total) AS total FROM orders GROUP BY status WITH ROLLUP
SELECT status, currency, SUM(total) AS total FROM orders GROUP BY status, currency WITH CUBE
SELECT IIF(GROUPING(status) = 1, 'all', status) AS status, COUNT(*) AS n, GROUPING_ID(status) AS level_id FROM orders GROUP BY ROLLUP (status)
SELECT APPROX_COUNT_DISTINCT(customer_id) AS buyers FROM orders
SELECT c.name, STUFF((SELECT ', ' + o.status FROM orders o WHERE o.customer_id = c.id FOR XML PATH('')), 1, 2, '') AS statuses FROM customers c
SELECT c.name, STUFF((SELECT ', ' + o.status FROM orders o WHERE o.customer_id = c.id FOR XML PATH(''), TYPE).value('.', 'nvarchar(max)'), 1, 2, '') AS statuses FROM customers c
-- Pivot
SELECT p.currency, p.[open], p.[paid] FROM (SELECT currency, status, total FROM orders) AS s PIVOT (SUM(total) FOR status IN ([open], [paid])) AS p
SELECT * FROM (SELECT customer_id, status, total FROM orders) AS s PIVOT (AVG(total) FOR status IN ([open], [paid], [cancelled])) AS p
SELECT country, [trial], [enterprise] FROM (SELECT country, segment, id FROM customers) s PIVOT (COUNT(id) FOR segment IN (trial, enterprise)) p ORDER BY country
SELECT p.[1] AS january, p.[2] AS february FROM (SELECT MONTH(ordered_at) AS m, total FROM orders) s PIVOT (SUM(total) FOR m IN ([1], [2])) p
SELECT c.name, p.[open] FROM (SELECT customer_id, status, total FROM orders) s PIVOT (MAX(total) FOR status IN ([open])) AS p JOIN customers c ON c.id = p.customer_id
WITH s AS (SELECT status, currency, total FROM orders) SELECT * FROM s PIVOT (SUM(total) FOR currency IN ([EUR], [USD])) AS p
SELECT u.id, u.kind, u.place FROM (SELECT id, city, country FROM customers) s UNPIVOT (place FOR kind IN (city, country)) AS u
SELECT id, measure, amount FROM (SELECT id, stock, discontinued FROM products) s UNPIVOT (amount FOR measure IN (stock, discontinued)) u WHERE amount > 0
-- JSON and XML
SELECT id, name FROM customers FOR JSON PATH
SELECT id, name FROM customers FOR JSON AUTO
SELECT TOP 5 id, name AS [customer.name], city AS [customer.city] FROM customers ORDER BY id FOR JSON PATH, ROOT('customers')
SELECT id, phone FROM customers WHERE id = 7 FOR JSON PATH, INCLUDE_NULL_VALUES, WITHOUT_ARRAY_WRAPPER
SELECT c.id, (SELECT o.id, o.total FROM orders o WHERE o.customer_id = c.id FOR JSON PATH) AS orders FROM customers c
SELECT id, name FROM customers FOR XML PATH('customer'), ROOT('customers')
SELECT id, name FROM customers FOR XML RAW
SELECT id, name FROM customers FOR XML AUTO, ELEMENTS
SELECT JSON_VALUE(payload, '$.page') AS page, COUNT(*) AS n FROM events GROUP BY JSON_VALUE(payload, '$.page')
SELECT JSON_QUERY(payload, '$.user') AS who FROM events WHERE ISJSON(payload) = 1
SELECT e.id, j.page, j.ms FROM events e CROSS APPLY OPENJSON(e.payload) WITH (page nvarchar(200) '$.page', ms int '$.ms') AS j
SELECT j.name, j.tags FROM products p CROSS APPLY OPENJSON(p.attributes, '$.variants') WITH (name nvarchar(50) '$.name', tags nvarchar(max) '$.tags' AS JSON) j
SELECT JSON_VALUE(attributes, '$.color') AS color, AVG(price) AS mean FROM products WHERE JSON_VALUE(attributes, '$.color') IS NOT NULL GROUP BY JSON_VALUE(attributes, '$.color')
SELECT JSON_MODIFY(attributes, '$.color', 'blue') AS as_if_blue FROM products
SELECT JSON_ARRAY(id, name) AS pair FROM products
-- Hints that hold nobody up
SELECT COUNT(*) AS n FROM orders WITH (NOLOCK)
SELECT o.id FROM orders o WITH (NOLOCK) JOIN customers c WITH (NOLOCK) ON c.id = o.customer_id
SELECT COUNT(*) AS n FROM orders (NOLOCK)
SELECT o.id, c.name FROM orders o (NOLOCK) JOIN customers AS c (NOLOCK) ON c.id = o.customer_id
SELECT id FROM orders WITH (NOLOCK, INDEX(orders_by_customer)) WHERE customer_id = 7
SELECT id FROM orders WITH (INDEX = orders_by_customer) WHERE customer_id = 7
SELECT id FROM orders WITH (READPAST)
SELECT id FROM orders WITH (READCOMMITTED, FORCESEEK) WHERE customer_id = 7
SELECT COUNT(*) AS n FROM orders OPTION (RECOMPILE)
SELECT COUNT(*) AS n FROM orders OPTION (MAXDOP 1, RECOMPILE)
SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer_id OPTION (HASH JOIN, FORCE ORDER)
SELECT o.id FROM orders o WHERE o.customer_id = 7 OPTION (OPTIMIZE FOR UNKNOWN)
SELECT o.id FROM orders o INNER HASH JOIN customers c ON c.id = o.customer_id
SELECT o.id FROM orders o LEFT LOOP JOIN payments p ON p.order_id = o.id
SELECT AVG(total) AS mean FROM orders TABLESAMPLE (10 PERCENT)
SELECT status FROM orders FOR SYSTEM_TIME AS OF '2026-01-01' WHERE id = 1001
WITH n AS (SELECT 1 AS v UNION ALL SELECT v + 1 FROM n WHERE v < 1000) SELECT COUNT(*) AS n FROM n OPTION (MAXRECURSION 1000)
-- Temporary tables of the session
SELECT * FROM #picked
SELECT p.id, c.name FROM #picked AS p JOIN customers c ON c.id = p.id
SELECT COUNT(*) AS n FROM #totals_2026 t WHERE t.total > 100
-- How the database is built
SELECT table_schema, table_name FROM INFORMATION_SCHEMA.TABLES WHERE table_type = 'BASE TABLE'
SELECT column_name, data_type, is_nullable FROM INFORMATION_SCHEMA.COLUMNS WHERE table_name = 'orders' ORDER BY ordinal_position
SELECT constraint_name, constraint_type FROM INFORMATION_SCHEMA.TABLE_CONSTRAINTS
SELECT s.name AS [schema], t.name AS [table] FROM sys.tables t JOIN sys.schemas s ON s.schema_id = t.schema_id ORDER BY s.name, t.name
SELECT c.name, ty.name AS type_name, c.max_length FROM sys.columns c JOIN sys.types ty ON ty.user_type_id = c.user_type_id WHERE c.object_id = OBJECT_ID('dbo.orders')
SELECT i.name, i.type_desc, i.is_unique FROM sys.indexes i WHERE i.object_id = OBJECT_ID(N'dbo.orders')
SELECT OBJECT_NAME(fk.parent_object_id) AS child, OBJECT_NAME(fk.referenced_object_id) AS parent FROM sys.foreign_keys fk
SELECT OBJECT_SCHEMA_NAME(p.object_id) AS s, OBJECT_NAME(p.object_id) AS t, SUM(p.rows) AS n FROM sys.partitions p WHERE p.index_id IN (0, 1) GROUP BY p.object_id
SELECT name, create_date FROM sys.databases ORDER BY name
SELECT name, type_desc FROM sys.objects WHERE type IN ('U', 'V')
SELECT name FROM sys.views
SELECT name FROM sys.procedures
SELECT COL_LENGTH('dbo.orders', 'status') AS bytes, COL_NAME(OBJECT_ID('dbo.orders'), 2) AS second_column
SELECT @@VERSION AS version, @@SERVERNAME AS server, DB_NAME() AS db, @@ROWCOUNT AS n
SELECT OBJECT_NAME(s.object_id) AS t, SUM(s.row_count) AS n FROM sys.dm_db_partition_stats s WHERE s.index_id < 2 GROUP BY s.object_id
SELECT SCHEMA_NAME() AS s, USER_NAME() AS u, CURRENT_USER AS me
-- Reports
WITH monthly AS (SELECT DATEADD(month, DATEDIFF(month, 0, ordered_at), 0) AS m, SUM(total) AS total FROM orders GROUP BY DATEADD(month, DATEDIFF(month, 0, ordered_at), 0)) SELECT m, total, total - LAG(total) OVER (ORDER BY m) AS growth FROM monthly ORDER BY m
WITH firsts AS (SELECT customer_id, MIN(ordered_at) AS first_at FROM orders GROUP BY customer_id), cohort AS (SELECT EOMONTH(first_at) AS m, customer_id FROM firsts) SELECT m, COUNT(*) AS n FROM cohort GROUP BY m
SELECT c.country, COUNT(DISTINCT c.id) AS buyers, SUM(o.total) AS revenue, 1.0 * SUM(o.total) / COUNT(DISTINCT c.id) AS per_buyer FROM customers c FULL OUTER JOIN orders o ON o.customer_id = c.id GROUP BY c.country HAVING SUM(o.total) > 0
WITH tree AS (SELECT id, name, manager_id, 0 AS depth, CAST(name AS nvarchar(max)) AS path FROM employees WHERE manager_id IS NULL UNION ALL SELECT e.id, e.name, e.manager_id, t.depth + 1, t.path + N' / ' + e.name FROM employees e JOIN tree t ON t.id = e.manager_id) SELECT REPLICATE('  ', depth) + name AS line FROM tree ORDER BY path
SELECT TOP 20 p.name, SUM(i.quantity) AS sold, SUM(SUM(i.quantity)) OVER () AS whole, 100.0 * SUM(i.quantity) / SUM(SUM(i.quantity)) OVER () AS share FROM order_items i JOIN products p ON p.id = i.product_id GROUP BY p.name ORDER BY sold DESC
SELECT name FROM customers WHERE id = ANY (SELECT customer_id FROM orders WHERE total > 100)
SELECT name, price FROM products WHERE price >= ALL (SELECT price FROM products)
SELECT o.id,⏎       o.total -- what was paid⏎FROM orders o /* all of them */⏎WHERE o.status = 'paid';
