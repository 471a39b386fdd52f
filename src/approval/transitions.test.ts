import { test } from 'node:test';
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { demand, held, mask, MINUTE, ruling, service, user } from '../../test/approval/fixture.ts';
import { newRequest } from './new-request.ts';
import { expire, isLive, justify, MAX_USES, revoke, rule, spend, type Transition } from './transitions.ts';
import type { Approval, Person } from '../model/approval.ts';
import type { ApprovalDemand } from '../model/decision.ts';
import type { Principal } from '../model/principal.ts';

function requestOf(
  demands: readonly ApprovalDemand[] = [demand()],
  shape = true,
  principal?: Principal,
): Approval {
  const call = { ...held({ demands, ...(principal === undefined ? {} : { principal }) }) };
  const asked = shape ? call : { ...call, facts: {} };
  return newRequest({ held: asked, id: 'apr_1', digest: 'd', now: 0, expiresMs: 30 * MINUTE, mask }).approval;
}

function after(transition: Transition): Approval {
  assert.ok(transition.ok, JSON.stringify(transition));
  return transition.approval;
}

function refused(transition: Transition): string {
  assert.ok(!transition.ok);
  return transition.problem;
}

const bob = user('bob', 'dba');
const dora = user('dora', 'dba');
const key = ({ kind, issuer, id }: Person): string => JSON.stringify([kind, issuer, id]);

test('one reviewer of the group approves, and the grant is spent once', () => {
  const approved = after(rule(requestOf(), bob, ruling(), true, 1));
  assert.equal(approved.status, 'approved');
  const spent = after(spend(approved, { id: 'c', session: 's' }, 2));
  assert.equal(spent.status, 'spent');
  assert.deepEqual(spent.uses, [{ call: 'c', at: 2 }]);
  assert.equal(refused(spend(spent, { id: 'c2', session: 's' }, 3)), 'not_pending');
});

test('what is not approved can not be spent', () => {
  const pending = requestOf();
  assert.equal(refused(spend(pending, { id: 'c', session: 's' }, 1)), 'not_pending');
  const declined = after(rule(pending, bob, ruling({ approve: false }), true, 1));
  assert.equal(declined.status, 'declined');
  assert.equal(refused(spend(declined, { id: 'c', session: 's' }, 1)), 'not_pending');
});

test('a reviewer whom policy does not let, or who is not in the group, is not heard', () => {
  assert.equal(refused(rule(requestOf(), bob, ruling(), false, 1)), 'not_allowed');
  assert.equal(refused(rule(requestOf(), user('eve', 'audit'), ruling(), true, 1)), 'not_allowed');
  assert.equal(
    refused(rule(requestOf(), user('eve', 'audit'), ruling({ approve: false }), true, 1)),
    'not_allowed',
  );
});

test('nobody approves their own request through any group, even where policy would let them', () => {
  const two = [demand(), demand({ policy: { id: 'second' }, from: 'audit' })];
  const alice = user('alice', 'audit', 'dba', 'support');
  assert.equal(refused(rule(requestOf(two), alice, ruling(), true, 1)), 'not_allowed');
});

test('a machine never approves, and never declines', () => {
  const machine = service('robot', 'dba');
  for (const approve of [true, false])
    assert.equal(refused(rule(requestOf(), machine, ruling({ approve }), true, 1)), 'not_a_person');
  const own = requestOf([demand({ from: 'requester' })], true, machine);
  assert.equal(refused(rule(own, machine, ruling(), true, 1)), 'not_a_person');
});

test('two approvals are two people, whatever groups they share', () => {
  const two = requestOf([demand({ approvals: 2 })]);
  const once = after(rule(two, bob, ruling(), true, 1));
  assert.equal(once.status, 'pending');
  assert.equal(refused(rule(once, user('bob', 'audit', 'dba'), ruling(), true, 2)), 'already_ruled');
  assert.equal(after(rule(once, dora, ruling(), true, 2)).status, 'approved');
  // The same name from another issuer is somebody else.
  assert.equal(after(rule(once, { ...bob, issuer: 'other' }, ruling(), true, 2)).status, 'approved');
});

test('one person of two groups satisfies what each group is asked once', () => {
  const both = requestOf([demand(), demand({ policy: { id: 'second' }, from: 'audit' })]);
  const next = after(rule(both, user('bob', 'audit', 'dba'), ruling(), true, 1));
  assert.deepEqual(next.verdicts[0]?.policies, ['held', 'second']);
  assert.equal(next.status, 'approved');
});

