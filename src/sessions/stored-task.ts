import type { StoredTask, TaskId, TaskState } from '../model/task.ts';
import { numberOf, numberOrNull, textOf, textOrNull, type Row } from './row.ts';

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
