import { test } from 'node:test';
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { setImmediate as turn } from 'node:timers/promises';
import type { Principal } from '../model/principal.ts';
import type { NewRecord } from '../model/record.ts';
import type { CallOrigin } from '../model/tool-call.ts';
import { createSessionTracker, type SessionTrackerOptions } from './session-tracker.ts';

const MINUTE = 60_000;

const alice: Principal = {
  kind: 'user',
  id: 'alice',
  issuer: 'https://idp.example.com',
  groups: ['support'],
  credential: { kind: 'jwt', id: 'jti-1' },
};
const bob: Principal = { ...alice, id: 'bob', credential: { kind: 'jwt', id: 'jti-2' } };

const origin: CallOrigin = {
  transport: 'http',
  protocolVersion: '2026-07-28',
  client: { name: 'claude-code', version: '2.1' },
  elicitation: { form: false, url: false },
  remote: '127.0.0.1',
};

function setUp(options: Partial<SessionTrackerOptions> = {}) {
  const records: NewRecord[] = [];
  const world = { now: 1_000_000, up: true, appends: 0 };
  let made = 0;
  const tracker = createSessionTracker({
    append: async (appended) => {
      world.appends += 1;
      if (!world.up) throw new Error('disk');
      records.push(...appended);
    },
    clock: () => world.now,
    newId: () => `ses_${(made += 1)}`,
    maskText: (text) => text,
    ...options,
  });
  const lines = (): readonly string[] =>
    records.map(({ type, session, event }) =>
      type === 'session.closed'
        ? `${session} ${type} ${event['reason'] as string} ${event['calls'] as number}/${event['refused'] as number}`
        : `${session} ${type}`,
    );
  return { tracker, records, world, lines };
}

test('the first call of a session puts its opening on the way before the call itself', () => {
  const { tracker, records } = setUp();
  const id = tracker.enter(alice, origin);
  // Synchronously: an append that the caller makes next comes after it.
  assert.deepEqual(records, [
    {
      type: 'session.opened',
      time: 1_000_000,
      session: id,
      call: null,
      event: {
        principal: 'alice',
        kind: 'user',
        issuer: 'https://idp.example.com',
        groups: ['support'],
        credential: { kind: 'jwt', id: 'jti-1' },
        client: 'claude-code 2.1',
        transport: 'http',
        protocol: '2026-07-28',
        remote: '127.0.0.1',
      },
      payload: null,
    },
  ]);
});

test('calls of one client with one credential are one session until it is idle too long', async () => {
  const { tracker, world, lines } = setUp();
  const first = tracker.enter(alice, origin);
  tracker.count(first, 'intent');
  world.now += 30 * MINUTE;
  assert.equal(tracker.enter(alice, origin), first);
  tracker.count(first, 'refused');
  world.now += 30 * MINUTE + 1;
  const second = tracker.enter(alice, origin);
  assert.notEqual(second, first);
  assert.deepEqual(lines(), [
    `${first} session.opened`,
    `${first} session.closed idle 1/1`,
    `${second} session.opened`,
  ]);
});

test('another principal, issuer, kind, credential or client is another session', () => {
  const { tracker } = setUp();
  const ids = [
    tracker.enter(alice, origin),
    tracker.enter(bob, origin),
    tracker.enter({ ...alice, issuer: 'local' }, origin),
    tracker.enter({ ...alice, kind: 'service' }, origin),
    tracker.enter({ ...alice, credential: { kind: 'jwt', id: 'jti-9' } }, origin),
    tracker.enter(alice, { ...origin, client: { name: 'claude-code', version: '2.2' } }),
    tracker.enter(alice, { ...origin, client: { name: 'other', version: '2.1' } }),
    tracker.enter(alice, { ...origin, transportSession: 'mcp-1' }),
  ];
  assert.equal(new Set(ids).size, ids.length);
});

test('a transport session keeps one session over new tokens, and is never lent to another principal', () => {
  const { tracker } = setUp();
  const carried = { ...origin, transportSession: 'mcp-1' };
  const id = tracker.enter(alice, carried);
  assert.equal(tracker.enter({ ...alice, credential: { kind: 'jwt', id: 'renewed' } }, carried), id);
  assert.notEqual(tracker.enter(bob, carried), id);
  assert.equal(tracker.enter(alice, carried), id);
});

test('a principal whose groups changed is in another session, so that the groups on record are those of every call', () => {
  const { tracker, records } = setUp();
  const many = Array.from({ length: 3000 }, (_, at) => `g${at}`);
  for (const at of [origin, { ...origin, transportSession: 'mcp-1' }]) {
    const id = tracker.enter(alice, at);
    assert.equal(tracker.enter({ ...alice, groups: ['support'] }, at), id);
    assert.notEqual(tracker.enter({ ...alice, groups: ['dba', 'support'] }, at), id);
    assert.notEqual(
      tracker.enter({ ...alice, groups: many }, at),
      tracker.enter({ ...alice, groups: many.slice(1) }, at),
    );
    assert.equal(tracker.enter(alice, at), id);
  }
  assert.deepEqual(
    records.slice(0, 2).map(({ event }) => event['groups']),
    [['support'], ['dba', 'support']],
  );
});

