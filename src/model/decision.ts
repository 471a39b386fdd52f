/** A policy that took part in a decision. */
export interface PolicyRef {
  /** `<file without .cedar>#<n>`, or the policy's `@id`. */
  readonly id: string;
  /** Its `@reason`. */
  readonly reason?: string;
}

/** Who must approve, from a policy's annotations. */
export interface ApprovalDemand {
  readonly policy: PolicyRef;
  /** `@approval("…")`: the group that is asked, or `requester`. */
  readonly from: string;
  /** `@approvals("2")`: how many distinct people. */
  readonly approvals: number;
  /** `@expires("30m")`, in milliseconds; absent where the policy does not say. */
  readonly expiresMs?: number;
  /** `@grants("30m")`: the longest time, in milliseconds, for which the shape may be granted. */
  readonly grantsMs?: number;
  /** `@justify`: the requester's human is asked why. */
  readonly justify: boolean;
  /** `@assurance("high")`: only people count who authenticated outside of every MCP client. Absent: any channel counts. */
  readonly assurance?: 'high';
}

/** What policy says of a call. */
export type Decision =
  | { readonly effect: 'allow'; readonly policies: readonly PolicyRef[] }
  | {
      readonly effect: 'refuse';
      /** `default_deny`: no policy permits. `forbidden`: one forbids. `policy_error`: one erred, which refuses. */
      readonly because: 'default_deny' | 'forbidden' | 'policy_error';
      readonly policies: readonly PolicyRef[];
      /** One or more sentences for the agent. */
      readonly reason: string;
    }
  | {
      /** Every policy that forbids carries `@approval`. */
      readonly effect: 'ask';
      readonly demands: readonly ApprovalDemand[];
      readonly policies: readonly PolicyRef[];
      readonly reason: string;
    };
