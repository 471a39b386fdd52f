import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertFacts, reasonOf, type Expected } from '../testing/facts.ts';

const table = (cases: readonly [string, Expected][]): void => {
  for (const [text, expected] of cases) assertFacts('sqlserver', text, expected);
};

const CALM: Expected = {
  writes: false,
  unbounded: false,
  tablesWritten: [],
  kinds: ['SELECT'],
  statements: 1,
};

test('a SELECT is understood, and its tables, columns and functions are named', () => {
  table([
    ['SELECT 1', CALM],
    [
      'SELECT TOP (10) WITH TIES c.[Full Name], "Ssn" AS x FROM [dbo].[Customers] AS c WITH (NOLOCK) ORDER BY c.Id',
      {
        ...CALM,
        tables: ['dbo.customers'],
        columns: ['full name', 'id', 'ssn'],
        resultColumns: [['full name'], ['ssn']],
      },
    ],
    ['SELECT x = ssn FROM c', { ...CALM, resultColumns: [['ssn']] }],
    ["SELECT N'é', 'it''s', 0x1F, 1e5, .5 FROM t", CALM],
    [
      'SELECT DATEADD(day, 1, a), DATEDIFF(hour, a, b), DATEPART(year, c) FROM t',
      { ...CALM, columns: ['a', 'b', 'c'], functions: ['dateadd', 'datediff', 'datepart'] },
    ],
    ['SELECT a FROM t ORDER BY a OFFSET 10 ROWS FETCH NEXT 5 ROWS ONLY', CALM],
    [
      'SELECT s.value FROM t CROSS APPLY STRING_SPLIT(t.ssn, 1) AS s',
      { ...CALM, functions: ['string_split'] },
    ],
    [
      'SELECT y.z FROM t OUTER APPLY (SELECT TOP 1 u.ssn AS z FROM u WHERE u.id = t.id) y',
      { ...CALM, resultColumns: [['ssn']] },
    ],
    ['SELECT TRY_CAST(a AS int), CONVERT(varchar(10), b, 120), IIF(a > 1, b, c) FROM t', CALM],
    ['WITH c AS (SELECT ssn AS x FROM t) SELECT x FROM c', { ...CALM, resultColumns: [['ssn']] }],
    [
      'WITH r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT n FROM r OPTION (MAXRECURSION 100)',
      CALM,
    ],
    ['SELECT SUM(a) OVER (ORDER BY b ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM t', CALM],
    ['SELECT a FROM t UNION SELECT b FROM u EXCEPT SELECT c FROM v', { ...CALM, tables: ['t', 'u', 'v'] }],
    ['SELECT 1 /* a /* DROP TABLE t */ b */ FROM t -- DROP TABLE t', { ...CALM, tables: ['t'] }],
    ["SELECT '; DROP TABLE t --' AS [EXEC x] FROM [drop]", { ...CALM, tables: ['drop'] }],
    ['SELECT @@VERSION', CALM],
  ]);
  assertFacts('sqlserver', 'SELECT dbo.f(1), x.value(1) FROM t', {
    writes: true,
    functions: ['dbo.f', 'x.value'],
  });
});

test('a second statement needs no semicolon, and is refused wherever it could begin', () => {
  for (const text of [
    'SELECT a FROM t SHUTDOWN',
    'SELECT a FROM t shutdown with nowait',
    'SELECT a FROM t DROP TABLE t',
    'SELECT 1 SELECT 2',
    'SELECT 1 EXEC xp_cmdshell',
    "SELECT a FROM t EXEC ('DROP TABLE t')",
    'SELECT a FROM t x KILL 53',
    'SELECT a FROM t CHECKPOINT',
    'SELECT a FROM t RECONFIGURE',
    'SELECT a FROM t REVERT',
    'SELECT a FROM t COMMIT',
    'SELECT a FROM t BEGIN',
    'SELECT a FROM t GO',
    'SELECT a FROM t\nGO\nDROP TABLE t',
    'SELECT a FROM t THROW',
    'SELECT 1; SELECT 2',
    'SELECT 1;;WAITFOR DELAY 1',
    'SELECT a FROM t WAITFOR',
    'SELECT a AS b DELETE FROM t',
    'SELECT 1 AS UPDATE t SET a = 1',
    'SELECT 1 -- a\r; DROP TABLE t',
    'SELECT 1 /* /* */ ; DROP TABLE t',
  ])
    assert.ok(['unsupported', 'syntax'].includes(reasonOf('sqlserver', text)), text);
});

test('whatever is no single SELECT of stored tables is refused', () => {
  for (const text of [
    'SELECT a INTO b FROM t',
    "SELECT * FROM OPENROWSET('SQLNCLI', 'x', 'y')",
    "SELECT * FROM OPENROWSET(BULK 'c:\\x', SINGLE_CLOB) AS x",
    "SELECT * FROM OPENQUERY(other, 'DROP TABLE t')",
    "SELECT * FROM OPENDATASOURCE('a', 'b').c.d.e",
    'SELECT * FROM OPENXML(@h, 1)',
    'SELECT * FROM fn_dblog(NULL, NULL)',
    'SELECT * FROM sys.fn_get_audit_file(1, 2, 3)',
    'SELECT * FROM dbo.f(1)',
    'SELECT * FROM t CROSS APPLY sys.dm_exec_sql_text(t.h)',
    'SELECT * FROM other.db.dbo.t',
    'SELECT NEXT VALUE FOR s',
    'SELECT @a = ssn FROM t',
    'SELECT @a',
    'SELECT * FROM @t',
    'SELECT * FROM #t',
    'SELECT a FROM t WITH (TABLOCKX)',
    'SELECT a FROM t WITH (UPDLOCK, HOLDLOCK)',
    'SELECT a FROM t FOR JSON AUTO',
    'SELECT a FROM t FOR XML PATH',
    'SELECT a FROM t OPTION (USE PLAN 1)',
    'SELECT $ROWGUID FROM t',
    'SELECT $1.5',
    'SELECT 1a',
    'SELECT {fn NOW()}',
    'EXEC p',
    'sp_who',
    'INSERT INTO t VALUES (1)',
    'UPDATE t SET a = 1 WHERE b = 2',
    'DELETE FROM t WHERE a = 1',
    'MERGE t USING s ON 1 = 1 WHEN MATCHED THEN DELETE;',
    'WITH c AS (SELECT 1 AS a) DELETE FROM c',
    'DECLARE @a int',
    'USE master',
    'DROP TABLE t',
    'BACKUP DATABASE x TO DISK = 1',
    'DBCC SHRINKDATABASE (x)',
    'GRANT SELECT ON t TO x',
    "WAITFOR DELAY '0:0:5'",
    'PRINT 1',
    'IF 1 = 1 SELECT 1',
    'BEGIN SELECT 1 END',
    'VALUES (1)',
  ])
    assert.ok(['unsupported', 'syntax'].includes(reasonOf('sqlserver', text)), text);
});
