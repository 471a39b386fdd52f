import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadPolicies } from './load.ts';
import {
  crm,
  errorsOf,
  exampleTools,
  makeTool,
  policySet,
  question,
  tool,
  user,
  vocabulary,
} from '../../test/policy/fixture.ts';
import type { LoadError } from '../model/load-error.ts';

function only(errors: readonly LoadError[]): LoadError {
  assert.equal(errors.length, 1, JSON.stringify(errors, null, 1));
  return errors[0]!;
}

test('a misspelt group is refused with the group that was meant, at its line and column', () => {
  const error = only(
    errorsOf('// éé 😀\n\n@reason("é😀")\npermit (principal in Group::"suport", action, resource);'),
  );
  assert.deepEqual([error.file, error.line, error.column], ['policies/test.cedar', 4, 22]);
  assert.match(error.message, /Group::"suport"/);
  assert.equal(error.suggestion, 'did you mean Group::"support"?');
});

test('a misspelt group in a condition is refused as well', () => {
  const error = only(
    errorsOf('permit (principal, action, resource)\nwhen { principal in [Group::"dba", Group::"adit"] };'),
  );
  assert.equal(error.line, 2);
  assert.equal(error.suggestion, 'did you mean Group::"audit"?');
});

test('a misspelt tool is refused with the tool that was meant', () => {
  const error = only(errorsOf('permit (principal, action == Action::"find_custmer", resource);'));
  assert.match(error.message, /find_custmer/);
  assert.equal(error.suggestion, 'did you mean Action::"find_customer"?');
});

test('a misspelt skill is refused with the skill that was meant', () => {
  const error = only(errorsOf('permit (principal, action in Action::"skill:custmer-support", resource);'));
  assert.equal(error.suggestion, 'did you mean Action::"skill:customer-support"?');
});

test('a misspelt argument is refused with the argument that was meant', () => {
  const error = only(
    errorsOf(
      'permit (principal, action == Action::"find_customer", resource)\n  when { context.input.emial == "x" };',
    ),
  );
  assert.deepEqual([error.line, error.column], [2, 10]);
  assert.equal(error.suggestion, 'did you mean `email`?');
});

test('a misspelt fact is refused with the fact that was meant', () => {
  const error = only(
    errorsOf('forbid (principal, action in Action::"sql", resource) when { context.sql.write };'),
  );
  assert.equal(error.suggestion, 'did you mean `writes`?');
});

test('an argument that only some tools have is refused once, with what to do', () => {
  const error = only(
    errorsOf('forbid (principal, action in Action::"call", resource) when { context.input.email == "x" };'),
  );
  assert.match(error.suggestion ?? '', /find_customer has it .* `context\.input has email`/);
});

test('an argument that only some tools have may be asked for with has', () => {
  policySet(
    'forbid (principal, action in Action::"call", resource) when { context.input has email && context.input.email == "x" };',
  ).close();
});

test('a misspelt name after has, which Cedar lets pass as always false, is refused', () => {
  const error = only(
    errorsOf(
      'forbid (principal, action in Action::"call", resource)\nwhen { context.approved || context.input has emial };',
    ),
  );
  assert.equal(error.line, 2);
  assert.match(error.message, /`has` is always false/);
  assert.equal(error.suggestion, 'did you mean `email`?');
});

