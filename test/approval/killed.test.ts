/** `kill -9` at every durable step of a call that is held, approved and run, and at moments that nobody chose. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { recordsIn } from '../path/on-record.ts';
import {
  commandLine,
  startGateway,
  type GatewayFolder,
  type GatewayProcess,
} from '../support/gateway-process.ts';
import {
  approvalOf,
  approvalsOf,
  heldFolder,
  mark,
  marks,
  post,
  rule,
  runAs,
  tokenFor,
  toldOf,
  type Came,
} from './held-gateway.ts';

/** How often it is killed at a random moment. Each costs a start. */
const ROUNDS = Number(process.env['SALLYPORT_APPROVAL_KILLS'] ?? 3);
/** How often a store must be found locked in a row before it is taken for held up. */
const LOOKS = 12;

/** No WASM is optimised for a gateway that lives for a second: that is a third of the CPU of a start. */
const { command: node, args: main } = commandLine();
const COMMAND = [node, '--liftoff-only', ...main];

let folder: GatewayFolder;
let gateway: GatewayProcess;
let alice: string;
let bob: string;
before(async () => {
  folder = await heldFolder({
    held: { customers: '@approval("dba")' },
    // Each SQLite process costs another start of Node after every kill.
    config: (yaml) => yaml.replace('kind: sqlite', 'kind: sqlite\n    pool: { max: 1 }'),
  });
  gateway = await startGateway({ folder, command: COMMAND });
  alice = await tokenFor(folder, 'alice', 'support');
  bob = await tokenFor(folder, 'bob', 'dba');
});
after(async () => {
  await gateway.stop();
});

async function killAndStart(): Promise<void> {
  gateway.kill();
  await gateway.exited;
  gateway = await startGateway({ folder, command: COMMAND });
}

function inDatabase<T>(path: string, work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(path, { timeout: 5_000 });
  try {
    return work(database);
  } finally {
    database.close();
  }
}

/**
 * Makes the store's own transaction hang where it writes a record of this type: nothing of it is durable, everything
 * before it is. A loop in a trigger, so that the program under test knows nothing of it.
 */
function hangAt(type: string): void {
  inDatabase(folder.storePath, (database) =>
    database.exec(`CREATE TRIGGER hang BEFORE INSERT ON event WHEN NEW.type = '${type}' BEGIN
      SELECT count(*) FROM (
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000000) SELECT i FROM n
      );
    END`),
  );
}

function hangNoMore(): void {
  inDatabase(folder.storePath, (database) => database.exec('DROP TRIGGER IF EXISTS hang'));
}

/** Resolves once somebody holds the store's write lock and does not let go of it. */
async function untilHeldUp(): Promise<void> {
  const database = new DatabaseSync(folder.storePath, { timeout: 0 });
  try {
    for (let locked = 0; locked < LOOKS;) {
      try {
        database.exec('BEGIN IMMEDIATE');
        database.exec('ROLLBACK');
        locked = 0;
      } catch {
        locked += 1;
      }
      await sleep(10);
    }
  } finally {
    database.close();
  }
}

/** Null where the gateway went away before it answered. */
async function call(row: number): Promise<Came | null> {
  return await post(gateway, alice, 'run_sql', mark('customers', row)).catch(() => null);
}

/** What the record and the database must say of a row, whatever happened. */
async function examine(row: number): Promise<void> {
  const records = await recordsIn(folder);
  const written = marks(folder, 'customers', row);
  assert.ok(written <= 1, `row ${row} was written ${written} times`);
  const { statement } = mark('customers', row);
  const own = (await approvalsOf(folder)).filter(({ request }) =>
    JSON.stringify(request.arguments).includes(JSON.stringify(statement).slice(1, -1)),
  );
  let begun = 0;
  for (const { request, status, uses } of own) {
    const intents = records.filter(
      ({ type, event }) => type === 'call.intent' && event['approval'] === request.id,
    );
    const used = (await toldOf(folder, request.id)).filter(({ type }) => type === 'approval.used');
    const times = status === 'spent' ? 1 : 0;
    assert.deepEqual(
      [intents.length, used.length, uses.length],
      [times, times, times],
      `${request.id} is ${status}`,
    );
    begun += intents.length;
  }
  assert.ok(written <= begun, `row ${row} was written, and no intent speaks of it`);
  for (const { type, call: id } of records)
    if (type === 'call.outcome')
      assert.ok(records.some((one) => one.type === 'call.intent' && one.call === id));
}

/** Asks again until it is held, has it approved where it is not, and runs it. */
async function finish(row: number): Promise<Came> {
  const held = await post(gateway, alice, 'run_sql', mark('customers', row));
  if (held.outcome === 'answered') return held;
  assert.equal(held.outcome, 'awaiting_approval', held.text);
  await rule(gateway, bob, held.approval ?? '');
  return await post(gateway, alice, 'run_sql', mark('customers', row));
}