test("the requester's own word counts for what asks the requester, at low assurance, and for nothing else", () => {
  const alice = user('alice', 'dba', 'support');
  const both = requestOf([demand({ policy: { id: 'own' }, from: 'requester' }), demand()]);
  const own = after(rule(both, alice, ruling({ assurance: 'high' }), true, 1));
  assert.equal(own.status, 'pending');
  assert.deepEqual([own.verdicts[0]?.policies, own.verdicts[0]?.assurance], [['own'], 'low']);
  const whole = after(rule(own, bob, ruling(), true, 2));
  assert.equal(whole.status, 'approved');
  // And policy's forbid of one's own does not stand in its way.
  assert.equal(
    after(rule(requestOf([demand({ from: 'requester' })]), alice, ruling(), false, 1)).status,
    'approved',
  );
  // Nobody else speaks for the requester.
  assert.equal(
    refused(rule(requestOf([demand({ from: 'requester' })]), bob, ruling(), true, 1)),
    'not_allowed',
  );
});

test('what came through an MCP client, or a token that proves little, is not taken where policy asks for high assurance', () => {
  const high = [demand({ assurance: 'high' as const })];
  for (const channel of ['elicitation', 'review_tool'] as const)
    // Whatever assurance the channel claims for itself.
    assert.equal(refused(rule(requestOf(high), bob, ruling({ channel }), true, 1)), 'low_assurance');
  assert.equal(refused(rule(requestOf(high), bob, ruling({ assurance: 'low' }), true, 1)), 'low_assurance');
  const signedIn = after(rule(requestOf(high), bob, ruling({ channel: 'console' }), true, 1));
  assert.deepEqual([signedIn.status, signedIn.verdicts[0]?.assurance], ['approved', 'high']);
  // To decline takes no assurance.
  const no = ruling({ approve: false, channel: 'review_tool' });
  assert.equal(after(rule(requestOf(high), bob, no, true, 1)).status, 'declined');
});

test('a low answer of who must sign in for one demand is not taken for another, so that they can still sign in', () => {
  const mixed = requestOf([demand(), demand({ policy: { id: 'second' }, from: 'audit', assurance: 'high' })]);
  const both = user('bob', 'audit', 'dba');
  assert.equal(refused(rule(mixed, both, ruling({ channel: 'review_tool' }), true, 1)), 'low_assurance');
  // Whom the demand does not ask is not held to it.
  assert.equal(after(rule(mixed, dora, ruling({ channel: 'review_tool' }), true, 1)).verdicts.length, 1);
  assert.equal(after(rule(mixed, both, ruling({ channel: 'console' }), true, 1)).status, 'approved');
});

test('a requester who must sign in does so on the page: their token is in the hands of their agent', () => {
  const own = requestOf([demand({ from: 'requester', assurance: 'high' })]);
  const alice = user('alice', 'support');
  for (const channel of ['elicitation', 'cli'] as const)
    assert.equal(refused(rule(own, alice, ruling({ channel }), true, 1)), 'low_assurance');
  assert.equal(after(rule(own, alice, ruling({ channel: 'console' }), true, 1)).status, 'approved');
});

test('nobody decides before the requester said why, where policy wants to know', () => {
  const asked = requestOf([demand({ justify: true })]);
  for (const approve of [true, false])
    assert.equal(refused(rule(asked, bob, ruling({ approve }), true, 1)), 'not_justified');
  assert.equal(refused(rule(asked, user('eve', 'audit'), ruling(), true, 1)), 'not_allowed');
  const justified = after(justify(asked, user('alice', 'support'), 'because', 2));
  assert.equal(after(rule(justified, bob, ruling(), true, 3)).status, 'approved');
});

test('one decline ends it', () => {
  const once = after(rule(requestOf([demand({ approvals: 3 })]), bob, ruling(), true, 1));
  const over = after(rule(once, dora, ruling({ approve: false, comment: 'no' }), true, 2));
  assert.deepEqual([over.status, over.endedBy?.id], ['declined', 'dora']);
  assert.equal(refused(rule(over, user('fay', 'dba'), ruling(), true, 3)), 'not_pending');
});

