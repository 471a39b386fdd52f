import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { createSessions } from './session.ts';

const random = (bytes: number): string => randomBytes(bytes).toString('base64url');

test('one person holds sixteen sessions at most, the longest unused ends first, and others keep theirs', () => {
  const sessions = createSessions({ now: () => 0, random });
  const other = sessions.begin('other', 'token', 'oidc');
  const first = sessions.begin('person', 'token', 'oidc');
  const second = sessions.begin('person', 'token', 'oidc');
  for (let more = 0; more < 14; more += 1) sessions.begin('person', 'token', 'oidc');
  assert.notEqual(sessions.find(first), null);
  sessions.begin('person', 'token', 'oidc');
  assert.equal(sessions.find(second), null);
  assert.notEqual(sessions.find(first), null);
  assert.notEqual(sessions.find(other), null);
});

test('rest ends a session after half an hour, and use keeps it for eight hours', () => {
  let now = 0;
  const sessions = createSessions({ now: () => now, random });
  const rested = sessions.begin('a', 'token', 'oidc');
  const used = sessions.begin('b', 'token', 'oidc');
  for (; now < 8 * 3_600_000; now += 29 * 60_000) assert.notEqual(sessions.find(used), null);
  assert.equal(sessions.find(rested), null);
  assert.equal(sessions.find(used), null);
});
