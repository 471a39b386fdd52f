import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { watchFolders } from './watch.ts';

interface Watched {
  readonly root: string;
  readonly calls: () => number;
  /** Waits until `act` has been noticed, and says how often. */
  readonly noticed: (act: () => Promise<unknown>) => Promise<number>;
}

async function watched(t: TestContext, dirs: readonly string[] = ['a', 'b']): Promise<Watched> {
  const root = await mkdtemp(join(tmpdir(), 'sallyport-watch-'));
  for (const dir of ['a', 'b']) await mkdir(join(root, dir));
  const count = { calls: 0 };
  const watch = await watchFolders(
    dirs.map((dir) => join(root, dir)),
    () => count.calls++,
    { debounceMs: 30, pollMs: 50 },
  );
  t.after(async () => {
    watch.close();
    await rm(root, { recursive: true, force: true });
  });
  return {
    root,
    calls: () => count.calls,
    noticed: async (act) => {
      const before = count.calls;
      await act();
      while (count.calls <= before) await wait(5);
      return count.calls - before;
    },
  };
}

const limit = { timeout: 20_000 };

test('a new folder with files, an edit, and an edit as editors make it are noticed', limit, async (t) => {
  const { root, noticed } = await watched(t);
  const file = join(root, 'a/skill/tools.yaml');
  await noticed(async () => {
    await mkdir(join(root, 'a/skill'));
    await writeFile(file, 'one');
  });
  await noticed(() => writeFile(file, 'two'));
  const replace = async (text: string): Promise<void> => {
    await writeFile(`${file}.tmp`, text);
    await rename(`${file}.tmp`, file);
  };
  await noticed(() => replace('three'));
  // Where Node's own recursive mode goes blind.
  await noticed(() => writeFile(file, 'four'));
  await noticed(() => replace('five'));
});

test('a folder that is moved in, moved out and deleted is noticed', limit, async (t) => {
  const { root, noticed } = await watched(t);
  await mkdir(join(root, 'away'));
  await writeFile(join(root, 'away/tools.yaml'), 'one');
  await noticed(() => rename(join(root, 'away'), join(root, 'a/skill')));
  await noticed(() => writeFile(join(root, 'a/skill/tools.yaml'), 'two'));
  await noticed(() => rename(join(root, 'a/skill'), join(root, 'away')));
  await noticed(() => rename(join(root, 'away'), join(root, 'b/skill')));
  await noticed(() => rm(join(root, 'b/skill'), { recursive: true }));
});

test('a watched folder that is deleted and comes back is noticed, and watched again', limit, async (t) => {
  const { root, noticed } = await watched(t);
  await noticed(() => rm(join(root, 'a'), { recursive: true }));
  await noticed(() => mkdir(join(root, 'a')));
  await noticed(() => writeFile(join(root, 'a/x.cedar'), 'one'));
});

test('a folder that is not there yet is noticed when it comes', limit, async (t) => {
  const { root, noticed } = await watched(t, ['later']);
  await noticed(() => mkdir(join(root, 'later')));
  await noticed(() => writeFile(join(root, 'later/x.cedar'), 'one'));
});

test('many writes at once are few calls', limit, async (t) => {
  const { root, noticed, calls } = await watched(t);
  await noticed(async () => {
    for (let i = 0; i < 50; i++) await writeFile(join(root, 'a', `${i}.cedar`), 'x');
  });
  await wait(150);
  assert.ok(calls() < 10, String(calls()));
});

test('an event without a changed file calls nothing', limit, async (t) => {
  const { root, noticed, calls } = await watched(t);
  const file = join(root, 'a/x.cedar');
  await noticed(() => writeFile(file, 'one'));
  await wait(100);
  const before = calls();
  await utimes(join(root, 'a'), new Date(0), new Date(0));
  await wait(150);
  assert.equal(calls(), before);
  await noticed(() => utimes(file, new Date(0), new Date(0)));
});

test('after close nothing is called', limit, async (t) => {
  const root = await mkdtemp(join(tmpdir(), 'sallyport-watch-'));
  t.after(() => rm(root, { recursive: true, force: true }));
  let calls = 0;
  const watch = await watchFolders([root], () => calls++, { debounceMs: 1 });
  watch.close();
  await writeFile(join(root, 'x'), 'x');
  await wait(100);
  assert.equal(calls, 0);
});
