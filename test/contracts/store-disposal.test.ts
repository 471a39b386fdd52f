import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { NewRecord, StoredRecord } from '../../src/model/record.ts';
import type { Store } from '../../src/sessions/store.ts';
import type {
  Disposal,
  Order,
  PruneProgress,
  Retention,
  Subject,
} from '../../src/sessions/vault/disposal.ts';
import { readAll } from './read-all.ts';
import { creation, next, sampleApproval } from './sample-approval.ts';
import { intentOf, openingOf, outcomeOf, sampleRecord } from './sample-record.ts';
import { PLACES, type Place } from './store-places.ts';

const DAY = 86_400_000;
const AT = 1_763_000_000_000;

function order(subject: Subject, at = AT): Order {
  return { subject, by: 'os:carol', reason: 'asked for by its person', at };
}

function disposalOf({ disposal }: Store): Disposal {
  assert.ok(disposal, 'this kind of store erases, holds and prunes');
  return disposal;
}

/** A call with its outcome. */
const callIn = (session: string, call: string): readonly NewRecord[] => [
  intentOf(call, session),
  outcomeOf(call, session),
];

function issuedBy(issuer: string, session: string): NewRecord {
  const opening = openingOf(session, AT);
  return { ...opening, event: { ...opening.event, issuer } };
}

const readable = (records: readonly StoredRecord[]): readonly string[] =>
  records.filter(({ payload }) => payload !== null).map(({ type, call }) => `${type} ${call}`);

