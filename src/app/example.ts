import { ensureExampleDatabase } from '../example/crm.ts';
import type { Configuration } from './configuration.ts';

/** Makes the database behind the example's `crm` connection where it does not exist yet. */
export function makeExampleDatabase(configuration: Configuration): boolean {
  const crm = configuration.connections.get('crm');
  return crm?.kind === 'sqlite' && ensureExampleDatabase(crm.path);
}
