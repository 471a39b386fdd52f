-- Other databases, files and extensions
ATTACH '/etc/x.db' AS y
ATTACH DATABASE '/data/other.db' AS other
ATTACH ':memory:' AS y
DETACH y
VACUUM
VACUUM INTO '/tmp/copy.db'
VACUUM main INTO '/tmp/copy.db'
SELECT load_extension('/tmp/evil.so')
SELECT LOAD_EXTENSION('/tmp/evil.so', 'init')
SELECT "load_extension"('/tmp/evil.so')
SELECT [load_extension]('/tmp/evil.so')
SELECT `load_extension`('/tmp/evil.so')
SELECT 1 WHERE load_extension('/tmp/evil.so')
SELECT 1 ORDER BY load_extension('/tmp/evil.so')
SELECT count(*) FILTER (WHERE load_extension('x')) FROM orders
SELECT sum(1) OVER (ORDER BY load_extension('x')) FROM orders
SELECT CASE WHEN load_extension('x') THEN 1 END
WITH a AS (SELECT load_extension('x') AS b) SELECT 1 FROM a
SELECT (SELECT load_extension('x'))
INSERT INTO notes (body) VALUES (load_extension('x'))
SELECT readfile('/etc/passwd')
SELECT writefile('/tmp/x', 'y')
SELECT writefile('/tmp/x', group_concat(email)) FROM customers
SELECT edit('x')
SELECT fts3_tokenizer('simple')
SELECT fts3_tokenizer('simple', x'4141414141414141')
SELECT * FROM fsdir('/')
SELECT * FROM fsdir WHERE path = '/'
SELECT * FROM zipfile('/tmp/x.zip')
CREATE VIRTUAL TABLE x USING fts5(a)
CREATE VIRTUAL TABLE x USING csv(filename = '/etc/passwd')
CREATE VIRTUAL TABLE temp.x USING fts5vocab(main, notes, 'row')
.shell ls
.read /etc/passwd
.import /etc/passwd notes
-- Settings
PRAGMA writable_schema = 1
PRAGMA writable_schema(1)
PRAGMA main.writable_schema = ON
PRAGMA "writable_schema" = 1
PRAGMA trusted_schema = 1
PRAGMA foreign_keys = OFF
PRAGMA foreign_keys(0)
PRAGMA journal_mode = OFF
PRAGMA journal_mode = DELETE
PRAGMA journal_mode(WAL)
PRAGMA synchronous = OFF
PRAGMA locking_mode = EXCLUSIVE
PRAGMA query_only = 0
PRAGMA ignore_check_constraints = 1
PRAGMA recursive_triggers = 1
PRAGMA secure_delete = 0
PRAGMA auto_vacuum = 1
PRAGMA incremental_vacuum
PRAGMA incremental_vacuum(10)
PRAGMA wal_checkpoint
PRAGMA wal_checkpoint(TRUNCATE)
PRAGMA optimize
PRAGMA optimize(0x10002)
PRAGMA shrink_memory
PRAGMA user_version = 7
PRAGMA application_id = 7
PRAGMA schema_version = 7
PRAGMA temp_store_directory = '/tmp'
PRAGMA data_store_directory = '/tmp'
PRAGMA mmap_size = 0
PRAGMA cache_size = 0
PRAGMA hard_heap_limit = 1
PRAGMA key = 'x'
PRAGMA rekey = 'x'
PRAGMA integrity_check
PRAGMA made_up
PRAGMA table_info = customers
EXPLAIN PRAGMA foreign_keys = OFF
EXPLAIN PRAGMA writable_schema = 1
SELECT * FROM pragma_optimize
SELECT * FROM pragma_optimize(0x10002)
SELECT * FROM main.pragma_optimize
WITH pragma_optimize AS (SELECT 1 AS a) SELECT * FROM pragma_optimize
-- Transactions and upkeep
BEGIN IMMEDIATE
BEGIN EXCLUSIVE
END
END TRANSACTION
ROLLBACK TO a
RELEASE a
REINDEX
REINDEX customers
ANALYZE
ANALYZE customers
CREATE TRIGGER g AFTER INSERT ON notes BEGIN DELETE FROM customers; END
CREATE TEMP TRIGGER g AFTER INSERT ON notes BEGIN DELETE FROM customers; END
EXPLAIN CREATE TRIGGER g AFTER INSERT ON notes BEGIN DELETE FROM customers; END
DROP TRIGGER g
-- Writes without an end
DELETE FROM customers WHERE id IS id
DELETE FROM customers WHERE "id" = id
DELETE FROM customers WHERE "1"
DELETE FROM customers WHERE id == id
DELETE FROM customers WHERE name GLOB name
DELETE FROM customers WHERE id NOTNULL OR id ISNULL
DELETE FROM customers WHERE true
DELETE FROM main.customers
UPDATE OR IGNORE customers SET name = 'x'
UPDATE OR REPLACE customers SET id = 1
UPDATE customers SET name = 'x' FROM orders WHERE orders.id = 1
WITH a AS (SELECT 1) DELETE FROM customers
WITH a AS (SELECT 1) UPDATE customers SET name = 'x'
DELETE FROM customers RETURNING email AS x
-- What is stored, read past its columns
SELECT data FROM sqlite_dbpage
SELECT * FROM sqlite_stat4
SELECT sample FROM sqlite_stat4 WHERE tbl = 'customers'
SELECT * FROM main.sqlite_dbpage
UPDATE sqlite_master SET sql = 'x' WHERE name = 'customers'
UPDATE sqlite_dbpage SET data = x'00' WHERE pgno = 1
SELECT sql FROM sqlite_stmt
-- Texts that readers cut differently
SELECT 1 /* not closed
SELECT 1 /* a /* b */ c */
SELECT "a""b" FROM customers
SELECT 1abc
SELECT 'x' FROM customers WHERE id IN orders
EXPLAIN EXPLAIN SELECT 1
SELECT * FROM (SELECT * FROM customers, orders)
SELECT 1;ATTACH 'x' AS y
SELECT 1 -- x⏎; DROP TABLE customers
UPDATE sqlite_sequence SET seq = 0 WHERE name = 'customers'
