/**
 * A signed record on a disk that fails from its Nth write on, or in a process that ends in the middle of it: what was acknowledged is there, the next
 * start goes on, and `sallyport verify` finds nothing. `SALLYPORT_FAULTS=all` tries every N, which takes minutes.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import { command } from '../cli/command.ts';
import { readAll } from '../contracts/read-all.ts';
import { intentOf, outcomeOf } from '../contracts/sample-record.ts';
import { openSqliteStore } from '../../src/sessions/sqlite-store/open-sqlite-store.ts';
import type { Store } from '../../src/sessions/store.ts';

const house = mkdtempSync(join(tmpdir(), 'sallyport-faults-'));
after(() => rmSync(house, { recursive: true, force: true }));
const shim = join(house, 'failing-disk.so');
const template = join(house, 'template');
const child = new URL('./disk-child.ts', import.meta.url).pathname;
const APPENDS = 6;
/** Why there are no faults to be had here; null where there are. */
let without: string | null = null;
/** How many operations a run without a fault takes. */
let operations = 0;

const recordIn = (folder: string): string => join(folder, 'record.db');

function openOn(path: string): Promise<Store> {
  return openSqliteStore({
    path,
    clock: Date.now,
    log: { keyFile: `${path}.log-key`, checkpointFile: `${path}.checkpoint`, origin: null },
    keys: { kind: 'file', path: `${path}.payload-key` },
  });
}

before(async () => {
  const source = new URL('./failing-disk.c', import.meta.url).pathname;
  const built = spawnSync('gcc', ['-shared', '-fPIC', '-O1', '-o', shim, source, '-ldl'], {
    encoding: 'utf8',
  });
  if (built.status !== 0) {
    without = `no gcc that builds the failing disk: ${built.error?.message ?? built.stderr}`;
    console.log(`# skipping the failing disk: ${without}`);
    return;
  }
  mkdirSync(template);
  const store = await openOn(recordIn(template));
  await store.append([intentOf('first', 'ses_1'), outcomeOf('first', 'ses_1')]);
  await store.close();
  const count = join(house, 'count');
  const { lines } = run('whole', { FAULT_COUNT: count });
  assert.equal(lines.filter((line) => line.startsWith('acknowledged')).length, APPENDS);
  operations = Number(readFileSync(count, 'utf8'));
});

interface Ran {
  readonly path: string;
  readonly lines: readonly string[];
  readonly status: number | null;
}

/** Appends to a copy of the record on the failing disk. */
function run(name: string, faults: Readonly<Record<string, string>>): Ran {
  const folder = join(house, name);
  cpSync(template, folder, { recursive: true });
  const path = recordIn(folder);
  const ran = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', child, path, String(APPENDS)],
    {
      encoding: 'utf8',
      env: { ...process.env, LD_PRELOAD: shim, FAULT_PATH: 'record.db', ...faults },
      timeout: 60_000,
    },
  );
  return { path, lines: ran.stdout.split('\n').slice(0, -1), status: ran.status };
}

/** The disk is well again: a start goes on where it was, and an auditor finds nothing. */
async function recovers({ path, lines }: Ran, fault: string): Promise<void> {
  const said = (what: string): readonly string[] =>
    lines.filter((line) => line.startsWith(`${what} `)).map((line) => line.slice(what.length + 1));
  const store = await openOn(path);
  await store.append([intentOf('again', 'ses_1'), outcomeOf('again', 'ses_1')]);
  const calls = (await readAll(store)).map(({ type, call }) => `${type} ${call}`);
  await store.close();
  for (const call of ['first', 'again', ...said('acknowledged')])
    assert.ok(
      calls.includes(`call.intent ${call}`) && calls.includes(`call.outcome ${call}`),
      `${fault}: ${call} was acknowledged`,
    );
  for (const refused of said('refused').filter((one) => one.endsWith(' no')))
    assert.ok(!calls.includes(`call.intent ${refused.split(' ')[0]}`), `${fault}: ${refused} was refused`);
  const { code, stdout } = await command('verify', '--store', path, '--json');
  assert.equal(code, 0, `${fault}: ${stdout}`);
}

/** `count` of them, one out of each part of the run. */
function moments(count: number): readonly number[] {
  if (process.env['SALLYPORT_FAULTS'] === 'all') return Array.from({ length: operations }, (_, at) => at + 1);
  return Array.from(
    { length: count },
    (_, part) => 1 + Math.floor(((part + Math.random()) * operations) / count),
  );
}

function skips(context: TestContext): boolean {
  if (without !== null) context.skip(without);
  return without !== null;
}

test('the process ends in the middle of a write: what was acknowledged is there, and the record verifies', async (context) => {
  if (skips(context)) return;
  for (const at of moments(5)) {
    const ran = run(`cut-${at}`, { FAULT_MODE: 'cut', FAULT_AT: String(at) });
    assert.equal(ran.status, 137, `at ${at} it was cut off`);
    await recovers(ran, `cut off at ${at} of ${operations}`);
  }
});

for (const [mode, what] of [
  ['eio', 'an I/O error'],
  ['enospc', 'a full disk'],
  ['erofs', 'a disk that takes no writes any more'],
] as const)
  test(`${what} in the middle: calls are refused or recorded, never both, and the record verifies`, async (context) => {
    if (skips(context)) return;
    let hurt = 0;
    for (const at of moments(2)) {
      const failing = String(mode === 'eio' ? 1 + Math.floor(Math.random() * 3) : operations);
      const ran = run(`${mode}-${at}`, { FAULT_MODE: mode, FAULT_AT: String(at), FAULT_FOR: failing });
      await recovers(ran, `${mode} at ${at} of ${operations}, ${failing} times`);
      hurt += ran.lines.filter((line) => !line.startsWith('acknowledged')).length;
    }
    if (mode !== 'eio') assert.ok(hurt > 0, 'the disk did fail');
  });
