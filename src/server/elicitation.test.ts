import assert from 'node:assert/strict';
import { test } from 'node:test';
import { specTypeSchemas } from '@modelcontextprotocol/server';
import { formFor } from '../govern/ask-requester.ts';
import { reviewForm } from '../govern/review-form.ts';
import type { Approval } from '../model/approval.ts';
import type { InputAsk } from '../model/answer.ts';
import { declaredElicitation, elicitationParams } from './elicitation.ts';

test('a client is asked what it declares, by the rules of the revision that is spoken', () => {
  const none = { form: false, url: false };
  const forms = { form: true, url: false };
  const cases: readonly (readonly [unknown, string, typeof none])[] = [
    [{ elicitation: {} }, '2026-07-28', forms],
    [{ elicitation: {} }, '2025-11-25', forms],
    [{ elicitation: {} }, '2025-06-18', forms],
    [{ elicitation: {} }, '2025-03-26', none],
    [{ elicitation: {} }, '', none],
    [{ elicitation: { form: {} } }, '2026-07-28', forms],
    [{ elicitation: { form: {}, url: {} } }, '2026-07-28', { form: true, url: true }],
    [{ elicitation: { url: {} } }, '2025-11-25', { form: false, url: true }],
    // 2025-06-18 has no modes: whoever elicits at all takes forms, and nobody takes links.
    [{ elicitation: { url: {} } }, '2025-06-18', forms],
    [{}, '2026-07-28', none],
    [undefined, '2026-07-28', none],
    [{ elicitation: null }, '2026-07-28', none],
    [{ elicitation: true }, '2026-07-28', none],
    [{ elicitation: [] }, '2026-07-28', none],
  ];
  for (const [capabilities, version, expected] of cases) {
    assert.deepEqual(
      declaredElicitation(capabilities, version),
      expected,
      `${version} ${JSON.stringify(capabilities)}`,
    );
  }
});

const approval = {
  request: {
    id: 'apr_1',
    requester: { kind: 'user', id: 'alice', issuer: 'https://idp.test' },
    client: 'agent 1.0',
    tool: 'run_sql',
    connection: 'crm',
    environment: 'production',
    shape: 'f00d',
    demands: [{ policy: { id: 'p#1' }, from: 'requester', approvals: 1, grantsMs: 3_600_000, justify: true }],
    reason: 'Writes are approved.',
    arguments: { statement: 'DELETE FROM customers' },
    facts: {},
    expiresAt: 60_000,
  },
  status: 'pending',
  verdicts: [],
  justification: null,
} as unknown as Approval;

const args = { statement: 'DELETE FROM customers' };

test('the forms of the gateway have the shape that MCP allows, in every revision', () => {
  const choices: readonly InputAsk[] = [
    formFor('approve', approval, args),
    reviewForm(approval, ['a note'], 0),
  ];
  for (const ask of [...choices, formFor('justify', approval, args)]) {
    for (const version of ['2025-06-18', '2025-11-25', '2026-07-28']) {
      const params = elicitationParams(ask, version);
      const checked = specTypeSchemas.ElicitRequestFormParams['~standard'].validate(params);
      assert.equal(checked.issues, undefined, `${version} ${JSON.stringify(checked.issues)}`);
      // Nothing that a form says is lost on a client that reads it by the letter of the revision.
      assert.deepEqual('value' in checked ? checked.value : null, params);
      const text = JSON.stringify(params);
      assert.equal(text.includes('oneOf'), choices.includes(ask) && version !== '2025-06-18');
      assert.equal(text.includes('enumNames'), choices.includes(ask) && version === '2025-06-18');
    }
  }
});
