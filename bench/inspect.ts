/**
 * What inspection costs, and where: the whole round trip through the worker, and for SQL what of it is parsing and walking.
 * Prints one JSON line a dialect.
 *
 *     node bench/inspect.ts
 */
import { readFileSync } from 'node:fs';
import { loadPatterns } from '../src/inspect/text/patterns-file.ts';
import { startInspector } from '../src/inspect/inspector.ts';
import { inspectSql, loadParsers } from '../src/inspect/sql/inspect-sql.ts';
import type { SqlDialect } from '../src/model/facts.ts';

const ROUNDS = 3_000;

const PATTERNS = new URL('../policies/patterns.yaml', import.meta.url);
const loaded = loadPatterns({ path: 'policies/patterns.yaml', text: readFileSync(PATTERNS, 'utf8') });
if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors));
const patterns = loaded.value;

/** An ordinary statement with another literal each time, so that its text is not remembered, and its tree is. */
const ORDINARY: Readonly<Record<SqlDialect, (index: number) => string>> = {
  postgres: (index) =>
    `SELECT c.id, c.name, lower(c.email) AS mail, count(*) FROM customers c JOIN orders o ON o.customer_id = c.id WHERE o.total > ${index} AND c.country = 'DE' GROUP BY c.id ORDER BY 4 DESC LIMIT 20`,
  mysql: (index) =>
    `SELECT c.id, c.name, lower(c.email) AS mail, count(*) FROM customers c JOIN orders o ON o.customer_id = c.id WHERE o.total > ${index} AND c.country = 'DE' GROUP BY c.id ORDER BY 4 DESC LIMIT 20`,
  sqlite: (index) =>
    `SELECT c.id, c.name, lower(c.email) AS mail, count(*) FROM customers c JOIN orders o ON o.customer_id = c.id WHERE o.total > ${index} AND c.country = 'DE' GROUP BY c.id ORDER BY 4 DESC LIMIT 20`,
  sqlserver: (index) =>
    `SELECT TOP 20 c.id, c.name, lower(c.email) AS mail, count(*) AS n FROM customers c JOIN orders o ON o.customer_id = c.id WHERE o.total > ${index} AND c.country = 'DE' GROUP BY c.id, c.name, c.email ORDER BY 4 DESC`,
};

/** The same with another name in it each time, so that nothing is remembered. */
const unseen = (dialect: SqlDialect, index: number): string =>
  ORDINARY[dialect](index).replace('AS mail', `AS mail${index + 1_000_000}`);

await loadParsers();
const inspector = startInspector();
await inspector.warm();
for (const dialect of ['postgres', 'mysql', 'sqlite', 'sqlserver'] as const) {
  const text = ORDINARY[dialect];
  for (let index = 0; index < 500; index += 1) {
    inspectSql(dialect, text(index));
    await inspector.sql(dialect, text(-index - 1));
  }
  const inside = measure((index) => {
    inspectSql(dialect, text(index));
  });
  const insideUnseen = measure((index) => {
    inspectSql(dialect, unseen(dialect, index));
  });
  const trip = await measureAsync((index) => inspector.sql(dialect, text(10_000 + index)));
  const tripUnseen = await measureAsync((index) => inspector.sql(dialect, unseen(dialect, index)));
  const again = await measureAsync(() => inspector.sql(dialect, text(10_000 + ROUNDS - 1)));
  console.log(
    JSON.stringify({
      dialect,
      statementBytes: text(1).length,
      roundTripMs: { median: at(trip, 0.5), p99: at(trip, 0.99) },
      roundTripOfUnseenMs: { median: at(tripUnseen, 0.5), p99: at(tripUnseen, 0.99) },
      parseAndWalkMs: { median: at(inside, 0.5), p99: at(inside, 0.99) },
      parseAndWalkOfUnseenMs: { median: at(insideUnseen, 0.5), p99: at(insideUnseen, 0.99) },
      rememberedMs: { median: at(again, 0.5), p99: at(again, 0.99) },
    }),
  );
}

/** Other words than SQL: each text is new, for a remembered one costs what a remembered statement does. */
const OTHERS = {
  shell: (index: number) =>
    inspector.shell(`git log --oneline -n ${index} -- src | grep -v merge | head -20`),
  http: (index: number) =>
    inspector.http(`GET https://api.example.com/v1/customers/${index}?fields=name&page=2`),
  text: (index: number) =>
    inspector.text(patterns, `Please summarise ticket ${index} and draft a friendly answer to the customer.`),
};
for (const [kind, ask] of Object.entries(OTHERS)) {
  for (let index = 0; index < 500; index += 1) await ask(-index - 1);
  const trip = await measureAsync((index) => ask(10_000 + index));
  const again = await measureAsync(() => ask(10_000 + ROUNDS - 1));
  console.log(
    JSON.stringify({
      kind,
      roundTripMs: { median: at(trip, 0.5), p99: at(trip, 0.99) },
      rememberedMs: { median: at(again, 0.5), p99: at(again, 0.99) },
    }),
  );
}
await inspector.close();

function measure(run: (index: number) => void): readonly number[] {
  return Array.from({ length: ROUNDS }, (_, index) => {
    const started = performance.now();
    run(index);
    return performance.now() - started;
  }).toSorted((a, b) => a - b);
}

async function measureAsync(run: (index: number) => Promise<unknown>): Promise<readonly number[]> {
  const took: number[] = [];
  for (let index = 0; index < ROUNDS; index += 1) {
    const started = performance.now();
    await run(index);
    took.push(performance.now() - started);
  }
  return took.toSorted((a, b) => a - b);
}

function at(sorted: readonly number[], share: number): number {
  return Number((sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(4));
}