test('an argument that policies cannot see is refused with the reason, also after has', () => {
  const tools = [makeTool('note', { text: { type: ['string', 'null'] }, id: { type: 'integer' } })];
  const read = only(
    errorsOf('forbid (principal, action == Action::"note", resource) when { context.input.text == "x" };', {
      tools,
    }),
  );
  assert.match(read.suggestion ?? '', /can't see context\.input\.text of note: it may have several types/);
  const asked = errorsOf(
    'forbid (principal, action, resource) when { context has approved && (context.approved || context.input has text) };',
    { tools: [...tools, makeTool('other', { text: { type: 'string' } })] },
  );
  assert.ok(asked.some(({ message }) => /can't see context\.input\.text of note/.test(message)));
});

test('a misspelt connection is refused, in the scope, in a condition and in a list', () => {
  for (const text of [
    'permit (principal, action, resource == Connection::"cmr");',
    'permit (principal, action in Action::"call", resource) when { resource == Connection::"cmr" };',
    'permit (principal, action in Action::"call", resource) when { [Connection::"crm", Connection::"cmr"].contains(resource) };',
  ]) {
    const errors = errorsOf(text).filter(({ message }) => message.includes('no connection'));
    assert.equal(only(errors).suggestion, 'did you mean Connection::"crm"?', text);
  }
});

test('misspelt environments, data classes and tools named as text are refused', () => {
  const environment = only(
    errorsOf('permit (principal, action in Action::"call", resource in Environment::"produktion");'),
  );
  assert.equal(environment.suggestion, 'did you mean Environment::"production"?');
  const dataClass = only(
    errorsOf('permit (principal, action == Action::"unmask", resource == DataClass::"mail");'),
  );
  assert.equal(dataClass.suggestion, 'did you mean DataClass::"email"?');
  const named = only(
    errorsOf('permit (principal, action == Action::"unmask", resource) when { context.tool == "runsql" };'),
  );
  assert.equal(named.suggestion, 'did you mean "run_sql"?');
  const listed = errorsOf(
    'permit (principal, action == Action::"unmask", resource) when { ["run_sql", "find"].contains(context.tool) };',
  );
  assert.match(only(listed).message, /no tool "find"/);
});

test('a policy that can never apply is refused', () => {
  const error = only(errorsOf('permit (principal, action == Action::"run_sql", resource) when { false };'));
  assert.match(error.message, /policy is impossible/);
});

test('a name in mixed scripts, which reads as what it is not, is refused', () => {
  const error = only(
    errorsOf(
      'forbid (principal, action in Action::"sql", resource) when { context.sql.tables.contains("p\u0430yments") };',
    ),
  );
  assert.match(error.message, /mixed scripts/);
});

test('comparing values of different types is refused', () => {
  const error = only(
    errorsOf(
      'permit (principal, action == Action::"list_customers", resource) when { context.input.limit == "5" };',
    ),
  );
  assert.match(error.message, /unexpected type|not compatible|types/);
});

test('reading an argument that may be missing is refused with the way to ask first', () => {
  const tools = [makeTool('list', { city: { type: 'string' } }, { required: [] })];
  const error = only(
    errorsOf('permit (principal, action == Action::"list", resource) when { context.input.city == "x" };', {
      tools,
    }),
  );
  assert.match(error.suggestion ?? '', /has city/);
});

test('text that is not Cedar is refused at its line, and every such place at once', () => {
  const errors = errorsOf(
    'permit (principal, action, resource);\n\npermit (principal, action, resourse);\npermit (principal, action, resource) when { foo };',
  );
  assert.deepEqual(
    errors.map(({ line }) => line),
    [3, 4],
  );
});

test('errors of several files are found in one go, each under its own name', () => {
  const loaded = loadPolicies({
    ...vocabulary,
    files: [
      { path: 'policies/b.cedar', text: 'permit (principal in Group::"suport", action, resource);' },
      { path: 'policies/a.cedar', text: 'permit (principal' },
    ],
  });
  assert.ok(!loaded.ok);
  assert.deepEqual(
    loaded.errors.map(({ file }) => file),
    ['policies/a.cedar', 'policies/b.cedar'],
  );
});

test('templates are refused: nothing links them', () => {
  const error = only(errorsOf('\npermit (principal == ?principal, action, resource);'));
  assert.equal(error.line, 2);
  assert.match(error.message, /template/);
});

test('a policy is named by its @id, else by its file and its place among that file’s policies', () => {
  const text = Array.from(
    { length: 12 },
    (_, n) =>
      `// permit ${n}\npermit (principal, action == Action::"run_sql", resource) when { context.sql.statements == ${n} };\n`,
  );
  text[4] = `@id("fifth") ${text[4]!.split('\n')[1]!}\n`;
  const set = policySet(text.join(''));
  assert.deepEqual(
    set.policies.map(({ id }) => id),
    [
      'test#1',
      'test#2',
      'test#3',
      'test#4',
      'fifth',
      ...Array.from({ length: 7 }, (_, n) => `test#${n + 6}`),
    ],
  );
  assert.deepEqual(
    set.policies.map(({ line }) => line),
    [2, 4, 6, 8, 9, 11, 13, 15, 17, 19, 21, 23],
  );
  set.close();
});

test('a policy that stands in a comment first does not move the line of the real one', () => {
  const policy = 'permit (principal, action, resource);';
  const set = policySet(`// ${policy}\n\n${policy}`);
  assert.equal(set.policies[0]!.line, 3);
  set.close();
});

test('two policies of one id are refused, with the place of the first', () => {
  const error = only(
    errorsOf(
      '@id("a") permit (principal, action, resource);\n@id("a") forbid (principal, action in Action::"call", resource);',
    ),
  );
  assert.equal(error.line, 2);
  assert.match(error.message, /policies\/test\.cedar, line 1/);
});

test('annotations: an unknown one is refused with the nearest', () => {
  const error = only(errorsOf('@reson("x")\npermit (principal, action, resource);'));
  assert.equal(error.suggestion, 'did you mean @reason?');
});

const held = (annotations: string, effect = 'forbid'): string =>
  `${annotations}\n${effect} (principal, action in Action::"sql", resource) when { context.sql.writes } unless { context.approved };`;

test('annotations: each that can’t be meant is refused', () => {
  const cases: readonly [string, RegExp][] = [
    [held('@approval("dbas")'), /names no known group/],
    [held('@approval'), /needs a text/],
    [held('@approval("dba") @approvals("0")'), /not a number of people/],
    [held('@approval("dba") @approvals("two")'), /not a number of people/],
    [held('@approval("requester") @approvals("2")'), /asks one/],
    [held('@approval("dba") @assurance("low")'), /is not known/],
    [held('@assurance("high")'), /has no @approval/],
    [held('@approval("dba") @expires("30")'), /not a time/],
    [held('@approval("dba") @expires("365d")'), /not a time/],
    [held('@approval("dba") @grants("0m")'), /not a time/],
    [held('@expires("30m")'), /no @approval/],
    [held('@justify'), /no @approval/],
    [held('@approval("dba")', 'permit'), /stands on a permit/],
    [held('@id("a b")'), /is not an id/],
    [held('@id("a#1")'), /is not an id/],
    [held('@reason("")'), /needs a text/],
    [
      '@approval("dba") forbid (principal, action in Action::"sql", resource) when { context.sql.writes };',
      /also when it is given/,
    ],
  ];
  for (const [text, message] of cases) assert.match(only(errorsOf(text)).message, message, text);
});

test('annotations: the terms of approval are carried to the demand', () => {
  const set = policySet(
    `permit (principal, action, resource);\n${held('@id("h") @approval("dba") @approvals("2") @expires("30m") @grants("8h") @justify @assurance("high") @reason("Writes are held.")')}`,
  );
  const facts = { sql: { ...question({ tool: tool('run_sql') }).facts.sql!, writes: true } };
  const decision = set.decide(question({ tool: tool('run_sql'), input: { statement: 'x' }, facts }));
  assert.ok(decision.effect === 'ask');
  assert.deepEqual(decision.demands, [
    {
      policy: { id: 'h', reason: 'Writes are held.' },
      from: 'dba',
      approvals: 2,
      expiresMs: 1_800_000,
      grantsMs: 28_800_000,
      justify: true,
      assurance: 'high',
    },
  ]);
  set.close();
});

test('no policy at all is valid, warned of, and denies everything', () => {
  for (const files of [[], [{ path: 'policies/empty.cedar', text: '// nothing yet\n' }]]) {
    const loaded = loadPolicies({ ...vocabulary, files });
    assert.ok(loaded.ok);
    assert.match(loaded.warnings[0]!.message, /no policy/);
    const decision = loaded.value.decide(question({ tool: tool('find_customer'), input: { email: 'x' } }));
    assert.equal(decision.effect, 'refuse');
    assert.equal(loaded.value.couldPermit(user('alice', 'support'), tool('find_customer')), false);
    assert.deepEqual(loaded.value.unmasked(user('alice', 'fraud'), tool('find_customer')), new Set());
    loaded.value.close();
  }
});

test('a guardrail for tools that no skill has yet is a warning', () => {
  const loaded = loadPolicies({
    ...vocabulary,
    tools: [],
    files: [
      {
        path: 'p.cedar',
        text: 'forbid (principal, action in Action::"sql", resource) when { context.sql.writes };',
      },
    ],
  });
  assert.ok(loaded.ok);
  assert.match(loaded.warnings[0]!.message, /no tool is in the scope/);
  loaded.value.close();
});

test('without groups, environments and data classes a schema still loads', () => {
  const loaded = loadPolicies({
    files: [{ path: 'p.cedar', text: 'permit (principal, action, resource);' }],
    tools: [],
    groups: [],
    connections: [],
    dataClasses: [],
  });
  assert.ok(loaded.ok);
  loaded.value.close();
});

test('a tool may not take the name of an action or of a group of actions', () => {
  for (const name of ['approve', 'unmask', 'call', 'sql']) {
    const error = only(errorsOf('permit (principal, action, resource);', { tools: [makeTool(name, {})] }));
    assert.equal(error.file, 'skills/customer-support/tools.yaml');
  }
});

test('the digest changes with a policy, its id or a tool, and not with a comment or the order of files', () => {
  const digest = (files: readonly { path: string; text: string }[], tools = exampleTools): string => {
    const loaded = loadPolicies({ ...vocabulary, files, tools });
    assert.ok(loaded.ok);
    loaded.value.close();
    return loaded.value.digest;
  };
  const a = { path: 'a.cedar', text: '@id("a") permit (principal, action, resource);' };
  const b = {
    path: 'b.cedar',
    text: '@id("b") forbid (principal, action in Action::"sql", resource) when { context.sql.writes };',
  };
  const one = digest([a, b]);
  assert.match(one, /^[0-9a-f]{64}$/);
  assert.equal(digest([b, a]), one);
  assert.equal(digest([{ ...a, text: `// why\n${a.text}\n` }, b]), one);
  assert.notEqual(digest([a]), one);
  assert.notEqual(digest([a, { ...b, text: b.text.replace('"b"', '"c"') }]), one);
  assert.notEqual(digest([a, b], exampleTools.slice(1)), one);
});

test('the schema is shown in Cedar’s own syntax, with every tool, group and fact', () => {
  const set = policySet('permit (principal, action, resource);');
  assert.match(set.schemaText, /entity Group enum \["audit", "dba", "fraud", "support"\];/);
  assert.match(
    set.schemaText,
    /action "find_customer" in \[Action::"call", Action::"skill:customer-support", Action::"sql"\]/,
  );
  assert.match(set.schemaText, /email: String/);
  assert.match(set.schemaText, /unbounded: Bool/);
  assert.doesNotMatch(set.schemaText, /__cedar/);
  set.close();
});

test('group names and policy texts of any Unicode load', () => {
  const groups = ['we"ird', 'back\\slash', 'groß', '支援', "'); DROP"];
  const text = groups
    .map(
      (group) =>
        `permit (principal in Group::${JSON.stringify(group)}, action == Action::"run_sql", resource);`,
    )
    .join('\n');
  const set = policySet(text, { groups, connections: [crm] });
  for (const group of groups) {
    const principal = user('alice', group);
    const decision = set.decide(question({ tool: tool('run_sql'), input: { statement: 'x' }, principal }));
    assert.equal(decision.effect, 'allow', group);
  }
  set.close();
});
