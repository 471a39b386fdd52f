import { decideAgain } from './decide-again.ts';
import { maskAgain } from './mask-again.ts';
import { recordedCall, text, type Answered, type RecordedCall } from './recorded-call.ts';
import { lessMasked, seeAgain, type SeenOtherwise } from './see-again.ts';
import type { Candidate, Sandbox } from './candidate.ts';
import type { MaskingRules } from '../masking/rules.ts';
import type { StoredRecord } from '../model/record.ts';

/** Something that would be otherwise, or of which that can't be told, and the call that it is about. */
export type Difference = About &
  (
    | {
        readonly kind: 'decision';
        readonly before: Answered;
        readonly after: Answered;
        /** Ids of policies that speak now and did not, and the other way round. */
        readonly newPolicies: readonly string[];
        readonly gonePolicies: readonly string[];
        /** It was decided by rules of the same digest: the difference is in something else, or a fault. */
        readonly sameRules: boolean;
      }
    | { readonly kind: 'not_decidable'; readonly reads: readonly string[] }
    | ({ readonly kind: 'seen' } & SeenOtherwise)
  );

interface About {
  /** Position in the log. */
  readonly record: number;
  readonly time: number;
  readonly call: string;
  readonly session: string;
  readonly tool: string;
  readonly principal: string;
}

export interface Totals {
  /** Calls that were put before policy again. */
  decided: number;
  same: number;
  changed: number;
  notDecidable: number;
  /** Of those that were decided, how many were decided by the very same rules then, and came out otherwise now. */
  sameRules: number;
  sameRulesChanged: number;
  /** Answers whose masking was looked at. */
  answers: number;
  /** Classes of values in them that would be seen otherwise. */
  seen: number;
  /** Calls that ended before or after policy, by cause. */
  elsewhere: Record<string, number>;
}

export interface Replay {
  readonly totals: Readonly<Totals>;
  /** Takes the records of calls in the order of the log. Not more than one at a time. */
  take(record: StoredRecord): Promise<readonly Difference[]>;
}

/** What an outcome is read with. */
interface Begun {
  readonly tool: string;
  readonly principal: string;
  readonly rules: string;
}

/** Calls without an outcome so far: a crash leaves one for ever. */
const MOST_OPEN = 10_000;

/**
 * @param intentOf the intent of a call that began before the first record was taken.
 * @param configured the masking rules in use, which the candidate's are held against.
 */
export function createReplay(
  candidate: Candidate,
  sandbox: Sandbox,
  intentOf: (call: string) => Promise<StoredRecord | null>,
  configured: MaskingRules,
): Replay {
  const totals: Totals = {
    decided: 0,
    same: 0,
    changed: 0,
    notDecidable: 0,
    sameRules: 0,
    sameRulesChanged: 0,
    answers: 0,
    seen: 0,
    elsewhere: {},
  };
  const open = new Map<string, Begun>();

  async function decided(recorded: RecordedCall): Promise<readonly Difference[]> {
    const verdict = await decideAgain(recorded, candidate, sandbox);
    const { environment } = recorded;
    const now = candidate.tools.get(recorded.tool)?.connection.environment ?? null;
    // Which environment a connection is in is configured, and no part of the rules.
    const sameRules = recorded.rules === candidate.digest && (environment ?? now) === now;
    totals.decided += 1;
    if (sameRules) totals.sameRules += 1;
    const about = aboutOf(recorded);
    switch (verdict.kind) {
      case 'same':
        totals.same += 1;
        return [];
      case 'not_decidable':
        totals.notDecidable += 1;
        return [{ ...about, kind: 'not_decidable', reads: verdict.reads }];
      case 'changed': {
        totals.changed += 1;
        if (sameRules) totals.sameRulesChanged += 1;
        const { after } = verdict;
        const before = recorded.answer;
        const [was, is] = [before.policies ?? [], after.policies ?? []];
        return [
          {
            ...about,
            kind: 'decision',
            before,
            after,
            newPolicies: is.filter((id) => !was.includes(id)),
            gonePolicies: was.filter((id) => !is.includes(id)),
            sameRules,
          },
        ];
      }
    }
  }

  async function seen(record: StoredRecord): Promise<readonly Difference[]> {
    const { call, session, event, payload } = record;
    if (call === null || session === null) return [];
    const begun = open.get(call) ?? begunBy(await intentOf(call));
    open.delete(call);
    const known = await sandbox.session(session);
    const tool = begun === null ? undefined : candidate.tools.get(begun.tool);
    if (begun === null || tool === undefined || known === null) return [];
    const principal = { ...known, id: begun.principal, credential: { kind: 'local', id: 'replay' } } as const;
    totals.answers += 1;
    const otherMasking = sandbox.partsOf(begun.rules)?.masking !== candidate.masking.digest;
    const found = [
      ...seeAgain(event, candidate.policies.unmasked(principal, tool)),
      ...(otherMasking ? lessMasked(event, begun.tool, configured, candidate.masking) : []),
      ...(otherMasking && payload !== null ? maskAgain(payload, begun.tool, candidate.masking) : []).map(
        ({ class: of, path, count }) => ({ class: of, path, count, change: 'masked', why: '' }) as const,
      ),
    ];
    totals.seen += found.length;
    const about = aboutOf({ ...record, call, session, ...begun });
    return found.map((one): Difference => ({ ...about, kind: 'seen', ...one }));
  }

  return {
    totals,
    async take(record) {
      if (record.type === 'call.outcome') return await seen(record);
      const begun = record.call === null ? null : begunBy(record);
      if (begun !== null && record.call !== null) {
        open.set(record.call, begun);
        const [oldest] = open.keys();
        if (open.size > MOST_OPEN && oldest !== undefined) open.delete(oldest);
      }
      const recorded = recordedCall(record);
      if (recorded === null) return [];
      if (!('cause' in recorded)) return await decided(recorded);
      totals.elsewhere[recorded.cause] = (totals.elsewhere[recorded.cause] ?? 0) + 1;
      return [];
    },
  };
}

function begunBy(record: StoredRecord | null): Begun | null {
  if (record?.type !== 'call.intent') return null;
  const tool = text(record.event['tool']);
  const principal = text(record.event['principal']);
  return tool === null || principal === null
    ? null
    : { tool, principal, rules: text(record.event['rules']) ?? '' };
}

function aboutOf(of: Omit<About, 'record'> & { readonly index: number }): About {
  const { index, time, call, session, tool, principal } = of;
  return { record: index, time, call, session, tool, principal };
}
