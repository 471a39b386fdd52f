import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import assert from 'node:assert/strict';
import { readAll } from '../../test/contracts/read-all.ts';
import { intentOf } from '../../test/contracts/sample-record.ts';
import { callOf, demand, deskOn, held, MINUTE, ruling, service, user } from '../../test/approval/fixture.ts';
import { openSqliteStore } from '../sessions/sqlite-store/open-sqlite-store.ts';
import type { Store } from '../sessions/store.ts';
import type { Approval } from '../model/approval.ts';
import type { HeldCall } from '../model/approval-desk.ts';

interface World {
  readonly store: Store;
  /** Another opening of the same file, as another process has it. */
  readonly other: Store;
  readonly time: { now: number };
  readonly desk: ReturnType<typeof deskOn>;
  /** Executes as the line does: the grant is spent with the intent. */
  readonly execute: (grant: Approval, heldCall: HeldCall, at?: Store) => Promise<boolean>;
  readonly told: () => Promise<readonly string[]>;
}

async function withDesk(work: (world: World) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-desk-'));
  const path = join(directory, 'record.db');
  const store = await openSqliteStore({ path, clock: Date.now });
  const other = await openSqliteStore({ path, clock: Date.now });
  const time = { now: 1_000_000 };
  const desk = deskOn(store, () => time.now);
  try {
    await work({
      store,
      other,
      time,
      desk,
      execute: (grant, { call }, at = store) => {
        const { change, record } = desk.spend(grant, call, time.now);
        return at.appendWith([record, intentOf(call.id, call.session)], change);
      },
      told: async () =>
        (await readAll(store))
          .filter(({ type }) => type !== 'call.intent')
          .map(({ type }) => type.slice('approval.'.length)),
    });
  } finally {
    await Promise.all([store.close(), other.close()]);
    rmSync(directory, { recursive: true });
  }
}

const never = (): AbortSignal => new AbortController().signal;
const bob = user('bob', 'dba');
const dora = user('dora', 'dba');

test('a held call is filed, approved, found, used once, and all of it is on record', () =>
  withDesk(async ({ desk, store, execute, told }) => {
    const asked = held({ statement: "UPDATE t SET a = 'secret'" });
    assert.equal(await desk.find(asked), null);
    const filed = await desk.request(asked);
    assert.equal(filed.status, 'pending');
    assert.deepEqual(filed.request.arguments, { statement: "UPDATE t SET a = '[masked]'" });
    assert.deepEqual((await desk.find(asked))?.request.id, filed.request.id);
    await desk.asked(filed, 'cli', 'bob');
    const ruled = await desk.rule(filed.request.id, bob, ruling({ comment: 'the secret is fine' }));
    assert.ok(ruled.ok);
    const grant = await desk.find(asked);
    assert.equal(grant?.status, 'approved');
    assert.equal(await execute(grant, asked), true);
    assert.equal(await execute(grant, asked), false);
    assert.equal(await desk.find(asked), null, 'a grant that was used is none');
    assert.deepEqual(await told(), ['requested', 'asked', 'decided', 'used']);
    const records = await readAll(store);
    assert.doesNotMatch(JSON.stringify(records), /secret/);
    assert.doesNotMatch(JSON.stringify(await store.approvals({ limit: 10 })), /secret/);
    const [requested, , decided, used] = records;
    assert.deepEqual([requested?.session, requested?.call], ['ses_1', asked.call.id]);
    assert.deepEqual(requested?.payload, { statement: "UPDATE t SET a = '[masked]'" });
    assert.deepEqual(decided?.event, {
      approval: filed.request.id,
      by: 'bob',
      issuer: 'test',
      approve: true,
      channel: 'cli',
      assurance: 'high',
      comment: 'the [masked] is fine',
      grantMs: null,
      policies: ['held'],
      status: 'approved',
    });
    assert.deepEqual([used?.call, used?.event], [asked.call.id, { approval: filed.request.id, uses: 1 }]);
  }));

test('the same act asked for at once by many calls of two processes is one request', () =>
  withDesk(async ({ desk, other, time, told }) => {
    const second = deskOn(other, () => time.now);
    const filed = await Promise.all(
      Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? desk : second).request(held())),
    );
    assert.equal(new Set(filed.map(({ request }) => request.id)).size, 1);
    assert.deepEqual(await told(), ['requested']);
  }));

