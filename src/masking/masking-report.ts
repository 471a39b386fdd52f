import type { MaskingFinding, MaskingReport } from '../model/result.ts';
import type { Span } from './settle.ts';

/** More distinct places are summed up under the path `…`: a report is part of a record, whose size is bounded. */
const PLACES = 64;
const LONGEST_PATH = 200;
const REST = '…';

/** Counts findings by class, place and what was done. */
export class ReportBuilder {
  readonly #counts = new Map<string, { readonly finding: Omit<MaskingFinding, 'count'>; count: number }>();

  /** `path` is masked already: a report holds no value. */
  add(path: string, span: Span): void {
    const { class: dataClass, did } = span;
    const exact = path.slice(0, LONGEST_PATH);
    const known = this.#counts.get(keyOf(exact, dataClass, did));
    if (known !== undefined) known.count++;
    else if (this.#counts.size < PLACES || exact === REST) this.#start(exact, dataClass, did);
    else this.add(REST, span);
  }

  #start(path: string, dataClass: string, did: MaskingFinding['did']): void {
    const finding = { class: dataClass, path, did };
    this.#counts.set(keyOf(path, dataClass, did), { finding, count: 1 });
  }

  build(): MaskingReport {
    return { findings: [...this.#counts.values()].map(({ finding, count }) => ({ ...finding, count })) };
  }
}

/** Two places have one key only where they are one: the length says where the class ends, and the path is the rest. */
function keyOf(path: string, dataClass: string, did: string): string {
  return `${did} ${dataClass.length} ${dataClass}${path}`;
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
