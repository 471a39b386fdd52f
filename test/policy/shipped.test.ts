import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startInspector } from '../../src/inspect/inspector.ts';
import { loadPolicies } from '../../src/policy/load.ts';
import { question, shippedPolicies, sqlFacts, tool, user, vocabulary } from './fixture.ts';
import type { PolicySet } from '../../src/policy/policy-set.ts';
import type { SqlDialect, SqlFacts } from '../../src/model/facts.ts';

function load(): PolicySet {
  const loaded = loadPolicies({ ...vocabulary, files: shippedPolicies() });
  assert.ok(loaded.ok, JSON.stringify(loaded, null, 1));
  assert.deepEqual(loaded.warnings, []);
  return loaded.value;
}

const update = { kinds: ['UPDATE'], writes: true, tablesWritten: ['customers'] } as const;

/** The end of a call of `run_sql`, or of another tool: the effect, and the policies of a refusal. */
function ends(
  set: PolicySet,
  group: string,
  facts: Partial<SqlFacts> = {},
  name = 'run_sql',
  approved = false,
): string {
  const inputs: Record<string, object> = {
    run_sql: { statement: 'x' },
    find_customer: { email: 'a@example.com' },
    update_customer_phone: { customer_id: 1, phone: '+49 30 901820' },
  };
  const decision = set.decide(
    question({
      tool: tool(name),
      input: { ...inputs[name] },
      principal: user('x', group),
      facts: { sql: sqlFacts(facts) },
      approved,
    }),
  );
  if (decision.effect === 'allow') return 'allow';
  if (decision.effect === 'ask') return `ask ${decision.demands.map(({ from }) => from).join()}`;
  return decision.because === 'forbidden' ? decision.policies.map(({ id }) => id).join() : decision.because;
}

