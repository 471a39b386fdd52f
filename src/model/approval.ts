import type { ApprovalDemand } from './decision.ts';
import type { Json, JsonObject } from './json.ts';
import type { Principal } from './principal.ts';

/** `apr_` and a time-ordered UUID (version 7). */
export type ApprovalId = `apr_${string}`;

/** A principal as an approval remembers it. Two of them are the same person where kind, issuer and id agree. */
export type Person = Pick<Principal, 'kind' | 'id' | 'issuer'>;

/** What a request for approval fixes. What is approved is exactly this; nothing in it changes afterwards. */
export interface ApprovalRequest {
  readonly id: ApprovalId;
  /** The call that was held first. */
  readonly call: string;
  readonly session: string;
  readonly requester: Person;
  /** The requester's groups when it was asked, for what policy says of approving. */
  readonly requesterGroups: readonly string[];
  /** The client's own name for itself: a claim, shown as one. */
  readonly client: string;
  readonly tool: string;
  readonly connection: string;
  readonly environment: string;
  /** HMAC-SHA-256, hex, over requester, tool, connection and canonical arguments: one byte more is another act. */
  readonly digest: string;
  /** The statement's fingerprint, for a grant of a shape; null where the tool has no statement. */
  readonly shape: string | null;
  /** Digest of the rules under which it was asked. */
  readonly rules: string;
  readonly demands: readonly ApprovalDemand[];
  /** Why policy holds it: the `@reason`s. */
  readonly reason: string;
  /** What reviewers are shown. Masked. */
  readonly arguments: Json;
  /** What the statement would do, by the inspector. Masked. */
  readonly facts: JsonObject;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** Where a decision was made. */
export type ApprovalChannel = 'elicitation' | 'review_tool' | 'console' | 'cli';

/**
 * How sure it is that this very person decided. `low`: the answer came through an MCP client, which may have answered by
 * itself, or with a credential that proves little. `high`: the person authenticated, out of band.
 */
export type Assurance = 'low' | 'high';

/** What one person said of a request. */
export interface Verdict {
  readonly by: Person;
  readonly approve: boolean;
  /** Ids of the demanding policies that this verdict counts for. */
  readonly policies: readonly string[];
  readonly channel: ApprovalChannel;
  readonly assurance: Assurance;
  /** The person's own words. Masked. */
  readonly comment: string;
  /** For how long the shape is granted, in milliseconds; null for this one act. */
  readonly grantMs: number | null;
  readonly at: number;
}

/**
 * `pending`: waits for verdicts. `approved`: a grant that was not spent. `declined`, `expired`, `revoked`: over, and
 * nothing ran. `spent`: its one execution began.
 */
export type ApprovalStatus = 'pending' | 'approved' | 'declined' | 'expired' | 'revoked' | 'spent';

/** A request with everything that came of it. Changes only by compare-and-set on `version`, with the records that say so. */
export interface Approval {
  readonly request: ApprovalRequest;
  readonly status: ApprovalStatus;
  readonly verdicts: readonly Verdict[];
  /** The requester's answer to `@justify`. Masked; null where it was not asked for or not given yet. */
  readonly justification: string | null;
  /** Until when the shape may be executed again and again; null for a grant of one act. */
  readonly grantedUntil: number | null;
  /** The calls that executed under it. */
  readonly uses: readonly { readonly call: string; readonly at: number }[];
  readonly endedBy: Person | null;
  /** From 1, one more with each change. */
  readonly version: number;
}

/** Policy wants to know why, and the requester has not said: nobody is shown the request as one to decide. */
export function lacksJustification({ request, justification }: Approval): boolean {
  return justification === null && request.demands.some(({ justify }) => justify);
}

/**
 * A change to an approval that goes into the store in the transaction of the records that tell of it: either all of it
 * is there or none.
 */
export type ApprovalChange =
  /**
   * A new request. Not done where the same requester has one of the same digest that is pending or approved, or has
   * `mostPending` requests already, where it is given, that are pending and not due when this one is created.
   */
  | { readonly kind: 'create'; readonly approval: Approval; readonly mostPending?: number }
  /** Not done where the stored version is another than `from`. */
  | { readonly kind: 'replace'; readonly from: number; readonly approval: Approval };
