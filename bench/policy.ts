/**
 * What policy costs: loading, and deciding with and without memory. Prints one JSON line a case.
 *
 *     node bench/policy.ts
 */
import type { PolicySet, Question } from '../src/policy/policy-set.ts';

const started = performance.now();
const { loadPolicies } = await import('../src/policy/load.ts');
report({ what: 'import, with Cedar in WASM', ms: performance.now() - started });
const { exampleTools, makeTool, shippedPolicies, sqlFacts, tool, user, vocabulary } =
  await import('../test/policy/fixture.ts');

const tools = [
  ...exampleTools,
  ...['refunds', 'invoices', 'export_orders'].map((name) => makeTool(name, { id: { type: 'integer' } })),
];

measure('shipped policies', shippedPolicies());
measure('6 policies', [{ path: 'six.cedar', text: policies(6) }]);
measure('200 policies', [{ path: 'many.cedar', text: policies(200) }]);

function measure(what: string, files: ReturnType<typeof shippedPolicies>): void {
  const before = performance.now();
  const loaded = loadPolicies({ ...vocabulary, tools, files });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors));
  const loadMs = performance.now() - before;
  const unmemoised = loadPolicies({ ...vocabulary, tools, files, memoise: false });
  if (!unmemoised.ok) throw new Error(JSON.stringify(unmemoised.errors));
  report({
    what,
    policies: loaded.value.policies.length,
    tools: tools.length,
    loadMs,
    decisionsPerSecond: perSecond(unmemoised.value, 1000),
    rememberedPerSecond: perSecond(loaded.value, 1000),
  });
  loaded.value.close();
  unmemoised.value.close();
}

/** Reads of one row by five people, and statements that differ in their tables. */
function questions(): readonly Question[] {
  const common = { approved: false, client: 'bench', session: 's1' };
  return Array.from({ length: 20 }, (_, index) => {
    const principal = user(`user-${index % 5}`, 'support');
    return index % 2 === 0
      ? {
          ...common,
          principal,
          tool: tool('find_customer'),
          input: { email: `person-${index}@example.com` },
          facts: { sql: sqlFacts() },
        }
      : {
          ...common,
          principal,
          tool: tool('run_sql'),
          input: { statement: `SELECT ${index}` },
          facts: { sql: sqlFacts({ tables: ['customers', `t${index}`] }) },
        };
  });
}

function perSecond(set: PolicySet, ms: number): number {
  const asked = questions();
  for (const question of asked) set.decide(question);
  let decided = 0;
  const start = performance.now();
  while (performance.now() - start < ms) {
    for (const question of asked) set.decide(question);
    decided += asked.length;
  }
  return Math.round((decided / (performance.now() - start)) * 1000);
}

/** Policies as people write them: groups, tools, facts and arguments. */
function policies(count: number): string {
  const kinds = [
    () => 'permit (principal in Group::"support", action in Action::"skill:customer-support", resource);',
    (n: number) =>
      `@id("held-${n}") @approval("dba") @reason("Held.") forbid (principal, action == Action::"run_sql", resource in Environment::"production") when { context.sql.writes } unless { context.approved };`,
    (n: number) =>
      `forbid (principal, action in Action::"sql", resource) when { context.sql.kinds.contains("KIND${n}") };`,
    (n: number) =>
      `forbid (principal, action == Action::"find_customer", resource) when { context.input.email like "*@blocked-${n}.example" };`,
    (n: number) =>
      `permit (principal == User::"person-${n}", action == Action::"refunds", resource) when { context.input.id > ${n} };`,
    (n: number) =>
      `forbid (principal in Group::"audit", action in Action::"sql", resource) when { context.sql.tables.contains("secret_${n}") };`,
  ];
  return Array.from({ length: count }, (_, n) => kinds[n % kinds.length]!(n)).join('\n');
}

function report(line: Record<string, number | string>): void {
  console.log(
    JSON.stringify(line, (_, value: unknown) =>
      typeof value === 'number' ? Math.round(value * 10) / 10 : value,
    ),
  );
}
