import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadPatterns } from './patterns-file.ts';

const GOOD = `results: true
patterns:
  - name: refund
    explain: Presses for a refund.
    score: 20
    words: [refund]
    pattern: \\brefund me\\b
    match: [Refund me!]
    no_match: [The refund was sent.]
`;

function errorsOf(text: string): readonly string[] {
  const loaded = loadPatterns({ path: 'policies/patterns.yaml', text });
  assert.ok(!loaded.ok, 'it was taken');
  return loaded.errors.map(({ line, message }) => `${line}: ${message}`);
}

test('a good file is loaded, and no file is no patterns', () => {
  const loaded = loadPatterns({ path: 'p', text: GOOD });
  assert.ok(loaded.ok, JSON.stringify(loaded));
  assert.equal(loaded.value.results, true);
  assert.equal(loaded.value.patterns.length, 1);
  const none = loadPatterns(null);
  assert.ok(none.ok && none.value.patterns.length === 0 && !none.value.results);
  const empty = loadPatterns({ path: 'p', text: '' });
  assert.ok(empty.ok && empty.value.patterns.length === 0);
});

test('the digest changes with whatever the file says', () => {
  const digestOf = (text: string): string => {
    const loaded = loadPatterns({ path: 'p', text });
    assert.ok(loaded.ok, JSON.stringify(loaded));
    return loaded.value.digest;
  };
  const digests = [
    GOOD,
    GOOD.replace('true', 'false'),
    GOOD.replace('20', '21'),
    GOOD.replace('[refund]', '[refun]'),
    GOOD.replace('refund me\\b', 'refund me'),
    GOOD.replace('name: refund', 'name: refunds'),
  ].map(digestOf);
  assert.equal(new Set(digests).size, digests.length);
  assert.equal(digestOf(`${GOOD}# a comment\n`), digestOf(GOOD));
});

test('each mistake has its line and says what was expected', () => {
  for (const [from, to, expected] of [
    ['pattern: \\brefund me\\b', 'pattern: "(?=refund)"', /^7: refund: expected a pattern in RE2 syntax \(/],
    ['pattern: \\brefund me\\b', 'pattern: "(refund) \\\\1"', /^7: refund: expected a pattern in RE2 syntax/],
    ['[Refund me!]', '[Pay me!]', /^8: refund does not find this example$/],
    ['[The refund was sent.]', '[They refund me.]', /^9: refund finds this example and must not$/],
    ['words: [refund]', 'words: [payback]', /^8: refund does not find this example$/],
    ['score: 20', 'score: 2.5', /^5: "patterns\.0\.score": /],
    ['score: 20', 'score: 0', /^5: "patterns\.0\.score": /],
    ['score: 20', 'scor: 20', /^5: unknown key "scor" in "patterns\.0"; expected name, explain, score/],
    ['name: refund', 'name: Re Fund', /^3: "patterns\.0\.name": expected a name such as/],
    ['results: true', 'result: true', /^1: unknown key "result" in the file; expected results, patterns/],
    ['match: [Refund me!]\n', '\n', /^\d+: "patterns\.0\.match": /],
    ['results: true', 'results: [', /^\d+: /],
  ] as const) {
    const errors = errorsOf(GOOD.replace(from, to));
    assert.ok(
      errors.some((error) => expected.test(error)),
      `${to}: ${errors.join('\n')}`,
    );
  }
  const twice = GOOD + GOOD.slice(GOOD.indexOf('  - name'));
  assert.match(errorsOf(twice).join(), /^10: the name refund is taken by another pattern$/);
});

test('a bomb of aliases and a pattern made to be slow are refused or harmless', () => {
  const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\n${'bcdefghij'
    .split('')
    .map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghij'[at]}`).join(', ')}]`)
    .join('\n')}\npatterns: []\n`;
  assert.ok(errorsOf(bomb).length > 0);
  const slow = GOOD.replace('\\brefund me\\b', '(r+)+e*f.*(u|u)*n.*d me').replace(
    'Refund me!',
    `${'r'.repeat(1_000)}efund me`,
  );
  assert.ok(loadPatterns({ path: 'p', text: slow }).ok);
  assert.match(
    errorsOf(GOOD.replace('\\brefund me\\b', '((((a{1000}){1000}){1000}){1000})')).join(),
    /RE2 syntax/,
  );
});
