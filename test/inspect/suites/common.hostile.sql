-- Definitions, however they are dressed
DROP TABLE customers
drop table if exists customers
DrOp TaBlE customers
/* harmless */ DROP TABLE customers
DROP/**/TABLE/**/customers
-- ⏎DROP TABLE customers
DROP⏎TABLE⏎customers
DROP VIEW v_customers
DROP INDEX orders_by_customer
CREATE TABLE copy AS SELECT * FROM customers
CREATE TABLE copy (id integer)
CREATE TEMPORARY TABLE copy AS SELECT * FROM customers
CREATE INDEX i ON customers (email)
CREATE UNIQUE INDEX i ON customers (email)
CREATE VIEW v AS SELECT email AS x FROM customers
ALTER TABLE customers ADD COLUMN x integer
ALTER TABLE customers DROP COLUMN email
ALTER TABLE customers RENAME TO old_customers
ALTER TABLE customers RENAME COLUMN email TO x
TRUNCATE TABLE customers
TRUNCATE customers
-- Writes without an end
DELETE FROM customers
DELETE FROM customers WHERE 1 = 1
DELETE FROM customers WHERE 1
DELETE FROM customers WHERE 1 <> 2
DELETE FROM customers WHERE NOT 1 = 2
DELETE FROM customers WHERE id = id
DELETE FROM customers WHERE customers.id = id
DELETE FROM customers WHERE id = 1 OR 1 = 1
DELETE FROM customers WHERE id = 1 OR NOT id = 1
DELETE FROM customers WHERE id <> 1 OR id = 1
DELETE FROM customers WHERE id IS NULL OR id IS NOT NULL
DELETE FROM customers WHERE name LIKE '%'
DELETE FROM customers WHERE name LIKE '%%'
DELETE FROM customers WHERE 'a' = 'a'
DELETE FROM customers WHERE (1 = 1)
DELETE FROM customers WHERE ((1)) = ((1))
DELETE FROM customers WHERE 2 > 1
DELETE FROM customers WHERE 1 IN (1, 2)
DELETE FROM customers WHERE EXISTS (SELECT 1)
DELETE FROM customers WHERE EXISTS (SELECT 1 FROM orders)
DELETE FROM customers WHERE (SELECT COUNT(*) FROM orders) >= 0
DELETE FROM customers WHERE id BETWEEN id AND id
DELETE FROM customers WHERE CASE WHEN 1 = 1 THEN 1 ELSE 0 END = 1
DELETE FROM customers WHERE COALESCE(NULL, 1) = 1
DELETE FROM customers WHERE 1 = 1 AND 2 = 2
DELETE FROM customers WHERE 1 = 1 -- AND id = 7
DELETE FROM customers WHERE 1 = 1 /* AND id = 7 */
UPDATE customers SET name = 'x'
UPDATE customers SET name = email
UPDATE customers SET name = 'x' WHERE 1 = 1
UPDATE customers SET name = 'x' WHERE id = id
UPDATE customers SET name = 'x' WHERE 1 = 1 OR id = 7
UPDATE customers SET name = 'x' WHERE EXISTS (SELECT 1 FROM orders)
UPDATE customers SET name = 'x' WHERE 'x' = 'x'
UPDATE customers SET name = (SELECT name FROM employees WHERE id = 1)
-- More than one statement
SELECT 1; SELECT 2
SELECT 1; DROP TABLE customers
SELECT 1;;DROP TABLE customers
SELECT 1; -- x⏎DROP TABLE customers
SELECT 1 /* ; */ ; DELETE FROM notes WHERE id = 1
SELECT ';'; DELETE FROM notes WHERE id = 1
INSERT INTO notes (id) VALUES (1); DELETE FROM notes
UPDATE notes SET body = 'x' WHERE id = 1; COMMIT
-- Transactions, settings, rights
BEGIN
COMMIT
ROLLBACK
SAVEPOINT a
RELEASE SAVEPOINT a
GRANT ALL ON customers TO mallory
REVOKE ALL ON customers FROM alice
SET x = 1
-- What is no statement
SELEC 1
SELECT * FORM customers
'; DROP TABLE customers; --
1 OR 1 = 1
SELECT 'unclosed FROM customers
SELECT /* unclosed
EXPLAIN DROP TABLE customers
EXPLAIN CREATE TABLE copy AS SELECT * FROM customers
