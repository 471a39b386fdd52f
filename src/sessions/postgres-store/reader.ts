import type { ApiKey } from '../../model/api-key.ts';
import type { RecordType, SessionSummary } from '../../model/record.ts';
import type { StoredTask } from '../../model/task.ts';
import { personKey, type ApprovalRow } from '../approval-row.ts';
import { numberOf, textOf, textOrNull, type Row } from '../sqlite-store/row.ts';
import { taskOf } from '../sqlite-store/task-row.ts';
import type { ApprovalQuery, RecordQuery, SessionQuery } from '../store.ts';
import type { Connection, SqlValue } from './connection.ts';
import { approvalOf, keyOf, sessionOf } from './stored-rows.ts';

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
): Promise<readonly RecordRow[]> {
  const where = all([
    session === undefined ? null : ['e.session = ?::text', session],
    call === undefined ? null : ['e.call = ?::text', call],
    after === undefined ? null : ['e.idx > ?::bigint', after],
    types === undefined ? null : ['e.type = ANY (?::text[])', types],
  ]);
  // The sizes are known without the texts, so that what is cut off is not even read.
  const sql = `
    SELECT idx, entry, body FROM (
      SELECT e.idx, e.entry, p.body, coalesce(sum(octet_length(e.entry) + coalesce(octet_length(p.body), 0)) OVER (
        ORDER BY e.idx ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
      FROM event e LEFT JOIN payload p ON p.idx = e.idx
      ${where.sql} ORDER BY e.idx LIMIT $${where.values.length + 1}::bigint
    ) AS page WHERE before <= ${MAX_PAGE_BYTES} ORDER BY idx`;
  return (await connection.query(sql, ...where.values, limit)).map(recordOf);
}

export async function readLatest(
  connection: Connection,
  type: RecordType,
  limit: number,
): Promise<readonly RecordRow[]> {
  const sql = `SELECT e.idx, e.entry, p.body FROM event e LEFT JOIN payload p ON p.idx = e.idx
    WHERE e.type = $1::text AND e.session IS NULL AND e.call IS NULL ORDER BY e.idx DESC LIMIT $2::bigint`;
  return (await connection.query(sql, type, limit)).map(recordOf);
}

function recordOf(row: Row): RecordRow {
  return { index: numberOf(row, 'idx'), entry: textOf(row, 'entry'), payload: textOrNull(row, 'body') };
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

export async function readApproval(connection: Connection, id: string): Promise<readonly ApprovalRow[]> {
  return (await connection.query('SELECT * FROM approval WHERE id = $1::text', id)).map(approvalOf);
}

export async function readApprovals(
  connection: Connection,
  { status, digest, shape, before, limit }: ApprovalQuery,
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
    before === undefined ? null : ['(created_at, id) < (?::bigint, ?::text)', before.createdAt, before.id],
  ]);
  const sql = `SELECT * FROM approval ${where.sql} ORDER BY created_at DESC, id DESC
    LIMIT $${where.values.length + 1}::bigint`;
  return (await connection.query(sql, ...where.values, limit)).map(approvalOf);
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
