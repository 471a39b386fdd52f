import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../path/waiting.ts';
import type { GatewayProcess } from '../support/gateway-process.ts';
import type { Asked, Said } from '../clients/asked-client.ts';
import {
  approvalOf,
  approvalsOf,
  came,
  connectPerson,
  mark,
  marks,
  startHeld,
  tokenFor,
  toldOf,
  type ClientName,
} from './held-gateway.ts';

const CLIENTS = ['v2 of 2026', 'v2 of 2025', 'v1 of 2025'] as const;
const forms = { form: {} };
const approve: Said = { action: 'accept', content: { decision: 'approve', comment: 'Seen.' } };

let gateway: GatewayProcess;
let alice: string;
let bob: string;
before(async () => {
  gateway = await startHeld({
    held: {
      customers: '@approval("dba")',
      orders: '@approval("requester")',
      notes: '@approval("dba")\n@justify',
    },
    wait: '15s',
  });
  alice = await tokenFor(gateway, 'alice', 'support');
  bob = await tokenFor(gateway, 'bob', 'dba');
});
after(async () => {
  await gateway.stop();
});

async function newest(): Promise<string> {
  return (await approvalsOf(gateway))[0]?.request.id ?? assert.fail('no approval');
}

/** Asks for reviews by the tool where nobody asks an idle session of the revision. */
function reviewing(client: ClientName, person: Asked): Promise<unknown> {
  return client === 'v2 of 2026' ? person.call('review_approvals') : Promise.resolve();
}

for (const [at, client] of CLIENTS.entries()) {
  test(`SDK ${client} on both sides: the reviewer is asked while the call waits, and it runs with their word`, async () => {
    const row = 20 + at;
    const reviewer = await connectPerson(gateway, client, {
      token: bob,
      elicitation: forms,
      person: ({ message }) =>
        String(message).includes(`id = ${row}`) && reviewer.questions.length === 1
          ? approve
          : { action: 'cancel' },
    });
    const requester = await connectPerson(gateway, client, { token: alice, elicitation: forms });
    const reviews = reviewing(client, reviewer);
    const progress: string[] = [];
    const done = came(
      await requester.call('run_sql', mark('customers', row), {
        onprogress: ({ message }) => void progress.push(message ?? ''),
      }),
    );
    assert.equal(done.outcome, 'answered', done.text);
    assert.equal(marks(gateway, 'customers', row), 1);
    assert.deepEqual(requester.questions, [], 'the requester was asked nothing');
    const [question = assert.fail('the reviewer was not asked')] = reviewer.questions;
    assert.match(String(question['message']), /alice asks, through asked-client/);
    assert.match(String(question['message']), /\n {4}\| UPDATE customers SET/);
    assert.match(String(question['message']), /Writes to: customers/);
    const { status, verdicts } = await approvalOf(gateway, await newest());
    assert.equal(status, 'spent');
    assert.deepEqual(
      verdicts.map(({ by, channel, comment }) => [by.id, channel, comment]),
      [['bob', 'review_tool', 'Seen.']],
    );
    await requester.close();
    await reviewer.close();
    await reviews.catch(() => undefined);
  });

  test(`SDK ${client}: the requester's own human accepts, with low assurance on record, or declines`, async () => {
    for (const [row, decision] of [
      [30 + at, 'approve'],
      [40 + at, 'decline'],
    ] as const) {
      const requester = await connectPerson(gateway, client, {
        token: alice,
        elicitation: forms,
        person: () => ({ action: 'accept', content: { decision } }),
      });
      const done = came(await requester.call('run_sql', mark('orders', row)));
      assert.equal(done.outcome, decision === 'approve' ? 'answered' : 'refused', done.text);
      assert.equal(requester.questions.length, 1);
      assert.ok(String(requester.questions[0]?.['message']).includes(mark('orders', row).statement));
      assert.equal(marks(gateway, 'orders', row), decision === 'approve' ? 1 : 0);
      const [verdict] = (await approvalOf(gateway, await newest())).verdicts;
      assert.deepEqual(
        [verdict?.by.id, verdict?.channel, verdict?.assurance, verdict?.approve],
        ['alice', 'elicitation', 'low', decision === 'approve'],
      );
      await requester.close();
    }
  });

  test(`SDK ${client}: the requester says why, and the reviewer reads it before deciding`, async () => {
    const row = 50 + at;
    const requester = await connectPerson(gateway, client, {
      token: alice,
      elicitation: forms,
      person: () => ({ action: 'accept', content: { justification: 'Ticket 4711' } }),
    });
    const asking = requester.call('run_sql', mark('notes', row));
    await until('her reason on record', async () => {
      const [last] = await approvalsOf(gateway);
      return last?.justification === 'Ticket 4711' && last.status === 'pending' ? true : null;
    });
    const reviewer = await connectPerson(gateway, client, {
      token: bob,
      elicitation: forms,
      person: ({ message }) =>
        String(message).includes('Why they need it: Ticket 4711') ? approve : { action: 'cancel' },
    });
    const reviews = reviewing(client, reviewer);
    const done = came(await asking);
    assert.equal(done.outcome, 'answered', done.text);
    assert.equal(marks(gateway, 'notes', row), 1);
    assert.match(String(requester.questions[0]?.['message']), /Why is this needed\?/);
    const id = await newest();
    assert.deepEqual(
      (await toldOf(gateway, id)).map(({ type }) => type).filter((type) => type !== 'approval.asked'),
      ['approval.requested', 'approval.justified', 'approval.decided', 'approval.used'],
    );
    assert.equal((await approvalOf(gateway, id)).justification, 'Ticket 4711');
    await requester.close();
    await reviewer.close();
    await reviews.catch(() => undefined);
  });
}
