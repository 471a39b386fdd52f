/** A real gateway, a witness somewhere else, and somebody who puts an older copy in the place of the record. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { createKeyFile } from '../../src/sessions/log/key-file.ts';
import { checkpointText } from '../../src/sessions/log/checkpoint.ts';
import { leafHash } from '../../src/sessions/log/merkle.ts';
import { parseSigner, signerKey } from '../../src/sessions/log/note.ts';
import { consistencyProof } from '../../src/sessions/log/proof.ts';
import { grow, rootOf } from '../../src/sessions/log/tree.ts';
import { cosignedAt, parseCosignerKey } from '../../src/verify/cosignature.ts';
import { serveWitness, type Witness } from '../../src/witness/serve-witness.ts';
import { command } from '../cli/command.ts';
import { connectAgent } from '../path/agent.ts';
import { exampleFolder } from '../path/example.ts';
import { until } from '../path/waiting.ts';
import { startAuthority } from '../support/time-stamp-authority.ts';
import {
  commandLine,
  COMPILED,
  sallyport,
  startGateway,
  type GatewayFolder,
  type GatewayProcess,
} from '../support/gateway-process.ts';

const house = mkdtempSync(join(tmpdir(), 'sallyport-witnessed-'));
after(() => rmSync(house, { recursive: true }));

let folder: GatewayFolder;
let witness: Witness;
let key: string;
let port = 0;

async function startWitness(): Promise<void> {
  const listen = { host: '127.0.0.1', port };
  witness = await serveWitness({
    listen,
    state: join(house, 'state'),
    logs: [key],
    name: 'example.com/w',
    now: Date.now,
  });
  port = Number(new URL(witness.url).port);
}

before(async () => {
  const keyFile = join(house, 'log-key');
  key = createKeyFile(keyFile, 'example.com/record').verifierKey;
  await startWitness();
  const record = `{ readers: [audit], key_file: "${keyFile}", witness_every: 1s, witnesses: [{ url: "${witness.url}", key: "${witness.verifierKey}" }] }`;
  folder = await exampleFolder({ config: (yaml) => `${yaml}\nrecord: ${record}\n` });
});
after(() => witness.close());

async function call(gateway: GatewayProcess): Promise<void> {
  const alice = await connectAgent(gateway.endpoint, gateway.tokens['alice']!);
  assert.equal((await alice.call('list_customers', { city: 'Berlin', limit: 1 })).outcome, 'answered');
  await alice.close();
}

async function served(gateway: GatewayProcess, path: string): Promise<Response> {
  const headers = { authorization: `Bearer ${gateway.tokens['carol']}` };
  return await fetch(new URL(path, gateway.endpoint), { headers });
}

/** What is on record of one type, and of all. Nothing stays open: the file is to be put back. */
function recorded(type: string): {
  readonly events: readonly Record<string, unknown>[];
  readonly records: number;
} {
  const db = new DatabaseSync(folder.storePath, { readOnly: true });
  const rows = db.prepare('SELECT entry FROM event WHERE type = ? ORDER BY idx').all(type);
  const records = Number(db.prepare('SELECT count(*) AS n FROM event').get()?.['n']);
  db.close();
  return {
    events: rows.map(({ entry }) => (JSON.parse(String(entry)) as { event: Record<string, unknown> }).event),
    records,
  };
}

const sizeOf = (note: string): number => Number(note.split('\n')[1]);

/** The note that the gateway serves, once it is of at least so many records and cosigned. */
async function cosigned(gateway: GatewayProcess, size: number): Promise<string> {
  const cosigner = parseCosignerKey(witness.verifierKey);
  assert.ok(cosigner);
  return await until(`${size} cosigned records`, async () => {
    const note = await (await served(gateway, '/log/checkpoint')).text();
    return sizeOf(note) >= size && cosignedAt(note, cosigner) !== null ? note : null;
  });
}

/** What the witness tells an auditor. */
async function seen(): Promise<string> {
  const origin = createHash('sha256').update('example.com/record').digest('hex');
  return await (await fetch(`${witness.url}/${origin}/checkpoint`)).text();
}

const verified = async (...more: readonly string[]) =>
  await command('verify', ...more, '--json', '--config', folder.configPath);
