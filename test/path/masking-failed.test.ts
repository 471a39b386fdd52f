import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { peek, regulated, someCustomer, type Customer } from './example.ts';
import { openLine, unmaskable, withBrokenMasking, type Line } from './line.ts';
import { assertNotIn, assertNotInStore, history } from './on-record.ts';

let line: Line;
let customer: Customer;
before(async () => {
  line = await openLine();
  customer = someCustomer(line.folder);
});
after(() => line.close());

test('a result that can’t be masked is withheld, and the agent is told a fixed sentence', async () => {
  const answer = await line.call('find_customer', { email: customer.email }, unmaskable(line.stations));
  assert.deepEqual(
    { ...answer, call: '' },
    {
      outcome: 'refused',
      cause: 'masking_failed',
      call: '',
      policies: [],
      reason: 'The result could not be masked and was withheld.',
    },
  );
  const [, outcome] = await history(line.folder, answer.call, ['call.intent', 'call.outcome']);
  assert.equal(outcome.event['cause'], 'masking_failed');
  assert.equal(outcome.event['executed'], true);
  assert.equal(outcome.payload, null);
});

test('where the statement wrote, the agent is told that it was carried out all the same', async () => {
  const args = { customer_id: customer.id, body: 'written behind a broken mask' };
  const answer = await line.call('add_note', args, unmaskable(line.stations));
  assert.ok(answer.outcome === 'refused' && answer.reason.endsWith('The statement was carried out.'));
  assert.equal(peek(line.folder, `SELECT count(*) FROM notes WHERE body = '${args.body}'`), 1);
  await history(line.folder, answer.call, ['call.intent', 'call.outcome']);
});

test('arguments that can’t be masked for the record are not run, and that is on record without them', async () => {
  const rules = withBrokenMasking(line.stations.rules());
  const args = { customer_id: customer.id, body: `never written, ${customer.email}` };
  const answer = await line.call('add_note', args, { rules: () => rules });
  assert.equal(answer.outcome, 'refused');
  assert.equal('cause' in answer ? answer.cause : null, 'masking_failed');
  assert.equal(peek(line.folder, `SELECT count(*) FROM notes WHERE body LIKE 'never written%'`), 0);
  const [refused] = await history(line.folder, answer.call, ['call.refused']);
  assert.equal(refused.event['cause'], 'masking_failed');
  assert.equal(refused.event['withheld'], true);
  assert.equal(refused.payload, null);
  assertNotIn('the record', JSON.stringify(refused), [customer.email]);
});

test('a refusal whose reason can’t be masked is still a refusal, without its words', async () => {
  const rules = withBrokenMasking(line.stations.rules());
  const answer = await line.call('run_sql', { statement: `SELEC '${customer.ssn}'` }, { rules: () => rules });
  assert.ok(answer.outcome === 'refused' && answer.cause === 'not_understood');
  assert.match(answer.reason, /nothing was executed/);
  assertNotIn('the answer', JSON.stringify(answer), [customer.ssn]);
  const [refused] = await history(line.folder, answer.call, ['call.refused']);
  assert.equal(refused.event['cause'], 'not_understood');
});

test('every failing mask alarmed the operator, and no value reached the store', () => {
  assert.ok(line.alarms.length >= 4);
  assert.ok(line.alarms.every(({ station }) => station === 'mask'));
  assertNotInStore(line.folder, regulated(customer));
});
