import assert from 'node:assert/strict';
import { test } from 'node:test';
import { policySet, service, shippedPolicies, user } from '../../test/policy/fixture.ts';
import { loadPolicies } from './load.ts';
import { vocabulary } from '../../test/policy/fixture.ts';
import type { PolicySet } from './policy-set.ts';
import type { ApprovalRequest } from '../model/approval.ts';
import type { JsonObject } from '../model/json.ts';

const SQL: JsonObject = {
  kinds: ['UPDATE'],
  writes: true,
  unbounded: false,
  statements: 1,
  tables: ['customers'],
  tablesRead: [],
  tablesWritten: ['customers'],
  columns: ['phone'],
  columnsCompared: ['id'],
  systemTables: [],
  functions: [],
  fingerprint: 'aa11',
  dialect: 'sqlite',
};

function request(over: Partial<ApprovalRequest> = {}): ApprovalRequest {
  return {
    id: 'apr_1',
    call: 'call_1',
    session: 's',
    requester: { kind: 'user', id: 'alice', issuer: 'test' },
    requesterGroups: ['support'],
    client: 'test 1',
    tool: 'run_sql',
    connection: 'crm',
    environment: 'demo',
    digest: 'dd',
    shape: 'aa11',
    rules: 'rr',
    demands: [{ policy: { id: 'held' }, from: 'dba', approvals: 1, justify: false }],
    reason: 'Held.',
    arguments: {},
    facts: { sql: SQL },
    createdAt: 0,
    expiresAt: 1000,
    ...over,
  };
}

const DBA = 'permit (principal in Group::"dba", action == Action::"approve", resource);\n';
const NOT_OWN =
  'forbid (principal, action == Action::"approve", resource) when { principal == context.requester };\n';

function may(set: PolicySet, ...asked: Parameters<PolicySet['mayApprove']>): boolean {
  const answer = set.mayApprove(...asked);
  assert.ok(!answer || set.couldApprove(asked[0]), 'who may is one who could');
  return answer;
}

test('as shipped, a DBA approves what somebody else asked for, and nobody approves their own', (t) => {
  const loaded = loadPolicies({ ...vocabulary, files: shippedPolicies() });
  assert.ok(loaded.ok);
  const set = loaded.value;
  t.after(() => set.close());
  assert.equal(may(set, user('bob', 'dba'), request()), true);
  assert.equal(may(set, user('bob', 'support'), request()), false);
  assert.equal(may(set, user('alice', 'dba', 'support'), request()), false);
  assert.equal(set.couldApprove(user('bob', 'dba')), true);
  assert.equal(set.couldApprove(user('carol', 'audit')), false);
});

test('a service never approves, whatever policies say', (t) => {
  const set = policySet('permit (principal, action, resource);');
  t.after(() => set.close());
  assert.equal(may(set, user('bob'), request()), true);
  assert.equal(may(set, service('robot', 'dba'), request()), false);
  assert.equal(set.couldApprove(service('robot', 'dba')), false);
});

test('what no policy permits nobody approves', (t) => {
  const set = policySet(NOT_OWN);
  t.after(() => set.close());
  assert.equal(may(set, user('bob', 'dba'), request()), false);
  assert.equal(set.couldApprove(user('bob', 'dba')), false);
});

test('a service that asked is told apart from a user of its name', (t) => {
  const set = policySet(
    DBA +
      NOT_OWN +
      'forbid (principal, action == Action::"approve", resource) when { context.requesterKind == "service" && context.tool == "add_note" };',
  );
  t.after(() => set.close());
  const byService = { requester: { kind: 'service', id: 'bob', issuer: 'test' } } as const;
  assert.equal(may(set, user('bob', 'dba'), request(byService)), true);
  assert.equal(may(set, user('bob', 'dba'), request({ ...byService, tool: 'add_note' })), false);
  assert.equal(may(set, user('bob', 'dba'), request({ tool: 'add_note' })), true);
});

test('policy sees the facts, the connection, its environment and the groups of who asked', (t) => {
  const set = policySet(
    `${DBA}
    forbid (principal, action == Action::"approve", resource == Connection::"billing");
    forbid (principal, action == Action::"approve", resource)
    when { context.requester in Group::"fraud" };
    forbid (principal, action == Action::"approve", resource)
    unless { context has sql && !context.sql.unbounded };`,
  );
  t.after(() => set.close());
  const bob = user('bob', 'dba');
  assert.equal(may(set, bob, request()), true);
  assert.equal(may(set, bob, request({ connection: 'billing', environment: 'production' })), false);
  assert.equal(may(set, bob, request({ requesterGroups: ['fraud'] })), false);
  assert.equal(may(set, bob, request({ facts: { sql: { ...SQL, unbounded: true } } })), false);
  assert.equal(may(set, bob, request({ facts: {} })), false);
});

test('policy sees what stands in the words of a held call', (t) => {
  const set = policySet(
    `${DBA}forbid (principal, action == Action::"approve", resource)
    when { context has text && context.text.score >= 40 };`,
  );
  t.after(() => set.close());
  const calm = { score: 0, patterns: [], hiddenCharacters: false, mixedScripts: false, decoded: [] };
  const bob = user('bob', 'dba');
  assert.equal(may(set, bob, request({ facts: { sql: SQL, text: calm } })), true);
  assert.equal(may(set, bob, request({ facts: { sql: SQL, text: { ...calm, score: 40 } } })), false);
  assert.equal(may(set, bob, request()), true);
});

test('what can not be put before the policies is not approved', (t) => {
  const set = policySet(
    `${DBA}forbid (principal, action == Action::"approve", resource) when { context has sql && context.sql.writes && principal == context.requester };`,
  );
  t.after(() => set.close());
  const bob = user('bob', 'dba');
  assert.equal(may(set, bob, request()), true);
  assert.equal(may(set, bob, request({ connection: 'gone' })), false);
  const { writes: _, ...lacking } = SQL;
  assert.equal(may(set, bob, request({ facts: { sql: lacking } })), false);
  assert.equal(may(set, bob, request({ requester: { kind: 'user', id: 'x\ud800', issuer: 'test' } })), false);
});

test('a policy that errs approves nothing', (t) => {
  const set = policySet(
    `${DBA}forbid (principal, action == Action::"approve", resource)
    when { context has sql && context.sql.statements * 9007199254740991 * 9007199254740991 == 1 };`,
  );
  t.after(() => set.close());
  assert.equal(may(set, user('bob', 'dba'), request()), false);
});

test('a set that was closed approves nothing', () => {
  const set = policySet(DBA);
  set.close();
  assert.equal(set.mayApprove(user('bob', 'dba'), request()), false);
});
