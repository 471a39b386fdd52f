import { postgresPlaces, shownPlace } from './postgres-place.ts';
import { RecordProblem } from './read-record.ts';
import { parsePostgresUrl } from '../model/server-url.ts';
import { migrate } from '../sessions/postgres-store/database.ts';
import type { Configuration } from './configuration.ts';

export interface Migrated {
  readonly where: string;
  /** Versions of the schema. */
  readonly from: number;
  readonly to: number;
  /** Who has the tables, and as whom gateways work. */
  readonly owner: string;
  readonly role: string;
}

/** Takes the record in PostgreSQL to this version's schema. `ownerUrl` stands in for `store.migrate_url`. */
export async function migrateStore(
  { store }: Configuration,
  ownerUrl: string | undefined,
): Promise<Migrated> {
  if (store.kind !== 'postgres')
    throw new RecordProblem('unusable', 'a record in a file is migrated when it is opened; nothing was done');
  const parsed = ownerUrl === undefined ? null : parsePostgresUrl(ownerUrl);
  if (parsed?.ok === false) throw new RecordProblem('unusable', `the URL of the owner: ${parsed.problem}`);
  const { place, owner } = postgresPlaces(parsed === null ? store : { ...store, owner: parsed.address });
  const where = shownPlace(store);
  try {
    return { where, owner: owner.user, role: place.user, ...(await migrate(owner, place.user)) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new RecordProblem('unusable', `the record at ${where} cannot be migrated: ${why}`);
  }
}
