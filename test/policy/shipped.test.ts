import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadPolicies } from '../../src/policy/load.ts';
import { question, shippedPolicies, sqlFacts, tool, user, vocabulary } from './fixture.ts';
import type { PolicySet } from '../../src/policy/policy-set.ts';
import type { SqlFacts } from '../../src/model/facts.ts';

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
    [{ functions: ['pg_catalog.pg_read_file'] }, 'guardrails.dangerous-functions'],
    [{ functions: ['count', 'load_extension'] }, 'guardrails.dangerous-functions'],
    [{ tables: ['pg_catalog.pg_authid'] }, 'guardrails.secrets'],
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
