import assert from 'node:assert/strict';
import { test } from 'node:test';
import { execute } from './execute.ts';
import type { Received } from './received.ts';
import type { Stations } from './stations.ts';
import type { PermittedCall } from '../model/tool-call.ts';

async function toldAfter(revealed: PermittedCall['revealed']): Promise<string> {
  let told = '';
  const stations = {
    now: Date.now,
    execute: () => Promise.reject(new Error('cannot bind "Wu"')),
    alarm: (_call: string, _station: string, error: unknown) => void (told = String(error)),
  } as unknown as Stations;
  const received = { id: 'call_1', io: { signal: new AbortController().signal } } as unknown as Received;
  const permitted = { call: { tool: { name: 't' } }, revealed } as unknown as PermittedCall;
  const execution = await execute(permitted, received, stations);
  assert.deepEqual(execution, {
    ok: false,
    failure: 'internal',
    message: 'The connector failed.',
    ran: 'maybe',
  });
  return told;
}

test('a connector that throws tells the log why, but for what may quote the value behind a token', async () => {
  assert.equal(await toldAfter({}), 'Error: cannot bind "Wu"');
  assert.doesNotMatch(await toldAfter({ name: { class: 'person_name', value: 'Wu' } }), /Wu/);
});
