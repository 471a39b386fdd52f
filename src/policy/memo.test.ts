import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { isAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import { createMemo } from './memo.ts';
import { Misfit, projectRecord } from './project.ts';
import { WHOLE } from './reads.ts';
import { actionsOf, fullSchema } from './schema.ts';
import { crm, policySet, sqlFacts, tool, vocabulary } from '../../test/policy/fixture.ts';
import { asked, atoms, groups, list, ofUsers, policy, tools, tryLoad } from '../../test/policy/generate.ts';
import type { PolicySet, Question } from './policy-set.ts';
import type { SqlFacts } from '../model/facts.ts';
import type { Tool } from '../model/tool.ts';

test('what was not asked for the longest is forgotten first, and a long key is not kept', () => {
  const memo = createMemo<number>(2, 3);
  memo.set('a', 1);
  memo.set('b', 2);
  assert.equal(memo.get('a'), 1);
  memo.set('c', 3);
  assert.deepEqual([memo.get('a'), memo.get('b'), memo.get('c')], [1, undefined, 3]);
  memo.set('long', 4);
  assert.equal(memo.get('long'), undefined);
});

test('a remembered decision is the decision, and both are what Cedar says of everything at once', () => {
  let compared = 0;
  fc.assert(
    fc.property(
      fc.array(policy, { minLength: 1, maxLength: 4 }),
      fc.array(asked, { minLength: 12, maxLength: 12 }),
      fc.boolean(),
      (made, questions, named) => {
        const extra = named
          ? `\npermit (principal, action == Action::"list", resource) when { ${ofUsers[questions.length % 3]!} };`
          : '';
        const text = made.join('\n') + extra;
        const remembering = tryLoad(text, { tools, memoise: true });
        fc.pre(remembering !== undefined);
        const fresh = policySet(text, { tools, memoise: false });
        try {
          const first = questions.map((one) => remembering.decide(one));
          for (const [index, one] of questions.entries()) {
            assert.deepEqual(remembering.decide(one), first[index]);
            assert.deepEqual(fresh.decide(one), first[index]);
            if (first[index]!.effect !== 'refuse') assert.ok(fresh.couldPermit(one.principal, list));
            const whole = cedarOnEverything(text, one);
            if (whole === undefined) continue;
            compared++;
            const said = effectOf(first[index]!);
            // Before a call is held, it is asked whether it would run once approved; where that errs, it is refused for it.
            if (said === 'error' && whole === 'deny' && !one.approved)
              assert.equal(cedarOnEverything(text, { ...one, approved: true }), 'error', JSON.stringify(one));
            else assert.equal(said, whole, JSON.stringify(one));
          }
        } finally {
          remembering.close();
          fresh.close();
        }
      },
    ),
    { numRuns: 40 },
  );
  assert.ok(compared > 100, `only ${compared} requests could be compared`);
});

test('each form of expression is decided as Cedar decides it with the whole request', () => {
  for (const atom of [...atoms, ...ofUsers]) {
    const text = `permit (principal, action == Action::"list", resource) when { context.session == "never" || ${atom} };`;
    const set = policySet(text, { tools });
    for (const one of fc.sample(asked, { numRuns: 12, seed: 7 })) {
      const whole = cedarOnEverything(text, one);
      if (whole !== undefined)
        assert.equal(effectOf(set.decide(one)), whole, `${atom} ${JSON.stringify(one)}`);
    }
    set.close();
  }
});

test('facts that are cut once decide as facts that are cut in each call', () => {
  const facts = sqlFacts({ kinds: ['SELECT'], tables: ['customers', 'orders'], columns: ['customers.ssn'] });
  const statement = { text: 'SELECT 1', parts: ['SELECT 1'], names: [], facts };
  const fixed: Tool = { ...list, action: { kind: 'sql', dialect: 'sqlite', statement } };
  const allowed = new Set<boolean>();
  for (const atom of [...atoms, ...ofUsers, 'context.sql == context.sql', 'context.sql has kinds']) {
    const text = `permit (principal, action == Action::"list", resource) when { context.session == "never" || ${atom} };`;
    const set = policySet(text, { tools: [fixed, tool('run_sql')], memoise: false });
    for (const one of fc.sample(asked, { numRuns: 6, seed: 11 })) {
      const ask = (sql: SqlFacts): ReturnType<PolicySet['decide']> =>
        set.decide({ ...one, tool: fixed, facts: { ...one.facts, sql } });
      const decided = ask(facts);
      assert.deepEqual(decided, ask(structuredClone(facts)), atom);
      allowed.add(decided.effect === 'allow');
    }
    set.close();
  }
  assert.equal(allowed.size, 2);
});

function effectOf(decision: ReturnType<PolicySet['decide']>): string {
  if (decision.effect === 'allow') return 'allow';
  return decision.effect === 'refuse' && decision.because === 'policy_error' ? 'error' : 'deny';
}

/** The uncut request before the uncut policies and schema; undefined where it can't be written in Cedar at all. */
function cedarOnEverything(text: string, one: Question): string | undefined {
  const words = { ...vocabulary, tools, environments: ['demo', 'production'] };
  const actions = actionsOf(words);
  const { resultColumns: _, ...sql } = one.facts.sql!;
  const context = projectRecord(
    actions[0]!.context,
    {
      approved: one.approved,
      client: one.client,
      session: one.session,
      input: one.input,
      sql: { ...sql },
      text: { ...one.facts.text! },
    },
    WHOLE,
    '',
  );
  if (context instanceof Misfit || context === undefined || !one.principal.id.isWellFormed())
    return undefined;
  const uid = { type: one.principal.kind === 'user' ? 'User' : 'Service', id: one.principal.id };
  const answer = isAuthorized({
    principal: uid,
    action: { type: 'Action', id: 'list' },
    resource: { type: 'Connection', id: crm.name },
    context,
    schema: fullSchema(words, actions),
    validateRequest: true,
    policies: { staticPolicies: text },
    entities: [
      {
        uid,
        attrs: {},
        parents: one.principal.groups
          .filter((id) => groups.includes(id))
          .map((id) => ({ type: 'Group', id })),
      },
      {
        uid: { type: 'Connection', id: crm.name },
        attrs: {},
        parents: [{ type: 'Environment', id: crm.environment }],
      },
    ],
  });
  assert.ok(answer.type === 'success', JSON.stringify(answer));
  return answer.response.diagnostics.errors.length > 0 ? 'error' : answer.response.decision;
}