test('an approval of one act is none of another: one byte, another person, another tool', () =>
  withDesk(async ({ desk, execute }) => {
    const asked = held({ statement: 'DELETE FROM t WHERE id = 7' });
    const { request } = await desk.request(asked);
    const ruled = await desk.rule(request.id, bob, ruling());
    assert.ok(ruled.ok);
    const others = [
      held({ statement: 'DELETE FROM t WHERE id = 77' }),
      held({ statement: 'DELETE FROM t WHERE id = 7', principal: user('mallory', 'support') }),
      held({ statement: 'DELETE FROM t WHERE id = 7', tool: { ...asked.call.tool, name: 'run_sql_2' } }),
    ];
    for (const one of others) {
      assert.equal(await desk.find(one), null);
      assert.equal(await execute(ruled.approval, one), false, 'not even where a caller hands it in');
    }
    assert.equal(await execute(ruled.approval, asked), true);
  }));

test('two reviewers who race: both are heard where two are asked, and one is too late where one is', () =>
  withDesk(async ({ desk, other, time, told }) => {
    const second = deskOn(other, () => time.now);
    const two = await desk.request(held({ statement: 'two', demands: [demand({ approvals: 2 })] }));
    const both = await Promise.all([
      desk.rule(two.request.id, bob, ruling()),
      second.rule(two.request.id, dora, ruling()),
    ]);
    assert.ok(both.every(({ ok }) => ok));
    const approved = await desk.changed(two.request.id, 0, 0, never());
    assert.deepEqual([approved?.status, approved?.verdicts.length], ['approved', 2]);

    const one = await desk.request(held({ statement: 'one' }));
    const race = await Promise.all([
      desk.rule(one.request.id, bob, ruling()),
      second.rule(one.request.id, dora, ruling({ approve: false })),
    ]);
    const won = race.filter(({ ok }) => ok);
    assert.equal(won.length, 1);
    assert.deepEqual(
      race.find(({ ok }) => !ok),
      { ok: false, problem: 'not_pending' },
    );
    assert.equal((await told()).filter((type) => type === 'decided').length, 3);
  }));

test('one person who answers twice at once is one person', () =>
  withDesk(async ({ desk, other, time }) => {
    const second = deskOn(other, () => time.now);
    const { request } = await desk.request(held({ demands: [demand({ approvals: 2 })] }));
    const race = await Promise.all([
      desk.rule(request.id, bob, ruling()),
      second.rule(request.id, user('bob', 'audit', 'dba'), ruling()),
    ]);
    assert.deepEqual(
      race.find(({ ok }) => !ok),
      { ok: false, problem: 'already_ruled' },
    );
    assert.equal((await desk.changed(request.id, 0, 0, never()))?.status, 'pending');
  }));

test('a reviewer who left the group between asking and deciding is not heard, and neither is one whom policy stopped letting', () =>
  withDesk(async ({ desk, store, time }) => {
    const { request } = await desk.request(held());
    assert.equal((await desk.inbox(bob)).length, 1);
    const left = await desk.rule(request.id, user('bob', 'support'), ruling());
    assert.deepEqual(left, { ok: false, problem: 'not_allowed' });
    let lets = true;
    const strict = deskOn(store, () => time.now, { mayApprove: () => lets });
    assert.equal((await strict.inbox(bob)).length, 1);
    lets = false;
    assert.deepEqual(await strict.rule(request.id, bob, ruling()), { ok: false, problem: 'not_allowed' });
    assert.deepEqual(await strict.inbox(bob), []);
  }));

test('nobody approves their own request, under however many groups, and no machine approves', () =>
  withDesk(async ({ desk }) => {
    const demands = [demand(), demand({ policy: { id: 'second' }, from: 'audit' })];
    const { request } = await desk.request(held({ demands }));
    const alice = user('alice', 'audit', 'dba');
    assert.deepEqual(await desk.rule(request.id, alice, ruling()), { ok: false, problem: 'not_allowed' });
    const machine = await desk.rule(request.id, service('robot', 'audit', 'dba'), ruling());
    assert.deepEqual(machine, { ok: false, problem: 'not_a_person' });
    assert.deepEqual(await desk.inbox(alice), []);
    assert.deepEqual(await desk.inbox(service('robot', 'dba')), []);
    assert.deepEqual(await desk.rule('apr_none', bob, ruling()), { ok: false, problem: 'not_found' });
  }));

test('what ran out is put on record when it is noticed, once, and can be asked for again', () =>
  withDesk(async ({ desk, time, execute, told }) => {
    const asked = held();
    const { request } = await desk.request(asked);
    const ruled = await desk.rule(request.id, bob, ruling());
    assert.ok(ruled.ok);
    time.now = request.expiresAt;
    assert.equal(await execute(ruled.approval, asked), false, 'before anybody noticed');
    const seen = await Promise.all([
      desk.find(asked),
      desk.changed(request.id, 0, 0, never()),
      desk.inbox(bob),
    ]);
    assert.deepEqual([seen[0]?.status, seen[1]?.status], ['expired', 'expired']);
    assert.deepEqual(await desk.rule(request.id, dora, ruling()), { ok: false, problem: 'not_pending' });
    assert.deepEqual(await told(), ['requested', 'decided', 'expired']);
    const again = await desk.request(asked);
    assert.notEqual(again.request.id, request.id);
    time.now += 24 * 60 * MINUTE;
    await desk.find(asked);
    time.now += 24 * 60 * MINUTE;
    assert.equal(await desk.find(asked), null, 'long ago is forgotten');
  }));

