import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { readSkillFiles } from './read.ts';

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'sallyport-read-'));
  t.after(() => rm(path, { recursive: true, force: true }));
  await mkdir(join(path, 'skills'));
  return path;
}

async function write(root: string, path: string, text: string | Uint8Array): Promise<void> {
  await mkdir(join(root, path, '..'), { recursive: true });
  await writeFile(join(root, path), text);
}

async function messages(root: string): Promise<string[]> {
  const read = await readSkillFiles(join(root, 'skills'), root);
  assert.ok(!read.ok);
  return read.errors.map(({ file, message }) => `${file} ${message}`);
}

test('the two files of each skill are read, in order, by the names a person would type', async (t) => {
  const root = await folder(t);
  await write(root, 'skills/b/tools.yaml', 'tools: b');
  await write(root, 'skills/b/SKILL.md', 'b');
  await write(root, 'skills/a/SKILL.md', 'ä');
  await write(root, 'skills/a/notes.txt', 'no');
  await write(root, 'skills/.git/config', 'no');
  await write(root, 'skills/README.md', 'no');
  const read = await readSkillFiles(join(root, 'skills'), root);
  assert.deepEqual(read, {
    ok: true,
    value: [
      { path: 'skills/a/SKILL.md', text: 'ä' },
      { path: 'skills/b/SKILL.md', text: 'b' },
      { path: 'skills/b/tools.yaml', text: 'tools: b' },
    ],
    warnings: [],
  });
});

test('a missing folder is an error', async (t) => {
  const root = await folder(t);
  await rm(join(root, 'skills'), { recursive: true });
  assert.deepEqual(await messages(root), ['skills the skills folder cannot be read (ENOENT)']);
});

test('a folder without a skill is an error', async (t) => {
  const root = await folder(t);
  await mkdir(join(root, 'skills/empty'));
  assert.match((await messages(root))[0] ?? '', /^skills\/empty the folder holds no skill/);
});

test('a link that leaves the folder is not followed, one inside it is', async (t) => {
  const root = await folder(t);
  await write(root, 'outside/tools.yaml', 'secret');
  await write(root, 'skills/a/SKILL.md', 'a');
  await symlink(join(root, 'outside/tools.yaml'), join(root, 'skills/a/tools.yaml'));
  assert.match((await messages(root))[0] ?? '', /^skills\/a\/tools\.yaml the file is a link that leaves/);
  await rm(join(root, 'skills/a'), { recursive: true });
  await symlink(join(root, 'outside'), join(root, 'skills/b'));
  assert.match((await messages(root))[0] ?? '', /^skills\/b\/tools\.yaml the file is a link that leaves/);
  await rm(join(root, 'skills/b'));
  await write(root, 'skills/.data/tools.yaml', 'inside');
  await mkdir(join(root, 'skills/c'));
  await symlink('../.data/tools.yaml', join(root, 'skills/c/tools.yaml'));
  const read = await readSkillFiles(join(root, 'skills'), root);
  assert.deepEqual(read.ok && read.value, [{ path: 'skills/c/tools.yaml', text: 'inside' }]);
});

test('a file that is too large, not text, or a folder is an error', async (t) => {
  const root = await folder(t);
  await write(root, 'skills/a/SKILL.md', 'x'.repeat(1024 * 1024 + 1));
  await write(root, 'skills/a/tools.yaml', Uint8Array.of(0xc3, 0x28));
  await mkdir(join(root, 'skills/b/SKILL.md'), { recursive: true });
  const found = await messages(root);
  assert.match(found[0] ?? '', /^skills\/a\/SKILL\.md the file has 1048577 bytes/);
  assert.match(found[1] ?? '', /^skills\/a\/tools\.yaml the file is not valid UTF-8/);
  assert.match(found[2] ?? '', /^skills\/b\/SKILL\.md this is not a file/);
});
