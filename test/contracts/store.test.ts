import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import type { ApiKey } from '../../src/model/api-key.ts';
import { StoreUnavailable, type Store } from '../../src/sessions/store.ts';
import { intentOf, masked, openingOf, outcomeOf, sampleRecord } from './sample-record.ts';
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

  async function withStore(work: (store: Store) => Promise<void>): Promise<void> {
    await withPlace(async ({ open }) => {
      const store = await open();
      try {
        await work(store);
      } finally {
        await store.close();
      }
    });
  }

  describe(`the ${name} store`, () => {
    test('gives back what it was given, with indexes from 0', () =>
      withStore(async (store) => {
        const event = { b: 1, a: { tool: 'x', list: [true, null, 'é\u0000\u2028😀'] } };
        const payload = masked({ rows: [[1.5, null, '😀\u0000', { deep: [] }]] });
        await store.append([
          sampleRecord('call.refused', { session: 's', call: 'c', event, payload }),
          sampleRecord('server.started', { time: 5 }),
        ]);
        assert.deepEqual(await store.records({ limit: 10 }), [
          {
            index: 0,
            type: 'call.refused',
            time: 1_763_000_000_000,
            session: 's',
            call: 'c',
            event,
            payload: { rows: [[1.5, null, '😀\u0000', { deep: [] }]] },
          },
          { index: 1, type: 'server.started', time: 5, session: null, call: null, event: {}, payload: null },
        ]);
      }));

    test('keeps everything over closing and opening again, and counts on', () =>
      withPlace(async ({ open }) => {
        const first = await open();
        await first.append([intentOf('c1', 's')]);
        await first.close();
        const second = await open();
        await second.append([outcomeOf('c1', 's')]);
        const records = await second.records({ limit: 10 });
        assert.deepEqual(
          records.map(({ index, type }) => [index, type]),
          [
            [0, 'call.intent'],
            [1, 'call.outcome'],
          ],
        );
        await second.close();
      }));

    test('keeps the order in which appends were called, whatever batches they end up in', () =>
      withStore(async (store) => {
        const calls = Array.from({ length: 500 }, (_, n) => `c${n}`);
        await Promise.all(calls.map((call) => store.append([intentOf(call, 's'), outcomeOf(call, 's')])));
        const records = await store.records({ limit: 10_000 });
        assert.deepEqual(
          records.map(({ call, type }) => `${call} ${type}`),
          calls.flatMap((call) => [`${call} call.intent`, `${call} call.outcome`]),
        );
        assert.deepEqual(
          records.map(({ index }) => index),
          records.map((_, at) => at),
        );
      }));

    test('takes all records of an append or none, and a record that can not be one hurts no other append', () =>
      withStore(async (store) => {
        const good = store.append([sampleRecord('server.started')]);
        const bad = store.append([
          intentOf('c', 's'),
          sampleRecord('rules.loaded', { event: { ratio: 0.5 } }),
        ]);
        const large = store.append([sampleRecord('door.refused', { event: { detail: 'x'.repeat(70_000) } })]);
        const alsoGood = store.append([sampleRecord('server.stopped')]);
        await assert.rejects(bad, TypeError);
        await assert.rejects(large, TypeError);
        await Promise.all([good, alsoGood]);
        const types = (await store.records({ limit: 10 })).map(({ type }) => type);
        assert.deepEqual(types, ['server.started', 'server.stopped']);
      }));

    test('records a name with a lone surrogate in it, for the attempt has to be on record', () =>
      withStore(async (store) => {
        await store.append([sampleRecord('call.refused', { event: { tool: 'x\ud800y' } })]);
        assert.deepEqual((await store.records({ limit: 1 }))[0]?.event, { tool: 'x\ufffdy' });
      }));

    test('does not change what was appended when the caller changes it afterwards', () =>
      withStore(async (store) => {
        const event: Record<string, string> = { tool: 'before' };
        const appended = store.append([sampleRecord('call.refused', { event })]);
        event['tool'] = 'after';
        await appended;
        assert.deepEqual((await store.records({ limit: 1 }))[0]?.event, { tool: 'before' });
      }));

    test('finds records by session, call, type and place, and pages through them', () =>
      withStore(async (store) => {
        for (const call of ['a', 'b', 'c']) {
          await store.append([
            intentOf(call, call === 'c' ? 's2' : 's1'),
            outcomeOf(call, call === 'c' ? 's2' : 's1'),
          ]);
        }
        const indexes = async (query: Omit<Parameters<Store['records']>[0], 'limit'>, limit = 100) =>
          (await store.records({ ...query, limit })).map(({ index }) => index);
        assert.deepEqual(await indexes({ session: 's1' }), [0, 1, 2, 3]);
        assert.deepEqual(await indexes({ session: 's1', after: 1 }), [2, 3]);
        assert.deepEqual(await indexes({ call: 'c' }), [4, 5]);
        assert.deepEqual(await indexes({ types: ['call.outcome'] }), [1, 3, 5]);
        assert.deepEqual(await indexes({ types: ['call.outcome'], session: 's2' }), [5]);
        assert.deepEqual(await indexes({ types: [] }), []);
        assert.deepEqual(await indexes({}, 2), [0, 1]);
        assert.deepEqual(await indexes({ after: 5 }), []);
        assert.deepEqual(await indexes({ session: "s1' OR 1=1 --" }), []);
      }));

    test('cuts a page of large records short, and an empty page is the end', () =>
      withStore(async (store) => {
        const payload = masked('x'.repeat(1_000_000));
        for (let n = 0; n < 12; n += 1) await store.append([sampleRecord('call.outcome', { payload })]);
        const seen: number[] = [];
        let pages = 0;
        for (;;) {
          const page = await store.records({ after: seen.at(-1) ?? -1, limit: 10_000 });
          if (page.length === 0) break;
          pages += 1;
          seen.push(...page.map(({ index }) => index));
        }
        assert.deepEqual(seen, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
        assert.ok(pages > 1);
      }));

    test('refuses a limit that would hold everything up', () =>
      withStore(async (store) => {
        for (const limit of [0, -1, 1.5, 10_001, Number.NaN]) {
          await assert.rejects(store.records({ limit }), RangeError);
          await assert.rejects(store.sessions({ limit }), RangeError);
        }
      }));

    test('lists sessions with their counts, the youngest first', () =>
      withStore(async (store) => {
        await store.append([openingOf('s1', 100), { ...intentOf('a', 's1'), time: 110 }]);
        await store.append([{ ...outcomeOf('a', 's1'), time: 120 }, openingOf('s2', 200, 'bob')]);
        await store.append([sampleRecord('call.refused', { session: 's1', call: 'b', time: 130 })]);
        const ended = { reason: 'idle', calls: 1, refused: 1 };
        await store.append([sampleRecord('session.closed', { session: 's1', time: 140, event: ended })]);
        const about = { issuer: 'https://idp.example.com', client: 'claude-code 2.1', transport: 'http' };
        const s1 = { id: 's1', principal: 'alice', ...about, openedAt: 100, closedAt: 140, lastAt: 140 };
        const s2 = { id: 's2', principal: 'bob', ...about, openedAt: 200, closedAt: null, lastAt: 200 };
        assert.deepEqual(await store.sessions({ limit: 10 }), [
          { ...s2, calls: 0, refused: 0 },
          { ...s1, calls: 1, refused: 1 },
        ]);
        const ids = async (query: Omit<Parameters<Store['sessions']>[0], 'limit'>) =>
          (await store.sessions({ ...query, limit: 10 })).map(({ id }) => id);
        assert.deepEqual(await ids({ principal: 'bob' }), ['s2']);
        assert.deepEqual(await ids({ open: true }), ['s2']);
        assert.deepEqual(await ids({ open: false }), ['s1']);
        assert.deepEqual(await ids({ since: 141 }), ['s2']);
        assert.deepEqual(await ids({ until: 200 }), ['s1']);
        assert.deepEqual(await ids({ since: 140, until: 201 }), ['s2', 's1']);
        assert.equal((await store.sessions({ limit: 1 })).length, 1);
      }));

    test('lists a session whose opening came late or never', () =>
      withStore(async (store) => {
        await store.append([{ ...intentOf('a', 's'), time: 50 }]);
        assert.deepEqual(
          (await store.sessions({ limit: 1 })).map(({ principal, openedAt, calls }) => [
            principal,
            openedAt,
            calls,
          ]),
          [['', 50, 1]],
        );
        await store.append([openingOf('s', 60)]);
        assert.deepEqual(
          (await store.sessions({ limit: 1 })).map(({ principal, openedAt, calls }) => [
            principal,
            openedAt,
            calls,
          ]),
          [['alice', 50, 1]],
        );
      }));

    const key: ApiKey = {
      id: 'k1',
      hash: 'ab'.repeat(32),
      service: 'nightly',
      groups: ['batch', 'support'],
      createdAt: 10,
      createdBy: 'bob',
      expiresAt: null,
      revokedAt: null,
    };

    test('keeps API keys, lists them, and revokes one once', () =>
      withStore(async (store) => {
        assert.equal(await store.findApiKey('k1'), null);
        await store.putApiKey(key);
        await store.putApiKey({ ...key, id: 'k0', createdAt: 20, expiresAt: 99 });
        assert.deepEqual(await store.findApiKey('k1'), key);
        assert.deepEqual(
          (await store.listApiKeys()).map(({ id }) => id),
          ['k1', 'k0'],
        );
        assert.equal(await store.revokeApiKey('k1', 30), true);
        assert.equal(await store.revokeApiKey('k1', 40), false);
        assert.equal(await store.revokeApiKey('nobody', 40), false);
        assert.deepEqual(await store.findApiKey('k1'), { ...key, revokedAt: 30 });
      }));

    test('never overwrites an API key', () =>
      withStore(async (store) => {
        await store.putApiKey(key);
        await assert.rejects(store.putApiKey({ ...key, hash: 'cd'.repeat(32) }), StoreUnavailable);
        assert.deepEqual(await store.findApiKey('k1'), key);
        // And is none the worse for it.
        await store.append([sampleRecord('api_key.created')]);
      }));

    test('two openings of one place append without a gap and see each other', () =>
      withPlace(async ({ open }) => {
        const [one, two] = await Promise.all([open(), open()]);
        const calls = Array.from({ length: 200 }, (_, n) => `c${n}`);
        await Promise.all(calls.map((call, n) => (n % 2 === 0 ? one : two).append([intentOf(call, 's')])));
        const records = await one.records({ limit: 1_000 });
        assert.deepEqual(
          records.map(({ index }) => index),
          calls.map((_, at) => at),
        );
        assert.deepEqual(new Set(records.map(({ call }) => call)), new Set(calls));
        assert.equal((await two.sessions({ limit: 1 }))[0]?.calls, 200);
        await Promise.all([one.close(), two.close()]);
      }));

    test('is healthy while it can append', () =>
      withStore(async (store) => {
        await Promise.all([store.health(), store.health()]);
        assert.deepEqual(await store.records({ limit: 1 }), []);
        assert.deepEqual(store.stats(), { queued: 0, inFlight: 0 });
      }));

    test('commits what it accepted before it closes, and takes nothing afterwards', () =>
      withPlace(async ({ open }) => {
        const store = await open();
        const accepted = Array.from({ length: 50 }, (_, n) => store.append([intentOf(`c${n}`, 's')]));
        await Promise.all([store.close(), store.close()]);
        await Promise.all(accepted);
        const closed = { name: 'StoreUnavailable', reason: 'closed', recorded: 'no' };
        await assert.rejects(store.append([sampleRecord('server.started')]), closed);
        await assert.rejects(store.records({ limit: 1 }), closed);
        await assert.rejects(store.putApiKey(key), closed);
        await assert.rejects(store.health(), closed);
        const again = await open();
        assert.equal((await again.records({ limit: 100 })).length, 50);
        await again.close();
      }));
  });
}
