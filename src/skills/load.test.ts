import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { SqlDialect, SqlFacts } from '../model/facts.ts';
import type { LoadError } from '../model/load-error.ts';
import type { Connection, Limits } from '../model/tool.ts';
import type { CompiledSql } from './build-tool.ts';
import { loadSkills, type SkillSet } from './load.ts';

const connections = new Map<string, Connection>([
  ['crm', { name: 'crm', kind: 'sqlite', environment: 'demo' }],
  ['ledger', { name: 'ledger', kind: 'postgres', environment: 'production' }],
]);
const defaults: Limits = { rows: 1000, bytes: 1024 ** 2, timeoutMs: 10_000 };
const dataClasses = ['email', 'payment_card', 'us_ssn', 'iban', 'phone'];

/** Cuts at `:names` and counts semicolons: enough to stand where the inspector stands. */
async function compileSql(dialect: SqlDialect, text: string): Promise<CompiledSql> {
  const bad = text.indexOf('SELEKT');
  if (bad !== -1) return { ok: false, message: 'syntax error at "SELEKT"', offset: bad };
  const cuts = text.split(/:([A-Za-z_]\w*)/);
  const facts: SqlFacts = {
    dialect,
    statements: text.split(';').filter((part) => part.trim() !== '').length,
    kinds: ['SELECT'],
    writes: false,
    unbounded: false,
    tables: [],
    tablesRead: [],
    tablesWritten: [],
    functions: [],
    columns: [],
    columnsCompared: [],
    systemTables: [],
    resultColumns: null,
    fingerprint: '00',
  };
  const parts = cuts.filter((_, i) => i % 2 === 0);
  const names = cuts.filter((_, i) => i % 2 === 1);
  return { ok: true, statement: { text, parts, names, facts } };
}

const skillText = (name: string): string =>
  `---\nname: ${name}\ndescription: Looks things up.\n---\n# Title\n`;

const TOOL = `tools:
  find:
    description: Finds.
    connection: crm
    input:
      type: object
      properties:
        email: { type: string }
      required: [email]
      additionalProperties: false
    sql: |
      SELECT id
      FROM customers
      WHERE email = :email
`;

type Files = Readonly<Record<string, string>>;

async function load(files: Files) {
  const list = Object.entries(files).map(([path, text]) => ({ path, text }));
  return loadSkills({ files: list, connections, compileSql, defaults, dataClasses });
}

async function loaded(files: Files): Promise<{ value: SkillSet; warnings: readonly LoadError[] }> {
  const result = await load(files);
  assert.ok(result.ok, JSON.stringify(result));
  return result;
}

function shown(errors: readonly LoadError[]): string[] {
  return errors.map(({ file, line, column, message, suggestion }) => {
    const place = line === undefined ? file : `${file}:${line}:${String(column)}`;
    return `${place} ${message}${suggestion === undefined ? '' : ` | ${suggestion}`}`;
  });
}

async function errorsOf(files: Files): Promise<string[]> {
  const result = await load(files);
  assert.ok(!result.ok, 'it loaded');
  return shown(result.errors);
}

/** The one error of a `tools.yaml` that is TOOL with a part replaced. */
async function errorIn(from: string, to: string): Promise<string> {
  assert.ok(TOOL.includes(from));
  const errors = await errorsOf({ 's/a/SKILL.md': skillText('a'), 's/a/tools.yaml': TOOL.replace(from, to) });
  assert.equal(errors.length, 1, errors.join('\n'));
  return errors[0] ?? '';
}

