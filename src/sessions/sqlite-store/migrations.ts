import type { DatabaseSync } from 'node:sqlite';
import type { MasterKeySource } from '../vault/master-key.ts';
import { sealExisting } from './seal-existing.ts';

/** "SALY": says whose file this is, in the header that every SQLite database has for it. */
export const APPLICATION_ID = 0x53_41_4c_59;

export interface Migration {
  /** What `user_version` is afterwards: one more than before. */
  readonly version: number;
  readonly sql: string;
  /** What SQL can't do, after it. */
  readonly fill?: (db: DatabaseSync, keys: MasterKeySource) => void;
}

/**
 * Forward only. A migration that was released is never edited: the next one mends it. Each runs in the transaction that
 * sets `user_version`, so that a crash leaves the version before or the version after.
 */
export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    sql: `
      -- The log. 'entry' holds the bytes that count; the other columns are copies of what is in them, to find it by.
      CREATE TABLE event (
        idx     INTEGER PRIMARY KEY,
        type    TEXT NOT NULL,
        time    INTEGER NOT NULL,
        session TEXT,
        call    TEXT,
        entry   TEXT NOT NULL
      ) STRICT;
      CREATE INDEX event_of_session ON event (session) WHERE session IS NOT NULL;
      CREATE INDEX event_of_call ON event (call) WHERE call IS NOT NULL;

      -- Against our own mistakes. Against other hands there is only proof, not prevention.
      CREATE TRIGGER event_is_never_updated BEFORE UPDATE ON event
        BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
      CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
        BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

      -- Beside the log, so that it can be erased or expire without touching it.
      CREATE TABLE payload (
        idx  INTEGER PRIMARY KEY REFERENCES event (idx),
        body TEXT NOT NULL
      ) STRICT;

      -- Derived from the log, in the transaction that appends to it: what the list of sessions shows.
      CREATE TABLE session (
        id        TEXT PRIMARY KEY,
        principal TEXT,
        issuer    TEXT,
        client    TEXT,
        transport TEXT,
        opened_at INTEGER NOT NULL,
        closed_at INTEGER,
        last_at   INTEGER NOT NULL,
        calls     INTEGER NOT NULL,
        refused   INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX session_by_opening ON session (opened_at);

      -- The last batch each writer committed, set by that very commit: where the result of a commit was lost, this
      -- tells whether it took place. 'touched' counts commits that are made for their own sake: an UPDATE that changes
      -- nothing writes nothing, and would prove nothing of the disk.
      CREATE TABLE commit_mark (
        writer  TEXT PRIMARY KEY,
        batch   INTEGER NOT NULL,
        at      INTEGER NOT NULL,
        touched INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE api_key (
        id         TEXT PRIMARY KEY,
        hash       TEXT NOT NULL,
        service    TEXT NOT NULL,
        groups     TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        created_by TEXT NOT NULL,
        expires_at INTEGER,
        revoked_at INTEGER
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 2,
    sql: `
      -- 'request' is what was asked, written once. 'state' is what came of it, changed only by compare-and-set on
      -- 'version', in the transaction of the records that tell of it. The other columns are copies, to find it by.
      CREATE TABLE approval (
        id            TEXT PRIMARY KEY,
        digest        TEXT NOT NULL,
        requester     TEXT NOT NULL,
        connection    TEXT NOT NULL,
        tool          TEXT NOT NULL,
        shape         TEXT,
        created_at    INTEGER NOT NULL,
        expires_at    INTEGER NOT NULL,
        request       TEXT NOT NULL,
        status        TEXT NOT NULL,
        version       INTEGER NOT NULL,
        granted_until INTEGER,
        state         TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      -- One live request for one act, whoever files it first.
      CREATE UNIQUE INDEX approval_live ON approval (requester, digest) WHERE status IN ('pending', 'approved');
      CREATE INDEX approval_by_digest ON approval (digest, created_at);
      CREATE INDEX approval_by_status ON approval (status, created_at);
      CREATE INDEX approval_by_shape ON approval (requester, connection, tool, shape)
        WHERE status = 'approved' AND granted_until IS NOT NULL;

      -- Beside commit_mark, for batches with guarded changes: which of them were done, in order, as 0 and 1. Set by the
      -- commit itself, so that a lost answer can be found out and need not be guessed.
      CREATE TABLE guard_mark (
        writer TEXT PRIMARY KEY,
        batch  INTEGER NOT NULL,
        done   TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      -- Keys of this store, hex. They sign and digest; none of them opens anything that lies elsewhere.
      CREATE TABLE secret (
        name  TEXT PRIMARY KEY,
        value TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 3,
    sql: `
      -- Held calls whose clients poll for them. No part of the log: a row is deleted after it expired. 'sealed' is
      -- encrypted, and the secret in the client's handle is part of the key.
      CREATE TABLE task (
        id         TEXT PRIMARY KEY,
        owner      TEXT NOT NULL,
        approval   TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        state      TEXT NOT NULL,
        call       TEXT,
        runs_until INTEGER,
        sealed     TEXT NOT NULL,
        updated_at INTEGER NOT NULL,
        version    INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX task_of_owner ON task (owner, expires_at);
      CREATE INDEX task_by_expiry ON task (expires_at);
    `,
  },
  {
    version: 4,
    sql: `
      -- Hex: opens the commitment to the payload that its entry holds, and is erased with it. Null with entries of
      -- format 1, which hold none.
      ALTER TABLE payload ADD COLUMN salt TEXT;

      -- The hashes of the Merkle tree over the log, as tiles: level 0 has those of entries, each further level the roots
      -- of the full tiles below. 256 hashes of 32 bytes a tile; the last of a level has what there is.
      CREATE TABLE log_tile (
        level  INTEGER NOT NULL,
        idx    INTEGER NOT NULL,
        hashes BLOB NOT NULL,
        PRIMARY KEY (level, idx)
      ) STRICT, WITHOUT ROWID;

      -- Signed states of the log: 'note' is what counts, 'size' and 'root' (hex) are copies out of it.
      CREATE TABLE log_checkpoint (
        size INTEGER PRIMARY KEY,
        root TEXT NOT NULL,
        note TEXT NOT NULL,
        at   INTEGER NOT NULL
      ) STRICT;
      CREATE TRIGGER log_checkpoint_is_never_updated BEFORE UPDATE ON log_checkpoint
        BEGIN SELECT RAISE(ABORT, 'what was signed stays'); END;
      CREATE TRIGGER log_checkpoint_is_never_deleted BEFORE DELETE ON log_checkpoint
        BEGIN SELECT RAISE(ABORT, 'what was signed stays'); END;
    `,
  },
  {
    version: 5,
    sql: `
      -- Starts, stops, loads, keys: few among calls, and asked for by their type.
      CREATE INDEX event_beside_sessions ON event (type) WHERE session IS NULL AND call IS NULL;
    `,
  },
  {
    version: 6,
    sql: `
      -- One row: the id of the key that wraps all data keys, and how often something was erased, which tells a process
      -- that the data keys it remembers may be gone.
      CREATE TABLE vault (
        one      INTEGER PRIMARY KEY CHECK (one = 1),
        master   TEXT NOT NULL,
        erasures INTEGER NOT NULL
      ) STRICT;

      -- A data key for each session, and one for each UTC day for what has no session, wrapped by the master key. An id
      -- is never given again: what was sealed under an erased key must not be taken to be of another.
      CREATE TABLE data_key (
        id      INTEGER PRIMARY KEY AUTOINCREMENT,
        scope   TEXT NOT NULL UNIQUE,
        wrapped BLOB NOT NULL
      ) STRICT;

      -- 'sealed' is the payload with its salt, encrypted under the data key and bound to its leaf. No foreign key to
      -- data_key: it would want an index, on the way of every call.
      ALTER TABLE payload RENAME TO payload_in_the_clear;
      CREATE TABLE payload (
        idx    INTEGER PRIMARY KEY REFERENCES event (idx),
        key    INTEGER NOT NULL,
        sealed BLOB NOT NULL
      ) STRICT;

      -- 'request' and 'state' are encrypted as well, under the key of the session that asked.
      ALTER TABLE approval ADD COLUMN session TEXT;
      ALTER TABLE approval ADD COLUMN key INTEGER;
      CREATE INDEX approval_of_session ON approval (session);
    `,
    fill: sealExisting,
  },
  {
    version: 7,
    sql: `
      -- Lines of signed notes, by which witnesses say that they saw a checkpoint. 'key' is name+id of the witness, 'time'
      -- seconds since the epoch by its clock.
      CREATE TABLE log_cosignature (
        size INTEGER NOT NULL REFERENCES log_checkpoint (size),
        key  TEXT NOT NULL,
        line TEXT NOT NULL,
        time INTEGER NOT NULL,
        PRIMARY KEY (size, key)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX log_cosignature_of_witness ON log_cosignature (key, size);

      -- Time stamps of RFC 3161 over the notes of checkpoints.
      CREATE TABLE log_timestamp (
        size     INTEGER PRIMARY KEY REFERENCES log_checkpoint (size),
        token    BLOB NOT NULL,
        gen_time INTEGER NOT NULL,
        at       INTEGER NOT NULL
      ) STRICT;
    `,
  },
  {
    version: 8,
    sql: `
      -- Legal holds: over a session, or over a principal ('issuer' is null for everybody of that name). None is deleted.
      CREATE TABLE hold (
        id          TEXT PRIMARY KEY,
        session     TEXT,
        principal   TEXT,
        issuer      TEXT,
        placed_by   TEXT NOT NULL,
        reason      TEXT NOT NULL,
        placed_at   INTEGER NOT NULL,
        released_at INTEGER
      ) STRICT, WITHOUT ROWID;
    `,
  },
];
