import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import assert from 'node:assert/strict';
import { openNamed } from './open-named.ts';
import { readAll } from './read-all.ts';
import { creation, sampleApproval } from './sample-approval.ts';
import { sampleRecord } from './sample-record.ts';
import { PLACES } from './store-places.ts';

const child = new URL('./store-spend-child.ts', import.meta.url).pathname;

async function fileGrants(path: string, count: number): Promise<void> {
  const store = await openNamed(path);
  const done = await Promise.all(
    Array.from({ length: count }, (_, n) => {
      const id = String(n).padStart(5, '0');
      const record = sampleRecord('approval.requested', { call: `call_${id}`, session: 's' });
      return store.appendWith([record], creation(sampleApproval(id, { status: 'approved' })));
    }),
  );
  assert.ok(done.every(Boolean));
  await store.close();
}

/** Spends in a process of its own; kills it after a while where told to. The lines that it printed whole. */
async function spending(path: string, name: string, killed: boolean): Promise<readonly string[]> {
  const running = spawn(process.execPath, [child, path, name], { stdio: ['ignore', 'pipe', 'inherit'] });
  const chunks: Buffer[] = [];
  running.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const closed = once(running, 'close');
  if (killed) {
    await once(running.stdout, 'data');
    await sleep(Math.random() * 60);
    running.kill('SIGKILL');
  }
  const [code] = (await closed) as [number | null];
  if (!killed) assert.equal(code, 0);
  return Buffer.concat(chunks)
    .toString()
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.startsWith('spent '));
}

/** A grant is spent exactly where its use and one intent are on record, and never twice. Gives how many are. */
async function spentOnRecord(path: string, acknowledged: ReadonlySet<string>): Promise<number> {
  const store = await openNamed(path);
  try {
    const records = await readAll(store);
    const used = new Map<string, string>();
    for (const { type, call, event } of records) {
      if (type !== 'approval.used') continue;
      const id = event['approval'];
      assert.ok(typeof id === 'string');
      assert.ok(!used.has(id), `${id} was used twice`);
      used.set(id, call ?? '');
    }
    const intents = records.filter(({ type }) => type === 'call.intent');
    assert.deepEqual(new Set(intents.map(({ call }) => call)), new Set(used.values()));
    assert.equal(intents.length, used.size);
    for (const { request, status, uses } of await store.approvals({ limit: 10_000 })) {
      assert.equal(status, used.has(request.id) ? 'spent' : 'approved');
      assert.deepEqual(
        uses.map(({ call }) => call),
        used.has(request.id) ? [used.get(request.id)] : [],
      );
    }
    for (const line of acknowledged) {
      const [, id = '', call] = line.split(' ');
      assert.equal(used.get(id), call, `${line} was acknowledged and is not what happened`);
    }
    return used.size;
  } finally {
    await store.close();
  }
}

for (const { name, make } of PLACES) {
  async function withPlace(work: (path: string) => Promise<void>): Promise<void> {
    const place = await make();
    try {
      await work(place.name);
    } finally {
      await place.remove();
    }
  }

  test(`processes that race to spend each of many grants in the ${name} store spend each once, and each learns what it did`, () =>
    withPlace(async (path) => {
      const count = 400;
      await fileGrants(path, count);
      const lines = (await Promise.all(['p', 'q'].map((racer) => spending(path, racer, false)))).flat();
      assert.equal(lines.length, count, 'as many were said to be done as there were grants');
      assert.equal(await spentOnRecord(path, new Set(lines)), count);
    }));

  test(`killed at any moment while they spend in the ${name} store: a grant is spent at most once, and its use is on record exactly then`, () =>
    withPlace(async (path) => {
      const count = 3_000;
      await fileGrants(path, count);
      const acknowledged = new Set<string>();
      let spent = 0;
      let cut = 0;
      for (let round = 0; round < 8 && spent < count; round += 1) {
        const both = await Promise.all(['p', 'q'].map((racer) => spending(path, `${racer}${round}`, true)));
        for (const line of both.flat()) acknowledged.add(line);
        const before = spent;
        spent = await spentOnRecord(path, acknowledged);
        if (spent > before && spent < count) cut += 1;
      }
      assert.ok(cut >= 2, `${cut} rounds were killed in the middle: this shows nothing`);
    }));
}