test('a tool is loaded with all that it declares, frozen', async () => {
  const text = `${TOOL}    title: Find
    limits: { rows: 5, bytes: 64KiB, timeout: 2s }
    columns: { card_number: payment_card }
    binary: [photo]
`;
  const { value } = await loaded({ 's/a/SKILL.md': skillText('a'), 's/a/tools.yaml': text });
  const tool = value.tools.get('find');
  assert.ok(tool?.action.kind === 'sql' && 'statement' in tool.action);
  assert.equal(tool.skill, 'a');
  assert.equal(tool.title, 'Find');
  assert.equal(tool.action.dialect, 'sqlite');
  assert.deepEqual(tool.action.statement.names, ['email']);
  assert.deepEqual(tool.limits, { rows: 5, bytes: 65_536, timeoutMs: 2000 });
  assert.deepEqual(tool.columnClasses, { card_number: 'payment_card' });
  assert.deepEqual(tool.binaryColumns, ['photo']);
  assert.deepEqual(value.skills[0]?.instructions, '# Title\n');
  assert.throws(() => ((tool.inputSchema as Record<string, unknown>)['type'] = 'array'), TypeError);
});

test('what a tool leaves out is the default, and its input is closed', async () => {
  const open = TOOL.replace('      additionalProperties: false\n', '');
  const { value } = await loaded({ 's/a/SKILL.md': skillText('a'), 's/a/tools.yaml': open });
  const tool = value.tools.get('find');
  assert.deepEqual(tool?.limits, defaults);
  assert.equal(tool?.inputSchema['additionalProperties'], false);
});

test('the agent may write the statement where the skill says in which argument', async () => {
  const text = TOOL.replace(
    'sql: |\n      SELECT id\n      FROM customers\n      WHERE email = :email',
    'sql: { from: email }',
  );
  const { value } = await loaded({
    's/a/SKILL.md': skillText('a'),
    's/a/tools.yaml': text.replace('crm', 'ledger'),
  });
  assert.deepEqual(value.tools.get('find')?.action, { kind: 'sql', dialect: 'postgres', from: 'email' });
});

test('order and digest do not depend on the order of reading, nor on where the folder lies', async () => {
  const b = TOOL.replace('find:', 'alpha:');
  const one = {
    's/a/SKILL.md': skillText('a'),
    's/a/tools.yaml': TOOL,
    's/b/SKILL.md': skillText('b'),
    's/b/tools.yaml': b,
  };
  const other = Object.fromEntries(
    Object.entries(one)
      .toReversed()
      .map(([path, text]) => [`/x/${path}`, text]),
  );
  const [first, second] = [await loaded(one), await loaded(other)];
  assert.deepEqual([...first.value.tools.keys()], ['alpha', 'find']);
  assert.deepEqual([...second.value.tools.keys()], ['alpha', 'find']);
  assert.equal(first.value.digest, second.value.digest);
  assert.match(first.value.digest, /^[0-9a-f]{64}$/);
  const third = await loaded({ ...one, 's/b/tools.yaml': `${b}# a comment\n` });
  assert.notEqual(first.value.digest, third.value.digest);
});

test('two tools of one name are an error that names both places', async () => {
  assert.deepEqual(
    await errorsOf({
      's/a/SKILL.md': skillText('a'),
      's/a/tools.yaml': TOOL,
      's/b/SKILL.md': skillText('b'),
      's/b/tools.yaml': `# moved\n${TOOL}`,
    }),
    [
      's/b/tools.yaml:3:3 tools.find: a tool of this name is already declared at s/a/tools.yaml:2; expected a name unique over all skills',
    ],
  );
});

test('two tools of one name in one file are an error', async () => {
  const errors = await errorsOf({ 's/a/SKILL.md': skillText('a'), 's/a/tools.yaml': TOOL + TOOL.slice(7) });
  assert.deepEqual(errors, ['s/a/tools.yaml:15:3 the key is written twice; it was first written on line 2']);
});

test('an unknown connection names the nearest', async () => {
  assert.equal(
    await errorIn('connection: crm', 'connection: cmr'),
    's/a/tools.yaml:4:17 tools.find.connection: unknown connection "cmr"; expected one of crm, ledger | did you mean "crm"?',
  );
});

test('a parameter without an input property is an error at its place in the statement', async () => {
  assert.equal(
    await errorIn(':email', ':emial'),
    's/a/tools.yaml:14:21 tools.find.sql: the parameter :emial has no property in input; expected one of email | did you mean "email"?',
  );
});

