import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { leafHash } from '../sessions/log/merkle.ts';
import { checkpointText } from '../sessions/log/checkpoint.ts';
import { parseSigner, signerKey } from '../sessions/log/note.ts';
import { consistencyProof } from '../sessions/log/proof.ts';
import { grow } from '../sessions/log/tree.ts';
import { cosignedAt, parseCosignerKey } from '../verify/cosignature.ts';
import { serveWitness, type Witness } from './serve-witness.ts';

/** A small log that another implementation wrote: see test/vectors/README.md. */
const published = JSON.parse(
  readFileSync(new URL('../../test/vectors/tessera-log.json', import.meta.url), 'utf8'),
) as { key: string; signer: string; entries: string[]; checkpoints: string[] };
const note = (size: number): string => published.checkpoints[size] ?? '';
const ORIGIN = 'example.com/log/testdata';
const NOW = 1_795_000_000_000;

const house = mkdtempSync(join(tmpdir(), 'sallyport-witness-'));
after(() => rmSync(house, { recursive: true }));

let rooms = 0;
const running = new Set<Witness>();
after(async () => {
  for (const witness of running) await witness.close();
});
async function start(state = join(house, `${(rooms += 1)}`), logs = [published.key]): Promise<Witness> {
  const listen = { host: '127.0.0.1', port: 0 };
  const witness = await serveWitness({ listen, state, logs, name: 'example.com/witness', now: () => NOW });
  running.add(witness);
  return witness;
}
async function stop(witness: Witness): Promise<void> {
  running.delete(witness);
  await witness.close();
}

const tiles = new Map<string, Uint8Array>();
grow(
  {
    read: (level, index) => tiles.get(`${level}/${index}`) ?? null,
    write: (l, i, h) => void tiles.set(`${l}/${i}`, h),
  },
  0,
  Buffer.concat(published.entries.map((entry) => leafHash(entry))),
);
async function proof(older: number, newer: number): Promise<string> {
  const hashes = await consistencyProof(
    async (level, index) => tiles.get(`${level}/${index}`) ?? null,
    older,
    newer,
  );
  return hashes.map((hash) => `${Buffer.from(hash).toString('base64')}\n`).join('');
}

async function send(
  witness: Witness,
  body: string,
): Promise<{ status: number; type: string | null; text: string }> {
  const response = await fetch(`${witness.url}/add-checkpoint`, { method: 'POST', body });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}
const request = async (older: number, newer: number): Promise<string> =>
  `old ${older}\n${await proof(older, newer)}\n${note(newer)}`;
const seen = async (witness: Witness): Promise<Response> =>
  await fetch(`${witness.url}/${createHash('sha256').update(ORIGIN).digest('hex')}/checkpoint`);

test('a log that grows is cosigned from step to step, with its time, and what was seen is there to be read', async () => {
  const witness = await start();
  const key = parseCosignerKey(witness.verifierKey);
  assert.ok(key);
  assert.equal((await seen(witness)).status, 404);
  for (const [older, newer] of [
    [0, 0],
    [0, 1],
    [1, 4],
    [4, 4],
    [4, 11],
    [11, 15],
  ] as const) {
    const { status, text } = await send(witness, await request(older, newer));
    assert.equal(status, 200, `${older} to ${newer}: ${text}`);
    assert.equal(cosignedAt(note(newer) + text, key), BigInt(NOW / 1000));
    assert.equal(await (await seen(witness)).text(), note(newer) + text);
  }
});

test('what is not a continuation, not signed, not known or not a request is answered as C2SP tlog-witness says', async () => {
  const witness = await start();
  assert.equal((await send(witness, await request(0, 5))).status, 200);
  const conflict = await send(witness, await request(4, 8));
  assert.deepEqual(conflict, { status: 409, type: 'text/x.tlog.size', text: '5\n' });
  assert.equal((await send(witness, `old 0\n\n${note(8)}`)).status, 409);

  const signer = parseSigner(published.signer);
  const forged = signer?.sign(checkpointText({ origin: ORIGIN, size: 5, root: Buffer.alloc(32) }));
  const stranger = parseSigner(signerKey(ORIGIN, Buffer.alloc(32, 7)));
  const text = note(8).slice(0, note(8).indexOf('\n\n') + 1);
  const good = await request(5, 8);
  const cases: readonly (readonly [string, number, string])[] = [
    ['another history of the same size', 422, `old 5\n\n${forged}`],
    ['no proof', 422, `old 5\n\n${note(8)}`],
    ['a wrong proof', 422, `old 5\n${await proof(4, 8)}\n${note(8)}`],
    ['a proof with one hash more', 422, good.replace('\n\n', `\n${Buffer.alloc(32).toString('base64')}\n\n`)],
    ['a smaller checkpoint', 400, `old 5\n\n${note(4)}`],
    ['an unknown log', 404, good.replaceAll(ORIGIN, 'example.com/other')],
    ['another key', 403, `old 5\n${await proof(5, 8)}\n${stranger?.sign(text)}`],
    ['an edited checkpoint', 403, good.replace(`${ORIGIN}\n8\n`, `${ORIGIN}\n9\n`)],
    ['a bad signature beside a good one', 403, `${good}${note(7).split('\n').at(-2)}\n`],
    ['no old size', 400, good.replace('old 5\n', '')],
    ['an old size with a zero in front', 400, good.replace('old 5', 'old 05')],
    ['a hash that is none', 400, good.replace('old 5\n', 'old 5\nxx\n')],
    ['64 hashes', 400, `old 5\n${`${Buffer.alloc(32).toString('base64')}\n`.repeat(64)}\n${note(8)}`],
    ['nothing', 400, ''],
    ['too much', 400, `old 5\n\n${note(8)}${' '.repeat(200_000)}`],
  ];
  for (const [name, status, body] of cases) assert.equal((await send(witness, body)).status, status, name);
  assert.equal((await fetch(`${witness.url}/add-checkpoint`)).status, 405);
  assert.equal((await fetch(`${witness.url}/else`)).status, 404);
  assert.equal((await send(witness, good)).status, 200, 'and nothing of it was remembered');
});

