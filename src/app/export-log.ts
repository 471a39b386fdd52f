import { openRecord, recordLook, RecordProblem } from './read-record.ts';
import { exportLog, NotThisLog, type Exported } from '../sessions/publish/export-files.ts';
import type { Configuration } from './configuration.ts';

export interface WantedExport {
  /** Absolute. */
  readonly folder: string;
  /** The newest checkpoint that a witness cosigned, in place of the newest of all. */
  readonly cosigned: boolean;
  /** Who exports, for the record. */
  readonly by: string;
}

/** Null where there is no such checkpoint yet. Throws `RecordProblem` where the folder holds another log. */
export async function exportRecordLog(
  configuration: Configuration,
  { folder, cosigned, by }: WantedExport,
): Promise<Exported | null> {
  const store = await openRecord(configuration, false);
  try {
    const note = cosigned
      ? ((await store.endorsements?.cosigned()) ?? null)
      : ((await store.published?.checkpoint()) ?? null);
    if (note === null) return null;
    return await exportLog(store, note, folder, (range) =>
      recordLook(store, { by, how: 'command', what: 'entries', range }),
    );
  } catch (error) {
    throw error instanceof NotThisLog ? new RecordProblem('unusable', error.message) : error;
  } finally {
    await store.close();
  }
}