const STEPS = [
  'approval.requested',
  'call.held',
  'approval.asked',
  'approval.decided',
  'approval.used',
  'call.intent',
] as const;

for (const [index, type] of STEPS.entries())
  test(`killed while ${type} is being written: nothing ran, and it runs once afterwards`, async () => {
    const row = 101 + index;
    let filed: string | undefined;
    // As far as the step is reached by the call itself, or by the reviewer, or by the call after that.
    if (index >= 2) filed = (await call(row))?.approval;
    if (index >= 4) await rule(gateway, bob, filed ?? assert.fail('nothing was filed'));
    hangAt(type);
    const cut = index < 2 || index >= 4 ? call(row) : rule(gateway, bob, filed ?? '').catch(() => null);
    await untilHeldUp();
    gateway.kill();
    await gateway.exited;
    assert.equal(await cut, null, 'nobody was told anything');
    hangNoMore();
    const told = (await recordsIn(folder)).filter(
      ({ event }) => filed !== undefined && event['approval'] === filed,
    );
    assert.ok(
      !told.some((record) => record.type === type && type !== 'approval.asked'),
      'it was not durable',
    );
    assert.equal(marks(folder, 'customers', row), 0);
    gateway = await startGateway({ folder, command: COMMAND });

    const done = await finish(row);
    assert.equal(done.outcome, 'answered', done.text);
    assert.equal(marks(folder, 'customers', row), 1);
    if (filed !== undefined)
      assert.equal((await approvalOf(folder, filed)).status, 'spent', 'the request was found again');
    await examine(row);
  });

for (const [where, row] of [
  ['before the backend has done it', 111],
  ['after the backend has done it, before that is on record', 112],
] as const)
  test(`killed ${where}: it is not repeated, and the record says that nobody knows`, async () => {
    const { approval: id = '' } = (await call(row)) ?? {};
    await rule(gateway, bob, id);
    const backend = new DatabaseSync(join(folder.dir, 'data/crm.db'), { timeout: 5_000 });
    try {
      // Whoever writes to the backend waits; the intent is durable by then.
      backend.exec('BEGIN IMMEDIATE');
      const cut = call(row);
      await untilIntent(id);
      if (row === 112) {
        hangAt('call.outcome');
        backend.exec('ROLLBACK');
        await untilHeldUp();
      }
      gateway.kill();
      await gateway.exited;
      assert.equal(await cut, null);
    } finally {
      if (backend.isTransaction) backend.exec('ROLLBACK');
      backend.close();
    }
    hangNoMore();
    const written = marks(folder, 'customers', row);
    if (row === 112) assert.equal(written, 1);
    gateway = await startGateway({ folder, command: COMMAND });

    const again = await call(row);
    assert.equal(again?.outcome, 'awaiting_approval', again?.text);
    assert.notEqual(again?.approval, id, 'it is asked for anew');
    await examine(row);
    const intent = (await recordsIn(folder)).find(
      ({ type, event }) => type === 'call.intent' && event['approval'] === id,
    );
    const story = await runAs(folder, '', 'sessions', 'show', intent?.session ?? '');
    assert.match(story.stdout, /unknown/i);
  });

async function untilIntent(approval: string): Promise<void> {
  while (
    !(await recordsIn(folder)).some(
      ({ type, event }) => type === 'call.intent' && event['approval'] === approval,
    )
  )
    await sleep(5);
}

test(`killed ${ROUNDS} times at random moments of the story: at most one execution, each announced and paid for`, async (t) => {
  const ends: string[] = [];
  // How long the story takes on this machine, now, in a gateway that has just begun: the moments lie all over it,
  // the early ones closer, for the next story may be told faster.
  await killAndStart();
  const started = performance.now();
  await finish(200);
  const lasts = performance.now() - started;
  for (let round = 0; round < ROUNDS; round += 1) {
    const row = 201 + round;
    const story = finish(row).catch(() => null);
    await sleep((lasts * (round + Math.random())) / ROUNDS / 2);
    await killAndStart();
    const told = await story;
    if (told?.outcome === 'answered') assert.equal(marks(folder, 'customers', row), 1);
    await examine(row);
    const before_ = marks(folder, 'customers', row);
    const begun = (await recordsIn(folder)).length;
    const last = await finish(row);
    assert.equal(last.outcome, 'answered', last.text);
    // What ran before ran under its own approval; this one was given anew, and is one execution more.
    const fresh = (await recordsIn(folder)).slice(begun).some(({ type }) => type === 'approval.requested');
    assert.equal(marks(folder, 'customers', row), fresh ? before_ + 1 : 1);
    ends.push(`${told?.outcome ?? 'cut off'}, ${before_} written`);
  }
  t.diagnostic(ends.join('; '));
});