test('an input property that the statement never uses is a warning', async () => {
  const text = TOOL.replace('properties:\n', 'properties:\n        city: { type: string }\n');
  const { warnings } = await loaded({ 's/a/SKILL.md': skillText('a'), 's/a/tools.yaml': text });
  assert.deepEqual(shown(warnings), [
    's/a/tools.yaml:8:9 tools.find.input.properties.city: the statement does not use this property',
  ]);
});

test('an input that is no object schema is an error at its line', async () => {
  assert.equal(
    await errorIn('type: object', 'type: array'),
    's/a/tools.yaml:6:13 tools.find.input.type: expected type: object, for arguments are named',
  );
  assert.match(
    await errorIn('type: string', 'type: strng'),
    /^s\/a\/tools\.yaml:8:24 tools\.find\.input\.properties\.email\.type: /,
  );
  assert.match(
    await errorIn('type: string', 'type: string, pattern: "(?=a)"'),
    /^s\/a\/tools\.yaml:8:41 .*RE2 syntax/,
  );
  assert.match(
    await errorIn('type: string', '$ref: "https://evil.example/x"'),
    /^s\/a\/tools\.yaml:8:24 .*inside this schema/,
  );
  assert.match(
    await errorIn('Properties: false', 'Properties: true'),
    /^s\/a\/tools\.yaml:10:29 .*expected false/,
  );
});

test('a free statement must come from a required string argument', async () => {
  const sql = 'sql: |\n      SELECT id\n      FROM customers\n      WHERE email = :email';
  assert.equal(
    await errorIn(sql, 'sql: { from: emial }'),
    's/a/tools.yaml:11:18 tools.find.sql.from: "emial" is not a property of input; expected one of email | did you mean "email"?',
  );
  const base = { 's/a/SKILL.md': skillText('a') };
  const integer = TOOL.replace(sql, 'sql: { from: email }').replace('type: string', 'type: integer');
  assert.match((await errorsOf({ ...base, 's/a/tools.yaml': integer }))[0] ?? '', /:11:18 .*is not a string/);
  const optional = TOOL.replace(sql, 'sql: { from: email }').replace('      required: [email]\n', '');
  assert.match(
    (await errorsOf({ ...base, 's/a/tools.yaml': optional }))[0] ?? '',
    /:10:18 .*not required \| required: \[email\]/,
  );
  const misspelt = TOOL.replace(sql, 'sql: { form: email }');
  assert.deepEqual(await errorsOf({ ...base, 's/a/tools.yaml': misspelt }), [
    's/a/tools.yaml:11:5 tools.find.sql: "from" is missing; expected a string',
    's/a/tools.yaml:11:12 tools.find.sql: unknown key "form"; expected one of from | did you mean "from"?',
  ]);
});

test('a statement that is not understood is an error at its line', async () => {
  assert.equal(
    await errorIn('      FROM', '      SELEKT\n      FROM'),
    's/a/tools.yaml:13:7 tools.find.sql: the statement is not understood: syntax error at "SELEKT"',
  );
});

test('several statements in one are an error', async () => {
  assert.equal(
    await errorIn('= :email', '= :email; SELECT 1'),
    's/a/tools.yaml:11:10 tools.find.sql: found 2 statements; expected exactly one',
  );
});

