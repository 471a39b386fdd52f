import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import type { StoredRecord } from '../../src/model/record.ts';
import { openSqliteStore } from '../../src/sessions/sqlite-store/open-sqlite-store.ts';
import { verifyRecord } from '../../src/verify/verify.ts';
import { readAll } from '../contracts/read-all.ts';
import { builtMain } from '../support/built.ts';
import {
  gatewayFolder,
  startGateway,
  type GatewayFolder,
  type GatewayProcess,
} from '../support/gateway-process.ts';
import { letters, startLoad, type Noted } from './crash-load.ts';

/** How often a gateway is killed. Each costs a start, about a second and a half of CPU. */
const ROUNDS = Number(process.env['SALLYPORT_CRASH_ROUNDS'] ?? 100);
/** Gateways that are killed side by side, each with a record and a database of its own. */
const LANES = 2;
/** Every so many rounds the kill may come before the first answer, while the backend is still starting. */
const FROM_THE_START = 4;
/** The longest that a load runs before the kill, in milliseconds, once it runs. The shortest is none. */
const LONGEST_LOAD = 300;

/**
 * Compiled, so that types are stripped once and not at each of the starts, of the gateway and of its database processes.
 * And no WASM is optimised for a gateway that lives for a second: that is a third of the CPU of a start.
 */
const COMMAND = [process.execPath, '--liftoff-only', '--disable-warning=ExperimentalWarning', builtMain()];

interface Lane {
  readonly folder: GatewayFolder;
  readonly rounds: number;
  readonly noted: readonly Noted[];
}

interface Tally {
  readonly records: number;
  readonly told: number;
  readonly untold: number;
  readonly interrupted: number;
  readonly written: number;
}

test(`killed ${ROUNDS} times under load: what was answered is on record, what ran was announced, and no write happened twice`, async (t) => {
  const share = Math.ceil(ROUNDS / LANES);
  const lanes = await Promise.all(
    Array.from({ length: LANES }, (_, lane) => killAgainAndAgain(Math.min(share, ROUNDS - lane * share))),
  );
  const tallies: Tally[] = [];
  for (const lane of lanes) tallies.push(await examine(lane));
  const total = (of: keyof Tally): number => tallies.reduce((sum, tally) => sum + tally[of], 0);
  t.diagnostic(
    `${ROUNDS} kills of ${LANES} gateways: ${total('records')} records; ${total('told')} calls answered, ` +
      `${total('untold')} cut off, ${total('interrupted')} of them between intent and outcome; ` +
      `${total('written')} writes`,
  );
  assert.ok(total('told') >= ROUNDS / 2, `only ${total('told')} answers: this was no load`);
  assert.ok(total('interrupted') > 0, 'no kill came between an intent and its outcome: this was no test');
});

/** Kills the gateway of one folder at a random moment, so many times, and lets the last one end in order. */
async function killAgainAndAgain(rounds: number): Promise<Lane> {
  // Each SQLite process costs another start of Node in every round, and two are enough to run calls side by side.
  const config = (yaml: string): string => yaml.replace('kind: sqlite', 'kind: sqlite\n    pool: { max: 2 }');
  const folder = await gatewayFolder({ config });
  const emails = customers(folder);
  const noted: Noted[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const gateway = await start(folder);
    const load = startLoad(gateway, `mark ${letters(round)}`, emails);
    try {
      if (round % FROM_THE_START > 0) await load.answering;
      await sleep(Math.random() * LONGEST_LOAD);
    } finally {
      gateway.kill();
    }
    noted.push(...(await load.over));
    assert.equal(await gateway.exited, 128 + 9, `alive until it was killed:\n${gateway.stderr()}`);
  }
  const last = await start(folder);
  assert.equal(await last.stop(), 0);
  return { folder, rounds, noted };
}

/** While no gateway holds the port somebody's outgoing connection may have it for a moment. */
async function start(folder: GatewayFolder): Promise<GatewayProcess> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startGateway({ folder, command: COMMAND });
    } catch (error) {
      if (attempt === 5 || !String(error).includes('EADDRINUSE')) throw error;
      await sleep(1000);
    }
  }
}

function customers({ dir }: GatewayFolder): readonly string[] {
  const crm = new DatabaseSync(join(dir, 'data/crm.db'), { readOnly: true });
  const rows = crm.prepare('SELECT email FROM customers ORDER BY id LIMIT 200').all();
  crm.close();
  return rows.map((row) => String(row['email']));
}

