import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { inspectSql } from './inspect-sql.ts';
import { factsOf } from './testing/facts.ts';
import type { SqlDialect, SqlFacts } from '../../model/facts.ts';

const DIALECTS = ['postgres', 'mysql', 'sqlite'] as const;

/** Statements in pieces: between any two of them there may be white space and comments. */
const STATEMENTS: readonly (readonly string[])[] = [
  ['SELECT', 'ssn', 'AS', 'x', ',', 'upper', '(', 'name', ')', 'FROM', 'customers', 'WHERE', 'id', '=', '3'],
  ['DELETE', 'FROM', 'customers', 'WHERE', '1', '=', '1'],
  [
    'UPDATE',
    'customers',
    'SET',
    'name',
    '=',
    "'x'",
    'WHERE',
    'id',
    'IN',
    '(',
    'SELECT',
    'id',
    'FROM',
    'orders',
    ')',
  ],
  ['INSERT', 'INTO', 'orders', '(', 'id', ')', 'SELECT', 'id', 'FROM', 'customers'],
  ['WITH', 'c', 'AS', '(', 'SELECT', 'ssn', 'AS', 'x', 'FROM', 'customers', ')', 'SELECT', 'x', 'FROM', 'c'],
  ['SELECT', 'evil', '(', '1', ')', 'FROM', 'customers'],
  ['SELECT', '*', 'FROM', 'customers'],
];

/** What may stand between two tokens, whatever the dialect. */
const GAPS = [
  ' ',
  '\n',
  '\t',
  ' /* x */ ',
  '/* ; DROP TABLE t */',
  ' -- x\n',
  "/* ' */",
  ' -- "\n',
  '/*``*/',
];

const statement = fc.constantFrom(...STATEMENTS);
const gaps = fc.infiniteStream(fc.constantFrom(...GAPS));
const dialects = fc.constantFrom(...DIALECTS);
const readers = fc.constantFrom(...DIALECTS, 'sqlserver' as const);

function woven(tokens: readonly string[], between: Iterator<string>): string {
  return tokens.map((token) => `${token}${between.next().value ?? ' '}`).join(' ');
}

const plain = (tokens: readonly string[]): string => tokens.join(' ');

test('white space and comments between tokens change no fact', () => {
  fc.assert(
    fc.property(dialects, statement, gaps, (dialect, tokens, between) => {
      assert.deepEqual(
        factsOf(dialect, woven(tokens, between[Symbol.iterator]())),
        factsOf(dialect, plain(tokens)),
      );
    }),
    { numRuns: 300 },
  );
});

test('the case of keywords and bare names changes no fact', () => {
  fc.assert(
    fc.property(dialects, statement, fc.infiniteStream(fc.boolean()), (dialect, tokens, coins) => {
      const flips = coins[Symbol.iterator]();
      const mixed = tokens.map((token) =>
        token.startsWith("'")
          ? token
          : token
              .split('')
              .map((c) => (flips.next().value ? c.toUpperCase() : c.toLowerCase()))
              .join(''),
      );
      // MySQL may tell CTEs from tables by case, so there they keep theirs.
      const cased =
        dialect === 'mysql' ? mixed.map((token) => (token.toLowerCase() === 'c' ? 'c' : token)) : mixed;
      assert.deepEqual(factsOf(dialect, plain(cased)), factsOf(dialect, plain(tokens)));
    }),
    { numRuns: 300 },
  );
});

/** Ways to write a name. */
const SPELLINGS: Readonly<Record<SqlDialect, readonly ((name: string) => string)[]>> = {
  postgres: [
    (name) => name,
    (name) => name.toUpperCase(),
    (name) => `"${name}"`,
    (name) => `U&"${escaped(name, 4)}"`,
    (name) => `u&"${escaped(name, 6)}"`,
    (name) => `U&"${escaped(name, 4).replaceAll('\\', '!')}" UESCAPE '!'`,
  ],
  mysql: [(name) => name, (name) => name.toUpperCase(), (name) => `\`${name}\``],
  sqlite: [
    (name) => name,
    (name) => name.toUpperCase(),
    (name) => `"${name}"`,
    (name) => `\`${name}\``,
    (name) => `[${name}]`,
  ],
  sqlserver: [(name) => name, (name) => name.toUpperCase(), (name) => `"${name}"`, (name) => `[${name}]`],
};

function escaped(name: string, digits: 4 | 6): string {
  const code = (char: string): string => char.charCodeAt(0).toString(16).padStart(digits, '0');
  return name.replace(/[aeiou]/g, (char) => `\\${digits === 6 ? '+' : ''}${code(char)}`);
}

test('however a name is quoted or escaped, the facts name the same table, column and function', () => {
  const spelt = fc.infiniteStream(fc.nat());
  fc.assert(
    fc.property(readers, spelt, (dialect, numbers) => {
      const next = numbers[Symbol.iterator]();
      const name = (plainName: string): string => {
        const ways = SPELLINGS[dialect];
        return ways[(next.next().value ?? 0) % ways.length]?.(plainName) ?? plainName;
      };
      const text = `SELECT ${name('q')}.${name('ssn')} AS x FROM ${name('crm')}.${name('customers')} AS ${name('q')} WHERE ${name('evil')}(${name('q')}.${name('email')}) = 1`;
      const facts = factsOf(dialect, text);
      assert.deepEqual(facts.tables, ['crm.customers'], text);
      assert.deepEqual(facts.columns, ['email', 'ssn'], text);
      assert.deepEqual(facts.functions, ['evil'], text);
      assert.deepEqual(facts.resultColumns, [['ssn']], text);
      assert.equal(facts.writes, true, text);
    }),
    { numRuns: 300 },
  );
});

