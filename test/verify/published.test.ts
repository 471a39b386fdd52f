import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSqliteStore } from '../../src/sessions/sqlite-store/open-sqlite-store.ts';
import { intentOf, outcomeOf } from '../contracts/sample-record.ts';
import { buildAuditor } from './go/auditor.ts';
import { gatewayFolder, startGateway, type GatewayProcess } from '../support/gateway-process.ts';

const CALLS = 400;

let gateway: GatewayProcess;
let older: string;
const scratch = mkdtempSync(join(tmpdir(), 'sallyport-go-'));

before(async () => {
  const config = (yaml: string): string => `${yaml}\nrecord: { readers: [audit] }\n`;
  const folder = await gatewayFolder({ config });
  const { storePath } = folder;
  const log = { keyFile: `${storePath}.log-key`, checkpointFile: `${storePath}.checkpoint`, origin: null };
  const store = await openSqliteStore({ path: storePath, clock: Date.now, log });
  for (let at = 0; at < CALLS; at += 1)
    await store.append([intentOf(`call_${at}`, 'ses_1'), outcomeOf(`call_${at}`, 'ses_1')]);
  await store.close();
  older = join(folder.dir, 'older.checkpoint');
  copyFileSync(log.checkpointFile, older);
  gateway = await startGateway({ folder });
});

after(async () => {
  await gateway.stop();
  rmSync(scratch, { recursive: true });
});

function get(path: string, user?: string): Promise<Response> {
  const headers = user === undefined ? {} : { authorization: `Bearer ${gateway.tokens[user]}` };
  return fetch(new URL(path, gateway.endpoint), { headers });
}

async function sizeOfCheckpoint(): Promise<number> {
  return Number((await (await get('/log/checkpoint', 'carol')).text()).split('\n')[1]);
}

test('the log is served to the groups that may read it, and to nobody else', async () => {
  const paths = ['/log/checkpoint', '/log/tile/0/000', '/log/tile/entries/000'];
  for (const path of paths) {
    assert.equal((await get(path)).status, 401);
    assert.match((await get(path)).headers.get('www-authenticate') ?? '', /^Bearer/);
    assert.equal((await get(path, 'alice')).status, 403);
    assert.equal((await get(path, 'carol')).status, 200);
  }
  const [checkpoint, tile] = [await get('/log/checkpoint', 'carol'), await get('/log/tile/0/000', 'carol')];
  assert.equal(await checkpoint.text(), readFileSync(`${gateway.storePath}.checkpoint`, 'utf8'));
  assert.match(checkpoint.headers.get('content-type') ?? '', /^text\/plain/);
  assert.equal(checkpoint.headers.get('cache-control'), 'no-store');
  assert.equal(tile.headers.get('content-type'), 'application/octet-stream');
  assert.equal(tile.headers.get('cache-control'), 'private, max-age=31536000, immutable');
  assert.equal((await tile.arrayBuffer()).byteLength, 256 * 32);
});

test('what no checkpoint covers is not served, nor what is none', async () => {
  for (const path of [
    '/log/',
    '/log/tile/0/004',
    '/log/tile/0/003',
    '/log/tile/1/000',
    '/log/tile/0/000.p/256',
    '/log/tile/entries/003',
  ])
    assert.equal((await get(path, 'carol')).status, 404, path);
  assert.equal((await get('/log/tile/1/000.p/3', 'carol')).status, 200);
  assert.equal((await get('/log/tile/1/000.p/4', 'carol')).status, 404);
});

test('an unidentified request for the log is on record', async () => {
  const db = new DatabaseSync(gateway.storePath, { readOnly: true });
  const sql =
    "SELECT count(*) AS n FROM event WHERE type = 'door.refused' AND entry ->> '$.event.failure' = 'no_credential'";
  const before401 = Number(db.prepare(sql).get()?.['n']);
  await get('/log/checkpoint');
  assert.ok(Number(db.prepare(sql).get()?.['n']) > before401);
  db.close();
});

test('a gateway without readers serves no log', async () => {
  const closed = await startGateway();
  const headers = { authorization: `Bearer ${closed.tokens['carol']}` };
  const response = await fetch(new URL('/log/checkpoint', closed.endpoint), { headers });
  assert.equal(response.status, 404);
  await closed.stop();
});

test('Go’s own note and tlog prove every entry of a running gateway, and that it goes on from an older checkpoint', async (t) => {
  const program = buildAuditor(scratch);
  if (program === null) return t.skip('golang-go and golang-golang-x-mod-dev are not installed');
  const key = readFileSync(`${gateway.storePath}.log-key.pub`, 'utf8').trim();
  const audit = async (): Promise<{ code: number; out: string; err: string }> => {
    const url = new URL(gateway.endpoint).origin;
    const env = { ...process.env, TOKEN: gateway.tokens['carol'] };
    const child = spawn(program, [url, key, older], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const [out, err, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    return { code: Number(code), out, err };
  };
  while ((await sizeOfCheckpoint()) <= 2 * CALLS) await sleep(50);
  const good = await audit();
  assert.equal(good.code, 0, good.err);
  const [, proven] = /^(\d+) entries proven, from 800 on\n$/.exec(good.out) ?? [];
  assert.ok(Number(proven) > 2 * CALLS, good.out);

  const db = new DatabaseSync(gateway.storePath);
  db.exec('PRAGMA busy_timeout = 5000; DROP TRIGGER event_is_never_updated');
  db.exec("UPDATE event SET entry = replace(entry, 'alice', 'mallory') WHERE idx = 300");
  const bad = await audit();
  db.exec("UPDATE event SET entry = replace(entry, 'mallory', 'alice') WHERE idx = 300");
  db.close();
  assert.equal(bad.code, 1);
  assert.match(bad.err, /^record 300: /);
});
