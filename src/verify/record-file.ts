import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import { NotARecord, type RecordSource, type StoredPayload } from './record-source.ts';

const APPLICATION_ID = 0x53_41_4c_59;
const FIRST_SIGNED_SCHEMA = 4;
const FIRST_SEALED_SCHEMA = 6;

/** Opens the SQLite file of a record. */
export function openRecordFile(path: string): RecordSource {
  const db = new DatabaseSync(path, { readOnly: true });
  let sealed: boolean;
  try {
    db.exec('PRAGMA busy_timeout = 5000; PRAGMA trusted_schema = OFF; BEGIN');
    const id = db.prepare('PRAGMA application_id').get()?.['application_id'];
    const version = db.prepare('PRAGMA user_version').get()?.['user_version'];
    if (id !== APPLICATION_ID) throw new NotARecord('it is not a record of Sallyport');
    if (typeof version !== 'number' || version < FIRST_SIGNED_SCHEMA)
      throw new NotARecord('no gateway that signs has opened it yet: start one first');
    sealed = version >= FIRST_SEALED_SCHEMA;
  } catch (error) {
    db.close();
    throw error;
  }
  const master = sealed ? db.prepare('SELECT master FROM vault').get()?.['master'] : undefined;
  const dataKey = sealed ? db.prepare('SELECT scope, wrapped FROM data_key WHERE id = ?') : null;
  const tile = db.prepare('SELECT hashes FROM log_tile WHERE level = ? AND idx = ?');
  return {
    async *records() {
      const columns = sealed ? 'p.key, p.sealed' : 'p.body, p.salt';
      const sql = `SELECT e.idx, e.type, e.time, e.session, e.call, e.entry, ${columns}
        FROM event e LEFT JOIN payload p ON p.idx = e.idx ORDER BY e.idx`;
      for (const row of db.prepare(sql).iterate()) {
        const { idx, type, time, session, call, entry } = row;
        if (typeof idx !== 'number') throw new NotARecord('a record has no index');
        yield {
          index: idx,
          type: type ?? null,
          time: time ?? null,
          session: session ?? null,
          call: call ?? null,
          entry: typeof entry === 'string' ? entry : '',
          payload: payloadOf(row),
        };
      }
    },
    async *entriesOf(types) {
      const sql = 'SELECT idx, entry FROM event WHERE type IN (SELECT value FROM json_each(?)) ORDER BY idx';
      for (const { idx, entry } of db.prepare(sql).iterate(JSON.stringify(types)))
        if (typeof idx === 'number' && typeof entry === 'string') yield { index: idx, entry };
    },
    async *checkpoints() {
      for (const { size, note } of db
        .prepare('SELECT size, note FROM log_checkpoint ORDER BY size')
        .iterate())
        if (typeof size === 'number') yield { size, note: typeof note === 'string' ? note : '' };
    },
    tile: async (level, index) => {
      const hashes = tile.get(level, index)?.['hashes'];
      return hashes instanceof Uint8Array ? Buffer.from(hashes) : Buffer.alloc(0);
    },
    payloadKey: async () => (typeof master === 'string' ? master : null),
    dataKey: async (id) => {
      const { scope, wrapped } = dataKey?.get(id) ?? {};
      return typeof scope === 'string' && wrapped instanceof Uint8Array
        ? { scope, wrapped: Buffer.from(wrapped) }
        : null;
    },
    close: async () => db.close(),
  };
}

function payloadOf(row: Readonly<Record<string, SQLOutputValue>>): StoredPayload | null {
  const { body, salt, key, sealed } = row;
  if (typeof body === 'string') return { kind: 'clear', body, salt: typeof salt === 'string' ? salt : null };
  if (typeof key === 'number' && sealed instanceof Uint8Array)
    return { kind: 'sealed', key, bytes: Buffer.from(sealed) };
  return null;
}
