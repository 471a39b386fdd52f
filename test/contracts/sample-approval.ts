import type { Approval, ApprovalChange, ApprovalRequest } from '../../src/model/approval.ts';
import type { NewRecord } from '../../src/model/record.ts';
import { intentOf, sampleRecord } from './sample-record.ts';

export function sampleApproval(
  id: string,
  over: Partial<Omit<Approval, 'request'>> & { readonly request?: Partial<ApprovalRequest> } = {},
): Approval {
  const { request, ...rest } = over;
  return {
    request: {
      id: `apr_${id}`,
      call: `call_${id}`,
      session: 's',
      requester: { kind: 'user', id: 'alice', issuer: 'https://idp.example.com' },
      requesterGroups: ['support'],
      client: 'claude-code 2.1',
      tool: 'run_sql',
      connection: 'crm',
      environment: 'production',
      digest: `digest of ${id}`,
      shape: 'aa11',
      rules: 'rules',
      demands: [
        { policy: { id: 'held', reason: 'é\u0000\u2028😀' }, from: 'dba', approvals: 1, justify: false },
      ],
      reason: 'Held.',
      arguments: { statement: 'UPDATE', ratio: 0.5 },
      facts: { sql: { writes: true } },
      createdAt: 100,
      expiresAt: 200,
      ...request,
    },
    status: 'pending',
    verdicts: [],
    justification: null,
    grantedUntil: null,
    uses: [],
    endedBy: null,
    version: 1,
    ...rest,
  };
}

export function creation(approval: Approval): ApprovalChange {
  return { kind: 'create', approval };
}

/** A change to the next version. */
export function next(approval: Approval, changes: Partial<Approval>): ApprovalChange & { kind: 'replace' } {
  const { version } = approval;
  return { kind: 'replace', from: version, approval: { ...approval, ...changes, version: version + 1 } };
}

/** What goes into the store where a call begins under a grant. */
export function useOf(
  approval: Approval,
  call: string,
): { readonly change: ApprovalChange; readonly records: readonly NewRecord[] } {
  const { id } = approval.request;
  const used = sampleRecord('approval.used', { session: 's', call, event: { approval: id, uses: 1 } });
  return {
    change: next(approval, { status: 'spent', uses: [{ call, at: 1 }] }),
    records: [used, intentOf(call, 's', { approval: id })],
  };
}
