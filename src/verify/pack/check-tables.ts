import type { Entry } from '../entry.ts';
import { beside, type Beside } from './beside.ts';
import { csvRows } from './csv-rows.ts';
import { objectIn } from './manifest.ts';
import type { OpenPack } from './open-pack.ts';
import type { PackFindings } from './pack-finding.ts';

/** Whether the tables of a pack have a line for each record that they tell of, and sums that are those of the records. */
export interface TablesCheck {
  readonly record: (index: number, entry: Entry) => Promise<void>;
  readonly end: () => Promise<void>;
}

/** Tables with a line a record: which records those are. */
const LISTS: Readonly<Record<string, (entry: Entry) => boolean>> = {
  'csv/approvals.csv': ({ type }) => type.startsWith('approval.'),
  'csv/denials.csv': (entry) => entry.type === 'call.refused' || isWithheld(entry),
  'csv/authentication_failures.csv': ({ type, event }) =>
    type === 'door.refused' || (type === 'call.refused' && event['cause'] === 'unidentified'),
  'csv/rules.csv': ({ type }) => type === 'rules.loaded' || type === 'rules.rejected',
};

/** Tables that sum up: the columns whose sums are those of the records. */
const SUMS: Readonly<Record<string, Readonly<Record<string, (entry: Entry) => number>>>> = {
  'csv/access_used.csv': {
    permitted: ofType('call.intent'),
    refused: ofType('call.refused'),
    held: ofType('call.held'),
  },
  'csv/masking.csv': { values: maskedValues },
  'csv/sessions.csv': { permitted: inSession('call.intent'), refused: inSession('call.refused') },
  'csv/principals.csv': { approvals_decided: ofType('approval.decided'), sessions: ofType('session.opened') },
};

export function checkTables(pack: OpenPack, findings: PackFindings): TablesCheck {
  const lists = Object.entries(LISTS).map(([file, tells]) => ({ file, tells, rows: rowsOf(file) }));
  const sums = Object.entries(SUMS).map(([file, columns]) => ({
    file,
    columns,
    totals: new Map<string, number>(),
  }));

  function rowsOf(file: string): Beside<readonly string[]> {
    const rows = beside(
      csvRows(pack.names.includes(file) ? pack.lines(file) : none())[Symbol.asyncIterator](),
    );
    let heading = true;
    return {
      next: async () => {
        if (heading) {
          await rows.next();
          rows.take();
          heading = false;
        }
        return await rows.next();
      },
      take: rows.take,
    };
  }

  async function checkSums(file: string, totals: ReadonlyMap<string, number>): Promise<void> {
    const found = new Map<string, number>();
    let heading: readonly string[] | null = null;
    for await (const row of csvRows(pack.names.includes(file) ? pack.lines(file) : none())) {
      if (heading === null) heading = row;
      else
        for (const [at, cell] of row.entries()) {
          const column = heading[at] ?? '';
          if (totals.has(column)) found.set(column, (found.get(column) ?? 0) + Number(cell));
        }
    }
    for (const [column, total] of totals)
      if ((found.get(column) ?? 0) !== total)
        findings.add(
          'table_differs',
          file,
          null,
          `"${column}" of ${file} sums up to ${found.get(column) ?? 0}, and that of the records is ${total}`,
        );
  }

  return {
    record: async (index, entry) => {
      for (const { file, tells, rows } of lists) {
        if (!tells(entry)) continue;
        const row = await rows.next();
        const same = row?.[0] === String(index) && row[1] === utc(entry.time);
        if (same) rows.take();
        else
          findings.add(
            'table_differs',
            file,
            index,
            `${file} has no line of record ${index} where it should be`,
          );
      }
      for (const { columns, totals } of sums)
        for (const [column, of] of Object.entries(columns))
          totals.set(column, (totals.get(column) ?? 0) + of(entry));
    },
    end: async () => {
      for (const { file, rows } of lists)
        if ((await rows.next()) !== null)
          findings.add('table_differs', file, null, `${file} has a line of no record`);
      for (const { file, totals } of sums) await checkSums(file, totals);
    },
  };
}

function isWithheld({ type, event }: Entry): boolean {
  return type === 'call.outcome' && event['outcome'] === 'refused';
}

function ofType(type: string): (entry: Entry) => number {
  return (entry) => (entry.type === type ? 1 : 0);
}

function inSession(type: string): (entry: Entry) => number {
  return (entry) => (entry.type === type && entry.session !== null ? 1 : 0);
}

function maskedValues({ type, event }: Entry): number {
  const { masking } = event;
  if (type !== 'call.outcome' || !Array.isArray(masking)) return 0;
  return masking.reduce<number>((sum, found) => {
    const { count } = objectIn(found);
    return sum + (typeof count === 'number' ? count : 0);
  }, 0);
}

function utc(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString();
}

async function* none(): AsyncGenerator<string> {}
