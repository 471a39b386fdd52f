import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadSkills } from './load.ts';
import type { LoadError } from '../model/load-error.ts';
import type { Connection } from '../model/tool.ts';

const crm: Connection = { name: 'crm', kind: 'sqlite', environment: 'demo' };

const TOOL = `tools:
  ask:
    description: Files a command for the night.
    connection: crm
    input:
      type: object
      properties:
        command: { type: string }
        other: { type: string }
        count: { type: integer }
        note: { type: string }
      required: [command, other, count]
      additionalProperties: false
    sql: { from: other }
    inspect: { command: shell }
`;

async function load(text: string) {
  return await loadSkills({
    files: [
      { path: 's/a/SKILL.md', text: '---\nname: a\ndescription: Looks things up.\n---\n' },
      { path: 's/a/tools.yaml', text },
    ],
    connections: new Map([['crm', crm]]),
    compileSql: () => Promise.resolve({ ok: false, message: 'no fixed statement here' }),
    defaults: { rows: 1000, bytes: 1024 ** 2, timeoutMs: 10_000 },
    dataClasses: [],
  });
}

async function errorsWith(inspect: string): Promise<readonly string[]> {
  const loaded = await load(TOOL.replace('{ command: shell }', inspect));
  assert.ok(!loaded.ok);
  return loaded.errors.map(({ file, line, column, message, suggestion }: LoadError) =>
    [`${file}:${line}:${column} ${message}`, ...(suggestion === undefined ? [] : [suggestion])].join(' | '),
  );
}

test('a tool says which of its arguments is a command', async () => {
  const loaded = await load(TOOL);
  assert.ok(loaded.ok, JSON.stringify(loaded));
  assert.deepEqual(loaded.value.tools.get('ask')?.inspect, { command: 'shell' });
});

test('a tool that says nothing has nothing inspected', async () => {
  const loaded = await load(TOOL.replace('    inspect: { command: shell }\n', ''));
  assert.ok(loaded.ok);
  assert.deepEqual(loaded.value.tools.get('ask')?.inspect, {});
});

test('an inspected argument must be a required string of the input, and a kind one that exists', async () => {
  assert.deepEqual(await errorsWith('{ comand: shell }'), [
    `s/a/tools.yaml:15:24 tools.ask.inspect.comand: "comand" is not a property of input; expected one of command, other, count, note | did you mean "command"?`,
  ]);
  assert.deepEqual(await errorsWith('{ count: shell }'), [
    `s/a/tools.yaml:15:23 tools.ask.inspect.count: the property "count" of input is not a string; expected type: string`,
  ]);
  assert.deepEqual(await errorsWith('{ note: shell }'), [
    `s/a/tools.yaml:15:22 tools.ask.inspect.note: the property "note" is not required | required: [note]`,
  ]);
  assert.deepEqual(await errorsWith('{ command: shel }'), [
    's/a/tools.yaml:15:25 tools.ask.inspect.command: found "shel"; expected one of shell, http | did you mean "shell"?',
  ]);
  assert.match((await errorsWith('{ constructor: shell }')).join(), /"constructor" is not a property/);
});

test('one argument a kind: two commands would be decided on as if they were one', async () => {
  assert.match(
    (await errorsWith('{ command: shell, other: shell }')).join(),
    /inspect\.other: "command" is inspected as shell already/,
  );
});