/** Ways to put a query inside another that keep what it reads and runs. */
const NESTS: readonly ((query: string) => string)[] = [
  (query) => `SELECT 1 FROM (${query}) AS q`,
  (query) => `WITH q AS (${query}) SELECT 1 FROM q`,
  (query) => `SELECT 1 WHERE EXISTS (${query})`,
  (query) => `SELECT CASE WHEN EXISTS (${query}) THEN 1 ELSE 2 END`,
  (query) => `SELECT 1 UNION SELECT 1 FROM (${query}) AS q`,
  (query) => `SELECT 1 FROM z ORDER BY EXISTS (${query})`,
  (query) => `SELECT 1 FROM z JOIN (${query}) AS q ON 1 = 1`,
  (query) => `SELECT max(1) OVER (ORDER BY EXISTS (${query})) FROM z`,
];

test('nesting a query hides no table, no function and no write of it', () => {
  const queries = STATEMENTS.filter(([first]) => first === 'SELECT' || first === 'WITH');
  fc.assert(
    fc.property(
      dialects,
      fc.constantFrom(...queries),
      fc.array(fc.constantFrom(...NESTS), { minLength: 1, maxLength: 4 }),
      (dialect, tokens, nests) => {
        const bare = factsOf(dialect, plain(tokens));
        const nested = factsOf(
          dialect,
          nests.reduce((query, nest) => nest(query), plain(tokens)),
        );
        const within = (key: 'tablesRead' | 'functions' | 'columns' | 'kinds'): void => {
          for (const name of bare[key]) assert.ok(nested[key].includes(name), `${key}: ${name}`);
        };
        within('tablesRead');
        within('functions');
        within('columns');
        within('kinds');
        assert.equal(nested.writes, bare.writes);
      },
    ),
    { numRuns: 300 },
  );
});

/** Ways to pass a column on under another name. */
const RENAMES: readonly ((query: string, column: string) => readonly [string, string])[] = [
  (query, column) => [`SELECT q.${column} AS r1 FROM (${query}) AS q`, 'r1'],
  (query, column) => [`SELECT * FROM (SELECT ${column} AS r2 FROM (${query}) AS q) AS p`, 'r2'],
  (query, column) => [`WITH q AS (${query}) SELECT concat(${column}, '') AS r3 FROM q`, 'r3'],
  (query, column) => [
    `SELECT r4 FROM (SELECT 1 AS r4 UNION ALL SELECT q.${column} FROM (${query}) AS q) AS p`,
    'r4',
  ],
  (query) => [`WITH q(r5) AS (${query}) SELECT q.* FROM q`, 'r5'],
  (query, column) => [`SELECT (SELECT max(q.${column}) FROM (${query}) AS q) AS r6`, 'r6'],
  (query, column) => [`SELECT CASE WHEN 1 = 1 THEN ${column} END AS r7 FROM (${query}) AS q`, 'r7'],
];

test('however a column is passed on, its name is in the lineage of the result', () => {
  fc.assert(
    fc.property(
      readers,
      fc.array(fc.constantFrom(...RENAMES), { minLength: 1, maxLength: 5 }),
      (dialect, renames) => {
        const [query] = renames.reduce<readonly [string, string]>(
          ([inner, column], rename) => rename(inner, column),
          ['SELECT ssn FROM customers', 'ssn'],
        );
        const { resultColumns } = factsOf(dialect, query);
        assert.ok(
          resultColumns?.length === 1 && resultColumns[0]?.includes('ssn'),
          `${query}\n${JSON.stringify(resultColumns)}`,
        );
      },
    ),
    { numRuns: 300 },
  );
});

test('any text at all has facts or a reason', () => {
  const word = fc.constantFrom(
    'SELECT',
    'FROM',
    'WHERE',
    'WITH',
    'AS',
    'DELETE',
    'UPDATE',
    'SET',
    'INTO',
    'UNION',
    'JOIN',
    'ON',
    'CASE',
    'WHEN',
    'END',
    'IN',
    'IS',
    'NOT',
    'NULL',
    'EXISTS',
    'VALUES',
    'a',
    't',
    '1',
    "'x'",
    '"y"',
    '`z`',
    '(',
    ')',
    ',',
    '.',
    '*',
    '=',
    '+',
    '-',
    '--',
    '/*',
    '*/',
    ';',
    ':',
    '::',
    '@',
    '$$',
    '[',
    ']',
    '{',
    '\\',
    '\n',
    '#',
    '?',
    '!',
    'é',
    '\u00a0',
    '𝒳',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({ maxLength: 60 }),
    fc.array(word, { maxLength: 30 }).map((words) => words.join(' ')),
  );
  fc.assert(
    fc.property(readers, text, (dialect, random) => {
      const inspection = inspectSql(dialect, random);
      if (inspection.ok) assertWhole(dialect, inspection.facts);
      else assert.notEqual(inspection.notUnderstood.reason, 'crashed', random);
    }),
    { numRuns: 3_000 },
  );
});

function assertWhole(dialect: SqlDialect, facts: SqlFacts): void {
  assert.equal(facts.dialect, dialect);
  assert.ok(facts.statements >= 1 && facts.kinds.length >= 1);
  for (const set of [
    facts.kinds,
    facts.tables,
    facts.tablesRead,
    facts.tablesWritten,
    facts.functions,
    facts.columns,
  ]) {
    assert.deepEqual(set, [...new Set(set)].sort());
  }
  assert.deepEqual(facts.tables, [...new Set([...facts.tablesRead, ...facts.tablesWritten])].sort());
  if (facts.tablesWritten.length > 0 || facts.unbounded) assert.ok(facts.writes);
}
