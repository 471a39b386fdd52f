import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { ApiKey } from '../../model/api-key.ts';
import type { RecordType, SessionSummary } from '../../model/record.ts';
import type { StoredTask } from '../../model/task.ts';
import { personKey, type ApprovalRow } from '../approval-row.ts';
import type { Hold } from '../vault/disposal.ts';
import type { KeptTimestamp } from '../endorsements.ts';
import type { MasterKeySource } from '../vault/master-key.ts';
import type {
  ApprovalQuery,
  CheckpointQuery,
  RecordQuery,
  SessionQuery,
  SourceRecord,
  StoredCheckpoint,
} from '../store.ts';
import { activeHolds } from './hold-rows.ts';
import { openForReading } from './database.ts';
import { cosignedSize, lastTimestamp, noteWithCosignatures, timestamps } from './endorsement-rows.ts';
import { tilesOf } from './log-rows.ts';
import type { RecordRow } from './protocol.ts';
import { PAYLOAD_COLUMNS, payloadOf } from './payload-rows.ts';
import { publishedEntries, publishedTile } from './published-log.ts';
import { sourceBounds, sourceCheckpoints, sourceRecords, type SourceBounds } from './source-rows.ts';
import { approvalOf, keyOf, sessionOf } from '../stored-rows.ts';
import { taskOf } from '../stored-task.ts';
import { numberOf, textOf, type Row } from '../row.ts';
import { vaultOf, type Vault } from './vault-rows.ts';

export interface Reader {
  records(query: RecordQuery): readonly RecordRow[];
  latest(type: RecordType, limit: number): readonly RecordRow[];
  sessions(query: SessionQuery): readonly SessionSummary[];
  findKey(id: string): ApiKey | null;
  listKeys(): readonly ApiKey[];
  approval(id: string): ApprovalRow | null;
  approvals(query: ApprovalQuery): readonly ApprovalRow[];
  task(id: string): StoredTask | null;
  countTasks(owner: string, now: number): number;
  /** The latest signed note, with its cosignatures. */
  checkpoint(): string | null;
  tile(level: number, index: number, width: number): Uint8Array | null;
  entries(index: number, width: number): Uint8Array | null;
  sourceRecords(first: number, end: number): readonly SourceRecord[];
  sourceCheckpoints(query: CheckpointQuery): readonly StoredCheckpoint[];
  sourceBounds(from: number, to: number): SourceBounds | null;
  sourceTile(level: number, index: number): Uint8Array | null;
  holds(): readonly Hold[];
  cosigned(): string | null;
  cosignedSize(key: string): number;
  lastTimestamp(): KeptTimestamp | null;
  timestamps(after: number, limit: number): readonly (KeptTimestamp & { readonly note: string })[];
  close(): void;
}

/** Where a page of records is cut, in characters: the gateway's own thread has to parse it. */
const MAX_PAGE = 4 * 1024 * 1024;

/** A condition and its values. Absent where the query does not ask for it. */
type Condition = readonly [sql: string, ...values: readonly SQLInputValue[]];