async function pruneAll(
  store: Store,
  retention: Retention,
  at: number,
  dryRun = false,
): Promise<PruneProgress> {
  return await disposalOf(store).prune({ retention, at, after: -1, dryRun });
}

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

  describe(`what the ${name} store forgets`, () => {
    test('an erased session can not be read, all others can, and who asked for it is on record', () =>
      withStore(async (store) => {
        await store.append([openingOf('s1', AT), ...callIn('s1', 'a'), ...callIn('s2', 'b')]);
        const grant = sampleApproval('x', { status: 'approved' });
        const ours = { ...grant, request: { ...grant.request, session: 's1' } };
        assert.equal(await store.appendWith([sampleRecord('approval.requested')], creation(ours)), true);

        const erased = await disposalOf(store).erase(order({ kind: 'session', session: 's1' }));
        assert.deepEqual(erased, {
          kind: 'erased',
          sessions: 1,
          payloads: 2,
          approvals: 1,
          tasks: 0,
          flushed: name === 'sqlite',
        });
        const records = await readAll(store);
        assert.deepEqual(readable(records), ['call.intent b', 'call.outcome b']);
        assert.deepEqual(
          records.filter(({ payloadGone }) => payloadGone).map(({ call }) => call),
          ['a', 'a'],
        );
        assert.equal(await store.approval(ours.request.id), null);
        // A grant that is gone is no grant.
        assert.equal(
          await store.appendWith([sampleRecord('approval.used')], next(ours, { status: 'spent' })),
          false,
        );
        const last = records.at(-1);
        assert.equal(last?.type, 'payload.erased');
        assert.deepEqual(last?.event, {
          session: 's1',
          sessions: ['s1'],
          payloads: 2,
          approvals: 1,
          tasks: 0,
          by: 'os:carol',
          reason: 'asked for by its person',
        });
        assert.deepEqual(await disposalOf(store).erase(order({ kind: 'session', session: 's1' })), {
          kind: 'nothing',
        });
        assert.equal(
          (await readAll(store)).length,
          records.length,
          'nothing is on record of what was not done',
        );
      }));

    test('another process forgets the key as well: what comes later is sealed anew, and can be read', () =>
      withPlace(async ({ open }) => {
        const [one, two] = await Promise.all([open(), open()]);
        await one.append(callIn('s', 'a'));
        await two.append(callIn('s', 'b'));
        assert.equal(readable(await readAll(two)).length, 4);
        await disposalOf(one).erase(order({ kind: 'session', session: 's' }));
        await two.append(callIn('s', 'c'));
        await one.append(callIn('s', 'd'));
        const expected = ['call.intent c', 'call.outcome c', 'call.intent d', 'call.outcome d'];
        for (const store of [one, two]) assert.deepEqual(readable(await readAll(store)), expected);
        await Promise.all([one.close(), two.close()]);
        const again = await open();
        assert.deepEqual(readable(await readAll(again)), expected);
        await again.close();
      }));

    test('erasing a principal is erasing every session of that one, and of nobody of the same name elsewhere', () =>
      withStore(async (store) => {
        await store.append([
          issuedBy('https://one', 's1'),
          issuedBy('https://two', 's2'),
          openingOf('s3', AT, 'bob'),
        ]);
        for (const session of ['s1', 's2', 's3']) await store.append(callIn(session, `of ${session}`));
        // Its opening was lost: the call itself says whose it is.
        await store.append([intentOf('of s4', 's4', { issuer: 'https://one' })]);
        const alice = { kind: 'principal', principal: 'alice', issuer: 'https://one' } as const;
        const erased = await disposalOf(store).erase(order(alice));
        assert.equal(erased.kind === 'erased' && erased.payloads, 3);
        assert.deepEqual(readable(await readAll(store)), [
          'call.intent of s2',
          'call.outcome of s2',
          'call.intent of s3',
          'call.outcome of s3',
        ]);
        await disposalOf(store).erase(order({ ...alice, issuer: null }));
        assert.deepEqual(readable(await readAll(store)), ['call.intent of s3', 'call.outcome of s3']);
      }));

    test('erasing a call leaves the others of its session', () =>
      withStore(async (store) => {
        await store.append([...callIn('s', 'a'), ...callIn('s', 'b')]);
        await disposalOf(store).erase(order({ kind: 'call', call: 'a' }));
        assert.deepEqual(readable(await readAll(store)), ['call.intent b', 'call.outcome b']);
        assert.deepEqual((await readAll(store)).at(-1)?.event['calls'], ['a']);
        assert.deepEqual(await disposalOf(store).erase(order({ kind: 'call', call: 'nobody' })), {
          kind: 'nothing',
        });
      }));

    test('a hold stops erasure and retention until it is released, and all of it is on record', () =>
      withStore(async (store) => {
        const disposal = disposalOf(store);
        await store.append([
          openingOf('s1', AT),
          openingOf('s2', AT, 'bob'),
          ...callIn('s1', 'a'),
          ...callIn('s2', 'b'),
        ]);
        await disposal.hold('hold_1', order({ kind: 'principal', principal: 'alice', issuer: null }));
        await disposal.hold('hold_2', order({ kind: 'session', session: 's1' }, AT + 1));
        assert.deepEqual(
          (await disposal.holds()).map(({ id, session, principal }) => [id, session, principal]),
          [
            ['hold_1', null, 'alice'],
            ['hold_2', 's1', null],
          ],
        );
        for (const subject of [
          { kind: 'session', session: 's1' },
          { kind: 'principal', principal: 'alice', issuer: null },
          { kind: 'call', call: 'a' },
        ] as const) {
          const erased = await disposal.erase(order(subject));
          assert.deepEqual(erased.kind === 'held' && erased.holds.map(({ id }) => id), ['hold_1', 'hold_2']);
        }
        const retention = { arguments: { ms: DAY, text: '1d' }, results: { ms: DAY, text: '1d' } };
        const step = await pruneAll(store, retention, AT + 2 * DAY);
        assert.deepEqual([step.held, step.pruned.arguments, step.pruned.results], [2, 1, 1]);
        assert.deepEqual(readable(await readAll(store)), ['call.intent a', 'call.outcome a']);

        const done = { by: 'os:carol', reason: 'the case is closed', at: AT + 3 };
        assert.equal(await disposal.release('hold_1', done), true);
        assert.equal(await disposal.release('hold_1', done), false);
        const erased = await disposal.erase(order({ kind: 'session', session: 's1' }));
        assert.equal(erased.kind, 'held', 'one is left');
        assert.equal(await disposal.release('hold_2', done), true);
        assert.deepEqual(await disposal.holds(), []);
        assert.equal((await pruneAll(store, retention, AT + 2 * DAY)).pruned.arguments, 1);
        assert.deepEqual(
          (await readAll(store)).map(({ type }) => type).filter((type) => /hold|payload/.test(type)),
          [
            'hold.placed',
            'hold.placed',
            'payload.pruned',
            'payload.pruned',
            'hold.released',
            'hold.released',
            'payload.pruned',
            'payload.pruned',
          ],
        );
      }));

    test('retention lets go of each class when it is due, says by which rule, and a dry run only counts', () =>
      withStore(async (store) => {
        const young = callIn('s2', 'young').map((record) => ({ ...record, time: AT + 40 * DAY }));
        await store.append([...callIn('s1', 'old'), ...young]);
        const over = sampleApproval('over', { status: 'declined' });
        const open = sampleApproval('open');
        for (const approval of [over, open])
          await store.appendWith([sampleRecord('approval.requested')], creation(approval));
        const retention = {
          results: { ms: 30 * DAY, text: '30d' },
          approvals: { ms: 30 * DAY, text: '30d' },
        };
        const at = Math.max(AT, over.request.createdAt) + 41 * DAY;
        const before = await readAll(store);
        const counted = await pruneAll(store, retention, at, true);
        assert.deepEqual(await readAll(store), before);
        const pruned = await pruneAll(store, retention, at);
        assert.deepEqual(pruned, counted);
        assert.deepEqual(
          [pruned.pruned, pruned.requests, pruned.done],
          [{ arguments: 0, results: 1, refused: 0, approvals: 0 }, 1, true],
        );
        const records = await readAll(store);
        assert.deepEqual(readable(records), ['call.intent old', 'call.intent young', 'call.outcome young']);
        assert.deepEqual(
          (await store.approvals({ limit: 10 })).map(({ request }) => request.id),
          [open.request.id],
        );
        const said = records.filter(({ type }) => type === 'payload.pruned').map(({ event }) => event);
        assert.deepEqual(
          said.map(({ class: of, retention: rule, before: cut, payloads, requests }) => [
            of,
            rule,
            cut,
            payloads,
            requests,
          ]),
          [
            ['results', '30d', at - 30 * DAY, 1, undefined],
            ['approvals', '30d', at - 30 * DAY, 0, 1],
          ],
        );
        await pruneAll(store, retention, at);
        assert.equal(
          (await readAll(store)).length,
          records.length,
          'a run with nothing to do writes nothing',
        );
      }));
  });
}