test('the shipped policies load without a warning, each with an id, each forbid with a reason', (t) => {
  const set = load();
  t.after(() => set.close());
  assert.ok(set.policies.length >= 12);
  for (const policy of set.policies) {
    assert.doesNotMatch(policy.id, /#/, `${policy.file}:${policy.line}`);
    if (policy.effect === 'forbid') assert.ok(policy.reason, policy.id);
  }
});

test('as shipped, support reads freely, writes by tool, and writes SQL only with a DBA', (t) => {
  const set = load();
  t.after(() => set.close());
  assert.equal(ends(set, 'support', {}, 'find_customer'), 'allow');
  assert.equal(ends(set, 'support', update, 'update_customer_phone'), 'allow');
  assert.equal(ends(set, 'support'), 'allow');
  assert.equal(ends(set, 'support', update), 'ask dba');
  assert.equal(ends(set, 'support', update, 'run_sql', true), 'allow');
});

test('as shipped, DBAs write, auditors and fraud analysts only read, strangers do nothing', (t) => {
  const set = load();
  t.after(() => set.close());
  assert.equal(ends(set, 'dba', update), 'allow');
  for (const group of ['audit', 'fraud']) {
    assert.equal(ends(set, group), 'allow');
    assert.equal(ends(set, group, update), 'default_deny');
    assert.equal(ends(set, group, update, 'update_customer_phone'), 'default_deny');
  }
  assert.equal(ends(set, 'visitors'), 'default_deny');
  assert.equal(set.couldPermit(user('x', 'visitors'), tool('run_sql')), false);
});

test('as shipped, the guardrails hold for DBAs and for approved calls too', (t) => {
  const set = load();
  t.after(() => set.close());
  const cases: readonly [Partial<SqlFacts>, string][] = [
    [{ kinds: ['DROP'], writes: true }, 'guardrails.schema'],
    [{ kinds: ['SELECT', 'TRUNCATE'], writes: true }, 'guardrails.schema'],
    [{ kinds: ['ALTER'], writes: true }, 'guardrails.schema'],
    [{ ...update, unbounded: true }, 'guardrails.unbounded-write'],
    [{ statements: 2 }, 'guardrails.one-statement'],
    [{ statements: 0 }, 'guardrails.one-statement'],
    [{ kinds: ['GRANT'], writes: true }, 'guardrails.ordinary-statements'],
    [{ kinds: ['SOMETHING NEW'] }, 'guardrails.ordinary-statements'],
    [{ functions: ['pg_catalog.pg_read_file', 'pg_read_file'] }, 'guardrails.dangerous-functions'],
    [{ functions: ['count', 'load_extension'] }, 'guardrails.dangerous-functions'],
    [{ systemTables: ['pg_catalog.pg_authid'] }, 'guardrails.secrets'],
  ];
  for (const [facts, policy] of cases)
    for (const approved of [false, true])
      assert.equal(ends(set, 'dba', facts, 'run_sql', approved), policy, JSON.stringify(facts));
  assert.match(
    ends(set, 'support', { ...update, unbounded: true }),
    /guardrails\.unbounded-write/,
    'nobody is asked for it',
  );
});

test('as shipped, only fraud analysts see contact data, and nobody sees card numbers', (t) => {
  const set = load();
  t.after(() => set.close());
  assert.deepEqual([...set.unmasked(user('x', 'fraud'), tool('find_customer'))], ['email', 'phone']);
  for (const group of ['support', 'dba', 'audit'])
    assert.deepEqual([...set.unmasked(user('x', group), tool('find_customer'))], []);
});

test('as shipped, statements as they are written end as they should on each engine', async (t) => {
  const set = load();
  const inspector = startInspector();
  t.after(async () => {
    set.close();
    await inspector.close();
  });
  const every: readonly SqlDialect[] = ['postgres', 'mysql', 'sqlite'];
  const cases: readonly [readonly SqlDialect[], string, string][] = [
    [every, 'SELECT name, count(*) FROM customers GROUP BY name ORDER BY 2 DESC LIMIT 10', 'allow'],
    [every, 'WITH late AS (SELECT id FROM orders) SELECT * FROM late', 'allow'],
    [every, 'SELECT a FROM t UNION ALL SELECT b FROM u', 'allow'],
    [every, 'EXPLAIN SELECT id FROM customers', 'allow'],
    [['sqlite'], 'PRAGMA table_info(customers)', 'allow'],
    [['mysql'], 'SHOW TABLES', 'allow'],
    [every, "UPDATE customers SET city = 'Ulm' WHERE id = 7", 'ask dba'],
    [every, "INSERT INTO notes (body) VALUES ('x')", 'ask dba'],
    [every, 'DROP TABLE customers', 'guardrails.schema'],
    [every, 'CREATE TABLE copy AS SELECT * FROM customers', 'guardrails.schema'],
    [every, 'DELETE FROM customers', 'guardrails.unbounded-write'],
    [every, 'DELETE FROM customers WHERE 1 = 1', 'guardrails.unbounded-write'],
    [every, 'SELECT 1; SELECT 2', 'guardrails.one-statement'],
    [every, 'BEGIN', 'guardrails.ordinary-statements'],
    [
      ['postgres'],
      'WITH gone AS (DELETE FROM customers RETURNING id) SELECT * FROM gone',
      'guardrails.unbounded-write',
    ],
    [['postgres'], "SELECT pg_catalog.PG_READ_FILE('/etc/passwd')", 'guardrails.dangerous-functions'],
    [['postgres'], 'SELECT rolpassword FROM pg_catalog.pg_authid', 'guardrails.secrets'],
    [['postgres'], 'SET ROLE postgres', 'guardrails.ordinary-statements'],
    [['mysql'], "SELECT load_file('/etc/passwd')", 'guardrails.dangerous-functions'],
    [['mysql'], 'SELECT authentication_string FROM mysql.user', 'guardrails.secrets'],
    [['sqlite'], "SELECT load_extension('x')", 'guardrails.dangerous-functions'],
    [['sqlite'], 'PRAGMA writable_schema = 1', 'guardrails.settings'],
  ];
  for (const [dialects, statement, end] of cases) {
    for (const dialect of dialects) {
      const inspected = await inspector.sql(dialect, statement);
      assert.ok(inspected.ok, `${dialect}: ${statement}: ${JSON.stringify(inspected)}`);
      const policies = ends(set, 'support', inspected.facts).split(',');
      assert.ok(policies.includes(end), `${dialect}: ${statement}: ${policies.join()}`);
    }
  }
});
