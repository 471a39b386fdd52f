import { numberOf } from '../row.ts';
import { StoreRefused } from '../store.ts';
import { connect, DatabaseProblem, type Connection, type PostgresPlace } from './connection.ts';
import { transaction } from './link.ts';
import { GRANTS, MIGRATIONS } from './migrations.ts';

/** There is no record at this place, and none was to be made. */
export class NoRecord extends Error {
  override readonly name = 'NoRecord';
}

/** How long a migration may take, in milliseconds: others wait for it. */
const MIGRATION_MS = 10 * 60_000;

/** A session on a schema that is ours and as new as this program. Throws `StoreRefused` where it is not, `NoRecord` where there is none. */
export async function connectToRecord(place: PostgresPlace, answerMs: number): Promise<Connection> {
  const connection = await connect(place, answerMs);
  try {
    const found = await versionOf(connection, place.schema);
    if (found === 0) throw new NoRecord('there is no record in the database');
    if (found < MIGRATIONS.length) {
      const message = `the record has schema ${found}, and this version needs ${MIGRATIONS.length}: run sallyport store migrate`;
      throw new StoreRefused('older_schema', message);
    }
    return connection;
  } catch (error) {
    await connection.destroy();
    throw error;
  }
}

/**
 * Takes a schema that is ours, empty or absent to the newest version; any number of processes may try at a time. `owner`
 * has the tables afterwards, and `role`, where it is another, what a gateway needs of them. Resolves to the versions
 * before and after.
 */
export async function migrate(
  owner: PostgresPlace,
  role: string,
): Promise<{ readonly from: number; readonly to: number }> {
  const connection = await connect(owner, MIGRATION_MS);
  try {
    await connection.run(`SET lock_timeout = '${MIGRATION_MS}'; SET client_min_messages = warning`);
    const from = await versionOf(connection, owner.schema);
    let version = from;
    while (version < MIGRATIONS.length) version = await step(connection, owner.schema);
    if (role !== owner.user) await transaction(connection, () => grant(connection, owner.schema, role));
    return { from, to: version };
  } finally {
    await connection.destroy();
  }
}

/** One migration, or none where another process was first. */
async function step(connection: Connection, schema: string): Promise<number> {
  return await transaction(connection, async () => {
    // There is no table yet that could be locked. A number out of the schema's name: other programs lock as well.
    await connection.query(
      "SELECT pg_advisory_xact_lock(hashtextextended('sallyport:' || $1::text, 0))::text",
      schema,
    );
    const version = await versionOf(connection, schema);
    const next = MIGRATIONS[version];
    if (next === undefined) return version;
    if (version === 0)
      await connection.run(`CREATE SCHEMA IF NOT EXISTS ${quoted(schema)};
        CREATE TABLE migration (version INTEGER PRIMARY KEY, at TIMESTAMPTZ NOT NULL DEFAULT now());
        COMMENT ON TABLE migration IS '${MARK}'`);
    await connection.run(next.sql);
    await connection.query('INSERT INTO migration (version) VALUES ($1::int)', next.version);
    return next.version;
  });
}

const MARK = 'the record of Sallyport';

/** 0 where there is none. Reads only: what is not ours is left as it was found. */
async function versionOf(connection: Connection, schema: string): Promise<number> {
  const [found] = await connection.query(
    `SELECT (SELECT count(*) FROM pg_class WHERE relnamespace = n.oid) AS tables,
       coalesce(obj_description(to_regclass(quote_ident($1::text) || '.migration'), 'pg_class'), '') AS mark
     FROM pg_namespace n WHERE nspname = $1::text`,
    schema,
  );
  if (found === undefined || numberOf(found, 'tables') === 0) return 0;
  if (found['mark'] !== MARK)
    throw new StoreRefused('not_ours', 'the schema belongs to another program: name another one');
  const [row] = await connection.query('SELECT max(version) AS version FROM migration');
  const version = numberOf(row, 'version');
  if (version > MIGRATIONS.length) {
    const message = `the record has schema ${version}, and this version knows up to ${MIGRATIONS.length}`;
    throw new StoreRefused('newer_schema', `${message}: run the version that wrote it, or a newer one`);
  }
  return version;
}

async function grant(connection: Connection, schema: string, role: string): Promise<void> {
  const to = quoted(role);
  const [known] = await connection.query('SELECT 1 AS one FROM pg_roles WHERE rolname = $1::text', role);
  if (known === undefined)
    throw new DatabaseProblem('42704', true, 'the role of the gateway does not exist yet');
  const tables = GRANTS.map(
    ([table, privileges]) => `REVOKE ALL ON ${table} FROM ${to}; GRANT ${privileges} ON ${table} TO ${to}`,
  );
  await connection.run([`GRANT USAGE ON SCHEMA ${quoted(schema)} TO ${to}`, ...tables].join('; '));
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
