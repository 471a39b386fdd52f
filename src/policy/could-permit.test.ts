import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  exampleTools,
  makeTool,
  policySet,
  question,
  service,
  shippedPolicies,
  sqlFacts,
  tool,
  user,
} from '../../test/policy/fixture.ts';
import { asked, list, policy, tryLoad } from '../../test/policy/generate.ts';
import type { PolicySet } from './policy-set.ts';
import type { SqlFacts } from '../model/facts.ts';
import type { Tool } from '../model/tool.ts';

/** A tool with a fixed statement that has these facts. */
function fixed(name: string, facts: Partial<SqlFacts>, like: Tool = tool('find_customer')): Tool {
  const statement = { text: 'SELECT 1', parts: ['SELECT 1'], names: [], facts: sqlFacts(facts) };
  return { ...like, name, action: { kind: 'sql', dialect: 'sqlite', statement } };
}

const update = { kinds: ['UPDATE'], writes: true, tablesWritten: ['customers'] } as const;
const looks = fixed('looks', {});
const changes = fixed('changes', update);
const tools = [looks, changes, tool('run_sql')];

function offered(set: PolicySet, ...of: string[]): readonly string[] {
  const principal = user('x', ...of);
  return tools.filter((one) => set.couldPermit(principal, one)).map(({ name }) => name);
}

const PERMIT = 'permit (principal, action in Action::"sql", resource);\n';

test('a permit that the fixed statement can never satisfy offers nothing; written SQL might satisfy it', (t) => {
  const set = policySet(
    `permit (principal in Group::"audit", action in Action::"sql", resource) when { !context.sql.writes };
     permit (principal, action in Action::"sql", resource) when { principal in Group::"dba" && context.sql.kinds.contains("UPDATE") };`,
    { tools },
  );
  t.after(() => set.close());
  for (let round = 0; round < 2; round++) {
    assert.deepEqual(offered(set, 'audit'), ['looks', 'run_sql']);
    assert.deepEqual(offered(set, 'dba'), ['changes', 'run_sql']);
    assert.deepEqual(offered(set, 'audit', 'dba'), ['looks', 'changes', 'run_sql']);
    assert.deepEqual(offered(set, 'support'), ['run_sql'], 'what run_sql would write is not known');
  }
});

test('a forbid that surely matches hides the tool; one that an approval lifts does not', (t) => {
  const set = policySet(
    `${PERMIT}forbid (principal in Group::"audit", action in Action::"sql", resource) when { context.sql.writes };
     @approval("dba") forbid (principal, action in Action::"sql", resource) when { context.sql.writes } unless { context.approved };`,
    { tools },
  );
  t.after(() => set.close());
  assert.deepEqual(offered(set, 'audit'), ['looks', 'run_sql']);
  assert.deepEqual(offered(set, 'support'), ['looks', 'changes', 'run_sql']);
});

test('a policy that reads the call itself may always go either way', () => {
  for (const reads of [
    'context.input has email && context.input.email like "*@x"',
    'context.client == "x"',
    'context.session == "x"',
    'context.approved && context.sql.writes',
  ]) {
    const permits = policySet(`permit (principal, action == Action::"looks", resource) when { ${reads} };`, {
      tools,
    });
    assert.deepEqual(offered(permits), ['looks'], reads);
    permits.close();
    const forbids = policySet(
      `${PERMIT}forbid (principal, action == Action::"looks", resource) when { ${reads} };`,
      { tools },
    );
    assert.deepEqual(offered(forbids), ['looks', 'changes', 'run_sql'], reads);
    forbids.close();
  }
});

test('a policy that errs hides nothing: the call itself says what is wrong', (t) => {
  const set = policySet(
    `${PERMIT}forbid (principal, action == Action::"looks", resource) when { context.sql.statements + 9223372036854775807 > 0 };`,
    { tools },
  );
  t.after(() => set.close());
  assert.equal(set.decide(question({ tool: looks, input: { email: 'x' } })).effect, 'refuse');
  assert.equal(set.couldPermit(user('x'), looks), true);
});

test('an id that is no text is answered, and nothing is offered by a set that was closed', () => {
  const set = policySet(`${PERMIT}permit (principal == User::"x", action in Action::"sql", resource);`, {
    tools,
  });
  assert.equal(set.couldPermit(user('\ud800'), looks), true);
  assert.equal(set.couldPermit(service('x'), looks), true);
  set.close();
  assert.equal(set.couldPermit(user('x'), looks), false);
});

test('as shipped, auditors and fraud analysts are not offered what only changes data', (t) => {
  const real = exampleTools.map((one) =>
    one.name === 'add_note'
      ? fixed(one.name, { kinds: ['INSERT'], writes: true, tablesWritten: ['notes'] }, one)
      : one.name === 'update_customer_phone'
        ? fixed(one.name, update, one)
        : one,
  );
  const text = shippedPolicies()
    .map((file) => file.text)
    .join('\n');
  const set = policySet(text, { tools: real });
  t.after(() => set.close());
  const names = (group: string): readonly string[] =>
    real.filter((one) => set.couldPermit(user('x', group), one)).map(({ name }) => name);
  const reading = ['find_customer', 'list_customers', 'customer_orders', 'search_notes', 'run_sql'];
  assert.deepEqual(names('audit'), reading);
  assert.deepEqual(names('fraud'), reading);
  assert.deepEqual(
    names('support'),
    real.map(({ name }) => name),
  );
  assert.deepEqual(
    names('dba'),
    real.map(({ name }) => name),
  );
  assert.deepEqual(names('visitors'), []);
});

test('whatever is permitted or asked for is offered, remembered or not', () => {
  let permitted = 0;
  let hidden = 0;
  fc.assert(
    fc.property(
      fc.array(policy, { minLength: 1, maxLength: 4 }),
      asked.map(({ facts }) => facts.sql!),
      fc.array(asked, { minLength: 12, maxLength: 12 }),
      (made, facts, questions) => {
        const one = fixed('list', facts, list);
        const other = makeTool('other', {});
        const set = tryLoad(made.join('\n'), { tools: [one, other] });
        fc.pre(set !== undefined);
        const fresh = policySet(made.join('\n'), { tools: [one, other], memoise: false });
        try {
          for (const asking of questions) {
            const could = set.couldPermit(asking.principal, one);
            assert.equal(set.couldPermit(asking.principal, one), could);
            assert.equal(fresh.couldPermit(asking.principal, one), could);
            const decision = fresh.decide({ ...asking, tool: one, facts: { ...asking.facts, sql: facts } });
            if (decision.effect !== 'refuse') {
              permitted++;
              assert.ok(could, made.join('\n'));
            } else if (!could) hidden++;
          }
        } finally {
          set.close();
          fresh.close();
        }
      },
    ),
    { numRuns: 60 },
  );
  assert.ok(permitted > 20 && hidden > 20, `${permitted} permitted, ${hidden} hidden`);
});