test('after expiry nothing is approved, justified, revoked or spent, noticed or not', () => {
  const end = 30 * MINUTE;
  const approved = after(rule(requestOf(), bob, ruling(), true, end - 1));
  assert.equal(refused(spend(approved, { id: 'c', session: 's' }, end)), 'not_pending');
  assert.equal(refused(rule(requestOf(), bob, ruling(), true, end)), 'not_pending');
  assert.equal(refused(justify(requestOf(), user('alice'), 'x', end)), 'not_pending');
  assert.equal(refused(revoke(requestOf(), bob, '', true, end)), 'not_pending');
  assert.equal(refused(expire(requestOf(), 'time', end - 1)), 'not_pending');
  assert.equal(after(expire(requestOf(), 'time', end)).status, 'expired');
  assert.equal(refused(expire(after(expire(requestOf(), 'time', end)), 'time', end)), 'not_pending');
});

test('the shape is granted for as long as every policy and every reviewer allows', () => {
  const two = [
    demand({ approvals: 2, grantsMs: 30 * MINUTE }),
    demand({ policy: { id: 'second' }, grantsMs: 10 * MINUTE }),
  ];
  const request = requestOf(two);
  const long = ruling({ grantMs: 10 * MINUTE + 1 });
  assert.equal(refused(rule(request, bob, long, true, 1)), 'grant_too_long');
  for (const grantMs of [0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])
    assert.equal(refused(rule(request, bob, ruling({ grantMs }), true, 1)), 'grant_too_long');
  const once = after(rule(request, bob, ruling({ grantMs: 9 * MINUTE }), true, 1));
  assert.equal(
    after(rule(once, dora, ruling({ grantMs: 5 * MINUTE }), true, 2)).grantedUntil,
    2 + 5 * MINUTE,
  );
  assert.equal(after(rule(once, dora, ruling(), true, 2)).grantedUntil, null, 'one said: this act');
  const wish = ruling({ grantMs: MINUTE });
  assert.equal(
    refused(rule(requestOf(), bob, wish, true, 1)),
    'grant_too_long',
    'policy says nothing of grants',
  );
  assert.equal(
    refused(rule(requestOf(two, false), bob, wish, true, 1)),
    'grant_too_long',
    'no statement, no shape',
  );
});

test('a grant of a shape is used again and again until its time is up, and not without end', () => {
  const request = requestOf([demand({ grantsMs: 60 * MINUTE })]);
  let grant = after(rule(request, bob, ruling({ grantMs: 40 * MINUTE }), true, 0));
  grant = after(spend(grant, { id: 'c1', session: 's' }, 1));
  assert.equal(grant.status, 'approved');
  assert.equal(
    after(spend(grant, { id: 'c2', session: 's' }, 35 * MINUTE)).uses.length,
    2,
    'past the expiry of the request',
  );
  assert.equal(refused(spend(grant, { id: 'c2', session: 's' }, 40 * MINUTE)), 'not_pending');
  const worn = { ...grant, uses: Array.from({ length: MAX_USES - 1 }, () => ({ call: 'c', at: 1 })) };
  assert.equal(after(spend(worn, { id: 'last', session: 's' }, 2)).status, 'spent');
});

test('requester and reviewers may revoke what is live; nobody else may', () => {
  const approved = after(rule(requestOf(), bob, ruling(), true, 1));
  for (const by of [user('alice'), dora])
    assert.deepEqual(after(revoke(approved, by, 'stop', true, 2)).status, 'revoked');
  assert.equal(refused(revoke(approved, user('eve', 'audit'), '', true, 2)), 'not_allowed');
  assert.equal(refused(revoke(approved, dora, '', false, 2)), 'not_allowed');
  assert.equal(refused(revoke(after(revoke(approved, bob, '', true, 2)), bob, '', true, 3)), 'not_pending');
});

test('only the requester justifies, once', () => {
  const said = after(justify(requestOf(), user('alice'), 'because', 1));
  assert.equal(said.justification, 'because');
  assert.equal(refused(justify(said, user('alice'), 'or because', 2)), 'already_ruled');
  assert.equal(refused(justify(requestOf(), bob, 'x', 1)), 'not_allowed');
});

test('a request that demands nothing is never approved', () => {
  assert.equal(refused(rule(requestOf([]), bob, ruling(), true, 1)), 'not_allowed');
});

