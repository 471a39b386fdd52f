import { encodeApprovalChange, type EncodedApprovalChange } from './approval-row.ts';
import type { StoreChange } from './store.ts';
import type { StoredTask } from '../model/task.ts';

/** A change as a store writes it, beside the records that tell of it. */
export type EncodedChange = EncodedApprovalChange | EncodedTaskChange;

export interface EncodedTaskChange {
  readonly kind: 'create_task' | 'replace_task';
  /** The version that the change expects; 0 where it expects nothing to be there. */
  readonly from: number;
  readonly task: StoredTask;
}

/** Throws `TypeError` where the version is not the next one. */
export function encodeChange(change: StoreChange): EncodedChange {
  if (change.kind === 'create' || change.kind === 'replace') return encodeApprovalChange(change);
  const { kind, task } = change;
  const from = kind === 'create_task' ? 0 : change.from;
  if (task.version !== from + 1) throw new TypeError(`version ${task.version} does not follow ${from}`);
  return { kind, from, task };
}

/** Characters. */
export function changeSize(change: EncodedChange): number {
  return 'task' in change ? change.task.sealed.length : change.row.request.length + change.row.state.length;
}
