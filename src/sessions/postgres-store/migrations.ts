export interface Migration {
  /** Of the schema afterwards: one more than before. */
  readonly version: number;
  readonly sql: string;
}

/**
 * Forward only. A migration that was released is never edited: the next one mends it. Each runs in a transaction that puts
 * its number in the table `migration`. Names are those of the SQLite file; what is said there of a table holds here.
 *
 * Texts that a range is taken of are ordered by their bytes, whatever the order of the database is.
 */
export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    sql: `
      CREATE TABLE event (
        idx     BIGINT PRIMARY KEY,
        type    TEXT COLLATE "C" NOT NULL,
        time    BIGINT NOT NULL,
        session TEXT COLLATE "C",
        call    TEXT COLLATE "C",
        entry   TEXT NOT NULL
      );
      CREATE INDEX event_of_session ON event (session, idx) WHERE session IS NOT NULL;
      CREATE INDEX event_of_call ON event (call) WHERE call IS NOT NULL;
      CREATE INDEX event_beside_sessions ON event (type, idx) WHERE session IS NULL AND call IS NULL;

      -- No foreign key to the event: it would lock each event a second time, and the one function that writes has both.
      CREATE TABLE payload (
        idx    BIGINT PRIMARY KEY,
        key    BIGINT NOT NULL,
        sealed BYTEA NOT NULL
      );
      -- What is encrypted can't be compressed: that is not tried on the way of every call.
      ALTER TABLE payload ALTER COLUMN sealed SET STORAGE EXTERNAL;

      -- Data keys, wrapped by the payload key, and what tells of it. The first gateway that has a payload key puts its id
      -- here. An id of a data key is never given again; there may be gaps.
      CREATE TABLE vault (
        one      BOOLEAN PRIMARY KEY DEFAULT true CHECK (one),
        master   TEXT NOT NULL,
        erasures BIGINT NOT NULL
      );
      CREATE TABLE data_key (
        id      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        scope   TEXT COLLATE "C" NOT NULL UNIQUE,
        wrapped BYTEA NOT NULL
      );

      CREATE TABLE log_tile (
        level  INTEGER NOT NULL,
        idx    BIGINT NOT NULL,
        hashes BYTEA NOT NULL,
        PRIMARY KEY (level, idx)
      );
      CREATE TABLE log_checkpoint (
        size BIGINT PRIMARY KEY,
        root TEXT NOT NULL,
        note TEXT NOT NULL,
        at   BIGINT NOT NULL,
        -- By the clock of the database, which all gateways share: how old the last one is.
        made TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
      );
      -- What others said of them: lines of signed notes by which witnesses say that they saw one, and time stamps.
      CREATE TABLE log_cosignature (
        size BIGINT NOT NULL REFERENCES log_checkpoint (size),
        key  TEXT COLLATE "C" NOT NULL,
        line TEXT NOT NULL,
        time BIGINT NOT NULL,
        PRIMARY KEY (size, key)
      );
      CREATE INDEX log_cosignature_of_witness ON log_cosignature (key, size);
      CREATE TABLE log_timestamp (
        size     BIGINT PRIMARY KEY REFERENCES log_checkpoint (size),
        token    BYTEA NOT NULL,
        gen_time BIGINT NOT NULL,
        at       BIGINT NOT NULL
      );
      -- The public key that signs, put here by the first gateway that has one: another key is refused.
      CREATE TABLE log_key (
        one          BOOLEAN PRIMARY KEY DEFAULT true CHECK (one),
        verifier_key TEXT NOT NULL
      );

      -- A row for each thing that one process does at a time. Never changed: only locked.
      CREATE TABLE log_lock (name TEXT COLLATE "C" PRIMARY KEY);
      INSERT INTO log_lock VALUES ('append'), ('sign');

      CREATE TABLE session (
        id        TEXT COLLATE "C" PRIMARY KEY,
        principal TEXT,
        issuer    TEXT,
        client    TEXT,
        transport TEXT,
        opened_at BIGINT NOT NULL,
        closed_at BIGINT,
        last_at   BIGINT NOT NULL,
        calls     BIGINT NOT NULL,
        refused   BIGINT NOT NULL
      ) WITH (fillfactor = 70);
      CREATE INDEX session_by_opening ON session (opened_at, id);

      -- What became of a batch, put here by the very transaction that commits it; or, where its answer was lost and it
      -- was not committed, by the one who asks: then it never will be. A row is never changed.
      CREATE TABLE commit_mark (
        writer   TEXT COLLATE "C" NOT NULL,
        batch    BIGINT NOT NULL,
        appended BOOLEAN NOT NULL,
        -- Which of its guarded changes were done, in order, as 0 and 1.
        done     TEXT NOT NULL,
        at       BIGINT NOT NULL,
        PRIMARY KEY (writer, batch)
      );

      CREATE TABLE api_key (
        id         TEXT COLLATE "C" PRIMARY KEY,
        hash       TEXT NOT NULL,
        service    TEXT NOT NULL,
        groups     TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        created_by TEXT NOT NULL,
        expires_at BIGINT,
        revoked_at BIGINT
      );

      CREATE TABLE approval (
        id            TEXT COLLATE "C" PRIMARY KEY,
        digest        TEXT NOT NULL,
        requester     TEXT NOT NULL,
        connection    TEXT NOT NULL,
        tool          TEXT NOT NULL,
        shape         TEXT,
        created_at    BIGINT NOT NULL,
        expires_at    BIGINT NOT NULL,
        session       TEXT COLLATE "C" NOT NULL,
        key           BIGINT NOT NULL,
        request       TEXT NOT NULL,
        status        TEXT COLLATE "C" NOT NULL,
        version       BIGINT NOT NULL,
        granted_until BIGINT,
        state         TEXT NOT NULL
      );
      CREATE UNIQUE INDEX approval_live ON approval (requester, digest) WHERE status IN ('pending', 'approved');
      CREATE INDEX approval_of_session ON approval (session);
      CREATE INDEX approval_by_digest ON approval (digest, created_at);
      CREATE INDEX approval_by_status ON approval (status, created_at, id);
      CREATE INDEX approval_by_shape ON approval (requester, connection, tool, shape)
        WHERE status = 'approved' AND granted_until IS NOT NULL;

      CREATE TABLE secret (
        name  TEXT COLLATE "C" PRIMARY KEY,
        value TEXT NOT NULL
      );

      CREATE TABLE task (
        id         TEXT COLLATE "C" PRIMARY KEY,
        owner      TEXT NOT NULL,
        approval   TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        expires_at BIGINT NOT NULL,
        state      TEXT NOT NULL,
        call       TEXT,
        runs_until BIGINT,
        sealed     TEXT NOT NULL,
        updated_at BIGINT NOT NULL,
        version    BIGINT NOT NULL
      );
      CREATE INDEX task_of_owner ON task (owner, expires_at);
      CREATE INDEX task_by_expiry ON task (expires_at);

      -- One round trip, so that the lock is held for no longer than the server needs. Each statement of a function sees
      -- what is committed when it begins: the index is read after the lock was given.
      CREATE FUNCTION append(
        writer TEXT, batch BIGINT, done TEXT, at BIGINT,
        types TEXT[], times BIGINT[], sessions TEXT[], calls TEXT[], entries TEXT[], keys BIGINT[], sealed BYTEA[],
        erased BIGINT,
        ids TEXT[], principals TEXT[], issuers TEXT[], clients TEXT[], transports TEXT[],
        opened BIGINT[], closed BIGINT[], latest BIGINT[], permitted BIGINT[], turned_away BIGINT[]
      ) RETURNS BIGINT LANGUAGE plpgsql AS $append$
      DECLARE
        first BIGINT;
      BEGIN
        PERFORM 1 FROM log_lock WHERE name = 'append' FOR UPDATE;
        -- A key that was erased meanwhile must not seal anything more.
        PERFORM 1 FROM vault WHERE erasures = erased;
        IF NOT FOUND THEN
          RAISE EXCEPTION 'keys were erased' USING ERRCODE = 'SY001';
        END IF;
        -- Fails where somebody was told that this batch is not on record.
        INSERT INTO commit_mark VALUES (writer, batch, true, done, at);
        SELECT coalesce(max(idx) + 1, 0) INTO first FROM event;
        INSERT INTO event
          SELECT first + n - 1, u.type, u.time, u.session, u.call, u.entry
          FROM unnest(types, times, sessions, calls, entries) WITH ORDINALITY AS u (type, time, session, call, entry, n);
        INSERT INTO payload
          SELECT first + n - 1, u.key, u.sealed
          FROM unnest(keys, sealed) WITH ORDINALITY AS u (key, sealed, n) WHERE u.sealed IS NOT NULL;
        INSERT INTO session AS s
          SELECT * FROM unnest(ids, principals, issuers, clients, transports, opened, closed, latest, permitted, turned_away)
          ON CONFLICT (id) DO UPDATE SET
            principal = coalesce(excluded.principal, s.principal),
            issuer = coalesce(excluded.issuer, s.issuer),
            client = coalesce(excluded.client, s.client),
            transport = coalesce(excluded.transport, s.transport),
            opened_at = least(s.opened_at, excluded.opened_at),
            closed_at = coalesce(excluded.closed_at, s.closed_at),
            last_at = greatest(s.last_at, excluded.last_at),
            calls = s.calls + excluded.calls,
            refused = s.refused + excluded.refused;
        RETURN first;
      END
      $append$;

      -- Against our own mistakes. Against other hands there is only proof, not prevention.
      CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS
        $append_only$ BEGIN RAISE EXCEPTION 'the log is append-only' USING ERRCODE = 'restrict_violation'; END $append_only$;
      CREATE TRIGGER event_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event
        FOR EACH STATEMENT EXECUTE FUNCTION append_only();
      CREATE TRIGGER log_checkpoint_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log_checkpoint
        FOR EACH STATEMENT EXECUTE FUNCTION append_only();
      CREATE TRIGGER log_key_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log_key
        FOR EACH STATEMENT EXECUTE FUNCTION append_only();
      CREATE TRIGGER log_tile_is_append_only BEFORE DELETE OR TRUNCATE ON log_tile
        FOR EACH STATEMENT EXECUTE FUNCTION append_only();
      CREATE TRIGGER log_tile_only_grows BEFORE UPDATE ON log_tile FOR EACH ROW
        WHEN (NEW.level <> OLD.level OR NEW.idx <> OLD.idx
          OR substring(NEW.hashes FROM 1 FOR octet_length(OLD.hashes)) <> OLD.hashes)
        EXECUTE FUNCTION append_only();
      -- Also where somebody has told the session to be a replica's.
      ALTER TABLE event ENABLE ALWAYS TRIGGER event_is_append_only;
      ALTER TABLE log_checkpoint ENABLE ALWAYS TRIGGER log_checkpoint_is_append_only;
      ALTER TABLE log_key ENABLE ALWAYS TRIGGER log_key_is_append_only;
      ALTER TABLE log_tile ENABLE ALWAYS TRIGGER log_tile_is_append_only;
      ALTER TABLE log_tile ENABLE ALWAYS TRIGGER log_tile_only_grows;
    `,
  },
  {
    version: 2,
    sql: `
      CREATE TABLE hold (
        id          TEXT COLLATE "C" PRIMARY KEY,
        session     TEXT,
        principal   TEXT,
        issuer      TEXT,
        placed_by   TEXT NOT NULL,
        reason      TEXT NOT NULL,
        placed_at   BIGINT NOT NULL,
        released_at BIGINT
      );
      -- A row that was deleted is on the disk until the database clears it away: a key that was destroyed, not for long.
      ALTER TABLE data_key SET (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0);
    `,
  },
];

