import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { test } from 'node:test';
import { command } from '../cli/command.ts';
import { commandLine, startGateway, type GatewayFolder } from '../support/gateway-process.ts';
import { connectAgent } from './agent.ts';
import { exampleFolder, peek } from './example.ts';
import { recordsIn } from './on-record.ts';

const run = promisify(execFile);

test('a second start keeps the data, the record and the tokens of the first', async (t) => {
  const folder = await exampleFolder();
  const began = performance.now();
  const first = await startGateway({ folder });
  t.diagnostic(`from the command to listening, from source: ${Math.round(performance.now() - began)} ms`);
  const alice = await connectAgent(first.endpoint, first.tokens['alice']!);
  const told = await alice.call('add_note', { customer_id: 1, body: 'from before the restart' });
  await alice.close();
  assert.equal(await first.stop(), 0);
  const known = (await recordsIn(folder)).length;

  const second = await startGateway({ folder });
  const again = await connectAgent(second.endpoint, first.tokens['alice']!);
  const found = await again.call('search_notes', { text: 'from before the restart' });
  assert.equal(found.rows.length, 1);
  await again.close();
  assert.equal(await second.stop(), 0);
  const records = await recordsIn(folder);
  assert.ok(records.length > known);
  assert.ok(records.slice(0, known).some(({ call }) => call === told.call));
  assert.equal(records.filter(({ type }) => type === 'server.started').length, 2);
});

/** Starts the command line for a person, and gives what it printed up to its last line. */
async function startForPeople(folder: GatewayFolder, ...more: readonly string[]) {
  const { command: node, args } = commandLine('serve', '--config', folder.configPath, ...more);
  const child = spawn(node, args, { cwd: folder.dir, stdio: ['ignore', 'pipe', 'ignore'] });
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    if (line.includes('Ctrl-C')) break;
  }
  return {
    banner: lines.join('\n'),
    async stop(): Promise<number> {
      child.kill('SIGINT');
      const [code] = (await once(child, 'exit')) as [number];
      return code;
    },
  };
}

test('--example makes the database where it is missing, and what it prints to try works as pasted', async () => {
  const folder = await exampleFolder();
  rmSync(join(folder.dir, 'data'), { recursive: true });
  const serving = await startForPeople(folder, '--example');
  try {
    assert.equal(peek(folder, 'SELECT count(*) FROM customers'), 3000);
    const [curl = ''] = /^ {2}curl (?:.*\\\n)+.*/m.exec(serving.banner) ?? [];
    const { stdout } = await run('sh', ['-c', curl]);
    const { result } = JSON.parse(stdout);
    assert.equal(result.isError, false);
    assert.match(result.content[0].text, /Ben Castillo/);

    for (const user of ['alice (support)', 'bob (dba)', 'carol (audit)'])
      assert.ok(serving.banner.includes(user), user);
    assert.match(
      serving.banner,
      /claude mcp add --transport http sallyport http:\/\/127\.0\.0\.1:\d+\/mcp --header "Auth/,
    );
    const [desktop = ''] = /^ {2}\{\n(?: {4}.*\n)+ {2}\}/m.exec(serving.banner) ?? [];
    assert.deepEqual(JSON.parse(desktop).mcpServers.sallyport.args, ['stdio', '--config', folder.configPath]);
    assert.match(serving.banner, /query\(\{ prompt, options: \{ mcpServers: \{ sallyport: \{/);
  } finally {
    assert.equal(await serving.stop(), 0);
  }
});

test('without development users there is no token to print, and no call to try', async () => {
  const folder = await exampleFolder();
  const yaml = readFileSync(folder.configPath, 'utf8');
  writeFileSync(folder.configPath, yaml.replace(/ {2}# Accepts the tokens[^]*?\n\n/, '\n'));
  const serving = await startForPeople(folder);
  assert.equal(await serving.stop(), 0);
  assert.ok(
    !serving.banner.includes('Development tokens') && !serving.banner.includes('curl'),
    serving.banner,
  );
  assert.match(serving.banner, /Authorization: Bearer <token>/);
  const refused = await command(
    'token',
    '--user',
    'alice',
    '--groups',
    'support',
    '--config',
    folder.configPath,
  );
  assert.equal(refused.code, 78);
  assert.match(refused.stderr, /development tokens are off: identity\.dev/);
});
