import type { ApiKey } from '../../model/api-key.ts';
import type { RecordType, SessionSummary } from '../../model/record.ts';
import type { StoredTask } from '../../model/task.ts';
import { personKey, type ApprovalRow } from '../approval-row.ts';
import { numberOf, textOf, type Row } from '../row.ts';
import { taskOf } from '../stored-task.ts';
import type { ApprovalQuery, RecordQuery, SessionQuery } from '../store.ts';
import type { Connection, SqlValue } from './connection.ts';
import { approvalOf, keyOf, sessionOf } from '../stored-rows.ts';
import { KEY_COLUMNS, PAYLOAD_COLUMNS, PAYLOAD_TABLES, payloadOf, type Vault } from './vault-rows.ts';

/** A record as the tables hold it. */
export interface RecordRow {
  readonly index: number;
  readonly entry: string;
  readonly payload: string | null;
}

/** Where a page of records is cut, in bytes: the gateway's own thread has to parse it. */
export const MAX_PAGE_BYTES = 4 * 1024 * 1024;

/** A condition with a `?` for each of its values. Absent where the query does not ask for it. */
type Condition = readonly [sql: string, ...values: readonly SqlValue[]];

export async function readRecords(
  connection: Connection,
  { session, call, after, types, limit }: RecordQuery,
  vault: Vault,
): Promise<readonly RecordRow[]> {
  const where = all([
    session === undefined ? null : ['e.session = ?::text', session],
    call === undefined ? null : ['e.call = ?::text', call],
    after === undefined ? null : ['e.idx > ?::bigint', after],
    types === undefined ? null : ['e.type = ANY (?::text[])', types],
  ]);
  // The sizes are known without the texts, so that what is cut off is not even read.
  const sql = `
    SELECT * FROM (
      SELECT e.idx, e.entry, ${PAYLOAD_COLUMNS}, coalesce(sum(octet_length(e.entry) + coalesce(octet_length(p.sealed), 0))
        OVER (ORDER BY e.idx ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
      FROM ${PAYLOAD_TABLES}
      ${where.sql} ORDER BY e.idx LIMIT $${where.values.length + 1}::bigint
    ) AS page WHERE before <= ${MAX_PAGE_BYTES} ORDER BY idx`;
  return (await connection.query(sql, ...where.values, limit)).map((row) => recordOf(row, vault));
}

export async function readLatest(
  connection: Connection,
  type: RecordType,
  limit: number,
  vault: Vault,
): Promise<readonly RecordRow[]> {
  const sql = `SELECT e.idx, e.entry, ${PAYLOAD_COLUMNS} FROM ${PAYLOAD_TABLES}
    WHERE e.type = $1::text AND e.session IS NULL AND e.call IS NULL ORDER BY e.idx DESC LIMIT $2::bigint`;
  return (await connection.query(sql, type, limit)).map((row) => recordOf(row, vault));
}

function recordOf(row: Row, vault: Vault): RecordRow {
  return {
    index: numberOf(row, 'idx'),
    entry: textOf(row, 'entry'),
    payload: payloadOf(row, vault)?.body ?? null,
  };
}

export async function readSessions(
  connection: Connection,
  { id, principal, since, until, open, limit }: SessionQuery,
): Promise<readonly SessionSummary[]> {
  const where = all([
    id === undefined ? null : ['id = ?::text', id],
    principal === undefined ? null : ['principal = ?::text', principal],
    since === undefined ? null : ['last_at >= ?::bigint', since],
    until === undefined ? null : ['opened_at < ?::bigint', until],
    open === undefined ? null : [open ? 'closed_at IS NULL' : 'closed_at IS NOT NULL'],
  ]);
  const sql = `SELECT * FROM session ${where.sql} ORDER BY opened_at DESC, id DESC
    LIMIT $${where.values.length + 1}::bigint`;
  return (await connection.query(sql, ...where.values, limit)).map(sessionOf);
}

const APPROVAL = `SELECT approval.*, ${KEY_COLUMNS} FROM approval LEFT JOIN data_key k ON k.id = approval.key`;

/** Null where there is none, and where what it says was erased. */
export async function readApproval(
  connection: Connection,
  id: string,
  vault: Vault,
): Promise<ApprovalRow | null> {
  const [row] = await connection.query(`${APPROVAL} WHERE approval.id = $1::text`, id);
  return row === undefined ? null : approvalOf(row, vault.opening(row));
}

export async function readApprovals(
  connection: Connection,
  { status, digest, shape, before, limit }: ApprovalQuery,
  vault: Vault,
): Promise<readonly ApprovalRow[]> {
  const where = all([
    status === undefined ? null : ['status = ANY (?::text[])', status],
    digest === undefined ? null : ['digest = ?::text', digest],
    shape === undefined
      ? null
      : [
          `status = 'approved' AND granted_until IS NOT NULL
            AND requester = ?::text AND connection = ?::text AND tool = ?::text AND shape = ?::text`,
          personKey(shape.requester),
          shape.connection,
          shape.tool,
          shape.shape,
        ],
    before === undefined
      ? null
      : ['(created_at, approval.id) < (?::bigint, ?::text)', before.createdAt, before.id],
  ]);
  const sql = `${APPROVAL} ${where.sql} ORDER BY created_at DESC, approval.id DESC
    LIMIT $${where.values.length + 1}::bigint`;
  const rows = await connection.query(sql, ...where.values, limit);
  return rows.map((row) => approvalOf(row, vault.opening(row))).filter((row) => row !== null);
}

export async function findKey(connection: Connection, id: string): Promise<ApiKey | null> {
  const [row] = await connection.query('SELECT * FROM api_key WHERE id = $1::text', id);
  return row === undefined ? null : keyOf(row);
}

export async function listKeys(connection: Connection): Promise<readonly ApiKey[]> {
  return (await connection.query('SELECT * FROM api_key ORDER BY created_at, id')).map(keyOf);
}

export async function readTask(connection: Connection, id: string): Promise<StoredTask | null> {
  const [row] = await connection.query('SELECT * FROM task WHERE id = $1::text', id);
  return row === undefined ? null : taskOf(row);
}

export async function countTasks(connection: Connection, owner: string, now: number): Promise<number> {
  const sql = 'SELECT count(*) AS count FROM task WHERE owner = $1::text AND expires_at > $2::bigint';
  const [row] = await connection.query(sql, owner, now);
  return numberOf(row, 'count');
}

/** The conditions as one, with their places numbered from 1. */
function all(conditions: readonly (Condition | null)[]): {
  readonly sql: string;
  readonly values: readonly SqlValue[];
} {
  const asked = conditions.filter((condition) => condition !== null);
  if (asked.length === 0) return { sql: '', values: [] };
  let place = 0;
  const sql = `WHERE ${asked.map(([text]) => text).join(' AND ')}`.replaceAll('?', () => {
    place += 1;
    return `$${place}`;
  });
  return { sql, values: asked.flatMap(([, ...values]) => values) };
}
