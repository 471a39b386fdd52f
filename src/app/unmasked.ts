import { printable } from '../sessions/printable.ts';
import { maskAgain } from '../replay/mask-again.ts';
import { openRecord } from './read-record.ts';
import type { Configuration } from './configuration.ts';
import type { RecordType, StoredRecord } from '../model/record.ts';
import type { MaskingRules } from '../masking/rules.ts';

/** A class of values that stands unmasked in a payload on record, and where. Holds no value. */
interface Unmasked {
  /** Position in the log. */
  readonly record: number;
  readonly session: string | null;
  readonly call: string | null;
  readonly type: RecordType;
  readonly tool: string;
  readonly class: string;
  /** The name of the column, or a JSON pointer with `*` for each index; what is a value in it is masked. */
  readonly path: string;
  readonly count: number;
}

export interface UnmaskedQuery {
  /** Epoch milliseconds: records at or after it. */
  readonly from: number;
  /** Epoch milliseconds: records before it. */
  readonly to: number;
}

export interface UnmaskedFound {
  /** Payloads that were searched. */
  readonly payloads: number;
  readonly findings: readonly Unmasked[];
}

const PAGE = 1_000;

/** What masking by these rules would mask of the payloads on record beyond what is masked there. Changes nothing. */
export async function findUnmasked(
  configuration: Configuration,
  rules: MaskingRules,
  { from, to }: UnmaskedQuery,
): Promise<UnmaskedFound> {
  const store = await openRecord(configuration, false);
  try {
    const findings: Unmasked[] = [];
    let payloads = 0;
    /** Of calls without an outcome so far: only the intent names the tool. */
    const tools = new Map<string, string>();
    for (let after = -1; ;) {
      const page = await store.records({ after, limit: PAGE });
      const last = page.at(-1);
      if (last === undefined) return { payloads, findings };
      after = last.index;
      for (const record of page) {
        const tool = toolOf(record, tools);
        // What operators wrote is masked by a rule of its own, and names people as policies do.
        if (record.type === 'rules.loaded') continue;
        if (record.payload === null || record.time < from || record.time >= to) continue;
        payloads++;
        findings.push(...unmaskedIn(record, tool, rules));
      }
    }
  } finally {
    await store.close();
  }
}

function toolOf({ type, call, event }: StoredRecord, tools: Map<string, string>): string {
  const own = event['tool'];
  const tool = typeof own === 'string' ? own : (tools.get(call ?? '') ?? '');
  if (call !== null && type === 'call.intent') tools.set(call, tool);
  if (call !== null && type === 'call.outcome') tools.delete(call);
  return tool;
}

function unmaskedIn(record: StoredRecord, tool: string, rules: MaskingRules): readonly Unmasked[] {
  const { index, session, call, type } = record;
  return maskAgain(record.payload, tool, rules).map(({ class: of, path, count }) => ({
    record: index,
    session,
    call,
    type,
    tool,
    class: of,
    path,
    count,
  }));
}

/** One line a class and place, then how many. */
export function renderUnmasked({ payloads, findings }: UnmaskedFound): string {
  const lines = findings.map(
    ({ record, session, type, tool, class: of, path, count }) =>
      `#${record}  ${session ?? '-'}  ${type}  ${printable(tool)}  ${of}  ${printable(path)}  ${count}\n`,
  );
  return `${lines.join('')}${findings.length} findings in ${payloads} payloads\n`;
}
