import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { loadDevKeys, signDevToken } from './dev-tokens.ts';
import { AUDIENCE, ending, identityKit } from '../../test/support/identity-kit.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-dev-'));
});
after(() => rm(folder, { recursive: true }));

test('the key is made once, readable by its owner only, and read again after that', async () => {
  const path = join(folder, 'data', 'nested', 'key.json');
  const first = await loadDevKeys(path);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  const second = await loadDevKeys(path);
  assert.deepEqual(second.privateJwk, first.privateJwk);
  assert.deepEqual(await readdir(join(folder, 'data', 'nested')), ['key.json']);
});

test('processes that start at once agree on one key', async () => {
  const path = join(folder, 'race.json');
  const all = await Promise.all(Array.from({ length: 8 }, () => loadDevKeys(path)));
  assert.equal(new Set(all.map(({ privateJwk }) => privateJwk.d)).size, 1);
  assert.equal((await loadDevKeys(path)).privateJwk.d, all[0]?.privateJwk.d);
  const left = (await readdir(folder)).filter((name) => name.startsWith('race.json.'));
  assert.deepEqual(left, []);
});

test('a key file that others may read or write is refused, with what to do', async () => {
  const path = join(folder, 'loose.json');
  await loadDevKeys(path);
  for (const mode of [0o644, 0o640, 0o604, 0o660, 0o601]) {
    await chmod(path, mode);
    await assert.rejects(loadDevKeys(path), /may be read or written by others .* chmod 600/);
  }
  await chmod(path, 0o400);
  await loadDevKeys(path);
});

test('a key file that is a symbolic link is refused', async () => {
  const target = join(folder, 'target.json');
  await loadDevKeys(target);
  await symlink(target, join(folder, 'link.json'));
  await assert.rejects(loadDevKeys(join(folder, 'link.json')), /ELOOP/);
});

test('a file that is no key pair is refused, and nothing of it is told', async () => {
  const path = join(folder, 'broken.json');
  const good = JSON.parse(
    await loadDevKeys(join(folder, 'good.json')).then(() => readFile(join(folder, 'good.json'), 'utf8')),
  ) as Record<string, string>;
  for (const text of ['', 'hunter2', '{}', JSON.stringify({ ...good, d: 'hunter2' })]) {
    await writeFile(path, text, { mode: 0o600 });
    await assert.rejects(loadDevKeys(path), (error: Error) => {
      assert.match(error.message, /does not hold an Ed25519 key pair/);
      assert.ok(!`${error.stack} ${JSON.stringify(error.cause)}`.includes('hunter2'));
      return true;
    });
  }
});

test('a file whose two halves do not belong together signs nothing that is accepted', async () => {
  const one = await loadDevKeys(join(folder, 'one.json'));
  const two = await loadDevKeys(join(folder, 'two.json'));
  const path = join(folder, 'mixed.json');
  await writeFile(path, JSON.stringify({ ...one.privateJwk, d: two.privateJwk.d }), { mode: 0o600 });
  const mixed = await loadDevKeys(path);
  const kit = identityKit({ devKeys: mixed });
  const claims = { user: 'alice', groups: [], audience: AUDIENCE, ttlSeconds: 60 };
  const ended = await signDevToken(claims, mixed, kit.clock()).then(
    async (token) => ending(await kit.bearer(token)),
    () => 'does not sign',
  );
  assert.ok(ended === 'does not sign' || ended === 'bad_signature', ended);
});