test('no choice of names makes two clients one session', () => {
  const part = fc.string({ unit: fc.constantFrom('"', ',', '\\', 'a', '\u0000', '['), maxLength: 4 });
  fc.assert(
    fc.property(fc.tuple(part, part, part), fc.tuple(part, part, part), (one, two) => {
      const { tracker } = setUp();
      const enter = ([credential, name, version]: readonly [string, string, string]): string =>
        tracker.enter(
          { ...alice, credential: { kind: 'jwt', id: credential } },
          { ...origin, client: { name, version } },
        );
      assert.equal(enter(one) === enter(two), JSON.stringify(one) === JSON.stringify(two));
    }),
  );
});

test('a transport session that ends closes every session it carried, and no idle limit does', async () => {
  const { tracker, world, lines } = setUp();
  const carried = { ...origin, transportSession: 'mcp-1' };
  const [a, b] = [tracker.enter(alice, carried), tracker.enter(bob, carried)];
  const other = tracker.enter(alice, { ...origin, transportSession: 'mcp-2' });
  world.now += 600 * MINUTE;
  await tracker.sweep();
  tracker.count(a, 'intent');
  tracker.leave('mcp-1', 'deleted');
  assert.deepEqual(lines().slice(3), [`${a} session.closed deleted 1/0`, `${b} session.closed deleted 0/0`]);
  assert.equal(tracker.enter(alice, { ...origin, transportSession: 'mcp-2' }), other);
  assert.notEqual(tracker.enter(alice, carried), a);
});

test('a sweep closes what is idle too long and nothing else', async () => {
  const { tracker, world, lines } = setUp({ idleMs: 5 * MINUTE });
  const old = tracker.enter(alice, origin);
  world.now += 3 * MINUTE;
  const young = tracker.enter(bob, origin);
  world.now += 3 * MINUTE;
  await tracker.sweep();
  await tracker.sweep();
  assert.deepEqual(lines().slice(2), [`${old} session.closed idle 0/0`]);
  assert.equal(tracker.enter(bob, origin), young);
});

test('shutdown closes everything with its counts', async () => {
  const { tracker, lines } = setUp();
  const a = tracker.enter(alice, origin);
  const b = tracker.enter(bob, { ...origin, transportSession: 'mcp-1' });
  for (const what of ['intent', 'intent', 'refused'] as const) tracker.count(a, what);
  await tracker.closeAll('shutdown');
  assert.deepEqual(lines().slice(2), [
    `${a} session.closed shutdown 2/1`,
    `${b} session.closed shutdown 0/0`,
  ]);
  tracker.count(a, 'intent');
  await tracker.closeAll('shutdown');
  assert.equal(lines().length, 4);
});

test('an opening that the store did not take is tried again by the next call, and not after that', async () => {
  const { tracker, world, lines } = setUp();
  world.up = false;
  const id = tracker.enter(alice, origin);
  tracker.enter(alice, origin);
  assert.equal(world.appends, 1, 'one attempt at a time');
  await turn();
  world.up = true;
  assert.equal(tracker.enter(alice, origin), id);
  await turn();
  tracker.enter(alice, origin);
  assert.deepEqual(lines(), [`${id} session.opened`]);
});

test('a closing that the store did not take is tried again by the next sweep, with the time of then', async () => {
  const { tracker, world, records, lines } = setUp();
  const id = tracker.enter(alice, { ...origin, transportSession: 'mcp-1' });
  await turn();
  world.up = false;
  tracker.leave('mcp-1', 'deleted');
  await turn();
  await tracker.sweep();
  world.up = true;
  world.now += MINUTE;
  await tracker.sweep();
  await tracker.sweep();
  assert.deepEqual(lines(), [`${id} session.opened`, `${id} session.closed deleted 0/0`]);
  assert.equal(records.at(-1)?.time, world.now);
});

test('above the limit the session that was idle longest is closed', () => {
  const { tracker, lines } = setUp({ maxSessions: 2 });
  const one = tracker.enter(alice, { ...origin, transportSession: '1' });
  const two = tracker.enter(alice, { ...origin, transportSession: '2' });
  assert.equal(tracker.enter(alice, { ...origin, transportSession: '1' }), one);
  const three = tracker.enter(alice, { ...origin, transportSession: '3' });
  assert.deepEqual(lines().slice(2), [`${two} session.closed too_many 0/0`, `${three} session.opened`]);
  assert.equal(tracker.enter(alice, { ...origin, transportSession: '1' }), one);
});

test('a principal that opens sessions without end closes its own, not those of others', () => {
  const { tracker } = setUp({ maxSessions: 100, maxSessionsPerPrincipal: 5 });
  const hers = tracker.enter(alice, origin);
  for (let n = 0; n < 500; n += 1) {
    tracker.enter(bob, { ...origin, client: { name: `client ${n}`, version: '1' } });
  }
  assert.equal(tracker.enter(alice, origin), hers);
});

test('what a client says of itself is masked and cut, and groups without end fit an entry', () => {
  const { tracker, records } = setUp({ maskText: (text) => text.replace('a@b.c', '[email]') });
  const groups = Array.from({ length: 5_000 }, (_, n) => `group-${n}`);
  tracker.enter(
    { ...alice, groups },
    {
      ...origin,
      protocolVersion: 'x'.repeat(9_000),
      client: { name: `a@b.c${'y'.repeat(9_000)}`, version: '1' },
    },
  );
  const event = records[0]!.event;
  assert.match(event['client'] as string, /^\[email\]y+$/);
  assert.ok(JSON.stringify(event).length < 10_000);
  assert.equal((event['groups'] as string[]).length + Number(event['groupsOmitted']), 5_000);
});