export function createReader(path: string, keys: MasterKeySource): Reader {
  let connection: { readonly db: DatabaseSync; readonly vault: Vault } | null = null;

  function opened(): { readonly db: DatabaseSync; readonly vault: Vault } {
    if (connection === null) {
      const db = openForReading(path);
      connection = { db, vault: vaultOf(db, keys) };
    }
    return connection;
  }

  function connect(): DatabaseSync {
    return opened().db;
  }

  /** For what is opened with data keys. */
  function refreshed(): { readonly db: DatabaseSync; readonly vault: Vault } {
    const found = opened();
    found.vault.refresh();
    return found;
  }

  return {
    records: (query) => {
      const { session, call, after, types, limit } = query;
      const where = all([
        session === undefined ? null : ['e.session = ?', session],
        call === undefined ? null : ['e.call = ?', call],
        after === undefined ? null : ['e.idx > ?', after],
        types === undefined ? null : ['e.type IN (SELECT value FROM json_each(?))', JSON.stringify(types)],
      ]);
      const sql = `SELECT e.idx, e.entry, ${PAYLOAD_COLUMNS}
        FROM event e LEFT JOIN payload p ON p.idx = e.idx ${where.sql} ORDER BY e.idx LIMIT ?`;
      const page: RecordRow[] = [];
      let size = 0;
      const { db, vault } = refreshed();
      for (const row of db.prepare(sql).iterate(...where.values, limit)) {
        const record = recordOf(row, vault);
        page.push(record);
        size += record.entry.length + (record.payload?.length ?? 0);
        if (size > MAX_PAGE) break;
      }
      return page;
    },
    latest: (type, limit) => {
      // Both conditions are those of the index, word for word.
      const sql = `SELECT e.idx, e.entry, ${PAYLOAD_COLUMNS} FROM event e LEFT JOIN payload p ON p.idx = e.idx
        WHERE e.type = ? AND e.session IS NULL AND e.call IS NULL ORDER BY e.idx DESC LIMIT ?`;
      const { db, vault } = refreshed();
      const rows = db.prepare(sql).all(type, limit);
      return rows.map((row) => recordOf(row, vault));
    },
    sessions: (query) => {
      const { id, principal, since, until, open, limit } = query;
      const where = all([
        id === undefined ? null : ['id = ?', id],
        principal === undefined ? null : ['principal = ?', principal],
        since === undefined ? null : ['last_at >= ?', since],
        until === undefined ? null : ['opened_at < ?', until],
        open === undefined ? null : [open ? 'closed_at IS NULL' : 'closed_at IS NOT NULL'],
      ]);
      const sql = `SELECT * FROM session ${where.sql} ORDER BY opened_at DESC, id DESC LIMIT ?`;
      return connect()
        .prepare(sql)
        .all(...where.values, limit)
        .map(sessionOf);
    },
    findKey: (id) => {
      const row = connect().prepare('SELECT * FROM api_key WHERE id = ?').get(id);
      return row === undefined ? null : keyOf(row);
    },
    listKeys: () => connect().prepare('SELECT * FROM api_key ORDER BY created_at, id').all().map(keyOf),
    approval: (id) => {
      const { db, vault } = refreshed();
      const row = db.prepare('SELECT * FROM approval WHERE id = ?').get(id);
      return row === undefined ? null : approvalOf(row, vault.opening(numberOf(row, 'key')));
    },
    approvals: (query) => {
      const { status, digest, shape, before, limit } = query;
      const where = all([
        status === undefined ? null : ['status IN (SELECT value FROM json_each(?))', JSON.stringify(status)],
        digest === undefined ? null : ['digest = ?', digest],
        shape === undefined
          ? null
          : [
              `status = 'approved' AND granted_until IS NOT NULL
                AND requester = ? AND connection = ? AND tool = ? AND shape = ?`,
              personKey(shape.requester),
              shape.connection,
              shape.tool,
              shape.shape,
            ],
        before === undefined ? null : ['(created_at, id) < (?, ?)', before.createdAt, before.id],
      ]);
      const sql = `SELECT * FROM approval ${where.sql} ORDER BY created_at DESC, id DESC LIMIT ?`;
      const { db, vault } = refreshed();
      const rows = db.prepare(sql).all(...where.values, limit);
      return rows
        .map((row) => approvalOf(row, vault.opening(numberOf(row, 'key'))))
        .filter((row) => row !== null);
    },
    task: (id) => {
      const row = connect().prepare('SELECT * FROM task WHERE id = ?').get(id);
      return row === undefined ? null : taskOf(row);
    },
    countTasks: (owner, now) => {
      const sql = 'SELECT count(*) AS count FROM task WHERE owner = ? AND expires_at > ?';
      return numberOf(connect().prepare(sql).get(owner, now), 'count');
    },
    checkpoint: () => noteWithCosignatures(connect(), 'newest'),
    tile: (level, index, width) => publishedTile(connect(), level, index, width),
    entries: (index, width) => publishedEntries(connect(), index, width),
    sourceRecords: (first, end) => sourceRecords(refreshed(), first, end),
    sourceCheckpoints: (query) => sourceCheckpoints(connect(), query),
    sourceBounds: (from, to) => sourceBounds(connect(), from, to),
    sourceTile: (level, index) => tilesOf(connect()).read(level, index),
    holds: () => activeHolds(connect()),
    cosigned: () => noteWithCosignatures(connect(), 'cosigned'),
    cosignedSize: (key) => cosignedSize(connect(), key),
    lastTimestamp: () => lastTimestamp(connect()),
    timestamps: (after, limit) => timestamps(connect(), after, limit),
    close: () => {
      connection?.db.close();
      connection = null;
    },
  };
}

function all(conditions: readonly (Condition | null)[]): {
  readonly sql: string;
  readonly values: SQLInputValue[];
} {
  const asked = conditions.filter((condition) => condition !== null);
  if (asked.length === 0) return { sql: '', values: [] };
  return {
    sql: `WHERE ${asked.map(([sql]) => sql).join(' AND ')}`,
    values: asked.flatMap(([, ...values]) => values),
  };
}

function recordOf(row: Row, vault: Vault): RecordRow {
  return {
    index: numberOf(row, 'idx'),
    entry: textOf(row, 'entry'),
    payload: payloadOf(row, vault)?.body ?? null,
  };
}
