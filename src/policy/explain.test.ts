import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeTool, policySet, question } from '../../test/policy/fixture.ts';

const list = makeTool('list', { limit: { type: 'integer' } });

test('an explanation says of each policy whether it matched, did not, or erred, and where it stands', (t) => {
  const set = policySet(
    `@id("may") permit (principal in Group::"support", action == Action::"list", resource);
@id("few") @reason("At most 100.") forbid (principal, action == Action::"list", resource) when { context.input.limit > 100 };

@id("sum") forbid (principal, action == Action::"list", resource) when { context.input.limit * 9007199254740991 < 0 };
@id("other") permit (principal, action == Action::"unmask", resource);`,
    { tools: [list] },
  );
  t.after(() => set.close());

  const calm = set.explain(question({ tool: list, input: { limit: 5 } }));
  assert.equal(calm.decision.effect, 'allow');
  assert.deepEqual(calm.context, { input: { limit: 5 } });
  assert.deepEqual(
    calm.policies.map(({ id, line, outcome }) => [id, line, outcome]),
    [
      ['may', 1, 'matched'],
      ['few', 2, 'did_not_match'],
      ['sum', 4, 'did_not_match'],
    ],
  );

  const wild = set.explain(question({ tool: list, input: { limit: 9_007_199_254_740_991 } }));
  assert.ok(wild.decision.effect === 'refuse');
  assert.equal(wild.decision.because, 'policy_error');
  assert.deepEqual(
    wild.policies.map(({ outcome }) => outcome),
    ['matched', 'matched', 'error'],
  );
  assert.match(wild.policies[2]!.error ?? '', /overflow/);
  assert.equal(wild.policies[1]!.reason, 'At most 100.');
});

test('explaining decides as deciding does, and leaves the set as it was', (t) => {
  const set = policySet(
    'permit (principal in Group::"support", action == Action::"list", resource) when { context.input.limit < 10 };',
    { tools: [list] },
  );
  t.after(() => set.close());
  for (const limit of [5, 50, 5.5]) {
    const asked = question({ tool: list, input: { limit } });
    const decision = set.decide(asked);
    assert.deepEqual(set.explain(asked).decision, decision);
    assert.deepEqual(set.decide(asked), decision);
  }
});
