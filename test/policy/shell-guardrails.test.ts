import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inspectShell } from '../../src/inspect/shell/inspect-shell.ts';
import { loadPolicies } from '../../src/policy/load.ts';
import { makeTool, question, shippedPolicies, sqlFacts, user, vocabulary } from './fixture.ts';
import type { PolicySet } from '../../src/policy/policy-set.ts';

const tool = makeTool(
  'file_command',
  { command: { type: 'string' } },
  { skill: 'night-jobs', inspect: { command: 'shell' } },
);

function load(): PolicySet {
  const files = [
    ...shippedPolicies(),
    {
      path: 'policies/night.cedar',
      text: '@id("night") permit (principal in Group::"dba", action in Action::"skill:night-jobs", resource);',
    },
  ];
  const loaded = loadPolicies({ ...vocabulary, tools: [...vocabulary.tools, tool], files });
  assert.ok(loaded.ok, JSON.stringify(loaded, null, 1));
  return loaded.value;
}

function linesOf(file: string): readonly string[] {
  return readFileSync(new URL(`../inspect/shell/${file}`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** How a call with this command ends, and why. */
function ends(set: PolicySet, command: string): string {
  const inspected = inspectShell(command);
  if (!inspected.ok) return `not understood: ${inspected.notUnderstood.message}`;
  const decision = set.decide(
    question({
      tool,
      principal: user('dora', 'dba'),
      input: { command },
      facts: { sql: sqlFacts(), shell: inspected.facts },
    }),
  );
  if (decision.effect !== 'refuse') return decision.effect;
  assert.equal(decision.because, 'forbidden', command);
  return decision.policies.map(({ id }) => id).join(' ');
}

test('the shipped guardrails let the commands of an ordinary day through', (t) => {
  const set = load();
  t.after(() => set.close());
  const commands = linesOf('benign.txt');
  assert.ok(commands.length >= 300, `${commands.length}`);
  const refused = commands
    .map((command) => [command, ends(set, command)])
    .filter(([, end]) => end !== 'allow');
  assert.deepEqual(refused, []);
});

test('the shipped guardrails refuse each hostile command, or it is not understood', (t) => {
  const set = load();
  t.after(() => set.close());
  const commands = linesOf('hostile.txt');
  assert.ok(commands.length >= 200, `${commands.length}`);
  assert.deepEqual(
    commands.filter((command) => ends(set, command) === 'allow'),
    [],
  );
});