/** What was signed between the kills is one history, and the last end in order signed the rest. */
async function verifies({ storePath }: GatewayFolder, records: number): Promise<void> {
  const key = readFileSync(`${storePath}.log-key.pub`, 'utf8').trim();
  const kept = readFileSync(`${storePath}.checkpoint`, 'utf8');
  const payloadKey = readFileSync(`${storePath}.payload-key`, 'utf8');
  const found = await verifyRecord({ path: storePath, key, kept, payloadKey });
  const damage = found.findings.filter(({ kind }) => kind !== 'outcome_missing');
  assert.deepEqual([damage, found.signed?.size], [[], records]);
}

/** Holds the record of a lane against what its clients were told, and against its database. */
async function examine({ folder, rounds, noted }: Lane): Promise<Tally> {
  const store = await openSqliteStore({ path: folder.storePath, clock: Date.now });
  const records = await readAll(store);
  await store.close();
  await verifies(folder, records.length);

  const intents = new Map<string, StoredRecord>();
  const outcomes = new Map<string, StoredRecord>();
  const refusals = new Map<string, StoredRecord>();
  let starts = 0;
  for (const [at, record] of records.entries()) {
    assert.equal(record.index, at, 'a gap in the record');
    const call = record.call ?? '';
    const put = (into: Map<string, StoredRecord>): void => {
      assert.ok(!into.has(call), `${call} has two records of ${record.type}`);
      into.set(call, record);
    };
    if (record.type === 'server.started') starts += 1;
    else if (record.type === 'call.intent') put(intents);
    else if (record.type === 'call.refused') put(refusals);
    else if (record.type === 'call.outcome') {
      assert.ok(intents.has(call), `${call} has an outcome and no intent before it`);
      put(outcomes);
    }
  }
  assert.ok(starts >= rounds + 1, `${starts} starts on record, of ${rounds + 1}`);

  const times = timesWritten(folder);
  for (const { tool, mark, told } of noted) {
    const written = mark === null ? 0 : (times.get(mark) ?? 0);
    if (told === null) {
      assert.ok(written <= 1, `${tool} ${mark} was not answered and happened ${written} times`);
      continue;
    }
    const { call, outcome } = told;
    if (outcome === 'refused') {
      assert.equal(
        refusals.get(call)?.event['cause'],
        'forbidden',
        `${call} was refused, and is not on record`,
      );
      assert.equal(written, 0, `${call} was refused, and wrote`);
      continue;
    }
    assert.equal(
      intents.get(call)?.event['tool'],
      tool,
      `${call} was answered, and its intent is not on record`,
    );
    assert.equal(outcomes.get(call)?.event['outcome'], outcome, `${call} was told ${outcome}`);
    // A backend that is busy, or recovering from the kill before, may give no result: then nothing was written.
    if (outcome === 'failed') {
      assert.equal(written, 0, `${call} of ${tool} failed, and wrote: ${JSON.stringify(outcomes.get(call))}`);
      continue;
    }
    assert.equal(outcome, 'answered', `${call} of ${tool}: ${JSON.stringify(outcomes.get(call))}`);
    if (mark !== null) assert.equal(written, 1, `${call} was answered, and happened ${written} times`);
  }

  // The other way round: whatever is in the database was announced before it got there.
  const announced = [...intents.values()].map(({ payload }) => JSON.stringify(payload)).join('\n');
  const called = new Set(noted.map(({ mark }) => mark));
  for (const mark of times.keys()) {
    assert.ok(called.has(mark), `${mark} was written and nobody asked for it`);
    assert.ok(announced.includes(mark), `${mark} was written and no intent speaks of it`);
  }
  const told = noted.filter((note) => note.told !== null).length;
  return {
    records: records.length,
    told,
    untold: noted.length - told,
    interrupted: intents.size - outcomes.size,
    written: [...times.values()].reduce((sum, n) => sum + n, 0),
  };
}

/** How often each mark is in the database, which a killed process must have left whole. */
function timesWritten({ dir }: GatewayFolder): ReadonlyMap<string, number> {
  const crm = new DatabaseSync(join(dir, 'data/crm.db'));
  const rows = crm
    .prepare("SELECT body, count(*) AS n FROM notes WHERE body LIKE 'mark %' GROUP BY body")
    .all();
  assert.deepEqual({ ...crm.prepare('PRAGMA integrity_check').get() }, { integrity_check: 'ok' });
  crm.close();
  return new Map(rows.map((row) => [String(row['body']), Number(row['n'])]));
}
