import type { StatementSync } from 'node:sqlite';
import type { EncodedTaskChange } from '../change.ts';

export const INSERT_TASK = `
  INSERT INTO task (id, owner, approval, created_at, expires_at, state, call, runs_until, sealed, updated_at, version)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`;

export const UPDATE_TASK = `
  UPDATE task SET state = ?, call = ?, runs_until = ?, sealed = ?, updated_at = ?, version = ?
  WHERE id = ? AND version = ?`;

/** Whether it was done. What a task is bound to is written once. */
export function changeTask(
  { insert, update }: { readonly insert: StatementSync; readonly update: StatementSync },
  { kind, from, task }: EncodedTaskChange,
): boolean {
  const { id, owner, approval, createdAt, expiresAt } = task;
  const { state, call, runsUntil, sealed, updatedAt, version } = task;
  const moving = [state, call, runsUntil, sealed, updatedAt, version] as const;
  const result =
    kind === 'create_task'
      ? insert.run(id, owner, approval, createdAt, expiresAt, ...moving)
      : update.run(...moving, id, from);
  return Number(result.changes) > 0;
}
