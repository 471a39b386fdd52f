import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { checkpointText } from '../log/checkpoint.ts';
import { parseSigner, signerKey } from '../log/note.ts';
import { openCosigner } from '../../witness/cosigner.ts';
import { askOverHttp } from './get-and-post.ts';
import { createOutage, type OutageEvent } from './outage.ts';
import { startPublisher } from './publisher.ts';
import { submitCheckpoint, type Submitted } from './submit-checkpoint.ts';
import { findCosignature, parseWitnessKey } from './witness-key.ts';

const house = mkdtempSync(join(tmpdir(), 'sallyport-submit-'));
const servers: Server[] = [];
after(() => {
  for (const server of servers) server.close();
  rmSync(house, { recursive: true });
});

const cosigner = openCosigner(join(house, 'witness.key'), 'example.com/witness');
const other = openCosigner(join(house, 'other.key'), 'example.com/witness');
const key = parseWitnessKey(cosigner.verifierKey);
assert.ok(key);
const signer = parseSigner(signerKey('example.com/log', Buffer.alloc(32, 1)));
const body = checkpointText({ origin: 'example.com/log', size: 9, root: Buffer.alloc(32) });
const state = { size: 9, text: body, note: signer?.sign(body) ?? '' };

interface Said {
  readonly status: number;
  readonly body: string;
  readonly type?: string;
  readonly location?: string;
}

