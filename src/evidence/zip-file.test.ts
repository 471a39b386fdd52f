import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openPack } from '../verify/pack/open-pack.ts';
import { createZipFile } from './zip-file.ts';

const house = mkdtempSync(join(tmpdir(), 'sallyport-zip-'));
after(() => rmSync(house, { recursive: true }));

const pathOf = (name: string): string => join(house, name);

test('files that grow beside each other come out whole and the same each time', async () => {
  const line = (at: number): string => `${at} ünï ${'x'.repeat(at % 97)}\n`;
  const write = (name: string): void => {
    const zip = createZipFile(pathOf(name), pathOf('part'));
    const [a, b] = [zip.grow('a.txt'), zip.grow('b.txt')];
    for (let at = 0; at < 60_000; at += 1) for (const file of [a, b]) file.write(line(at));
    zip.put('first.txt', 'put before they end');
    zip.settle();
    zip.close();
  };
  write('one.zip');
  write('two.zip');
  assert.ok(readFileSync(pathOf('one.zip')).equals(readFileSync(pathOf('two.zip'))));
  const pack = openPack(pathOf('one.zip'));
  const expected = Array.from({ length: 60_000 }, (_, at) => line(at)).join('');
  for (const name of ['a.txt', 'b.txt']) assert.equal((await pack.whole(name))?.toString('utf8'), expected);
  pack.close();
  const left = readdirSync(house).filter((name) => name.startsWith('part'));
  assert.deepEqual(left, [], 'nothing is left behind');
});

test('what was put last can be taken back, and the archive is as if it had never been there', () => {
  const put = (name: string, extra: boolean): Buffer => {
    const zip = createZipFile(pathOf(name), pathOf('part'));
    zip.put('a', 'x'.repeat(10_000));
    if (extra) {
      zip.put('b', 'gone');
      zip.put('c', 'gone, too');
      zip.settle();
      zip.rewind('b');
    }
    zip.put('d', '');
    zip.settle();
    zip.close();
    return readFileSync(pathOf(name));
  };
  assert.ok(put('with.zip', true).equals(put('without.zip', false)));
});

test('more files than the format first foresaw are read, here and by others', async (t) => {
  const zip = createZipFile(pathOf('many.zip'), pathOf('part'));
  for (let at = 0; at < 65_600; at += 1) zip.put(`f/${at}`, '');
  zip.put('last', 'here');
  zip.settle();
  zip.close();
  const pack = openPack(pathOf('many.zip'));
  assert.equal(pack.names.length, 65_601);
  assert.equal((await pack.whole('last'))?.toString(), 'here');
  pack.close();
  const found = spawnSync('unzip', ['-p', pathOf('many.zip'), 'last'], { encoding: 'utf8' });
  if (found.error !== undefined) return t.skip('unzip is not installed');
  assert.equal(found.stdout, 'here');
});
