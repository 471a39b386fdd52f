import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { DATA_CLASSES } from './data-classes.ts';
import { maskResult, maskText } from './mask.ts';
import { loadMaskingRules, type MaskingRules } from './rules.ts';

function load(text: string): MaskingRules {
  const loaded = loadMaskingRules({ path: 'policies/masking.yaml', text });
  assert.ok(loaded.ok, JSON.stringify(loaded));
  return loaded.value;
}

function errorsOf(text: string): readonly (readonly [number | undefined, string, string | undefined])[] {
  const loaded = loadMaskingRules({ path: 'policies/masking.yaml', text });
  assert.ok(!loaded.ok, 'it loaded');
  return loaded.errors.map(({ file, line, message, suggestion }) => {
    assert.equal(file, 'policies/masking.yaml');
    return [line, message, suggestion];
  });
}

test('without a file, or with an empty one, every class is redacted', () => {
  const none = loadMaskingRules(null);
  assert.ok(none.ok);
  for (const name of DATA_CLASSES) assert.equal(none.value.classes[name]?.strategy, 'redact');
  assert.equal(load('').digest, none.value.digest);
  assert.equal(load('# nothing\n').digest, none.value.digest);
});

test('the shipped file loads', async () => {
  const text = await readFile(new URL('../../policies/masking.yaml', import.meta.url), 'utf8');
  assert.equal(load(text).classes['payment_card']?.strategy, 'keep_last_four');
});

test('the digest changes with what the file says, and not with how it is written', () => {
  const one = load('classes: { email: { threshold: 60 } }');
  assert.equal(load('classes:\n  email:\n    threshold: 60 # sure\n').digest, one.digest);
  assert.notEqual(load('classes: { email: { threshold: 70 } }').digest, one.digest);
  assert.notEqual(load('tools: { t: { columns: { memo: email } } }').digest, load('').digest);
  assert.match(one.digest, /^[0-9a-f]{64}$/);
});

test('a threshold decides from which score on a finding counts', () => {
  const text = 'order 123-45-6789';
  assert.equal(maskText(text, load('')).value, 'order [redacted:us_ssn]');
  assert.equal(maskText(text, load('classes: { us_ssn: { threshold: 90 } }')).value, text);
  assert.equal(
    maskText('id 123456789', load('classes: { us_ssn: { threshold: 20 } }')).value,
    'id [redacted:us_ssn]',
  );
});

test('a tool has its own strategies and columns', () => {
  const rules = load(
    'classes: { payment_card: { strategy: keep_last_four } }\n' +
      'tools: { find: { classes: { payment_card: { strategy: redact } }, columns: { Memo: national_id } } }',
  );
  const result = {
    kind: 'table',
    columns: ['memo', 'note'].map((name) => ({ name, type: 'text' })),
    rows: [['x', '4111111111111111']],
    truncated: null,
    rowsAffected: null,
  } as const;
  const how = { columnClasses: {}, resultColumns: null, unmasked: new Set<string>() };
  const rowsFor = (tool: string): unknown => maskResult(result, { ...how, tool }, rules).value.rows;
  assert.deepEqual(rowsFor('find'), [['[redacted:national_id]', '[redacted:payment_card]']]);
  assert.deepEqual(rowsFor('other'), [['x', '[payment_card *1111]']]);
});