test('a tool name, a description, a key, a limit, a data class that is wrong names its line', async () => {
  assert.match(
    await errorIn('find:', 'Find-it:'),
    /^s\/a\/tools\.yaml:2:3 tools\.Find-it: the name is not valid; expected a tool name/,
  );
  assert.match(await errorIn('find:', `${'f'.repeat(49)}:`), /^s\/a\/tools\.yaml:2:3 .*at most 48/);
  assert.match(await errorIn('Finds.', '" "'), /^s\/a\/tools\.yaml:3:18 .*not an empty string/);
  assert.equal(
    await errorIn('    description: Finds.\n', ''),
    's/a/tools.yaml:2:3 tools.find: "description" is missing; expected a string',
  );
  assert.match(
    await errorIn('connection: crm', 'connection: crm\n    limit: { rows: 1 }'),
    /^s\/a\/tools\.yaml:5:5 tools\.find: unknown key "limit"; expected one of .* \| did you mean "limits"\?$/,
  );
  assert.equal(
    await errorIn('connection: crm', 'connection: crm\n    limits: { rows: 1, timeout: 5 s }'),
    's/a/tools.yaml:5:33 tools.find.limits.timeout: found "5 s"; expected a duration such as 500ms, 5s, 30m, 12h or 400d',
  );
  assert.match(
    await errorIn('connection: crm', 'connection: crm\n    limits: { rows: 0 }'),
    /^s\/a\/tools\.yaml:5:21 tools\.find\.limits\.rows: found the number 0; expected a whole number of rows from 1/,
  );
  assert.equal(
    await errorIn('connection: crm', 'connection: crm\n    columns: { card: payment_crad }'),
    's/a/tools.yaml:5:22 tools.find.columns.card: unknown data class "payment_crad"; expected one of email, payment_card, us_ssn, iban, phone | did you mean "payment_card"?',
  );
});

test('tokens are turned back only where the text that was inspected is the text that runs', async () => {
  const errors = async (reveals: string, from = '', to = ''): Promise<string> => {
    assert.ok(TOOL.includes(from));
    const text = `${TOOL.replace(from, to)}    reveals: ${reveals}\n`;
    return (await errorsOf({ 's/a/SKILL.md': skillText('a'), 's/a/tools.yaml': text })).join('\n');
  };
  const typed = (type: string): Promise<string> =>
    errors('{ email: email }', '{ type: string }', `{ ${type} }`);
  assert.match(await errors('{ email: emial }'), /unknown data class "emial".*did you mean "email"/);
  assert.match(await errors('{ mail: email }'), /there is no argument "mail"; expected one of email/);
  assert.match(await typed('type: string, format: email'), /"email" has format, which a token may not fit/);
  assert.match(await typed('type: string, maxLength: 254'), /at most 254 characters; a token may have 520/);
  assert.match(await typed('type: integer'), /"email" is not of type string/);
  const statement = /sql: \|[^]*$/.exec(TOOL)?.[0] ?? '';
  assert.match(
    await errors('{ email: email }', statement, 'sql: { from: email }\n'),
    /the agent writes the statement; tokens are turned back only for a fixed one/,
  );
  assert.match(
    await errors('{ email: email }', '    sql:', '    inspect: { email: shell }\n    sql:'),
    /"email" is inspected, and would run with another text/,
  );
  const { value } = await loaded({
    's/a/SKILL.md': skillText('a'),
    's/a/tools.yaml': `${TOOL}    reveals: { email: email }\n`,
  });
  assert.deepEqual(value.tools.get('find')?.reveals, { email: 'email' });
});

test('a file without tools is an error', async () => {
  const files = { 's/a/SKILL.md': skillText('a') };
  assert.deepEqual(await errorsOf({ ...files, 's/a/tools.yaml': '' }), [
    's/a/tools.yaml:1:1 the file: found nothing; expected a mapping of keys to values',
  ]);
  assert.match(
    (await errorsOf({ ...files, 's/a/tools.yaml': 'tools: {}\n' }))[0] ?? '',
    /:1:8 tools: .*at least one tool/,
  );
  assert.match(
    (await errorsOf({ ...files, 's/a/tools.yaml': 'tolls: {}\n' })).join(),
    /:1:1 .*did you mean "tools"/,
  );
});

test('a skill without SKILL.md or tools.yaml is an error', async () => {
  assert.deepEqual(await errorsOf({ 's/a/tools.yaml': TOOL }), [
    's/a/SKILL.md the skill "a" has no SKILL.md; expected SKILL.md and tools.yaml in its folder | write s/a/SKILL.md, or remove the folder',
  ]);
  assert.match(
    (await errorsOf({ 's/a/SKILL.md': skillText('a') }))[0] ?? '',
    /^s\/a\/tools\.yaml the skill "a" has no tools\.yaml/,
  );
});

