import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startInspector, type Inspector } from './inspector.ts';
import type { SqlDialect } from '../model/facts.ts';

const opened: Inspector[] = [];
after(() => Promise.all(opened.map((inspector) => inspector.close())));

function open(options?: Parameters<typeof startInspector>[0]): Inspector {
  const inspector = startInspector(options);
  opened.push(inspector);
  return inspector;
}

async function assertAnswers(inspector: Inspector, mark: string): Promise<void> {
  for (const dialect of ['postgres', 'mysql', 'sqlite'] as const) {
    const inspection = await inspector.sql(dialect, `SELECT ssn AS x FROM ${mark}`);
    assert.ok(inspection.ok, JSON.stringify(inspection));
    assert.deepEqual(inspection.facts.tables, [mark]);
    assert.deepEqual(inspection.facts.resultColumns, [['ssn']]);
  }
}

/** Statements that end a parser for good where nothing guards it. */
const KILLERS = (['postgres', 'mysql', 'sqlite'] as const).flatMap((dialect) => {
  const of = (text: string): readonly [SqlDialect, string] => [dialect, text];
  return [
    of(`SELECT ${Array(20_000).fill('1').join('+')}`),
    of(`SELECT ${Array(800).fill('1').join('+')}`),
    of(`SELECT 1 FROM t WHERE ${Array(4_000).fill('a=1').join(' AND ')}`),
    of(`SELECT 1 FROM t WHERE ${Array(4_000).fill('NOT').join(' ')} a`),
    of(`SELECT ${'('.repeat(20_000)}1${')'.repeat(20_000)}`),
    of(`SELECT ${'(SELECT '.repeat(3_000)}1${')'.repeat(3_000)}`),
    of(`SELECT ${'CASE WHEN '.repeat(2_000)}1${' THEN 1 END'.repeat(2_000)}`),
    of(Array(3_000).fill('SELECT 1').join(' UNION ')),
    of(`SELECT ${'-'.repeat(3_000).split('').join(' ')} 1`),
    of(`SELECT ${'f('.repeat(5_000)}1${')'.repeat(5_000)}`),
    of(`SELECT '${'a'.repeat(60_000)}`),
    of(`SELECT ${'/*'.repeat(20_000)}`),
    of(`SELECT 1 FROM t${' JOIN t ON 1=1'.repeat(3_000)}`),
    of(`${'EXPLAIN '.repeat(8_000)}SELECT 1`),
    of(
      `WITH ${Array.from({ length: 40 }, (_, i) => `c${i + 1} AS (SELECT a.*, b.* FROM ${i === 0 ? '(SELECT 1 AS x) a, (SELECT 1 AS x) b' : `c${i} a, c${i} b`})`).join(', ')} SELECT * FROM c40`,
    ),
  ];
});

test('inputs that kill parsers are refused or understood, and other calls go on being answered', async () => {
  const inspector = open();
  await inspector.warm();
  const others: Promise<void>[] = [];
  const ends = new Map<string, number>();
  for (const [index, [dialect, text]] of KILLERS.entries()) {
    const killed = inspector.sql(dialect, text);
    others.push(assertAnswers(inspector, `t${index}`));
    const inspection = await killed;
    const end = inspection.ok ? 'ok' : inspection.notUnderstood.reason;
    assert.ok(
      ['ok', 'too_deep', 'too_large', 'syntax', 'unsupported', 'crashed', 'executable_comment'].includes(end),
      `${end}: ${text.slice(0, 40)}`,
    );
    ends.set(end, (ends.get(end) ?? 0) + 1);
  }
  await Promise.all(others);
  assert.ok((ends.get('too_deep') ?? 0) > 5, JSON.stringify([...ends]));
});

test('a hundred queries of 20,000 terms leave the inspector whole', async () => {
  const inspector = open();
  const inspections = await Promise.all(
    Array.from({ length: 100 }, (_, i) =>
      inspector.sql('postgres', `SELECT ${i}+${Array(20_000).fill('1').join('+')}`),
    ),
  );
  for (const inspection of inspections) assert.ok(!inspection.ok);
  await assertAnswers(inspector, 'after');
});

test('a statement that takes too long is refused, and the next is answered', async () => {
  const inspector = open({ timeoutMs: 1 });
  await inspector.warm();
  const slow = await inspector.sql(
    'postgres',
    `SELECT 1 FROM t WHERE a IN (${Array(12_000).fill("'x'").join(',')})`,
  );
  assert.ok(!slow.ok && slow.notUnderstood.reason === 'timeout', JSON.stringify(slow).slice(0, 200));
  const patient = open();
  await assertAnswers(patient, 'other');
});

test('what is larger than the limit is refused without being looked at', async () => {
  const inspector = open({ maxBytes: 100 });
  const inspection = await inspector.sql('postgres', `SELECT '${'é'.repeat(60)}'`);
  assert.ok(!inspection.ok && inspection.notUnderstood.reason === 'too_large');
  assert.ok((await inspector.sql('postgres', `SELECT '${'e'.repeat(60)}'`)).ok);
});

test('the same text is inspected once, in each dialect for itself', async () => {
  const inspector = open({ cacheEntries: 2 });
  const text = 'SELECT "a" FROM t';
  const [first, again] = await Promise.all([
    inspector.sql('postgres', text),
    inspector.sql('postgres', text),
  ]);
  assert.equal(again, first);
  assert.equal(await inspector.sql('postgres', text), first);
  assert.notEqual(await inspector.sql('sqlite', text), first);
  for (let i = 0; i < 3; i += 1) await inspector.sql('postgres', `SELECT ${i}`);
  const later = await inspector.sql('postgres', text);
  assert.notEqual(later, first, 'the oldest is forgotten');
  assert.deepEqual(later, first);
});

test('many at once are all answered, each with its own facts', async () => {
  const inspector = open({ workers: 2 });
  const asked = Array.from({ length: 400 }, (_, i) =>
    inspector.sql(i % 2 === 0 ? 'postgres' : 'mysql', `SELECT a FROM t${i}`),
  );
  for (const [i, inspection] of (await Promise.all(asked)).entries()) {
    assert.ok(inspection.ok);
    assert.deepEqual(inspection.facts.tables, [`t${i}`]);
  }
});

test('a closed inspector refuses, and what was waiting is refused too', async () => {
  const inspector = open();
  const waiting = [1, 2, 3].map((i) => inspector.sql('postgres', `SELECT ${i}`));
  await inspector.close();
  for (const inspection of await Promise.all(waiting))
    assert.ok(!inspection.ok || inspection.facts.statements === 1);
  assert.ok(!(await inspector.sql('postgres', 'SELECT 9')).ok);
  await inspector.close();
});

test('an idle inspector does not keep its process alive', async () => {
  const { spawn } = await import('node:child_process');
  const file = JSON.stringify(new URL('./inspector.ts', import.meta.url).href);
  const program = `const { startInspector } = await import(${file}); const i = startInspector(); await i.warm(); const r = await i.sql('postgres', 'SELECT 1'); console.log(r.ok);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const code = await new Promise((resolve) => child.on('exit', resolve));
  assert.equal(code, 0);
  assert.equal(said.trim(), 'true');
});

test('a request is read by the same worker, and is remembered apart from statements', async () => {
  const inspector = open();
  const text = 'http://example.com/';
  assert.ok((await inspector.http(text)).ok);
  assert.ok(!(await inspector.sql('sqlite', text)).ok);
  const large = await inspector.http(`http://example.com/${'a'.repeat(70_000)}`);
  assert.ok(!large.ok && large.notUnderstood.reason === 'too_large');
});
