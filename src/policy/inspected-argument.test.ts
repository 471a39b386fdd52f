import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  errorsOf,
  exampleTools,
  makeTool,
  policySet,
  question,
  shellFacts,
  sqlFacts,
} from '../../test/policy/fixture.ts';
import { inspectHttp } from '../inspect/http/inspect-http.ts';
import { loadPolicies } from './load.ts';
import { vocabulary } from '../../test/policy/fixture.ts';

const night = makeTool('night_job', { command: { type: 'string' } }, { inspect: { command: 'shell' } });
const tools = { tools: [...exampleTools, night] };
const PERMIT = 'permit (principal, action in Action::"call", resource);\n';
const asked = (over: Parameters<typeof shellFacts>[0] = {}) =>
  question({
    tool: night,
    input: { command: 'x' },
    facts: { sql: sqlFacts(), shell: shellFacts(over) },
  });

test('policies decide on what a command would do', (t) => {
  const set = policySet(
    `${PERMIT}@id("no-root") @reason("No.") forbid (principal, action in Action::"shell", resource) when { context.shell.elevates || context.shell.programs.contains("nc") };`,
    tools,
  );
  t.after(() => set.close());
  assert.equal(set.decide(asked()).effect, 'allow');
  assert.equal(set.decide(asked({ elevates: true })).effect, 'refuse');
  assert.equal(set.decide(asked({ programs: ['ls', 'nc'] })).effect, 'refuse');
  assert.equal(set.decide(asked()).effect, 'allow', 'nothing of another command is remembered');
});

test('a tool with a command is never decided without its facts, nor another with them', (t) => {
  const set = policySet(PERMIT, tools);
  t.after(() => set.close());
  const without = set.decide({ ...asked(), facts: { sql: sqlFacts() } });
  assert.equal(without.effect === 'refuse' && without.because, 'policy_error');
  const other = set.decide(
    question({
      tool: exampleTools[0]!,
      input: { email: 'a' },
      facts: { sql: sqlFacts(), shell: shellFacts() },
    }),
  );
  assert.equal(other.effect === 'refuse' && other.because, 'policy_error');
});

test('a guardrail for commands is type-checked where no tool takes one, without a warning', () => {
  const text = 'forbid (principal, action in Action::"shell", resource) when { context.shell.elevates };';
  const loaded = loadPolicies({ ...vocabulary, files: [{ path: 'policies/test.cedar', text }] });
  assert.ok(loaded.ok);
  assert.deepEqual(loaded.warnings, []);
  loaded.value.close();
  const [error] = errorsOf(text.replace('elevates', 'elevate'));
  assert.match(`${error?.message} ${error?.suggestion}`, /elevate.*elevates/);
});

test('a tool whose call holds no command has no context.shell', () => {
  const text =
    'forbid (principal, action == Action::"find_customer", resource) when { context.shell.elevates };';
  const [error] = errorsOf(text, tools);
  assert.match(error?.message ?? '', /shell/);
});

test('whoever approves a command is decided on by what it would do', (t) => {
  const set = policySet(
    `permit (principal, action == Action::"approve", resource);
     forbid (principal, action == Action::"approve", resource) when { context has shell && context.shell.destroys };`,
    tools,
  );
  t.after(() => set.close());
  const reviewer = { ...question({ tool: night }).principal, id: 'rita' };
  const request = (destroys: boolean) => ({
    id: 'apr_1' as const,
    call: 'call_1',
    session: 's',
    requester: { kind: 'user' as const, id: 'alice', issuer: 'test' },
    requesterGroups: [],
    client: 'c',
    tool: 'night_job',
    connection: 'crm',
    environment: 'demo',
    digest: 'd',
    shape: null,
    rules: 'r',
    demands: [],
    reason: '',
    arguments: {},
    facts: { shell: { ...shellFacts({ destroys }) } },
    createdAt: 0,
    expiresAt: 1,
  });
  assert.equal(set.mayApprove(reviewer, request(false)), true);
  assert.equal(set.mayApprove(reviewer, request(true)), false);
});

test('policies decide on what a request would reach, and never see its values', (t) => {
  const look = makeTool('look_up', { url: { type: 'string' } }, { inspect: { url: 'http' } });
  const set = policySet(
    `${PERMIT}@id("outside-only") @reason("No.") forbid (principal, action in Action::"http", resource)
     unless { context.http.address == "name" && !context.http.writes && context.http.host like "*.example.com" };`,
    { tools: [...exampleTools, look] },
  );
  t.after(() => set.close());
  const effect = (url: string) => {
    const inspection = inspectHttp(url);
    assert.ok(inspection.ok);
    const facts = { sql: sqlFacts(), http: inspection.facts };
    return set.decide(question({ tool: look, input: { url }, facts })).effect;
  };
  assert.equal(effect('https://api.EXAMPLE.com/v1?q=secret'), 'allow');
  assert.equal(effect('POST https://api.example.com/v1'), 'refuse');
  assert.equal(effect('http://2852039166/'), 'refuse');
  assert.equal(effect('https://api.example.com.evil.test/'), 'refuse');
  assert.match(
    JSON.stringify(
      errorsOf('forbid (principal, action in Action::"http", resource) when { context.http.url == "x" };'),
    ),
    /url/,
  );
});

test('the text of a call is looked for only where a policy of its tool reads it, and never decided on unseen', (t) => {
  const [first, other] = exampleTools;
  const set = policySet(
    `${PERMIT}@id("no-tricks") @reason("No.") forbid (principal, action == Action::"${first!.name}", resource) when { context.text.score >= 40 };`,
  );
  t.after(() => set.close());
  assert.equal(set.readsText(first!), true);
  assert.equal(set.readsText(other!), false);
  const text = { score: 40, patterns: ['p'], hiddenCharacters: false, mixedScripts: false, decoded: [] };
  const decide = (facts: object) =>
    set.decide({
      ...question({ tool: first!, input: { email: 'a' } }),
      facts: { sql: sqlFacts(), ...facts },
    });
  assert.equal(decide({ text }).effect, 'refuse');
  assert.equal(decide({ text: { ...text, score: 39 } }).effect, 'allow');
  const unseen = decide({});
  assert.equal(unseen.effect === 'refuse' && unseen.because, 'policy_error');
});
