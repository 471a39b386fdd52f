import type { Approval, ApprovalChange, ApprovalRequest, ApprovalStatus, Person } from '../model/approval.ts';

/** An approval as a store takes it: what was asked, and beside it what came of it. */
export interface ApprovalRow {
  readonly id: string;
  readonly digest: string;
  /** A `personKey`. */
  readonly requester: string;
  readonly connection: string;
  readonly tool: string;
  readonly shape: string | null;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** JSON of the request. */
  readonly request: string;
  readonly status: string;
  readonly version: number;
  readonly grantedUntil: number | null;
  /** JSON of the rest. */
  readonly state: string;
}

export interface EncodedApprovalChange {
  readonly kind: ApprovalChange['kind'];
  /** The version that the change expects; 0 where it expects nothing to be there. */
  readonly from: number;
  /** How many pending requests its requester may have with this one. Of a replacement, it means nothing. */
  readonly mostPending: number;
  /** That asked: `request` and `state` are sealed under its key, and erased with it. */
  readonly session: string;
  readonly row: ApprovalRow;
}

/** Throws `TypeError` where the version is not the next one. */
export function encodeApprovalChange(change: ApprovalChange): EncodedApprovalChange {
  const from = change.kind === 'create' ? 0 : change.from;
  const mostPending = (change.kind === 'create' ? change.mostPending : undefined) ?? Number.MAX_SAFE_INTEGER;
  const { request, status, version, grantedUntil, verdicts, justification, uses, endedBy } = change.approval;
  if (version !== from + 1) throw new TypeError(`version ${version} does not follow ${from}`);
  const { id, session, digest, requester, connection, tool, shape, createdAt, expiresAt } = request;
  return {
    kind: change.kind,
    from,
    mostPending,
    session,
    row: {
      id,
      digest,
      requester: personKey(requester),
      connection,
      tool,
      shape,
      createdAt,
      expiresAt,
      request: JSON.stringify(request),
      status,
      version,
      grantedUntil,
      state: JSON.stringify({ verdicts, justification, uses, endedBy }),
    },
  };
}

/** Throws where the row is not one that this version can read: a grant is never made out of what is not understood. */
export function decodeApproval(row: ApprovalRow): Approval {
  const { id, digest, requester, status, version, grantedUntil } = row;
  const request: ApprovalRequest = JSON.parse(row.request);
  const state: Pick<Approval, 'verdicts' | 'justification' | 'uses' | 'endedBy'> = JSON.parse(row.state);
  const { verdicts, justification, uses, endedBy } = state;
  if (
    !isStatus(status) ||
    request.id !== id ||
    request.digest !== digest ||
    personKey(request.requester) !== requester ||
    !Array.isArray(request.demands) ||
    !Array.isArray(verdicts) ||
    !Array.isArray(uses)
  ) {
    throw new Error(`approval ${id} is not one that this version can read`);
  }
  return { request, status, verdicts, justification, grantedUntil, uses, endedBy, version };
}

/** Equal for the same person, and for no two others: a list in JSON, so that no name runs into the next field. */
export function personKey({ kind, issuer, id }: Person): string {
  return JSON.stringify([kind, issuer, id]);
}

const STATUSES: Readonly<Record<ApprovalStatus, true>> = {
  pending: true,
  approved: true,
  declined: true,
  expired: true,
  revoked: true,
  spent: true,
};

function isStatus(value: string): value is ApprovalStatus {
  return Object.hasOwn(STATUSES, value);
}
