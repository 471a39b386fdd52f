import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { isAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import { createMemo } from './memo.ts';
import { Misfit, projectRecord } from './project.ts';
import { WHOLE } from './reads.ts';
import { actionsOf, fullSchema } from './schema.ts';
import { crm, makeTool, policySet, sqlFacts, tool, vocabulary } from '../../test/policy/fixture.ts';
import type { PolicySet, Question } from './policy-set.ts';

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

const list = makeTool(
  'list',
  {
    city: { type: 'string' },
    limit: { type: 'integer' },
    amount: { type: 'number' },
    tags: { type: 'array', items: { type: 'string' } },
    where: {
      type: 'object',
      properties: { deep: { type: 'boolean' } },
      required: ['deep'],
      additionalProperties: false,
    },
  },
  { required: ['city'] },
);
const tools = [list, tool('run_sql')];
const groups = ['support', 'dba', 'audit', 'fraud'];

/** Conditions that reach every form that an expression of a policy can have. */
const atoms: readonly string[] = [
  'context.sql.writes',
  'context.sql.unbounded',
  'context.approved',
  'context.sql.kinds.containsAny(["DROP", "UPDATE"])',
  '["SELECT", "UPDATE"].containsAll(context.sql.kinds)',
  'context.sql.tables.contains("orders")',
  'context.sql.statements != 1',
  'context.sql.dialect == "sqlite"',
  'context.sql has fingerprint',
  'context has sql.writes && context.sql.writes',
  'context.client like "cla*"',
  'context.session == "s1"',
  'context.input.city == "Bonn"',
  'context.input.city like "*__entity*"',
  '(context.input has limit && context.input.limit > 10)',
  '(context.input has limit && context.input.limit + 9223372036854775807 > 0)',
  '(context.input has amount && context.input.amount.lessThan(decimal("10.5")))',
  '(context.input has tags && context.input.tags.contains("x"))',
  '(context.input has tags && context.input.tags.isEmpty())',
  '(context.input has where.deep && context.input.where.deep)',
  '{ a: context.sql.writes }.a',
  '{ a: context.sql }.a.writes',
  'context["sql"]["writes"]',
  '(if context.approved then context.sql else context.sql).writes',
  'context == context',
  '(if principal in Group::"dba" then context.sql.writes else context.sql.unbounded)',
  'principal in [Group::"support", Group::"audit"]',
  'principal in Group::"fraud"',
  'principal is User',
  'principal is Service in Group::"dba"',
  '(if context.approved then principal else principal) in Group::"support"',
  'principal in principal',
  '[principal].contains(principal)',
  'resource == Connection::"crm"',
  'resource in Environment::"production"',
  'action in Action::"sql"',
  'action == Action::"list"',
];
const ofUsers = [
  'principal == User::"alice"',
  'User::"bob" != principal',
  '(principal is User && [User::"alice"].contains(principal))',
];

const condition = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    fc.constantFrom(...atoms),
    fc.constantFrom(...atoms),
    tie('expression').map((e) => `!(${e})`),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `(${a} && ${b})`),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `(${a} || ${b})`),
  ),
})).expression;

const policy = fc
  .record({
    effect: fc.constantFrom('permit', 'permit', 'forbid'),
    principal: fc.constantFrom(
      'principal',
      'principal',
      'principal in Group::"support"',
      'principal is User',
      'principal is Service in Group::"audit"',
      'principal == User::"alice"',
      'principal == Service::"alice"',
      'principal in User::"bob"',
    ),
    resource: fc.constantFrom(
      'resource',
      'resource',
      'resource in Environment::"demo"',
      'resource == Connection::"billing"',
    ),
    when: fc.option(condition),
    unless: fc.option(condition),
    held: fc.boolean(),
  })
  .map(({ effect, principal, resource, when, unless, held }) => {
    const approval = held && effect === 'forbid';
    return `${approval ? '@approval("dba")\n' : ''}${effect} (${principal}, action == Action::"list", ${resource})${
      when === null ? '' : ` when { ${when} }`
    }${unless === null ? '' : ` unless { ${unless} }`}${approval ? ' unless { context.approved }' : ''};`;
  });

const mostly = (good: readonly unknown[], bad: readonly unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof(
    { arbitrary: fc.constantFrom(...good), weight: 20 },
    { arbitrary: fc.constantFrom(...bad), weight: 1 },
  );

const asked: fc.Arbitrary<Question> = fc
  .record({
    kind: fc.constantFrom('user' as const, 'user' as const, 'service' as const),
    id: fc.constantFrom('alice', 'alice', 'bob', 'bob', 'carol', 'a"b', '\ud800'),
    groups: fc.subarray([...groups, 'unknown']),
    approved: fc.boolean(),
    client: fc.constantFrom('claude-code', 'other'),
    session: fc.constantFrom('s1', 's2'),
    writes: fc.boolean(),
    unbounded: fc.boolean(),
    statements: fc.constantFrom(0, 1, 2),
    kinds: fc.subarray(['DROP', 'SELECT', 'UPDATE']),
    tables: fc.subarray(['customers', 'orders']),
    input: fc.record(
      {
        city: mostly(['Bonn', 'Ulm', '{"__entity":1}'], ['\udc00', 7]),
        limit: mostly([0, 10, 11, -1], [2 ** 53, 1.5]),
        amount: mostly([10.5, 10.4999], [10.123456, 1e30, 'x']),
        tags: mostly([[], ['x'], ['x', 'y', 'x']], [[1]]),
        where: mostly([{ deep: true }, { deep: false }], [{}, { deep: true, more: 1 }]),
      },
      { requiredKeys: ['city'] },
    ),
  })
  .map(({ kind, id, groups: of, input, approved, client, session, ...facts }) => ({
    principal: { kind, id, issuer: 'test', groups: of, credential: { kind: 'local' as const, id: 'test' } },
    tool: list,
    input: input as Question['input'],
    facts: { sql: sqlFacts(facts) },
    approved,
    client,
    session,
  }));

function tryLoad(text: string, memoise: boolean): PolicySet | undefined {
  try {
    return policySet(text, { tools, memoise });
  } catch {
    return undefined; // Cedar finds some of these conditions impossible.
  }
}

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
        const remembering = tryLoad(text, true);
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
            assert.equal(effectOf(first[index]!), whole, JSON.stringify(one));
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
    { approved: one.approved, client: one.client, session: one.session, input: one.input, sql: { ...sql } },
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
