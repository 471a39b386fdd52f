import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import type { Store } from '../../src/sessions/store.ts';
import { readAll } from './read-all.ts';
import { creation, next, sampleApproval, useOf } from './sample-approval.ts';
import { intentOf, sampleRecord } from './sample-record.ts';
import { PLACES, type Place } from './store-places.ts';

for (const { name, make } of PLACES) {
  async function withPlace(work: (place: Place) => Promise<void>): Promise<void> {
    const place = await make();
    try {
      await work(place);
    } finally {
      await place.remove();
    }
  }

  async function withStores(work: (one: Store, two: Store) => Promise<void>): Promise<void> {
    await withPlace(async ({ open }) => {
      const one = await open();
      const two = await open();
      try {
        await work(one, two);
      } finally {
        await Promise.all([one.close(), two.close()]);
      }
    });
  }

  const requested = (id: string) => [sampleRecord('approval.requested', { call: id, session: 's' })];
  const calls = async (store: Store) => (await readAll(store)).map(({ call }) => call);

  describe(`approvals in the ${name} store`, () => {
    test('are given back as they were put in, by everybody who asks', () =>
      withStores(async (one, two) => {
        const approval = sampleApproval('a');
        assert.equal(await one.approval('apr_a'), null);
        assert.equal(await one.appendWith(requested('a'), creation(approval)), true);
        assert.deepEqual(await two.approval('apr_a'), approval);
        const changed = next(approval, {
          status: 'approved',
          verdicts: [
            {
              by: { kind: 'user', id: 'bob', issuer: 'x' },
              approve: true,
              policies: ['held'],
              channel: 'cli',
              assurance: 'high',
              comment: 'fine',
              grantMs: 5,
              at: 120,
            },
          ],
          justification: 'because',
          grantedUntil: 125,
          endedBy: null,
        });
        assert.equal(await two.appendWith(requested('b'), changed), true);
        assert.deepEqual(await one.approval('apr_a'), changed.approval);
        assert.deepEqual(await calls(one), ['a', 'b']);
      }));

    test('what a request fixed does not change afterwards, whatever a change says', () =>
      withStores(async (one) => {
        const approval = sampleApproval('a');
        await one.appendWith(requested('a'), creation(approval));
        const forged = next(approval, { status: 'approved' });
        const { request } = sampleApproval('a', { request: { digest: 'another', tool: 'drop' } });
        await one.appendWith(requested('b'), { ...forged, approval: { ...forged.approval, request } });
        assert.deepEqual((await one.approval('apr_a'))?.request, approval.request);
      }));

    test('a change that is not done leaves none of its records, and hurts nothing beside it', () =>
      withStores(async (one) => {
        const approval = sampleApproval('a');
        await one.appendWith(requested('a'), creation(approval));
        const stale = next(sampleApproval('a', { version: 7 }), { status: 'approved' });
        const [before, same, wrong, right, after] = await Promise.all([
          one.append([intentOf('before', 's')]),
          one.appendWith(requested('same id'), creation(approval)),
          one.appendWith([...requested('stale'), intentOf('stale', 's')], stale),
          one.appendWith(requested('right'), next(approval, { status: 'approved' })),
          one.append([intentOf('after', 's')]),
        ]);
        assert.deepEqual([before, same, wrong, right, after], [undefined, false, false, true, undefined]);
        assert.deepEqual(await calls(one), ['a', 'before', 'right', 'after']);
        assert.deepEqual(
          (await readAll(one)).map(({ index }) => index),
          [0, 1, 2, 3],
        );
        // What was not done is not counted in its session either.
        const [session] = await one.sessions({ limit: 1 });
        assert.equal(session?.calls, 2);
      }));

    test('one requester has one live request of one digest; another requester, and one that is over, are no obstacle', () =>
      withStores(async (one, two) => {
        const digest = { request: { digest: 'the act' } };
        const first = sampleApproval('a', digest);
        assert.equal(await one.appendWith(requested('a'), creation(first)), true);
        assert.equal(await two.appendWith(requested('b'), creation(sampleApproval('b', digest))), false);
        const requester = { kind: 'service', id: 'alice', issuer: 'https://idp.example.com' } as const;
        const theirs = sampleApproval('c', { request: { digest: 'the act', requester } });
        assert.equal(await two.appendWith(requested('c'), creation(theirs)), true);
        assert.equal(await one.appendWith(requested('d'), next(first, { status: 'expired' })), true);
        assert.equal(await two.appendWith(requested('e'), creation(sampleApproval('e', digest))), true);
        // Nothing comes back to life beside it.
        const expired = { ...first, status: 'expired', version: 2 } as const;
        assert.equal(await one.appendWith(requested('f'), next(expired, { status: 'approved' })), false);
        assert.deepEqual(await calls(one), ['a', 'c', 'd', 'e']);
      }));

    test('a change without a record of it, and one that skips a version, are refused', () =>
      withStores(async (one) => {
        const approval = sampleApproval('a');
        await assert.rejects(one.appendWith([], creation(approval)), TypeError);
        await assert.rejects(
          one.appendWith(requested('a'), creation({ ...approval, version: 2 })),
          TypeError,
        );
        const skipping = { ...next(approval, {}), from: 3 };
        await assert.rejects(one.appendWith(requested('a'), skipping), TypeError);
        assert.equal(await one.approval('apr_a'), null);
      }));

    test('are found by status, digest and shape, the youngest first', () =>
      withStores(async (one) => {
        const granted = { status: 'approved', grantedUntil: 900 } as const;
        for (const [n, approval] of [
          sampleApproval('a', { request: { createdAt: 1 } }),
          sampleApproval('b', { request: { createdAt: 3 }, ...granted }),
          sampleApproval('c', { request: { createdAt: 2 }, status: 'approved' }),
          sampleApproval('d', { request: { createdAt: 4, tool: 'other' }, ...granted }),
          sampleApproval('e', { request: { createdAt: 5 }, ...granted, status: 'revoked' }),
        ].entries())
          await one.appendWith(requested(String(n)), creation(approval));
        const ids = async (query: Omit<Parameters<Store['approvals']>[0], 'limit'>, limit = 10) =>
          (await one.approvals({ ...query, limit })).map(({ request }) => request.id.slice(4)).join('');
        assert.equal(await ids({}), 'edbca');
        assert.equal(await ids({}, 2), 'ed');
        assert.equal(await ids({ status: ['pending', 'revoked'] }), 'ea');
        assert.equal(await ids({ status: [] }), '');
        assert.equal(await ids({ digest: 'digest of c' }), 'c');
        assert.equal(await ids({ digest: 'digest of c', status: ['pending'] }), '');
        const requester = { kind: 'user', id: 'alice', issuer: 'https://idp.example.com' } as const;
        const shape = { requester, connection: 'crm', tool: 'run_sql', shape: 'aa11' };
        assert.equal(await ids({ shape }), 'b');
        for (const over of [{ connection: 'x' }, { shape: 'x' }, { requester: { ...requester, id: 'bob' } }])
          assert.equal(await ids({ shape: { ...shape, ...over } }), '');
        for (const limit of [0, 10_001]) await assert.rejects(one.approvals({ limit }), RangeError);
      }));

    test('are read page by page, each once, also those of one millisecond', () =>
      withStores(async (one) => {
        const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
        for (const [n, id] of ids.entries())
          await one.appendWith(
            requested(id),
            creation(sampleApproval(id, { request: { createdAt: Math.ceil(n / 3) } })),
          );
        const read: string[] = [];
        let before: { readonly createdAt: number; readonly id: string } | undefined;
        for (;;) {
          const page = await one.approvals({ limit: 2, ...(before === undefined ? {} : { before }) });
          read.push(...page.map(({ request }) => request.id.slice(4)));
          const last = page.at(-1)?.request;
          if (last === undefined) break;
          before = { createdAt: last.createdAt, id: last.id };
        }
        assert.deepEqual(read, ids.toReversed());
      }));

    test('a requester has no more pending requests than may be, however many are filed at once, by whom', () =>
      withStores(async (one, two) => {
        const file = (id: string, over: Parameters<typeof sampleApproval>[1] = {}, store = one) =>
          store.appendWith(requested(id), {
            kind: 'create',
            approval: sampleApproval(id, over),
            mostPending: 5,
          });
        const filed = await Promise.all(
          Array.from({ length: 40 }, (_, n) => file(`many${n}`, {}, n % 2 === 0 ? one : two)),
        );
        assert.equal(filed.filter(Boolean).length, 5);
        assert.equal((await calls(one)).length, 5, 'and of those that were not filed nothing is on record');
        const requester = { kind: 'user', id: 'anna', issuer: 'https://idp.example.com' } as const;
        assert.equal(await file('hers', { request: { requester } }), true, 'each has their own');
        // Decided ones do not count, and neither do those that have run out, noticed or not.
        const [first] = await one.approvals({ status: ['pending'], limit: 1 });
        assert.ok(first !== undefined);
        const [other] = (await one.approvals({ limit: 10 })).filter(
          ({ request }) => request.requester.id === 'alice',
        );
        assert.ok(other !== undefined);
        assert.equal(await one.appendWith(requested('x'), next(other, { status: 'declined' })), true);
        assert.equal(await file('again'), true);
        assert.equal(await file('too many'), false);
        assert.equal(await file('later', { request: { createdAt: 200, expiresAt: 300 } }), true);
      }));

    test('of two changes of one version exactly one is done, whoever makes them', () =>
      withStores(async (one, two) => {
        for (let round = 0; round < 100; round += 1) {
          const grant = sampleApproval(`r${round}`, { status: 'approved' });
          await one.appendWith(requested(`r${round}`), creation(grant));
          const done = await Promise.all(
            [one, two, one, two].map((store, n) => {
              const { records, change } = useOf(grant, `use-${round}-${n}`);
              return store.appendWith(records, change);
            }),
          );
          const winner = done.indexOf(true);
          assert.equal(done.filter(Boolean).length, 1);
          const left = await two.approval(grant.request.id);
          assert.deepEqual(
            [left?.status, left?.uses],
            ['spent', [{ call: `use-${round}-${winner}`, at: 1 }]],
          );
        }
        const used = (await readAll(one)).filter(({ type }) => type === 'approval.used');
        assert.equal(used.length, 100);
      }));

    test('last over closing and opening again', () =>
      withPlace(async ({ open }) => {
        const first = await open();
        await first.appendWith(requested('a'), creation(sampleApproval('a')));
        const secret = await first.secret('digest');
        await first.close();
        await assert.rejects(first.appendWith(requested('b'), creation(sampleApproval('b'))), {
          reason: 'closed',
        });
        const second = await open();
        assert.deepEqual(await second.approval('apr_a'), sampleApproval('a'));
        assert.deepEqual(await second.secret('digest'), secret);
        await second.close();
      }));

    test('a secret is 32 bytes, the same for everybody who asks first, and another under another name', () =>
      withStores(async (one, two) => {
        const asked = await Promise.all([one, two, one, two].map((store) => store.secret('digest')));
        for (const secret of asked) {
          assert.equal(secret.length, 32);
          assert.deepEqual(secret, asked[0]);
        }
        assert.notDeepEqual(await one.secret('other'), asked[0]);
      }));
  });
}
