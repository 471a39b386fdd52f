import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import type { GatewayFolder } from '../support/gateway-process.ts';
import { exampleFolder } from '../path/example.ts';
import { command, commandIn, type Ran } from './command.ts';

let folder: GatewayFolder;
before(async () => {
  folder = await exampleFolder();
  process.chdir(folder.dir);
});

/** Changes a file of the folder for as long as the work takes. */
async function edited<T>(path: string, edit: (text: string) => string, work: () => Promise<T>): Promise<T> {
  const file = join(folder.dir, path);
  const good = readFileSync(file, 'utf8');
  const bad = edit(good);
  assert.notEqual(bad, good, 'the edit changed nothing');
  writeFileSync(file, bad);
  try {
    return await work();
  } finally {
    writeFileSync(file, good);
  }
}

test('check: the example is good, and says what was loaded', async () => {
  const { code, stdout, stderr } = await command('check');
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(
    stdout,
    /^ok: 1 skills, 7 tools, 26 policies \(rules [0-9a-f]{12}\)\nagents may read skills\/customer-support: SKILL\.md, references\/queries\.md\n$/,
  );
  assert.ok(!existsSync(folder.storePath), 'a check opens nothing and makes no store');
});

test('check --json: the same for programs, with the schema', async () => {
  const { code, json } = await command('check', '--json');
  assert.equal(code, 0);
  const { ok, tools, schema, warnings } = json();
  assert.deepEqual([ok, warnings, tools.length], [true, [], 7]);
  assert.match(schema, /action "?find_customer"?/);
});

test('check: high assurance where nobody can sign in is a warning, for such calls can only run out', async () => {
  const high = (text: string): string =>
    text.replace('@approval("dba")', '@approval("dba")\n@assurance("high")');
  const { code, stderr } = await edited('policies/approvals.cedar', high, () => command('check'));
  assert.equal(code, 0);
  assert.match(
    stderr,
    /^policies\/approvals\.cedar:\d+: warning: approvals\.free-form-writes asks for high/m,
  );
});

const MISTAKES: readonly (readonly [string, string, (text: string) => string, RegExp])[] = [
  [
    'a group that does not exist',
    'policies/access.cedar',
    (text) => text.replace('Group::"support"', 'Group::"suport"'),
    /^policies\/access\.cedar:8:\d+: error: .*suport.*\n {4}did you mean Group::"support"\?$/m,
  ],
  [
    'a tool that does not exist',
    'policies/approvals.cedar',
    (text) => text.replace('Action::"run_sql"', 'Action::"run_sq"'),
    /^policies\/approvals\.cedar:\d+:\d+: error: .*\n {4}.*run_sql/m,
  ],
  [
    'policy text that is no Cedar',
    'policies/unmask.cedar',
    (text) => `${text}\npermit (principal action, resource);\n`,
    /^policies\/unmask\.cedar:\d+:\d+: error: /m,
  ],
  [
    'an unknown key in a skill',
    'skills/customer-support/tools.yaml',
    (text) => text.replace('    title: Find a customer', '    titel: Find a customer'),
    /^skills\/customer-support\/tools\.yaml:6:\d+: error: .*titel.*\n {4}did you mean "title"\?$/m,
  ],
  [
    'SQL that does not parse',
    'skills/customer-support/tools.yaml',
    (text) => text.replace('WHERE email = :email', 'WHERE email == = :email'),
    /^skills\/customer-support\/tools\.yaml:\d+.*: error: /m,
  ],
  [
    'a parameter without an input',
    'skills/customer-support/tools.yaml',
    (text) => text.replace('WHERE email = :email', 'WHERE email = :mail'),
    /^skills\/customer-support\/tools\.yaml:\d+.*: error: .*mail/m,
  ],
  [
    'an unknown key in the configuration',
    'sallyport.yaml',
    (text) => text.replace('skills: ./skills', 'skils: ./skills'),
    /^sallyport\.yaml:\d+:1: error: .*skils.*\n {4}did you mean "skills"\?$/m,
  ],
  [
    'a data class that nobody declares',
    'policies/unmask.cedar',
    (text) => text.replace('DataClass::"email"', 'DataClass::"loyalty_number"'),
    /^policies\/unmask\.cedar:\d+:\d+: error: .*loyalty_number/m,
  ],
  [
    'a data class that does not exist',
    'policies/masking.yaml',
    (text) => text.replace('  payment_card:\n', '  payment_crd:\n'),
    /^policies\/masking\.yaml:\d+:\d+: error: .*payment_crd.*\n {4}.*payment_card/m,
  ],
];

for (const [what, path, edit, says] of MISTAKES)
  test(`check: ${what} is told with file, line and what to do, and exits with 78`, async () => {
    const { code, stdout, stderr } = await edited(path, edit, () => command('check'));
    assert.deepEqual([code, stdout], [78, '']);
    assert.match(stderr, says);
  });

test('check --json: errors are values, with the same places', async () => {
  const edit = (text: string): string => text.replace('Group::"support"', 'Group::"suport"');
  const { code, json } = await edited('policies/access.cedar', edit, () => command('check', '--json'));
  assert.equal(code, 78);
  const { ok, errors } = json();
  assert.equal(ok, false);
  assert.deepEqual([errors[0].file, errors[0].line], ['policies/access.cedar', 8]);
});

