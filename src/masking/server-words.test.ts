import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wordsOnly } from './server-words.ts';

const WITHHELD = '[redacted:unreadable]';

for (const [message, statement, told] of [
  [
    'invalid input syntax for type integer: "616e6e" (SQLSTATE 22P02)',
    "SELECT CAST(encode(email::bytea,'hex') AS int) FROM c",
    `invalid input syntax for type integer: ${WITHHELD} (SQLSTATE 22P02)`,
  ],
  [
    'invalid input syntax for type json Detail: Token "3231" is invalid. (SQLSTATE 22P02)',
    'SELECT x::json FROM c',
    'invalid input syntax for type json (SQLSTATE 22P02)',
  ],
  [
    'requested character too large for encoding: 219099999 (SQLSTATE 54000)',
    'SELECT chr(n) FROM c',
    `requested character too large for encoding: ${WITHHELD} (SQLSTATE 54000)`,
  ],
  [
    'operator does not exist: cbjajjj (SQLSTATE 42883)',
    'SELECT x::regoper FROM c',
    `operator does not exist: ${WITHHELD} (SQLSTATE 42883)`,
  ],
  [
    'invalid value "name" cbjajjj "name" for "YYYY" (SQLSTATE 22007)',
    "SELECT to_date(name, 'YYYY') FROM c",
    `invalid value ${WITHHELD} (SQLSTATE 22007)`,
  ],
  [
    "Incorrect integer value: '3231' for column 'n' at row 1 (error 1366, SQLSTATE 22007)",
    'INSERT INTO t (n) SELECT hex(ssn) FROM c',
    `Incorrect integer value: ${WITHHELD} at row 1 (error 1366, SQLSTATE 22007)`,
  ],
  [
    "JSON path error near '3231' (SQLite error 1)",
    'SELECT 1',
    `JSON path error near ${WITHHELD} (SQLite error 1)`,
  ],
] as const)
  test(`what a server read is not told: ${message}`, () => {
    assert.equal(wordsOnly(message, statement), told);
  });

for (const [message, statement] of [
  ['relation "custmers" does not exist (SQLSTATE 42P01)', 'SELECT * FROM custmers'],
  ['column "nmae" of relation "c" does not exist (SQLSTATE 42703)', 'UPDATE c SET nmae = 1'],
  ['no such column: nmae (SQLite error 1)', 'SELECT nmae FROM c'],
  ['near "FORM": syntax error (SQLite error 1)', 'SELECT 1 FORM c'],
  ["Unknown column 'nmae' in 'SELECT' (error 1054, SQLSTATE 42S22)", 'SELECT nmae FROM c'],
  [
    'function f(c) does not exist Hint: No function matches the given name and argument types. (SQLSTATE 42883)',
    'SELECT f(c) FROM c',
  ],
  ['division by zero (SQLSTATE 22012)', 'SELECT 1/0'],
  ['invalid input syntax for type integer: "abc" (SQLSTATE 22P02)', "SELECT 'abc'::int"],
  ['The database gave no result within the time limit of 5000 ms; the statement was stopped.', 'SELECT 1'],
] as const)
  test(`what an agent needs to mend its statement is told: ${message}`, () => {
    assert.equal(wordsOnly(message, statement), message);
  });

test('a table that is not there is told as not there, whatever the database is called', () => {
  assert.equal(
    wordsOnly("Table 'crm.custmers' doesn't exist (error 1146, SQLSTATE 42S02)", 'SELECT * FROM custmers'),
    `Table ${WITHHELD} doesn't exist (error 1146, SQLSTATE 42S02)`,
  );
});
