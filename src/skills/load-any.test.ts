import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { loadSkills } from './load.ts';

const folder = 'skills/customer-support';
const read = (name: string): string =>
  readFileSync(new URL(`../../${folder}/${name}`, import.meta.url), 'utf8');
const shipped = { 'SKILL.md': read('SKILL.md'), 'tools.yaml': read('tools.yaml') };

/** Cuts a piece out of a text, or puts one in. */
interface Edit {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

const token = fc.constantFrom(
  '{',
  '}',
  '[',
  ']',
  ':',
  ': ',
  '- ',
  '\n',
  '\n  ',
  '"',
  "'",
  '|',
  '>',
  '&a ',
  '*a',
  '!!str ',
  '#',
  '---\n',
  '\t',
  '\0',

  'null',
  '1e999',
  '-1',
  '__proto__: 1\n',
  'constructor: {}\n',
  'type: 5',
  '$ref: "#"',
  'pattern: "("',
  ':x',
  ';',
  '\u{FEFF}',
  '\uD800',
);
const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.nat({ max: 40 }),
  insert: fc.oneof(token, fc.string({ maxLength: 8 }), fc.constant('')),
});

function apply(text: string, edits: readonly Edit[]): string {
  return edits.reduce((each, { at, remove, insert }) => {
    const start = Math.floor(at * each.length);
    return each.slice(0, start) + insert + each.slice(start + remove);
  }, text);
}

test('whatever becomes of the shipped files, they load or are refused with places', async () => {
  const edits = fc.array(edit, { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(edits, edits, fc.boolean(), async (toTools, toSkill, both) => {
      const texts = {
        'tools.yaml': apply(shipped['tools.yaml'], toTools),
        'SKILL.md': both ? apply(shipped['SKILL.md'], toSkill) : shipped['SKILL.md'],
      };
      const result = await loadSkills({
        files: Object.entries(texts).map(([name, text]) => ({ path: `${folder}/${name}`, text })),
        connections: new Map([['crm', { name: 'crm', kind: 'sqlite', environment: 'demo' }]]),
        compileSql: async () => ({ ok: false, message: 'not looked at' }),
        defaults: { rows: 1, bytes: 1, timeoutMs: 1 },
        dataClasses: ['email'],
      });
      assert.ok(!result.ok);
      for (const { file, line = 1, message } of result.errors) {
        const text = file.endsWith('tools.yaml') ? texts['tools.yaml'] : texts['SKILL.md'];
        assert.ok(line >= 1 && line <= text.split('\n').length, `${file}:${line} ${message}`);
        assert.ok(message.length > 0 && message.length < 2000, message);
      }
    }),
    { numRuns: 300 },
  );
});
