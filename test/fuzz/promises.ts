import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { Inspector } from '../../src/inspect/inspector.ts';
import type { TextPatterns } from '../../src/inspect/text/patterns.ts';
import type { HttpFacts, NotUnderstood, SqlDialect, SqlFacts, TextFacts } from '../../src/model/facts.ts';

export const KINDS = ['postgres', 'mysql', 'sqlite', 'http', 'text', 'shell'] as const;
export type Kind = (typeof KINDS)[number];

export interface Case {
  readonly kind: Kind;
  readonly text: string;
}

type Inspection =
  | { readonly ok: true; readonly facts: object }
  | { readonly ok: false; readonly notUnderstood: NotUnderstood };

/** How a case ended: understood, or why not. */
export type End = 'ok' | NotUnderstood['reason'];

async function inspect(
  inspector: Inspector,
  patterns: TextPatterns,
  { kind, text }: Case,
): Promise<Inspection> {
  if (kind === 'http' || kind === 'shell') return await inspector[kind](text);
  if (kind === 'text') return await inspector.text(patterns, text);
  return await inspector.sql(kind, text);
}

/**
 * Holds one case against what policies rely on. Throws where a promise is broken.
 *
 * @param first has seen every case before this one; `second` has seen others: a parser that a text broke answers
 *   differently from one that it did not.
 */
export async function holds(
  one: Case,
  first: Inspector,
  second: Inspector,
  patterns: TextPatterns,
): Promise<End> {
  const inspection = await inspect(first, patterns, one);
  const again = await inspect(second, patterns, one);
  const slow = [inspection, again].some((each) => !each.ok && each.notUnderstood.reason === 'timeout');
  // A timeout is the machine's; everything else is the text's alone.
  if (!slow) assert.ok(isDeepStrictEqual(inspection, again), 'two inspectors tell the same');
  if (!inspection.ok) {
    assert.equal(typeof inspection.notUnderstood.message, 'string');
    assert.ok(
      one.kind !== 'text' || ['too_large', 'timeout'].includes(inspection.notUnderstood.reason),
      'any text is understood',
    );
    return inspection.notUnderstood.reason;
  }
  await CHECKS[one.kind](inspection.facts, one, first);
  return 'ok';
}

const sql =
  (dialect: SqlDialect) =>
  (facts: object, { text }: Case, inspector: Inspector): Promise<void> =>
    holdsOfSql(facts as SqlFacts, text, dialect, inspector);

const CHECKS: Readonly<Record<Kind, (facts: object, one: Case, inspector: Inspector) => Promise<void>>> = {
  postgres: sql('postgres'),
  mysql: sql('mysql'),
  sqlite: sql('sqlite'),
  http: (facts, _, inspector) => holdsOfHttp(facts as HttpFacts, inspector),
  text: (facts) => Promise.resolve(holdsOfText(facts as TextFacts)),
  shell: (facts) => Promise.resolve(holdsOfSets(facts)),
};

/** Kinds that change nothing by themselves. */
const CALM = ['SELECT', 'VALUES', 'EXPLAIN', 'ANALYZE', 'SHOW', 'PRAGMA', 'DESCRIBE'];

async function holdsOfSql(
  facts: SqlFacts,
  text: string,
  dialect: SqlDialect,
  inspector: Inspector,
): Promise<void> {
  holdsOfSets(facts);
  assert.ok(facts.statements >= 1 && facts.kinds.length >= 1, 'something is there');
  assert.match(facts.fingerprint, /^[0-9a-f]+$/);
  assert.deepEqual(
    facts.tables,
    [...new Set([...facts.tablesRead, ...facts.tablesWritten])].toSorted(),
    'tables',
  );
  // EXPLAIN on its own tells of a statement and does not run it.
  if (!facts.writes && !facts.kinds.includes('EXPLAIN')) {
    assert.deepEqual(
      facts.kinds.filter((kind) => !CALM.includes(kind)),
      [],
      'what does not write is of calm kinds',
    );
    assert.deepEqual(facts.tablesWritten, [], 'what does not write writes no table');
    assert.ok(!facts.unbounded, 'what does not write is not unbounded');
  }
  // An open comment swallows what stands behind it.
  if (text.includes('/*')) return;
  const more = await inspector.sql(dialect, `${text}\n;DROP TABLE zz_dropped`);
  if (!more.ok) return;
  assert.ok(more.facts.writes && more.facts.kinds.includes('DROP'), 'a second statement is seen');
  assert.ok(
    more.facts.tablesWritten.some((table) => table.toLowerCase() === 'zz_dropped'),
    'its table is seen',
  );
}

async function holdsOfHttp(facts: HttpFacts, inspector: Inspector): Promise<void> {
  holdsOfSets(facts);
  if (!facts.writes) assert.ok(['GET', 'HEAD', 'OPTIONS'].includes(facts.method));
  assert.match(facts.host, /^[a-z0-9._:-]+$/);
  assert.doesNotMatch(facts.path, /\/\/|\/\.\.?(?:\/|$)|[\\;\p{Cc}]/u);
  const again = await inspector.http(`${facts.method} ${facts.url}`);
  assert.ok(again.ok, 'what is sent is understood');
  const { fingerprint: _, userinfo: __, ...sent } = again.facts;
  const { fingerprint: ___, userinfo: ____, ...told } = facts;
  assert.deepEqual(sent, told, 'what is sent is what was told');
}

function holdsOfText(facts: TextFacts): void {
  holdsOfSets(facts);
  assert.ok(facts.score >= facts.patterns.length && facts.score <= facts.patterns.length * 100);
}

function holdsOfSets(facts: object): void {
  for (const [name, value] of Object.entries(facts))
    if (Array.isArray(value) && value.every((one) => typeof one === 'string'))
      assert.deepEqual(value, [...new Set(value)].toSorted(), `${name} is sorted and without duplicates`);
}