const kindsOf = (json: { findings: { kind: string }[] }): readonly string[] =>
  json.findings.map(({ kind }) => kind);

test('checkpoints are cosigned while calls go on, an outage is on record once, and a record that was put back is found by the witness alone', async () => {
  let gateway = await startGateway({ folder });
  await call(gateway);
  const note = await cosigned(gateway, 3);
  const kept = join(house, 'kept.checkpoint');
  assert.equal(note, await seen());
  assert.equal((await served(gateway, '/log/tile/0/000.p/3')).status, 200);

  await witness.close();
  for (let calls = 0; calls < 2; calls += 1) await call(gateway);
  const [failure] = await until('an outage', async () => {
    const { events } = recorded('witness.failed');
    return events.length > 0 ? events : null;
  });
  const { size: _, ...said } = failure ?? {};
  assert.deepEqual(said, { witness: 'example.com/w', failure: 'unavailable', detail: 'ECONNREFUSED' });
  await call(gateway);
  assert.ok(
    sizeOf(await (await served(gateway, '/log/checkpoint')).text()) > sizeOf(note),
    'readers get the newest',
  );
  await startWitness();
  const recovered = await until(
    'the end of the outage',
    async () => recorded('witness.recovered').events[0] ?? null,
  );
  assert.equal(recovered['witness'], 'example.com/w');
  assert.equal(recorded('witness.failed').events.length, 1, 'once for an outage');
  const metrics = await (await fetch(new URL('/metrics', gateway.endpoint))).text();
  assert.match(metrics, /sallyport_witness_requests_total\{witness="example\.com\/w",result="cosigned"\} \d/);
  assert.match(metrics, /sallyport_witness_requests_total\{witness="example\.com\/w",result="failed"\} \d/);
  assert.equal(await gateway.stop(), 0);

  // Everything that lies with the record is put back: the database, and the checkpoint beside it.
  const beside = [folder.storePath, `${folder.storePath}.checkpoint`];
  for (const path of beside) copyFileSync(path, `${path}.yesterday`);
  gateway = await startGateway({ folder });
  await call(gateway);
  await cosigned(gateway, recorded('server.started').records);
  assert.equal(await gateway.stop(), 0);
  const whole = await verified('--witness', witness.url, '--witness-key', witness.verifierKey);
  assert.equal(whole.code, 0, whole.stdout + whole.stderr);
  for (const path of beside) copyFileSync(`${path}.yesterday`, path);
  for (const log of ['-wal', '-shm']) rmSync(`${folder.storePath}${log}`, { force: true });

  assert.equal((await verified()).code, 0, 'what lies with the record agrees with it');
  const found = await verified('--witness', witness.url, '--witness-key', witness.verifierKey);
  assert.equal(found.code, 1);
  assert.ok(kindsOf(found.json()).includes('rolled_back'), found.stdout);
  // The same, from a file that an auditor fetched.
  const told = await seen();
  writeFileSync(kept, told);
  const byFile = await verified('--checkpoint', kept, '--witness-key', witness.verifierKey);
  assert.ok(kindsOf(byFile.json()).includes('rolled_back'));
  writeFileSync(kept, told.split('\n').slice(0, -2).join('\n') + '\n');
  const bare = await verified('--checkpoint', kept, '--witness-key', witness.verifierKey);
  assert.ok(kindsOf(bare.json()).includes('cosignature_invalid'));

  const refused = await sallyport(folder, 'serve');
  assert.equal(refused.code, 69, refused.stdout + refused.stderr);
  assert.match(refused.stderr, /the witness example\.com\/w has cosigned \d+ records, and \d+ are left/);
  assert.match(refused.stderr, /Look with: sallyport verify --witness/);
  assert.equal(
    (await verified('--witness', 'http://127.0.0.1:9')).code,
    69,
    'a witness that is named has to speak',
  );
});

