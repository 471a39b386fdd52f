import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSqliteStore } from '../../src/sessions/sqlite-store/open-sqlite-store.ts';
import type { ApprovalRequest } from '../../src/model/approval.ts';
import type { Principal } from '../../src/model/principal.ts';
import { demand, deskOn, held, user } from '../approval/fixture.ts';
import { readAll } from '../contracts/read-all.ts';
import { createVisitor } from './browserless.ts';
import { startConsole } from './fixture.ts';

test('what people say on the page is on record, on the real desk and store, for two different people', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-console-desk-'));
  const store = await openSqliteStore({ path: join(folder, 'record.db'), clock: Date.now });
  const mayApprove = (reviewer: Principal, { requester }: ApprovalRequest): boolean =>
    reviewer.groups.includes('dba') && reviewer.id !== requester.id;
  const desk = deskOn(store, Date.now, { mayApprove });
  const fixture = await startConsole(() => ({
    desk,
    find: (id) => store.approval(id),
    recent: () => store.approvals({ limit: 200 }),
    mayApprove,
    couldApprove: ({ groups }) => groups.includes('dba'),
    now: Date.now,
  }));
  try {
    const asked = held({
      statement: "UPDATE customers SET note = 'secret'",
      principal: { ...user('bob-asks', 'dba'), issuer: fixture.provider.issuer },
      demands: [demand({ approvals: 2 })],
    });
    const { request } = await desk.request(asked);
    const path = `/console/approvals/${request.id}`;
    const decide = async (name: string): Promise<number> => {
      const visitor = createVisitor(fixture.url);
      await visitor.signIn('/console/sign-in', name);
      assert.doesNotMatch(await (await visitor.get(path)).text(), /secret/);
      const csrf = await visitor.csrf(path);
      const fields = { csrf, decision: 'approve', comment: `seen by ${name}` };
      return (await visitor.post(`${path}/decide`, fields)).status;
    };
    assert.equal(await decide('bob-asks'), 403, 'nobody approves what they asked for, though of the group');
    assert.equal(await decide('bob'), 303);
    assert.equal(await decide('bob'), 409, 'one person counts once, however often they sign in');
    assert.equal((await store.approval(request.id))?.status, 'pending');
    assert.equal(await decide('bobby'), 303);

    const approval = await store.approval(request.id);
    assert.equal(approval?.status, 'approved');
    assert.deepEqual(
      approval?.verdicts.map(({ by, channel, assurance, comment }) => [by.id, channel, assurance, comment]),
      [
        ['bob', 'console', 'high', 'seen by bob'],
        ['bobby', 'console', 'high', 'seen by bobby'],
      ],
    );
    const events = JSON.stringify(await readAll(store));
    assert.match(events, /"console"/);
    assert.match(events, /bobby/);

    const reviewer = createVisitor(fixture.url);
    await reviewer.signIn('/console/sign-in', 'bob');
    assert.match(await (await reviewer.get('/console/approvals')).text(), /Live grants/);
    const csrf = await reviewer.csrf(path);
    assert.equal((await reviewer.post(`${path}/revoke`, { csrf, comment: 'on second thought' })).status, 303);
    assert.equal((await store.approval(request.id))?.status, 'revoked');
    const late = await reviewer.post(`${path}/revoke`, { csrf });
    assert.equal(late.status, 409);
  } finally {
    await fixture.close();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
});
