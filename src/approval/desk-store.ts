import type { Approval, ApprovalChange, ApprovalStatus, Person } from '../model/approval.ts';
import type { NewRecord } from '../model/record.ts';

/** What the desk needs of a store, with the promises that the store contract makes of it. */
export interface DeskStore {
  append(records: readonly NewRecord[]): Promise<void>;
  /** Change and records in one transaction; false where the approval is not as the change expects it. */
  appendWith(records: readonly NewRecord[], change: ApprovalChange): Promise<boolean>;
  approval(id: string): Promise<Approval | null>;
  /** The youngest first. */
  approvals(query: DeskQuery): Promise<readonly Approval[]>;
}

interface DeskQuery {
  readonly status?: readonly ApprovalStatus[];
  readonly digest?: string;
  readonly shape?: {
    readonly requester: Person;
    readonly connection: string;
    readonly tool: string;
    readonly shape: string;
  };
  /** Only those that come after this one, which is older or of the same millisecond and a smaller id. */
  readonly before?: { readonly createdAt: number; readonly id: string };
  readonly limit: number;
}
