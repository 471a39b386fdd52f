import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { before, test } from 'node:test';
import { loadMaskingRules } from '../../src/masking/rules.ts';
import { maskJson } from '../../src/masking/mask.ts';
import { openSqliteStore } from '../../src/sessions/sqlite-store/open-sqlite-store.ts';
import { command } from '../cli/command.ts';
import { commandLine, COMPILED, gatewayFolder, type GatewayFolder } from '../support/gateway-process.ts';
import type { NewRecord } from '../../src/model/record.ts';

/** A session of an hour: two calls, of which the second holds what would drive a terminal. */
const SESSION = 'ses_01a1fc7f-66dd-789d-a572-89d4fd6ca285';
const HOUR = 3600_000;
const START = Date.UTC(2026, 10, 14, 9);
const HOSTILE = 'SELECT \u001b]0;owned\u0007 \u202e \u009b31m';
let folder: GatewayFolder;

before(async () => {
  folder = await gatewayFolder();
  mkdirSync(dirname(folder.storePath), { recursive: true });
  const store = await openSqliteStore({ path: folder.storePath, clock: Date.now });
  const rules = loadMaskingRules(null);
  assert.ok(rules.ok);
  const who = { principal: 'alice', kind: 'user', issuer: 'test', client: 'c 1', transport: 'http' };
  const record = (type: NewRecord['type'], at: number, call: string | null, event: object): NewRecord => ({
    type,
    time: START + at,
    session: SESSION,
    call,
    event: event as NewRecord['event'],
    payload: type === 'call.intent' ? maskJson({ statement: HOSTILE }, rules.value) : null,
  });
  await store.append([
    record('session.opened', 0, null, { ...who, groups: [] }),
    record('call.intent', 10, 'call_1', { tool: 'run_sql', connection: 'crm', policies: ['p'] }),
    record('call.outcome', 30, 'call_1', { outcome: 'answered', durationMs: 20, rows: 1 }),
    record('call.intent', HOUR, 'call_2', { tool: 'run_sql', connection: 'crm', policies: ['p'] }),
    record('call.outcome', HOUR + 400, 'call_2', { outcome: 'answered', durationMs: 400, rows: 2 }),
  ]);
  await store.close();
});

test('a session is played to its end, with its long pause told and nothing that a terminal would obey', async () => {
  const argv = ['sessions', 'replay', SESSION, '--config', folder.configPath];
  const { code, stdout } = await command(...argv, '--speed', '1000000');
  assert.equal(code, 0);
  assert.equal(stdout.match(/run_sql answered/g)?.length, 2);
  assert.match(stdout, /run_sql …\n/);
  assert.doesNotMatch(stdout.replaceAll('\n', ''), /[\p{Cc}\p{Cf}]/u);
  assert.match(stdout, /\\u001b\]0;owned/);
  const { stdout: slow } = await command(...argv, '--to', '2026-11-14T09:30:00Z', '--no-wait');
  assert.equal(slow.match(/run_sql answered/g)?.length, 1);
});

test('a signal ends the playing between two lines, with 0', async () => {
  const argv = ['sessions', 'replay', SESSION, '--speed', '1', '--config', folder.configPath];
  const { command: node, args } = commandLine(...argv);
  const child = spawn(node, args, {
    cwd: folder.dir,
    env: { ...process.env, ...COMPILED },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const input = createInterface(child.stdout);
  for await (const line of input) {
    lines.push(line);
    // The pause of an hour, cut to three seconds, comes after this.
    if (line.includes('run_sql answered')) child.kill('SIGINT');
  }
  const code = child.exitCode ?? ((await once(child, 'exit')) as [number | null])[0];
  assert.equal(code, 0);
  assert.equal(lines.filter((line) => line.includes('run_sql')).length, 1);
});

test('what plays and what decides are told apart, and a session that is not there exits with 66', async () => {
  const config = ['--config', folder.configPath];
  assert.equal((await command('sessions', 'replay', SESSION, '--json', ...config)).code, 2);
  assert.equal((await command('sessions', 'replay', 'ses_none', ...config)).code, 66);
  const missing = await command('sessions', 'replay', '--policies', '/nowhere/at/all', ...config);
  assert.deepEqual([missing.code, missing.stdout], [78, '']);
});
