import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { readSupportingFiles } from './supporting-files.ts';

/** A folder with the skill `a`, and these files more. */
async function folder(t: TestContext, files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'sallyport-supporting-'));
  t.after(() => rm(root, { recursive: true }));
  for (const [path, content] of Object.entries({
    'a/SKILL.md': 'a',
    'a/tools.yaml': 'tools: a',
    ...files,
  })) {
    await mkdir(dirname(join(root, 'skills', path)), { recursive: true });
    await writeFile(join(root, 'skills', path), content);
  }
  return root;
}

async function messages(root: string): Promise<readonly string[]> {
  const read = await readSupportingFiles(join(root, 'skills'), root);
  assert.ok(!read.ok);
  return read.errors.map(({ file, line, message }) => `${[file, line ?? []].flat().join(':')} ${message}`);
}

test('what lies beside the two files is read at any depth, and nothing that begins with a dot', async (t) => {
  const root = await folder(t, {
    'a/references/b/tables.md': '# ü\n',
    'a/references/a.csv': 'x,y\n',
    'a/LICENSE': 'free',
    'a/logo.PNG': Uint8Array.of(0x89, 0, 0xff),
    'a/data.bin': 'text\0and not',
    'a/.env': 'SECRET=1',
    'a/references/.git/config': 'no',
    'b/SKILL.md': 'b',
  });
  const read = await readSupportingFiles(join(root, 'skills'), root);
  assert.ok(read.ok);
  assert.deepEqual(
    [...read.value].map(([skill, files]) => [skill, files.map((file) => `${file.path} ${file.mediaType}`)]),
    [
      [
        'a',
        [
          'LICENSE text/plain',
          'data.bin application/octet-stream',
          'logo.PNG image/png',
          'references/a.csv text/csv',
          'references/b/tables.md text/markdown',
        ],
      ],
      ['b', []],
    ],
  );
  const tables = read.value.get('a')?.at(-1);
  const sha256 = createHash('sha256').update('# ü\n').digest('hex');
  assert.deepEqual([tables?.content, tables?.size, tables?.sha256], ['# ü\n', 5, sha256]);
});

test('a link out of the folder of the skill is an error, to another skill as well', async (t) => {
  const root = await folder(t, { 'b/SKILL.md': 'b', 'a/real.md': 'inside' });
  await symlink('/etc/passwd', join(root, 'skills/a/passwd'));
  assert.match((await messages(root)).join('\n'), /^skills\/a\/passwd the file is a link that leaves/);
  await rm(join(root, 'skills/a/passwd'));
  await symlink('../a/real.md', join(root, 'skills/b/real.md'));
  assert.match((await messages(root)).join('\n'), /^skills\/b\/real\.md the file is a link that leaves/);
  await rm(join(root, 'skills/b/real.md'));
  await symlink('.', join(root, 'skills/a/again'));
  assert.match((await messages(root)).join('\n'), /^skills\/a\/again /);
  await rm(join(root, 'skills/a/again'));
  await mkdir(join(root, 'skills/a/..data'));
  await writeFile(join(root, 'skills/a/..data/mounted.md'), 'from a ConfigMap');
  await symlink('..data/mounted.md', join(root, 'skills/a/mounted.md'));
  const read = await readSupportingFiles(join(root, 'skills'), root);
  assert.deepEqual(read.ok && read.value.get('a')?.map(({ path }) => path), ['mounted.md', 'real.md']);
});

test('no link serves what is not served, under another name or from another place', async (t) => {
  for (const [path, target] of [
    ['a/notes.md', 'tools.yaml'],
    ['a/env.md', '.env'],
    ['a/sub/tools.yaml', '../tools.yaml'],
  ] as const) {
    const root = await folder(t, { 'a/.env': 'SECRET=1', 'a/sub/x.md': '' });
    await symlink(target, join(root, 'skills', path));
    assert.deepEqual(await messages(root), [
      `skills/${path} this is a link to a file that is not served under this name; expected a file`,
    ]);
  }
});

test('a text that hides a character is an error with its place, and so is a name', async (t) => {
  const root = await folder(t, {
    'a/references/x.md': '\u{FEFF}fine\nnot \u{202E}fine\n',
    'a/references/picture.png': Uint8Array.of(0xe2, 0x80, 0xae, 0xff),
  });
  assert.match(
    (await messages(root)).join('\n'),
    /^skills\/a\/references\/x\.md:2 found the character U\+202E/,
  );
  await rm(join(root, 'skills/a/references/x.md'));
  await writeFile(join(root, 'skills/a/references/a\u200bb.md'), '');
  assert.match((await messages(root)).join('\n'), /^skills\/a\/references a name .* U\+200B$/);
});

test('a skill has at most 512 files, five folders below its own, 4 MiB in a file and 16 MiB in all', async (t) => {
  const many = Object.fromEntries(Array.from({ length: 511 }, (_, at) => [`a/many/${at}.md`, '']));
  const root = await folder(t, { ...many, 'a/1/2/3/4/5/deep.md': '' });
  assert.match((await messages(root)).join('\n'), /^skills\/a the skill has more than 512 files/);
  await rm(join(root, 'skills/a/many/0.md'));
  const read = await readSupportingFiles(join(root, 'skills'), root);
  assert.equal(read.ok && read.value.get('a')?.length, 511);
  await mkdir(join(root, 'skills/a/1/2/3/4/5/6'));
  assert.match((await messages(root)).join('\n'), /^skills\/a\/1\/2\/3\/4\/5\/6 the folder lies too deep/);
  await rm(join(root, 'skills/a/1'), { recursive: true });
  await rm(join(root, 'skills/a/many'), { recursive: true });
  await writeFile(join(root, 'skills/a/large'), Buffer.alloc(4 * 1024 * 1024 + 1));
  assert.match((await messages(root)).join('\n'), /^skills\/a\/large the file has 4194305 bytes/);
  for (const name of ['large', '2', '3', '4', '5'])
    await writeFile(join(root, 'skills/a', name), Buffer.alloc(4 * 1024 * 1024 - (name === 'large' ? 0 : 1)));
  assert.match(
    (await messages(root)).join('\n'),
    /^skills\/a the files of the skill have more than 16777216/,
  );
});