test('the request runs out with the first of its demands', () =>
  withDesk(async ({ desk, time }) => {
    const demands = [demand({ expiresMs: 5 * MINUTE }), demand({ policy: { id: 'second' } })];
    const { request } = await desk.request(held({ demands }));
    assert.equal(request.expiresAt, time.now + 5 * MINUTE);
  }));

test('a decline is found by the next call', () =>
  withDesk(async ({ desk, time }) => {
    const { request } = await desk.request(held());
    await desk.rule(request.id, bob, ruling({ approve: false, comment: 'not today' }));
    const found = await desk.find(held());
    assert.deepEqual([found?.status, found?.verdicts[0]?.comment], ['declined', 'not today']);
    time.now += 30 * MINUTE;
    assert.equal(await desk.find(held()), null);
  }));

test('a grant of a shape covers other literals of this person on this connection, each use on record, until it is revoked', () =>
  withDesk(async ({ desk, execute, told }) => {
    const demands = [demand({ grantsMs: 60 * MINUTE })];
    const first = held({ statement: 'UPDATE t SET a = 1 WHERE id = 1', demands });
    const { request } = await desk.request(first);
    assert.ok((await desk.rule(request.id, bob, ruling({ grantMs: 60 * MINUTE }))).ok);
    const second = held({ statement: 'UPDATE t SET a = 2 WHERE id = 2', demands });
    for (const one of [first, second, second]) {
      const grant = await desk.find(one);
      assert.equal(grant?.request.id, request.id);
      assert.equal(await execute(grant, one), true);
    }
    const unlike = [
      held({ demands, facts: { fingerprint: 'bb22' } }),
      held({ demands, facts: { unbounded: true } }),
      held({ demands, principal: user('mallory', 'support') }),
      held({ demands: [demand()] }),
      held({ demands: [demand({ approvals: 2, grantsMs: 60 * MINUTE })] }),
      held({
        demands: [...demands, demand({ policy: { id: 'second' }, from: 'audit', grantsMs: 60 * MINUTE })],
      }),
    ];
    for (const one of unlike) assert.equal(await desk.find(one), null);
    assert.deepEqual(
      (await desk.grants(dora)).map((grant) => grant.uses.length),
      [3],
    );
    assert.deepEqual(await desk.grants(user('eve', 'audit')), []);
    assert.ok((await desk.revoke(request.id, dora, 'enough')).ok);
    assert.equal(await desk.find(second), null);
    assert.deepEqual(await told(), ['requested', 'decided', 'used', 'used', 'used', 'revoked']);
  }));

test('an approval under gentler policies is not enough for stricter ones: it is asked for anew', () =>
  withDesk(async ({ desk, told }) => {
    const { request } = await desk.request(held());
    assert.ok((await desk.rule(request.id, bob, ruling())).ok);
    const stricter = held({ demands: [demand({ approvals: 2 })] });
    assert.equal(await desk.find(stricter), null);
    const anew = await desk.request(stricter);
    assert.notEqual(anew.request.id, request.id);
    assert.equal(anew.status, 'pending');
    assert.deepEqual(await told(), ['requested', 'decided', 'expired', 'requested']);
  }));

test('an approval with less assurance, or without a reason, is not enough for policies that ask for it now', () =>
  withDesk(async ({ desk }) => {
    const gentle = held();
    const { request } = await desk.request(gentle);
    await desk.rule(request.id, bob, ruling({ channel: 'review_tool' }));
    assert.equal((await desk.find(gentle))?.status, 'approved');
    for (const stricter of [demand({ assurance: 'high' }), demand({ justify: true })])
      assert.equal(
        await desk.find({ ...gentle, decision: { ...gentle.decision, demands: [stricter] } }),
        null,
      );
  }));

test('of many who spend one grant at once over two processes one executes', () =>
  withDesk(async ({ desk, store, other, execute }) => {
    for (let round = 0; round < 10; round += 1) {
      const asked = held({ statement: `round ${round}` });
      const { request } = await desk.request(asked);
      const ruled = await desk.rule(request.id, bob, ruling());
      assert.ok(ruled.ok);
      const spent = await Promise.all(
        Array.from({ length: 10 }, (_, n) => {
          const retry = { ...asked, call: { ...asked.call, id: callOf().id } };
          return execute(ruled.approval, retry, n % 2 === 0 ? store : other);
        }),
      );
      assert.equal(spent.filter(Boolean).length, 1);
    }
    assert.equal((await readAll(store)).filter(({ type }) => type === 'call.intent').length, 10);
  }));

