import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../model/json.ts';
import { maskJson } from './mask.ts';
import { loadMaskingRules } from './rules.ts';

const loaded = loadMaskingRules(null);
assert.ok(loaded.ok);
const rules = loaded.value;

const base64 = Buffer.from('reach ann.smith@example.com').toString('base64');

/** What MCP carries beside tables, each with a value in every place that can hold one. */
const MESSAGES: Readonly<Record<string, Json>> = {
  'text blocks and structuredContent': {
    content: [
      { type: 'text', text: 'mail ann.smith@example.com' },
      { type: 'text', text: 'card 4111 1111' },
      { type: 'text', text: '1111 1111' },
    ],
    structuredContent: { card: 4111111111111111, inner: '{"ssn":"536-22-1234"}' },
  },
  'embedded resources': {
    content: [
      {
        type: 'resource',
        resource: { uri: 'file:///a?to=ann.smith%40example.com', text: 'SSN 536-22-1234' },
      },
      { type: 'resource', resource: { uri: 'x:y', blob: base64 } },
    ],
  },
  'the body of a resource': { contents: [{ uri: 'crm://1', text: 'card 4111 1111 1111 1111' }] },
  'the body of a prompt': {
    messages: [{ role: 'user', content: { type: 'text', text: 'SSN 536-22-1234, ann.smith@example.com' } }],
  },
  progress: { progressToken: 'a', progress: 1, message: 'row of ann.smith@example.com' },
  'a log message': { level: 'error', data: { detail: 'Key (email)=(ann.smith@example.com) exists' } },
};

for (const [name, message] of Object.entries(MESSAGES))
  test(`${name}: no value is left wherever it stands`, () => {
    const { value, report } = maskJson(message, rules);
    const whole = JSON.stringify(value);
    assert.ok(report.findings.length > 0);
    for (const left of ['ann.smith', '4111', '1111 1111', '536-22-1234', base64])
      assert.ok(!whole.includes(left), whole);
  });