/** A witness that says these things, one after the other; what it was asked, and what became of it. */
async function submit(...says: readonly Said[]): Promise<{ asked: readonly string[]; submitted: Submitted }> {
  assert.ok(key);
  const asked: string[] = [];
  const server = createServer((req, res) => {
    void text(req).then((request) => {
      asked.push(request);
      const {
        status,
        body: answer,
        type = 'text/plain',
        location,
      } = says[asked.length - 1] ?? { status: 500, body: '' };
      res
        .writeHead(status, { 'content-type': type, ...(location === undefined ? {} : { location }) })
        .end(answer);
    });
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const witness = { url: `http://127.0.0.1:${address.port}`, key };
  const proof = async (older: number, newer: number) => [Buffer.alloc(32, older), Buffer.alloc(32, newer)];
  const submitted = await submitCheckpoint(witness, state, 4, proof, askOverHttp(fetch));
  return { asked, submitted };
}

const good = { status: 200, body: `${cosigner.cosign(body, 1_795_000_000)}\n` };
const conflict = (size: number | string): Said => ({
  status: 409,
  body: `${size}\n`,
  type: 'text/x.tlog.size',
});
const hash = (byte: number): string => Buffer.alloc(32, byte).toString('base64');

test('a checkpoint is sent as C2SP tlog-witness has it, and its cosignature taken', async () => {
  const { asked, submitted } = await submit(good);
  assert.deepEqual(asked, [`old 4\n${hash(4)}\n${hash(9)}\n\n${state.note}`]);
  assert.deepEqual(submitted, { ok: true, cosignature: { line: good.body.trim(), time: 1_795_000_000 } });
});

test('a witness that knows of another size is asked again from there, once', async () => {
  const { asked, submitted } = await submit(conflict(7), good);
  assert.deepEqual(
    asked.map((each) => each.split('\n')[0]),
    ['old 4', 'old 7'],
  );
  assert.equal(submitted.ok, true);
  const moving = await submit(conflict(7), conflict(8), good);
  assert.equal(moving.asked.length, 2);
  assert.equal(!moving.submitted.ok && moving.submitted.failure, 'unavailable');
});

test('whatever else it answers is a failure of its kind, and never a cosignature', async () => {
  const line = good.body.trim();
  const bytes = Buffer.from(line.split(' ')[2] ?? '', 'base64');
  const withTime = (time: bigint): string => {
    const changed = Buffer.from(bytes);
    changed.writeBigUInt64BE(time, 4);
    return `— example.com/witness ${changed.toString('base64')}\n`;
  };
  const cases: readonly (readonly [string, Said, string])[] = [
    ['it has seen more than there is', conflict(10), 'ahead'],
    ['a size that is none', conflict('09'), 'bad_answer'],
    ['a size of another type', { ...conflict(7), type: 'text/plain' }, 'bad_answer'],
    ['an unknown log', { status: 404, body: '' }, 'unknown_log'],
    ['a key it does not know', { status: 403, body: '' }, 'unknown_log'],
    ['no continuation', { status: 422, body: '' }, 'not_consistent'],
    ['not now', { status: 503, body: '' }, 'unavailable'],
    ['too often', { status: 429, body: '' }, 'unavailable'],
    ['another request was expected', { status: 400, body: '' }, 'bad_answer'],
    ['a way to somebody else', { status: 307, body: '', location: 'http://127.0.0.1:1/' }, 'bad_answer'],
    ['nothing', { status: 200, body: '' }, 'bad_answer'],
    [
      'a cosignature with another key',
      { status: 200, body: `${other.cosign(body, 1_795_000_000)}\n` },
      'bad_answer',
    ],
    [
      'one over another checkpoint',
      { status: 200, body: `${cosigner.cosign(`${body}x\n`, 1_795_000_000)}\n` },
      'bad_answer',
    ],
    ['one with another time', { status: 200, body: withTime(1n) }, 'bad_answer'],
    ['one without a time', { status: 200, body: `${cosigner.cosign(body, 0)}\n` }, 'bad_answer'],
    ['an endless answer', { status: 200, body: `${'x'.repeat(100_000)}\n${good.body}` }, 'unavailable'],
  ];
  for (const [name, said, failure] of cases) {
    const { submitted } = await submit(said, { status: 500, body: '' });
    assert.equal(!submitted.ok && submitted.failure, failure, name);
  }
});

test('lines of others beside the cosignature are passed over', () => {
  assert.ok(key);
  const lines = `— example.com/else ${Buffer.alloc(76).toString('base64')}\n— x\n\n${other.cosign(body, 5)}\n${good.body}`;
  assert.equal(findCosignature(body, lines, key)?.line, good.body.trim());
});

test('a witness that never answers holds up no stop, and its silence then is no outage', async () => {
  assert.ok(key);
  const asked = Promise.withResolvers<void>();
  const server = createServer(() => asked.resolve());
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const told: unknown[] = [];
  const publisher = startPublisher({
    witnesses: [{ url: `http://127.0.0.1:${address.port}`, key }],
    newest: async () => state,
    proof: async () => [],
    kept: {
      cosignedSize: async () => 0,
      keepCosignature: () => Promise.reject(new Error('nothing to keep')),
    },
    ask: askOverHttp(fetch),
    now: Date.now,
    everyMs: 60_000,
    told: async (_witness, event) => void told.push(event),
    count: () => undefined,
    onError: (error) => void told.push(error),
  });
  await asked.promise;
  assert.equal(publisher.healthy(), false);
  await publisher.close();
  assert.deepEqual(told, []);
  server.closeAllConnections();
});

test('an outage is told at its beginning, when it becomes another, and at its end, and the waits grow to a bound', async () => {
  const told: OutageEvent<'down' | 'ahead'>[] = [];
  let now = 1_000;
  const outage = createOutage<'down' | 'ahead'>({
    now: () => now,
    firstWaitMs: 10,
    mostWaitMs: 35,
    told: async (event) => void told.push(event),
  });
  const waits: number[] = [];
  for (const failure of ['down', 'down', 'ahead', 'ahead', 'down'] as const) {
    await outage.failed(failure, 'a word');
    const since = now;
    while (!outage.mayTry()) now += 1;
    waits.push(now - since);
  }
  assert.deepEqual(waits, [10, 20, 35, 35, 35]);
  assert.equal(outage.lasts(), true);
  await outage.worked();
  await outage.worked();
  assert.equal(outage.lasts(), false);
  assert.deepEqual(
    told.map((event) => (event.kind === 'failed' ? event.failure : event)),
    ['down', 'ahead', 'down', { kind: 'recovered', since: 1_000, attempts: 5 }],
  );
});