describe('an error names line, what was found, what was expected, and the nearest match', () => {
  test('an unknown class', () => {
    const [[line, message, suggestion] = []] = errorsOf('classes:\n  emial: {}\n');
    assert.equal(line, 2);
    assert.match(message ?? '', /"emial" is no data class; expected payment_card, us_ssn/);
    assert.equal(suggestion, 'did you mean "email"?');
  });

  test('an unknown class of a tool column', () => {
    const [[line, message, suggestion] = []] = errorsOf('tools:\n  t:\n    columns:\n      memo: ibann\n');
    assert.equal(line, 4);
    assert.match(message ?? '', /"ibann" is no data class/);
    assert.equal(suggestion, 'did you mean "iban"?');
  });

  test('an unknown key, at the top and in a class', () => {
    assert.deepEqual(errorsOf('# c\nclases: {}\n'), [
      [
        2,
        'unknown key "clases" in the file; expected phone_regions, pseudonyms_within, detectors, paths, classes, tools',
        'did you mean "classes"?',
      ],
    ]);
    const [[line, , suggestion] = []] = errorsOf('classes:\n  email:\n    stratgy: redact\n');
    assert.deepEqual([line, suggestion], [3, 'did you mean "strategy"?']);
  });

  test('a strategy that would switch a class off', () => {
    const [[line, message, suggestion] = []] = errorsOf('classes:\n  email:\n    strategy: none\n');
    assert.equal(line, 3);
    assert.equal(
      message,
      '"classes.email.strategy" is "none"; expected redact or keep_last_four or keep_domain or generalise or tokenise or tokenise_reversibly or format_preserving or drop or block',
    );
    assert.match(suggestion ?? '', /unmask/);
  });

  test('a threshold that would switch a class off, or is no number', () => {
    assert.equal(errorsOf('classes:\n  email:\n    threshold: 100\n')[0]?.[0], 3);
    assert.match(
      errorsOf('classes: { email: { threshold: high } }')[0]?.[1] ?? '',
      /is "high"; expected number/,
    );
  });

  test('four characters of a class that they would give away', () => {
    const [[line, message] = []] = errorsOf('classes:\n  us_ssn:\n    strategy: keep_last_four\n');
    assert.equal(line, 3);
    assert.match(
      message ?? '',
      /keep_last_four is not for us_ssn; it is for payment_card, iban, bank_account/,
    );
  });

  test('a country that is none, text that is no YAML, two keys of one name, a bomb of aliases', () => {
    assert.match(errorsOf('phone_regions: [US, UK]')[0]?.[1] ?? '', /"UK" is no ISO 3166 country code/);
    assert.equal(errorsOf('classes: {}\n\tx: [')[0]?.[0], 2);
    assert.equal(errorsOf('classes: {}\nclasses: {}\n')[0]?.[0], 2);
    const bomb = [
      'a: &a [x, x]',
      ...Array.from(
        { length: 20 },
        (_, i) => `${'b'.repeat(i + 1)}: &n${i} [${i === 0 ? '*a, *a' : `*n${i - 1}, *n${i - 1}`}]`,
      ),
    ];
    assert.ok(errorsOf(bomb.join('\n')).length > 0);
    assert.ok(errorsOf('just a text').length > 0);
    assert.ok(errorsOf(`# ${'x'.repeat(300_000)}`).length > 0);
  });
});

describe('a detector of an operator', () => {
  const said = `detectors:
  - name: loyalty
    class: national_id
    pattern: 'LC-\\d{6}'
    words: [loyalty, bonus card]
    score: 40
    match: ['loyalty LC-123456']
    no_match: ['order LC-123456', 'LC-12']
`;

  test('finds beside its words what is built in does not know', () => {
    const rules = load(said);
    assert.equal(maskText('Loyalty no. LC-123456.', rules).value, 'Loyalty no. [redacted:national_id].');
    assert.equal(maskText('bonus card ＬＣ-１２３４５６', rules).value, 'bonus card [redacted:national_id]');
    assert.equal(maskText('order LC-123456', rules).value, 'order LC-123456');
    assert.notEqual(rules.digest, load('').digest);
  });

  test('is refused where its examples, its class or its pattern are wrong, with the line', () => {
    const [[line, message] = []] = errorsOf(said.replace('loyalty LC-123456', 'LC-123456'));
    assert.equal(line, 4);
    assert.match(message ?? '', /"LC-123456" of match is not found/);
    assert.match(
      errorsOf(said.replace("LC-12'", "loyalty LC-999999'"))[0]?.[1] ?? '',
      /of no_match is found/,
    );
    assert.match(errorsOf(said.replace('LC-', '(?=x)LC-'))[0]?.[1] ?? '', /no RE2 pattern/);
    assert.equal(errorsOf(said.replace('national_id', 'nationalid'))[0]?.[2], 'did you mean "national_id"?');
    assert.ok(errorsOf(said.replace('score', 'skore')).some(([at]) => at === 6));
  });
});