/**
 * What a gateway needs of each table where another role owns them: the log it may add to and read, and nothing else. What is
 * erased or expires is beside the log. A lock
 * is taken with the privilege to change, of rows that hold nothing. A tile grows, and its trigger lets it do nothing else.
 */
export const GRANTS: readonly (readonly [table: string, privileges: string])[] = [
  ['migration', 'SELECT'],
  ['event', 'SELECT, INSERT'],
  ['payload', 'SELECT, INSERT, DELETE'],
  ['vault', 'SELECT, INSERT, UPDATE'],
  ['data_key', 'SELECT, INSERT, UPDATE, DELETE'],
  ['log_checkpoint', 'SELECT, INSERT'],
  ['log_cosignature', 'SELECT, INSERT'],
  ['log_timestamp', 'SELECT, INSERT'],
  ['log_key', 'SELECT, INSERT'],
  ['log_tile', 'SELECT, INSERT, UPDATE'],
  ['log_lock', 'SELECT, UPDATE'],
  ['session', 'SELECT, INSERT, UPDATE'],
  ['commit_mark', 'SELECT, INSERT, DELETE'],
  ['api_key', 'SELECT, INSERT, UPDATE'],
  ['approval', 'SELECT, INSERT, UPDATE, DELETE'],
  ['hold', 'SELECT, INSERT, UPDATE'],
  ['secret', 'SELECT, INSERT'],
  ['task', 'SELECT, INSERT, UPDATE, DELETE'],
];
