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
  /** By path, class and what was done. */
  readonly #counts = new Map<string, Map<string, Map<string, Counted>>>();

  /** `path` is masked already: a report holds no value. */
  add(path: string, span: Span): void {
    const { class: dataClass, did } = span;
    const exact = path.slice(0, LONGEST_PATH);
    const known = this.#counts.get(exact)?.get(dataClass)?.get(did);
    if (known !== undefined) known.count++;
    else if (this.#all.length < PLACES || exact === REST) this.#start(exact, dataClass, did);
    else this.add(REST, span);
  }

  #start(path: string, dataClass: string, did: MaskingFinding['did']): void {
    const counted = { finding: { class: dataClass, path, did }, count: 1 };
    const classes = this.#counts.get(path) ?? new Map<string, Map<string, Counted>>();
    const ways = classes.get(dataClass) ?? new Map<string, Counted>();
    this.#counts.set(path, classes.set(dataClass, ways.set(did, counted)));
    this.#all.push(counted);
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