const people: readonly Principal[] = [
  user('alice', 'audit', 'dba'),
  user('bob', 'dba'),
  { ...user('bob', 'dba'), issuer: 'other' },
  user('bob', 'audit', 'dba'),
  user('carol', 'audit'),
  user('dora', 'audit', 'dba'),
  service('bob', 'dba'),
  service('alice', 'dba'),
];
const anyDemands = fc
  .array(
    fc.record({
      from: fc.constantFrom('dba', 'audit', 'requester'),
      approvals: fc.constantFrom(1, 1, 1, 2, 3),
      grantsMs: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
      assurance: fc.constantFrom(undefined, undefined, undefined, 'high' as const),
      justify: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((list) =>
    list.map(({ grantsMs, assurance, ...rest }, n) =>
      demand({
        policy: { id: `p${n}` },
        ...rest,
        ...(grantsMs === undefined ? {} : { grantsMs }),
        ...(assurance === undefined ? {} : { assurance }),
      }),
    ),
  );
const mostly = fc.integer({ min: 0, max: 11 }).map((n) => n > 0);
const anyStep = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('rule' as const),
      by: fc.constantFrom(...people),
      may: mostly,
      approve: mostly,
      channel: fc.constantFrom('elicitation', 'review_tool', 'console', 'cli'),
      assurance: fc.constantFrom('low' as const, 'high' as const, 'high' as const),
      grantMs: fc.option(fc.integer({ min: 1, max: 120 })),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('spend' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('revoke' as const, 'justify' as const),
      by: fc.constantFrom(...people),
      may: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('expire' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 30 }) }),
  },
);

test('whatever happens in whatever order: enough different people, never the requester, one execution of one act', () => {
  let approvals = 0;
  fc.assert(
    fc.property(anyDemands, fc.array(anyStep, { maxLength: 40, size: 'max' }), (demands, steps) => {
      const call = held({ demands });
      let now = 0;
      let approval = newRequest({ held: call, id: 'apr_1', digest: 'd', now, expiresMs: 100, mask }).approval;
      let executions = 0;
      for (const step of steps) {
        if (step.kind === 'pass') {
          now += step.ms;
          continue;
        }
        const next =
          step.kind === 'rule'
            ? rule(approval, step.by, ruling(step), step.may, now)
            : step.kind === 'revoke'
              ? revoke(approval, step.by, '', step.may, now)
              : step.kind === 'justify'
                ? justify(approval, step.by, 'x', now)
                : step.kind === 'expire'
                  ? expire(approval, 'time', now)
                  : spend(approval, { id: `c${executions}`, session: 's' }, now);
        if (!next.ok) continue;
        assert.equal(next.approval.version, approval.version + 1);
        assert.ok(isLive(approval), 'nothing leaves an end');
        assert.deepEqual(next.approval.request, approval.request);
        if (step.kind === 'spend') {
          executions += 1;
          const until = approval.grantedUntil ?? approval.request.expiresAt;
          assert.ok(approval.status === 'approved' && now < until);
        }
        approval = next.approval;
        if (approval.status === 'approved' && step.kind === 'rule') {
          approvals += 1;
          assert.ok(now < approval.request.expiresAt);
          assert.ok(approval.verdicts.every(({ approve }) => approve));
          if (demands.some((one) => one.justify)) assert.notEqual(approval.justification, null);
          for (const { policy, from, approvals: wanted, assurance: asked } of demands) {
            const counted = approval.verdicts.filter(({ policies }) => policies.includes(policy.id));
            assert.ok(counted.every(({ by }) => by.kind === 'user'));
            assert.ok(new Set(counted.map(({ by }) => key(by))).size >= wanted);
            const own = counted.filter(({ by }) => key(by) === key(approval.request.requester));
            assert.equal(own.length, from === 'requester' ? 1 : 0);
            assert.ok(own.every(({ assurance, channel }) => assurance === 'low' || channel === 'console'));
            if (asked === 'high')
              assert.ok(
                counted.every(
                  ({ assurance, channel }) =>
                    assurance === 'high' && (channel === 'console' || channel === 'cli'),
                ),
              );
          }
          if (approval.grantedUntil !== null) {
            const most = Math.min(...demands.map(({ grantsMs }) => grantsMs ?? 0));
            assert.ok(approval.grantedUntil - now <= most);
          }
        }
      }
      if (approval.grantedUntil === null) assert.ok(executions <= 1);
      assert.equal(approval.uses.length, executions);
    }),
    { numRuns: 3_000 },
  );
  assert.ok(approvals > 100, `only ${approvals} were approved: this shows nothing`);
});
