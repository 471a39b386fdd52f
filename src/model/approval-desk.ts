import type { Approval, ApprovalChange, ApprovalChannel, Assurance } from './approval.ts';
import type { Decision } from './decision.ts';
import type { Facts } from './facts.ts';
import type { Principal } from './principal.ts';
import type { NewRecord } from './record.ts';
import type { ToolCall } from './tool-call.ts';

/** A call that policy holds, with all that an approval binds. */
export interface HeldCall {
  readonly call: ToolCall;
  readonly facts: Facts;
  readonly decision: Extract<Decision, { effect: 'ask' }>;
  /** Digest of the rules that hold it. */
  readonly rules: string;
}

/** What may be said of a request. */
export interface Ruling {
  readonly approve: boolean;
  readonly comment: string;
  /** Milliseconds for which the shape is to be granted; null for this one act. At most what policy says. */
  readonly grantMs: number | null;
  readonly channel: ApprovalChannel;
  readonly assurance: Assurance;
}

/** Why a ruling, a revocation or a justification was not taken. */
export type DeskProblem =
  | 'not_found'
  /** It is decided, expired, revoked or spent. */
  | 'not_pending'
  /** Policy does not let this principal approve it, or none of its demands asks them. */
  | 'not_allowed'
  /** A service never approves. */
  | 'not_a_person'
  | 'already_ruled'
  /** Policy wants the requester to say why, before anybody decides. */
  | 'not_justified'
  /** Policy wants a person who authenticated outside of every MCP client, and this approval came another way. */
  | 'low_assurance'
  /** The wanted duration is longer than policy allows, or the tool has no shape to grant. */
  | 'grant_too_long';

export type DeskResult =
  { readonly ok: true; readonly approval: Approval } | { readonly ok: false; readonly problem: DeskProblem };

/**
 * Where requests for approval lie. Everything it says is read from the store: nothing waits in memory, and any gateway
 * process on the store may answer. Every method rejects where the store can't be used, which refuses the call.
 */
export interface ApprovalDesk {
  /**
   * What there is for this very act: the live grant (of the act, or of its shape), the pending request, or the youngest
   * one that ended less than its expiry ago without having been spent. Null where there is nothing.
   */
  find(held: HeldCall): Promise<Approval | null>;
  /**
   * Puts a request on file and on record; where one is pending or approved already, that one. `too_many`: the requester
   * has as many pending requests as one may have.
   */
  request(held: HeldCall): Promise<Approval | 'too_many'>;
  /** Puts on record that somebody was asked. `link`: their client was given the link to the page. */
  asked(approval: Approval, channel: ApprovalChannel | 'webhook' | 'link', whom: string): Promise<void>;
  justify(id: string, by: Principal, text: string): Promise<DeskResult>;
  /** Checks policy afresh, with the reviewer as just identified; one verdict a person. */
  rule(id: string, reviewer: Principal, ruling: Ruling): Promise<DeskResult>;
  /** Ends a pending request or a live grant. Who may approve it may revoke it, and so may its requester. */
  revoke(id: string, by: Principal, comment: string): Promise<DeskResult>;
  /** Pending requests that this reviewer may rule on, the oldest first. */
  inbox(reviewer: Principal): Promise<readonly Approval[]>;
  /** Live grants that this principal may revoke, the youngest first. */
  grants(by: Principal): Promise<readonly Approval[]>;
  /** Resolves when the approval has another version than `version`, the time is up or the signal aborts. */
  changed(id: string, version: number, withinMs: number, signal: AbortSignal): Promise<Approval | null>;
  /**
   * Resolves when there is a request that this reviewer may rule on and that is not among the `known` ids, the time is
   * up or the signal aborts. Without `known`, those that are there when it is called count as known.
   */
  arrived(
    reviewer: Principal,
    withinMs: number,
    signal: AbortSignal,
    known?: readonly string[],
  ): Promise<void>;
  /**
   * The change and the record with which a grant is used: they go into the store with the call's intent. Where the grant
   * is not one for this call at this time, the change is one that no store does.
   */
  spend(
    approval: Approval,
    call: ToolCall,
    at: number,
  ): { readonly change: ApprovalChange; readonly record: NewRecord };
}
