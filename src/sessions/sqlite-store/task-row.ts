import type { StatementSync } from 'node:sqlite';
import type { EncodedTaskChange } from '../change.ts';
import type { StoredTask, TaskId, TaskState } from '../../model/task.ts';
import { numberOf, numberOrNull, textOf, textOrNull, type Row } from './row.ts';

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

/** Throws where the row is not one that this version can read: nothing runs for what is not understood. */
export function taskOf(row: Row): StoredTask {
  const id = textOf(row, 'id');
  const state = textOf(row, 'state');
  if (!isTaskId(id) || !isState(state)) throw new Error('a task is not one that this version can read');
  return {
    id,
    owner: textOf(row, 'owner'),
    approval: textOf(row, 'approval'),
    state,
    call: textOrNull(row, 'call'),
    runsUntil: numberOrNull(row, 'runs_until'),
    sealed: textOf(row, 'sealed'),
    createdAt: numberOf(row, 'created_at'),
    updatedAt: numberOf(row, 'updated_at'),
    expiresAt: numberOf(row, 'expires_at'),
    version: numberOf(row, 'version'),
  };
}

const STATES: Readonly<Record<TaskState, true>> = {
  waiting: true,
  running: true,
  ended: true,
  cancelled: true,
};

function isState(value: string): value is TaskState {
  return Object.hasOwn(STATES, value);
}

function isTaskId(value: string): value is TaskId {
  return value.startsWith('task_');
}
