import type { PackRecord } from '../pack-record.ts';
import type { Row } from './line.ts';

/** A table of the pack: what is in `csv/<name>.csv`. */
export interface Report {
  readonly name: string;
  /** What is on each line, for people. */
  readonly about: string;
  /** Name and meaning, in the order of the file. */
  readonly columns: readonly (readonly [name: string, meaning: string])[];
  /** The lines that a record adds. Records come in the order of the log. */
  readonly add: (record: PackRecord) => readonly Row[];
  /** The lines that are known after the last record. */
  readonly end: () => readonly Row[];
}

export const NONE: readonly Row[] = [];
