/** A desk in memory, under one fixed policy: people of `dba` approve whatever they did not ask for themselves. */
import type { Approval, ApprovalRequest, Person, Verdict } from '../../src/model/approval.ts';
import type { ApprovalDesk, DeskProblem, DeskResult } from '../../src/model/approval-desk.ts';
import type { Principal } from '../../src/model/principal.ts';

export interface MemoryDesk {
  readonly desk: ApprovalDesk;
  readonly find: (id: string) => Promise<Approval | null>;
  readonly recent: () => Promise<readonly Approval[]>;
  readonly mayApprove: (reviewer: Principal, request: ApprovalRequest) => boolean;
  readonly couldApprove: (reviewer: Principal) => boolean;
  /** Files a request; what is not given is plausible. */
  add(approval?: Partial<Omit<Approval, 'request'>>, request?: Partial<ApprovalRequest>): Approval;
  get(id: string): Approval;
  /** Until it is false, every use of the desk rejects. */
  broken: boolean;
}

export const STATEMENT = "UPDATE customers\n   SET tier = 'gold'\n WHERE id = 4711";

export function createMemoryDesk(now: () => number): MemoryDesk {
  const held = new Map<string, Approval>();
  let count = 0;
  const same = (one: Person, other: Person): boolean => one.id === other.id && one.issuer === other.issuer;
  const couldApprove = (reviewer: Principal): boolean =>
    reviewer.kind === 'user' && reviewer.groups.includes('dba');
  const mayApprove = (reviewer: Principal, request: ApprovalRequest): boolean =>
    couldApprove(reviewer) && !same(reviewer, request.requester);
  const personOf = ({ kind, id, issuer }: Principal): Person => ({ kind, id, issuer });
  const all = (): Approval[] => {
    if (memory.broken) throw new Error('the store is gone: password=hunter2');
    return [...held.values()];
  };
  const replace = (approval: Approval, change: Partial<Approval>): DeskResult => {
    const next = { ...approval, ...change, version: approval.version + 1 };
    held.set(approval.request.id, next);
    return { ok: true, approval: next };
  };
  const no = (problem: DeskProblem): DeskResult => ({ ok: false, problem });
  const unused = (): never => assertNever();

  const memory: MemoryDesk = {
    broken: false,
    mayApprove,
    couldApprove,
    find: async (id) => all().find(({ request }) => request.id === id) ?? null,
    recent: async () => all().toReversed(),
    get(id) {
      const found = held.get(id);
      if (found === undefined) throw new Error(`no ${id}`);
      return found;
    },
    add(approval = {}, request = {}) {
      count += 1;
      const id = `apr_0193a000-0000-7000-8000-${String(count).padStart(12, '0')}` as const;
      const whole: Approval = {
        status: 'pending',
        verdicts: [],
        justification: null,
        grantedUntil: null,
        uses: [],
        endedBy: null,
        version: 1,
        ...approval,
        request: {
          id,
          call: `call_0193a000-0000-7000-8000-${String(count).padStart(12, '0')}`,
          session: 'ses_1',
          requester: { kind: 'user', id: 'alice', issuer: 'https://idp.example' },
          requesterGroups: ['support'],
          client: 'claude-code 2.1.329',
          tool: 'run_sql',
          connection: 'crm',
          environment: 'production',
          digest: 'd'.repeat(64),
          shape: 'f'.repeat(64),
          rules: 'r'.repeat(64),
          demands: [
            {
              policy: { id: 'production#1' },
              from: 'dba',
              approvals: 1,
              grantsMs: 3_600_000,
              justify: false,
            },
          ],
          reason: 'Writes to production are approved by a DBA.',
          arguments: { statement: STATEMENT },
          facts: {
            sql: {
              kinds: ['UPDATE'],
              writes: true,
              unbounded: false,
              tables: ['customers'],
              tablesWritten: ['customers'],
              tablesRead: [],
              columns: ['tier', 'id'],
              functions: [],
            },
          },
          createdAt: now() - 120_000,
          expiresAt: now() + 28 * 60_000,
          ...request,
        },
      };
      held.set(whole.request.id, whole);
      return whole;
    },
    desk: {
      find: unused,
      request: unused,
      asked: unused,
      async justify(id, by, justification) {
        const approval = all().find(({ request }) => request.id === id);
        if (approval === undefined) return no('not_found');
        if (!same(by, approval.request.requester)) return no('not_allowed');
        if (approval.status !== 'pending') return no('not_pending');
        return approval.justification === null ? replace(approval, { justification }) : no('already_ruled');
      },
      changed: unused,
      arrived: unused,
      spend: unused,
      inbox: async (reviewer) =>
        all().filter(
          ({ status, request, verdicts }) =>
            status === 'pending' &&
            request.expiresAt > now() &&
            mayApprove(reviewer, request) &&
            !verdicts.some(({ by }) => same(by, reviewer)),
        ),
      grants: async (by) =>
        all().filter(
          ({ status, request }) =>
            status === 'approved' && (mayApprove(by, request) || same(by, request.requester)),
        ),
      async rule(id, reviewer, ruling) {
        const approval = all().find(({ request }) => request.id === id);
        if (approval === undefined) return no('not_found');
        if (reviewer.kind !== 'user') return no('not_a_person');
        if (!mayApprove(reviewer, approval.request)) return no('not_allowed');
        if (approval.verdicts.some(({ by }) => same(by, reviewer))) return no('already_ruled');
        if (approval.status !== 'pending' || approval.request.expiresAt <= now()) return no('not_pending');
        if ((ruling.grantMs ?? 0) > 3_600_000) return no('grant_too_long');
        const said: Verdict = { ...ruling, by: personOf(reviewer), policies: ['production#1'], at: now() };
        const verdicts = [...approval.verdicts, said];
        if (!ruling.approve) return replace(approval, { verdicts, status: 'declined' });
        const wanted = approval.request.demands[0]?.approvals ?? 1;
        if (verdicts.length < wanted) return replace(approval, { verdicts });
        const grantedUntil = ruling.grantMs === null ? null : now() + ruling.grantMs;
        return replace(approval, { verdicts, status: 'approved', grantedUntil });
      },
      async revoke(id, by, _comment) {
        const approval = all().find(({ request }) => request.id === id);
        if (approval === undefined) return no('not_found');
        if (!mayApprove(by, approval.request) && !same(by, approval.request.requester))
          return no('not_allowed');
        if (!['pending', 'approved'].includes(approval.status)) return no('not_pending');
        return replace(approval, { status: 'revoked', endedBy: personOf(by) });
      },
    },
  };
  return memory;
}

function assertNever(): never {
  throw new Error('the console has no business here');
}
