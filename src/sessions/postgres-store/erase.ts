import { administration, NAMES_A_RECORD, subjectEvent, type Erasure, type Order } from '../vault/disposal.ts';
import { numberOf, textOf } from '../row.ts';
import type { Connection, SqlValue } from './connection.ts';
import { holdsOver } from './hold-rows.ts';
import type { Transaction } from './writer.ts';

/** In one transaction: what is destroyed, and the records that say so. */
export async function erase({ connection, append }: Transaction, order: Order): Promise<Erasure> {
  const { subject } = order;
  const sessions = await sessionsOf(connection, order);
  const holds = await holdsOver(connection, subject, sessions);
  if (holds.length > 0) return { kind: 'held', holds };
  const total = { payloads: 0, approvals: 0, tasks: 0 };
  const names = subject.kind === 'call' ? [subject.call] : sessions;
  for (let from = 0; from < names.length; from += NAMES_A_RECORD) {
    const some = names.slice(from, from + NAMES_A_RECORD);
    const counts =
      subject.kind === 'call'
        ? await eraseCall(connection, subject.call)
        : await eraseSessions(connection, some);
    if (counts.payloads + counts.approvals + counts.tasks === 0) continue;
    for (const what of ['payloads', 'approvals', 'tasks'] as const) total[what] += counts[what];
    const named = subject.kind === 'call' ? { calls: some } : { sessions: some };
    const { by, reason, at } = order;
    const event = { ...subjectEvent(subject), ...named, ...counts, by, reason };
    append([administration('payload.erased', at, event)]);
  }
  if (total.payloads + total.approvals + total.tasks === 0) return { kind: 'nothing' };
  await forgetKeys(connection);
  // The database clears deleted rows away in its own time, and archives of its log keep them.
  const done = { sessions: subject.kind === 'call' ? 0 : sessions.length, ...total, flushed: false };
  return { kind: 'erased', ...done };
}

/** Tells every process that a data key it remembers may be gone. */
export async function forgetKeys(connection: Connection): Promise<void> {
  await connection.query('UPDATE vault SET erasures = erasures + 1');
}

async function sessionsOf(connection: Connection, { subject }: Order): Promise<readonly string[]> {
  switch (subject.kind) {
    case 'session':
      return [subject.session];
    case 'call': {
      const sql = 'SELECT DISTINCT session AS id FROM event WHERE call = $1::text AND session IS NOT NULL';
      return (await connection.query(sql, subject.call)).map((row) => textOf(row, 'id'));
    }
    case 'principal':
      return await sessionsOfPrincipal(connection, subject.principal, subject.issuer);
  }
}

/** Whose opening was lost is told by the calls themselves. */
async function sessionsOfPrincipal(
  connection: Connection,
  principal: string,
  issuer: string | null,
): Promise<readonly string[]> {
  const opened = await connection.query(
    `SELECT id FROM session WHERE principal = $1::text AND ($2::text IS NULL OR issuer = $2::text)`,
    principal,
    issuer,
  );
  // Sought as it is written in canonical JSON; what is found is then read, for the words may stand elsewhere in an entry.
  const told = await connection.query(
    `SELECT e.session, e.entry FROM session s JOIN event e ON e.session = s.id
     WHERE s.principal IS NULL AND strpos(e.entry, $1::text) > 0`,
    `"principal":${JSON.stringify(principal)}`,
  );
  const names = new Set(opened.map((row) => textOf(row, 'id')));
  for (const row of told) {
    const who = eventOf(textOf(row, 'entry'));
    if (who['principal'] === principal && (issuer === null || who['issuer'] === issuer))
      names.add(textOf(row, 'session'));
  }
  return [...names].toSorted();
}

/** Not in the database: its functions for JSON refuse every text with an escaped NUL in it, which anybody can write. */
function eventOf(entry: string): Readonly<Record<string, unknown>> {
  const said: { readonly event?: Readonly<Record<string, unknown>> } = JSON.parse(entry);
  return said.event ?? {};
}

interface Counts {
  readonly payloads: number;
  readonly approvals: number;
  readonly tasks: number;
}

/** The keys go as well: whatever copy of a row there is, nothing opens it once they are gone from every copy of the store. */
async function eraseSessions(connection: Connection, sessions: readonly string[]): Promise<Counts> {
  const payloads = await deleted(
    connection,
    'payload WHERE idx IN (SELECT idx FROM event WHERE session = ANY ($1::text[]))',
    sessions,
  );
  const tasks = await deleted(
    connection,
    'task WHERE approval IN (SELECT id FROM approval WHERE session = ANY ($1::text[]))',
    sessions,
  );
  const approvals = await deleted(connection, 'approval WHERE session = ANY ($1::text[])', sessions);
  await deleted(connection, 'data_key WHERE scope = ANY ($1::text[])', sessions);
  return { payloads, approvals, tasks };
}

/** The key of its session stays, for the other calls. */
async function eraseCall(connection: Connection, call: string): Promise<Counts> {
  const rows = await connection.query(
    "SELECT entry FROM event WHERE call = $1::text AND type = 'approval.requested'",
    call,
  );
  const asked = rows
    .map((row) => eventOf(textOf(row, 'entry'))['approval'])
    .filter((id) => typeof id === 'string');
  return {
    payloads: await deleted(
      connection,
      'payload WHERE idx IN (SELECT idx FROM event WHERE call = $1::text)',
      call,
    ),
    tasks: await deleted(connection, 'task WHERE approval = ANY ($1::text[])', asked),
    approvals: await deleted(connection, 'approval WHERE id = ANY ($1::text[])', asked),
  };
}

/** How many. */
export async function deleted(connection: Connection, what: string, value: SqlValue): Promise<number> {
  const sql = `WITH gone AS (DELETE FROM ${what} RETURNING 1) SELECT count(*) AS count FROM gone`;
  const [row] = await connection.query(sql, value);
  return numberOf(row, 'count');
}