test('the first checkpoint of a log comes without a proof', async () => {
  const witness = await start();
  assert.equal((await send(witness, `old 0\n${await proof(3, 5)}\n${note(5)}`)).status, 422);
  assert.equal((await send(witness, `old 0\n\n${note(5)}`)).status, 200);
});

test('signatures of others in a checkpoint are passed over, and not passed on', async () => {
  const witness = await start();
  const other = `— example.com/other ${Buffer.alloc(76, 1).toString('base64')}\n`;
  const { status, text } = await send(witness, `old 0\n\n${note(5)}${other}`);
  assert.equal(status, 200);
  assert.equal(await (await seen(witness)).text(), note(5) + text);
});

test('of many that send at a time one after the other goes on from what was cosigned last', async () => {
  const witness = await start();
  const sizes = Array.from({ length: 15 }, (_, at) => at + 1);
  const answers = await Promise.all(sizes.map(async (size) => await send(witness, await request(0, size))));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  assert.equal(answers.filter(({ status }) => status === 409).length, 14);
});

test('two witnesses on one state are one: what the first cosigned binds the second', async () => {
  const state = join(house, 'shared');
  const [one, two] = [await start(state), await start(state)];
  assert.equal(one.verifierKey, two.verifierKey);
  assert.equal((await send(one, await request(0, 9))).status, 200);
  assert.deepEqual((await send(two, await request(0, 3))).text, '9\n');
  await stop(one);
  await stop(two);
  const again = await start(state);
  assert.deepEqual((await send(again, await request(0, 3))).text, '9\n');
});

test('the key is for its owner alone, stays what it is, and a file that others may read is refused', async () => {
  const state = join(house, 'key');
  const first = await start(state);
  await stop(first);
  const path = join(state, 'witness.key');
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(readFileSync(`${path}.pub`, 'utf8'), `${first.verifierKey}\n`);
  const again = await start(state);
  assert.equal(again.verifierKey, first.verifierKey);
  await stop(again);
  const other = { listen: { host: '127.0.0.1', port: 0 }, state, logs: [], now: () => NOW };
  await assert.rejects(
    serveWitness({ ...other, name: 'example.com/else' }),
    /is the key of "example.com\/witness"/,
  );
  chmodSync(path, 0o640);
  await assert.rejects(start(state), /may be read by others/);
  chmodSync(path, 0o600);
  writeFileSync(path, 'x\n');
  await assert.rejects(start(state), /does not hold the key/);
  await assert.rejects(start(undefined, ['x']), { name: 'NotALogKey' });
});

test('OpenSSL verifies a cosignature', async (t) => {
  if (spawnSync('openssl', ['version']).error !== undefined) return t.skip('openssl is not installed');
  const witness = await start();
  const { text } = await send(witness, await request(0, 15));
  const bytes = Buffer.from(text.trim().split(' ')[2] ?? '', 'base64');
  const point = Buffer.from(witness.verifierKey.split('+').slice(2).join('+'), 'base64').subarray(1);
  const body = note(15).slice(0, note(15).indexOf('\n\n') + 1);
  writeFileSync(join(house, 'message'), `cosignature/v1\ntime ${NOW / 1000}\n${body}`);
  writeFileSync(join(house, 'signature'), bytes.subarray(12));
  writeFileSync(
    join(house, 'key.der'),
    Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), point]),
  );
  const args = '-verify -pubin -keyform DER -inkey key.der -rawin -in message -sigfile signature'.split(' ');
  assert.match(
    execFileSync('openssl', ['pkeyutl', ...args], { cwd: house, encoding: 'utf8' }),
    /Successfully/,
  );
});