test('check: a configuration that is not there is told with how to get one', async () => {
  const { code, stderr } = await command('check', '--config', 'nowhere.yaml');
  assert.equal(code, 78);
  assert.match(stderr, /^nowhere\.yaml: error: .*\(ENOENT\)\n {4}write one with: sallyport init/);
});

test('check: a secret in the configuration is in no error', async () => {
  const url = 'postgres://svc:S3cr3t-password@db:5432/app?nonsense=1';
  const edit = (text: string): string =>
    text.replace('kind: sqlite\n    path: ./data/crm.db', 'kind: postgres\n    url: "${env:CRM_URL}"');
  const missing = await edited('sallyport.yaml', edit, () => command('check'));
  assert.equal(missing.code, 78);
  assert.match(missing.stderr, /^sallyport\.yaml:\d+:\d+: error: .*CRM_URL/m);
  const wrong = await edited('sallyport.yaml', edit, () => commandIn({ CRM_URL: url }, 'check', '--json'));
  assert.equal(wrong.code, 78);
  assert.ok(!`${wrong.stdout}${wrong.stderr}`.includes('S3cr3t'), wrong.stdout);
});

function explain(as: string, tool: string, args: object, ...more: readonly string[]): Promise<Ran> {
  return command('explain', '--as', as, '--tool', tool, '--args', JSON.stringify(args), ...more);
}

const run = (statement: string): object => ({ statement });
const READ = run('SELECT id FROM customers LIMIT 1');
const WRITE = run("UPDATE customers SET city = 'x' WHERE id = 1");

const DECISIONS: readonly (readonly [string, string, object, number, RegExp])[] = [
  ['alice', 'find_customer', { email: 'a@example.com' }, 0, /^allow\n/],
  ['alice', 'run_sql', READ, 0, /^allow\n/],
  ['alice', 'run_sql', WRITE, 1, /^ask: .*approved by a DBA/],
  ['alice', 'run_sql', run('DROP TABLE notes'), 1, /^refuse: Schema changes go through migrations/],
  ['bob', 'run_sql', WRITE, 0, /^allow\n/],
  ['bob', 'run_sql', run('SELEC 1'), 1, /^refused before any policy: not understood \(/],
  ['carol', 'add_note', { customer_id: 1, body: 'x' }, 1, /^refuse: No policy permits/],
  [
    'carol',
    'customer_orders',
    { customer_id: 'x' },
    1,
    /^refused before any policy: .*customer_id must be integer/,
  ],
  [
    'carol',
    'find_custmer',
    {},
    1,
    /^refused before any policy: there is no tool "find_custmer"; there are: .*find_customer/,
  ],
];

for (const [as, tool, args, code, says] of DECISIONS)
  test(`explain: ${as} calls ${tool} with ${JSON.stringify(args)}: exit code ${code}`, async () => {
    const ran = await explain(as, tool, args);
    assert.equal(ran.code, code, ran.stdout + ran.stderr);
    assert.match(ran.stdout, says);
  });

test('explain: groups that are named count instead of those of the configuration', async () => {
  const asDba = await explain('alice', 'run_sql', WRITE, '--groups', 'dba');
  assert.equal(asDba.code, 0);
  assert.match(asDba.stdout, /^groups of this principal: dba$/m);
  const stranger = await explain('nobody-we-know', 'run_sql', READ);
  assert.equal(stranger.code, 1);
  assert.match(stranger.stdout, /^groups of this principal: none$/m);
});

test('explain: names each policy with its place and whether it matched, and every fact', async () => {
  const { stdout } = await explain('alice', 'run_sql', WRITE);
  assert.match(stdout, /^ {2}\* permit access\.support {2}\(policies\/access\.cedar:\d+\)$/m);
  assert.match(
    stdout,
    /^ {2}\* forbid approvals\.free-form-writes {2}\(policies\/approvals\.cedar:\d+, asks dba\)$/m,
  );
  assert.match(stdout, /^ {4}forbid guardrails\.schema {2}\(/m);
  assert.match(stdout, /^ {2}sql\.tablesWritten = \["customers"\]$/m);
  assert.match(stdout, /^ {6}1:\d+ {2}customers {2}in {2}customers/m);
});

test('explain --approved: what an approval would change, and what it would not', async () => {
  assert.equal((await explain('alice', 'run_sql', WRITE, '--approved')).code, 0);
  assert.equal((await explain('alice', 'run_sql', run('DROP TABLE notes'), '--approved')).code, 1);
});

test('explain --json: says at which station the call would end, and why', async () => {
  const decided = await explain('alice', 'run_sql', WRITE, '--json');
  const { station, explanation, facts } = decided.json();
  assert.deepEqual([station, explanation.decision.effect, facts.sql.kinds], ['decide', 'ask', ['UPDATE']]);
  const garbled = await explain('alice', 'run_sql', run('SELEC'), '--json');
  assert.equal(garbled.json().station, 'inspect');
});

test('explain: tells what the principal would see unmasked', async () => {
  const { json } = await explain('frank', 'find_customer', { email: 'a@example.com' }, '--json');
  assert.deepEqual(json().unmasked, ['email', 'phone']);
});

test('explain: a service is not the user of the same name', async () => {
  const { code, json } = await explain(
    'alice',
    'find_customer',
    { email: 'a@example.com' },
    '--service',
    '--json',
  );
  assert.equal(code, 1);
  assert.deepEqual(json().groups, []);
});
