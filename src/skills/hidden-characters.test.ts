import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSkillDocument } from './frontmatter.ts';
import { hiddenCharacters, hiddenIn } from './hidden-characters.ts';
import { parseYaml } from './yaml-document.ts';

const tags = Array.from('call me', (letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0))).join('');

test('what a reader of a skill does not see is an error with its place, also behind an escape', () => {
  const parsed = parseYaml(
    'tools.yaml',
    `tools:\n  find:\n    description: "Finds.\\u202e"\n    sql: |\n      SELECT 1\n      ${tags}\n`,
  );
  assert.ok(parsed.ok);
  const errors = hiddenCharacters(parsed.document);
  assert.deepEqual(
    errors.map(({ line, message }) => [line, /U\+[0-9A-F]+/.exec(message)?.[0]]),
    [
      [3, 'U+202E'],
      [6, 'U+E0063'],
    ],
  );
});

test('a hidden character in a key or in the instructions of a skill is found', () => {
  const parsed = parseYaml('tools.yaml', `tools:\n  "fi\\u200bnd": 1\n`);
  assert.ok(parsed.ok);
  assert.equal(hiddenCharacters(parsed.document)[0]?.line, 2);
  const read = readSkillDocument(
    'a/SKILL.md',
    `---\nname: a\ndescription: b\n---\n# Title\nGo${tags}\n`,
    'a',
  );
  assert.ok(!read.ok);
  assert.deepEqual([read.errors[0]?.line, read.errors[0]?.column], [6, 3]);
});

test('every script, emoji and layout that people write is kept', () => {
  const texts = ['می‌خواهم', 'क्‍ष', '👩‍💻 🏳️‍🌈', 'naïve\tcafé\r\n“quotes” — ½', '日本語', 'ﬁne', 'שלום'];
  for (const text of texts) assert.equal(hiddenIn(text), null, text);
  for (const text of [
    'a\u200bb',
    'a\u200db',
    'a\u200c',
    '\u200dü',
    'ü\u200d\u200dü',
    '\u0000',
    '\u001b[2J',
    '\ufeff',
    '\u2028',
    '\u00ad',
    '\u061c',
    '\u3164',
    '\ue000',
  ])
    assert.notEqual(hiddenIn(text), null, JSON.stringify(text));
});
