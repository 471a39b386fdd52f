import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { recordsIn } from '../path/on-record.ts';
import { startGateway, type GatewayFolder, type GatewayProcess } from '../support/gateway-process.ts';
import { copyWithPort } from './copy-with-port.ts';
import {
  approvalOf,
  hold,
  mark,
  marks,
  post,
  rule,
  shown,
  startHeld,
  tokenFor,
  toldOf,
  type Came,
} from './held-gateway.ts';

const held = { customers: '@approval("dba")' };

let gateway: GatewayProcess;
let alice: string;
let bob: string;
before(async () => {
  gateway = await startHeld({ held });
  alice = await tokenFor(gateway, 'alice', 'support');
  bob = await tokenFor(gateway, 'bob', 'dba');
});
after(async () => {
  await gateway.stop();
});

const answered = (all: readonly Came[]): number => all.filter(({ outcome }) => outcome === 'answered').length;

/** How often the record says that a call under the grant began, and how often that it was used. */
async function usesOnRecord(folder: GatewayFolder, id: string): Promise<readonly [number, number]> {
  const records = await recordsIn(folder);
  const intents = records.filter(({ type, event }) => type === 'call.intent' && event['approval'] === id);
  const used = (await toldOf(folder, id)).filter(({ type }) => type === 'approval.used');
  return [intents.length, used.length];
}

test('of two reviewers who decide at once one decides, and it runs once', async () => {
  const dora = await tokenFor(gateway, 'dora', 'dba');
  for (const row of [1, 2, 3]) {
    const args = mark('customers', row);
    const id = await hold(gateway, alice, args);
    const asked = await Promise.all([bob, dora].map((who) => shown(gateway, who, id)));
    const said = await Promise.all(
      [bob, dora].map((who, index) =>
        post(gateway, who, 'review_approvals', {}, { answer: { state: asked[index]!.state } }),
      ),
    );
    const told = said.map(({ text }) => text).join('\n');
    assert.equal(told.match(/: approved\./g)?.length, 1, told);
    assert.match(told, /was decided, revoked, used or ran out meanwhile/);
    const { status, verdicts } = await approvalOf(gateway, id);
    assert.deepEqual([status, verdicts.length], ['approved', 1]);
    const ran = await Promise.all([1, 2, 3].map(() => post(gateway, alice, 'run_sql', args)));
    assert.equal(answered(ran), 1);
    assert.equal(marks(gateway, 'customers', row), 1);
    assert.deepEqual(await usesOnRecord(gateway, id), [1, 1]);
  }
});

test('of twenty calls at once with the arguments that were approved one runs', async () => {
  const args = mark('customers', 4);
  const id = await hold(gateway, alice, args);
  await rule(gateway, bob, id);
  const ran = await Promise.all(Array.from({ length: 20 }, () => post(gateway, alice, 'run_sql', args)));
  assert.equal(answered(ran), 1);
  assert.equal(marks(gateway, 'customers', 4), 1);
  assert.deepEqual(await usesOnRecord(gateway, id), [1, 1]);
  for (const { outcome } of ran)
    assert.ok(['answered', 'refused', 'awaiting_approval'].includes(outcome), outcome);
});

test('of calls on two gateways over one store one runs', async () => {
  const beside = await startGateway({ folder: await copyWithPort(gateway) });
  try {
    for (const row of [5, 6]) {
      const args = mark('customers', row);
      const id = await hold(gateway, alice, args);
      await rule(beside, bob, id);
      const ran = await Promise.all(
        [gateway, beside, gateway, beside, gateway, beside].map((one) => post(one, alice, 'run_sql', args)),
      );
      assert.equal(answered(ran), 1, JSON.stringify(ran));
      assert.equal(marks(gateway, 'customers', row), 1);
      assert.deepEqual(await usesOnRecord(gateway, id), [1, 1]);
    }
  } finally {
    await beside.stop();
  }
});
