import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseLogPath } from './log-path.ts';

test('paths are those of C2SP tlog-tiles', () => {
  const cases: readonly (readonly [string, object])[] = [
    ['/log/checkpoint', { kind: 'checkpoint' }],
    ['/log/tile/0/000', { kind: 'tile', level: 0, index: 0, width: 256 }],
    ['/log/tile/1/x001/x234/067', { kind: 'tile', level: 1, index: 1_234_067, width: 256 }],
    ['/log/tile/0/x001/000.p/255', { kind: 'tile', level: 0, index: 1_000, width: 255 }],
    ['/log/tile/entries/067.p/1', { kind: 'entries', index: 67, width: 1 }],
    ['/log/tile/63/000', { kind: 'tile', level: 63, index: 0, width: 256 }],
  ];
  for (const [path, resource] of cases) assert.deepEqual(parseLogPath(path), resource);
});

test('a path that is written in another way is none', () => {
  for (const path of [
    '/log/',
    '/log/checkpoint/',
    '/log/tile/0/0',
    '/log/tile/0/0000',
    '/log/tile/00/000',
    '/log/tile/64/000',
    '/log/tile/-1/000',
    '/log/tile/0/x000/001',
    '/log/tile/0/001/002',
    '/log/tile/0/x001',
    '/log/tile/0/000.p/0',
    '/log/tile/0/000.p/01',
    '/log/tile/0/000.p/256',
    '/log/tile/0/000.p/',
    '/log/tile/entries/000/../001',
    '/log/tile/0/x001/x001/x001/x001/x001/000',
    '/log/tile/0/000\n',
  ])
    assert.equal(parseLogPath(path), null, path);
});
