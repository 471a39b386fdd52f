import type { MaskingFinding, MaskingReport } from '../model/result.ts';
import type { Span } from './settle.ts';

/** More distinct places are summed up under the path `…`: a report is part of a record, whose size is bounded. */
const PLACES = 64;
const LONGEST_PATH = 200;
const REST = '…';

interface Counted {
  readonly finding: Omit<MaskingFinding, 'count'>;
  count: number;
}

/** Counts findings by class, place and what was done. */
export class ReportBuilder {
  readonly #all: Counted[] = [];
  readonly #places = new Map<string, Counted[]>();
  /** Where the last finding was, and what is counted there: the next is mostly at the same place. */
  #path: string | null = null;
  #here: Counted[] = [];

  /** `path` is masked already: a report holds no value. */
  add(path: string, span: Span): void {
    const { class: dataClass, did } = span;
    const exact = path.slice(0, LONGEST_PATH);
    if (exact !== this.#path) this.#go(exact);
    // A place has as many entries as there are classes and ways at the most.
    for (const known of this.#here)
      if (known.finding.class === dataClass && known.finding.did === did) {
        known.count++;
        return;
      }
    if (this.#all.length >= PLACES && exact !== REST) {
      this.add(REST, span);
      return;
    }
    const counted = { finding: { class: dataClass, path: exact, did }, count: 1 };
    if (this.#here.length === 0) this.#places.set(exact, this.#here);
    this.#here.push(counted);
    this.#all.push(counted);
  }

  #go(path: string): void {
    this.#path = path;
    this.#here = this.#places.get(path) ?? [];
  }

  build(): MaskingReport {
    return { findings: this.#all.map(({ finding, count }) => ({ ...finding, count })) };
  }
}

/** RFC 6901. `every` writes `*` for each index, so that a list of a thousand rows is one place. */
export function jsonPointer(path: readonly (string | number)[], every: boolean): string {
  return path
    .map((step) => {
      if (typeof step === 'number') return every ? '/*' : `/${step}`;
      return `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    })
    .join('');
}
