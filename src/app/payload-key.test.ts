import assert from 'node:assert/strict';
import { test } from 'node:test';
import { payloadKeySource } from './payload-key.ts';
import type { Configuration } from './configuration.ts';

const source = (command: readonly string[]): ReturnType<typeof payloadKeySource> =>
  payloadKeySource({
    directory: process.cwd(),
    record: { payloadKey: { kind: 'command', command } },
  } as unknown as Configuration);

test('a command gives the key on its standard output, without a shell in between', async () => {
  const print = ['-e', 'process.stdout.write(process.argv[1])', '$(id) ; key'];
  const found = await source([process.execPath, ...print]);
  assert.equal(found.kind === 'text' && found.text, '$(id) ; key');
});

test('a command that fails or is not there refuses, and nothing of what it wrote is told', async () => {
  const failing = [
    process.execPath,
    '-e',
    'console.log("half-a-key"); console.error("half-a-key"); process.exit(3)',
  ];
  for (const command of [failing, ['/nowhere/key-service']])
    await assert.rejects(source(command), (error: Error) => {
      assert.equal(error.name, 'StoreRefused');
      assert.match(error.message, /key_command failed \((?:3|ENOENT)\)/);
      assert.ok(!error.message.includes('half-a-key'));
      return true;
    });
});
