import { createHash } from 'node:crypto';
import type { PackRecord } from './pack-record.ts';

export interface SampledItem {
  readonly record: PackRecord;
  readonly entry: string;
  /** Hex: what it was drawn by. */
  readonly draw: string;
}

export interface Sample {
  readonly add: (record: PackRecord, entry: string) => void;
  /** The drawn ones, in the order of the draw. */
  readonly drawn: () => readonly SampledItem[];
  /** How many there were to draw from. */
  readonly population: () => number;
}

/**
 * Draws calls, permitted and refused, without a choice of whoever exports: those whose index, hashed with the root that
 * the period ends at, comes first. The root depends on every record, so nobody knew it while records were written, and an
 * auditor draws the same. `root` is the base64 of the checkpoint.
 */
export function createSample(root: string, size: number): Sample {
  let held: SampledItem[] = [];
  let population = 0;

  function cut(): void {
    held = held.toSorted((a, b) => (a.draw < b.draw ? -1 : 1)).slice(0, size);
  }

  return {
    add(record, entry) {
      if (record.type !== 'call.intent' && record.type !== 'call.refused') return;
      population += 1;
      const draw = createHash('sha256').update(`${root}\n${record.index}\n`).digest('hex');
      held.push({ record, entry, draw });
      if (held.length > 2 * size + 64) cut();
    },
    drawn: () => {
      cut();
      return held;
    },
    population: () => population,
  };
}