test('who waits learns of a change in this process and in another, and waiting ends with the signal', () =>
  withDesk(async ({ desk, other, time }) => {
    const second = deskOn(other, () => time.now);
    const filed = await desk.request(held());
    const waiting = desk.changed(filed.request.id, filed.version, 60_000, never());
    assert.ok((await second.rule(filed.request.id, bob, ruling())).ok);
    assert.equal((await waiting)?.status, 'approved');

    const abort = new AbortController();
    const aborted = desk.changed(filed.request.id, 2, 60_000, abort.signal);
    await sleep(30);
    abort.abort();
    assert.equal((await aborted)?.version, 2);
    assert.equal((await desk.changed(filed.request.id, 2, 40, never()))?.version, 2);
    assert.equal(await desk.changed('apr_none', 0, 60_000, never()), null);
  }));

test('a reviewer who waits learns of a request that they may rule on, and of no other', () =>
  withDesk(async ({ desk, other, time }) => {
    const second = deskOn(other, () => time.now);
    const first = await desk.request(held({ statement: 'first' }));
    let rung = false;
    const waiting = desk.arrived(bob, 60_000, never(), [first.request.id]).then(() => {
      rung = true;
    });
    await desk.request(held({ statement: 'not theirs', demands: [demand({ from: 'audit' })] }));
    await sleep(60);
    assert.equal(rung, false);
    time.now += 1;
    const third = await second.request(held({ statement: 'theirs' }));
    await waiting;
    // What the caller says that it knows is what counts, so that nothing is missed between two questions.
    await desk.arrived(bob, 60_000, never(), [first.request.id]);
    await desk.arrived(bob, 40, never(), [first.request.id, third.request.id]);
    await desk.arrived(bob, 40, never());
    assert.deepEqual(
      (await desk.inbox(bob)).map(({ request }) => request.id),
      [first.request.id, third.request.id],
    );
  }));

test('an inbox shows the oldest request, however many came after it', () =>
  withDesk(async ({ store, time }) => {
    const desk = deskOn(store, () => time.now, { defaults: { mostPending: 10_000 } });
    const first = await desk.request(held({ statement: 'DELETE FROM t WHERE id = 0' }));
    await Promise.all(
      Array.from({ length: 1_100 }, (_, n) => {
        time.now += 1;
        return desk.request(held({ statement: `DELETE FROM t WHERE id = ${n + 1}` }));
      }),
    );
    const waiting = await desk.inbox(bob);
    assert.equal(waiting.length, 1_101);
    assert.equal(waiting[0]?.request.id, first.request.id);
  }));

test('a requester who has as many requests pending as may be files no more, until one is decided', () =>
  withDesk(async ({ store, time }) => {
    const desk = deskOn(store, () => time.now, { defaults: { mostPending: 3 } });
    const act = (n: number): HeldCall => held({ statement: `DELETE FROM t WHERE id = ${n}` });
    const filed = await Promise.allSettled(Array.from({ length: 30 }, (_, n) => desk.request(act(n))));
    assert.equal(filed.filter(({ status }) => status === 'fulfilled').length, 3);
    await assert.rejects(desk.request(act(99)), /too many/);
    const [one] = await desk.inbox(bob);
    assert.ok(one !== undefined);
    await desk.rule(one.request.id, bob, ruling({ approve: false }));
    assert.equal((await desk.request(act(99))).status, 'pending');
  }));

test('what waits for its requester to say why is in no inbox before that', () =>
  withDesk(async ({ desk }) => {
    const filed = await desk.request(held({ demands: [demand({ justify: true })] }));
    assert.deepEqual(await desk.inbox(bob), []);
    await desk.justify(filed.request.id, user('alice', 'support'), 'because');
    assert.equal((await desk.inbox(bob)).length, 1);
  }));

test("a justification is the requester's, masked, and shown", () =>
  withDesk(async ({ desk, told }) => {
    const { request } = await desk.request(held({ demands: [demand({ justify: true })] }));
    assert.deepEqual(await desk.justify(request.id, bob, 'x'), { ok: false, problem: 'not_allowed' });
    assert.ok((await desk.justify(request.id, user('alice'), 'a secret reason')).ok);
    assert.equal((await desk.inbox(bob))[0]?.justification, 'a [masked] reason');
    assert.deepEqual(await told(), ['requested', 'justified']);
  }));