test('a name that is not the folder is an error', async () => {
  assert.deepEqual(await errorsOf({ 's/a/SKILL.md': skillText('b'), 's/a/tools.yaml': TOOL }), [
    's/a/SKILL.md:2:7 name: found "b"; expected "a", the name of the folder | write name: a, or rename the folder to b',
  ]);
});

test('frontmatter is held to the specification, at its line', async () => {
  const of = async (text: string): Promise<string[]> =>
    errorsOf({ 's/a/SKILL.md': text, 's/a/tools.yaml': TOOL });
  assert.match((await of('# Title\n'))[0] ?? '', /^s\/a\/SKILL\.md:1:1 no frontmatter/);
  assert.match((await of('---\nname: a\ndescription: x\n'))[0] ?? '', /no frontmatter/);
  assert.deepEqual(await of('---\nname: a\n---\n'), [
    's/a/SKILL.md:2:1 the file: "description" is missing; expected a string',
  ]);
  assert.match(
    (await of('---\nname: a--b\ndescription: x\n---\n'))[0] ?? '',
    /^s\/a\/SKILL\.md:2:7 name: .*expected lower-case/,
  );
  assert.match(
    (await of(`---\nname: a\ndescription: ${'x'.repeat(1025)}\n---\n`))[0] ?? '',
    /:3:14 .*at most 1024/,
  );
  assert.match(
    (await of('---\nname: a\nname: a\ndescription: x\n---\n'))[0] ?? '',
    /:3:1 the key is written twice; .*line 2/,
  );
  assert.match(
    (await of('---\nname: a\ndescription: x\nmetadata: { a: 1 }\n---\n'))[0] ?? '',
    /:4:16 metadata\.a: /,
  );
});

test('a key that the specification does not know is a warning', async () => {
  const text = '---\nname: a\ndescription: x\nlicence: MIT\n---\n';
  const { warnings } = await loaded({ 's/a/SKILL.md': text, 's/a/tools.yaml': TOOL });
  assert.match(
    shown(warnings)[0] ?? '',
    /^s\/a\/SKILL\.md:4:1 unknown key "licence"; .*\| did you mean "license"\?$/,
  );
});

test('all errors of all files are told at once, in the order of the files', async () => {
  const errors = await errorsOf({
    's/b/SKILL.md': 'x',
    's/b/tools.yaml': TOOL.replace('crm', 'nope').replace('find:', 'b:'),
    's/a/SKILL.md': skillText('a'),
    's/a/tools.yaml': TOOL.replace('crm', 'nope').replace('= :email', '= :x'),
  });
  assert.deepEqual(
    errors.map((each) => each.split(' ')[0]),
    ['s/a/tools.yaml:4:17', 's/b/SKILL.md:1:1', 's/b/tools.yaml:4:17'],
  );
});

test('the shipped skill loads without an error or a warning', async (t) => {
  const path = 'skills/customer-support/';
  const read = (name: string): string =>
    readFileSync(new URL(`../../${path}${name}`, import.meta.url), 'utf8');
  const { value, warnings } = await loaded({
    [`${path}SKILL.md`]: read('SKILL.md'),
    [`${path}tools.yaml`]: read('tools.yaml'),
  });
  assert.deepEqual(warnings, []);
  assert.deepEqual(value.skills[0]?.allowedTools.toSorted(), [...value.tools.keys()]);

  // And SQLite itself knows what each of its statements means.
  const database = new DatabaseSync(':memory:');
  t.after(() => database.close());
  database.exec(`
    CREATE TABLE customers (id INTEGER PRIMARY KEY, name, email, phone, city, country, card_number, ssn, iban, created_at, notes);
    CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id, placed_at, status, total_cents);
    CREATE TABLE notes (id INTEGER PRIMARY KEY, customer_id, author, written_at, body);
  `);
  for (const { action, inputSchema } of value.tools.values()) {
    if (!('statement' in action)) continue;
    const names = Object.keys(inputSchema['properties'] as object);
    const statement = database.prepare(action.statement.text);
    statement.all(Object.fromEntries(names.map((name) => [name, 1])));
  }
});