test('a gateway starts without a witness that does not answer, says so, and has its checkpoints stamped', async (t) => {
  await witness.close();
  const authority = await startAuthority(join(house, 'tsa'));
  const stamps = authority === null ? '' : `, timestamps: { url: "${authority.url}", every: 1s }`;
  const other = await exampleFolder({
    config: (yaml) =>
      `${yaml}\nrecord: { origin: example.com/other, witnesses: [{ url: "${witness.url}", key: "${witness.verifierKey}" }]${stamps} }\n`,
  });
  const gateway = await startGateway({ folder: other });
  assert.match(gateway.stderr(), /did not say what it has seen/);
  await call(gateway);
  if (authority !== null) {
    const db = new DatabaseSync(other.storePath, { readOnly: true });
    const count = (sql: string) => async () => (Number(db.prepare(sql).get()?.['n']) > 0 ? true : null);
    await until('a time stamp', count('SELECT count(*) AS n FROM log_timestamp'));
    authority.change = () => 500;
    await call(gateway);
    await until('an outage', count("SELECT count(*) AS n FROM event WHERE type = 'timestamp.failed'"));
    authority.change = null;
    await until('its end', count("SELECT count(*) AS n FROM event WHERE type = 'timestamp.recovered'"));
    db.close();
    const metrics = await (await fetch(new URL('/metrics', gateway.endpoint))).text();
    assert.match(metrics, /sallyport_timestamp_requests_total\{result="stamped"\} \d/);
    assert.match(metrics, /sallyport_timestamp_requests_total\{result="failed"\} \d/);
  } else t.diagnostic('openssl is not installed: nothing was stamped');
  await gateway.stop();
  await authority?.close();
  await startWitness();
});

test('a witness that is killed at any moment never cosigns less than what it answered, nor another history', async () => {
  const state = join(house, 'killed');
  const signer = parseSigner(signerKey('example.com/killed', Buffer.alloc(32, 3)));
  assert.ok(signer);
  /** Two histories that part at record 20. */
  const trees = ['one', 'other'].map((history) => {
    const tiles = new Map<string, Uint8Array>();
    const place = {
      read: (level: number, index: number) => tiles.get(`${level}/${index}`) ?? null,
      write: (level: number, index: number, hashes: Uint8Array) =>
        void tiles.set(`${level}/${index}`, hashes),
    };
    const leaves = Array.from({ length: 200 }, (_, at) => leafHash(at < 20 ? `${at}` : `${history} ${at}`));
    grow(place, 0, Buffer.concat(leaves));
    return place;
  });
  const bodyOf = async (tree: number, older: number, newer: number): Promise<string> => {
    const place = trees[tree]!;
    const hashes = await consistencyProof(async (level, index) => place.read(level, index), older, newer);
    const text = checkpointText({ origin: 'example.com/killed', size: newer, root: rootOf(place, newer) });
    const lines = [`old ${older}`, ...hashes.map((hash) => Buffer.from(hash).toString('base64'))];
    return `${lines.join('\n')}\n\n${signer.sign(text)}`;
  };

  let answered = 0;
  for (let round = 0; round < 4; round += 1) {
    const line = commandLine(
      'witness',
      'serve',
      '--listen',
      '127.0.0.1:0',
      '--state',
      state,
      '--log',
      signer.verifierKey,
      '--json',
    );
    const child = spawn(line.command, line.args, {
      env: { ...process.env, ...COMPILED },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [first] = (await once(createInterface(child.stdout), 'line')) as [string];
    const { url } = JSON.parse(first) as { url: string };
    const post = (body: string): Promise<Response> =>
      fetch(`${url}/add-checkpoint`, { method: 'POST', body });
    let size = Number(
      await (await post(await bodyOf(0, 0, 1))).text().then((text) => (/^\d+\n$/.test(text) ? text : '1')),
    );
    assert.ok(size >= answered, `it answered ${answered}, and knows of ${size}`);
    if (size > 20) assert.equal((await post(await bodyOf(1, size, size + 1))).status, 422, 'another history');
    for (const [sent] of Array.from({ length: 8 }).entries()) {
      const answer = post(await bodyOf(0, size, size + 1)).catch(() => null);
      // The last one is under way when the kill comes, each time a little further.
      if (sent === 7) setTimeout(() => child.kill('SIGKILL'), 2 * round);
      const response = await answer;
      if (response?.status === 200) answered = size += 1;
      await response?.text().catch(() => '');
    }
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
  assert.ok(answered > 20, `only ${answered} were cosigned`);
});
