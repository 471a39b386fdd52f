/** Policies and questions at random. */
import * as fc from 'fast-check';
import { makeTool, policySet, sqlFacts, tool } from './fixture.ts';
import type { LoadPolicies } from '../../src/policy/load.ts';
import type { PolicySet, Question } from '../../src/policy/policy-set.ts';

/** The agent writes its statement, so its facts differ from call to call. */
export const list = makeTool(
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
  { required: ['city'], action: { kind: 'sql', dialect: 'sqlite', from: 'city' } },
);
export const tools = [list, tool('run_sql')];
export const groups = ['support', 'dba', 'audit', 'fraud'];

/** Conditions that reach every form that an expression of a policy can have. */
export const atoms: readonly string[] = [
  'context.sql.writes',
  'context.text.score > 10',
  'context.text.patterns.contains("p")',
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
export const ofUsers = [
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

/** The text of a policy about `list`. */
export const policy = fc
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

/** Questions about `list`; a few of them carry what can't be decided on. */
export const asked: fc.Arbitrary<Question> = fc
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
    score: fc.constantFrom(0, 10, 11),
    patterns: fc.subarray(['p', 'q']),
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
  .map(({ kind, id, groups: of, input, approved, client, session, score, patterns, ...facts }) => ({
    principal: { kind, id, issuer: 'test', groups: of, credential: { kind: 'local' as const, id: 'test' } },
    tool: list,
    input: input as Question['input'],
    facts: {
      sql: sqlFacts(facts),
      text: { score, patterns, hiddenCharacters: false, mixedScripts: false, decoded: [] },
    },
    approved,
    client,
    session,
  }));

/** Undefined where Cedar finds one of the conditions impossible. */
export function tryLoad(text: string, over: Partial<LoadPolicies>): PolicySet | undefined {
  try {
    return policySet(text, over);
  } catch {
    return undefined;
  }
}
