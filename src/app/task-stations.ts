import { createTaskSeal } from '../govern/task-seal.ts';
import { toTaskReply } from '../server/task-wire.ts';
import { uuidv7 } from './ids.ts';
import type { TaskStations } from '../govern/stations.ts';
import type { Store } from '../sessions/store.ts';

/** Tasks in this store, for every process on it. */
export async function taskStations(store: Store): Promise<TaskStations> {
  return {
    newId: () => `task_${uuidv7(Date.now())}`,
    seal: createTaskSeal(await store.secret('task')),
    find: (id) => store.task(id),
    count: (owner) => store.countTasks(owner, Date.now()),
    reply: toTaskReply,
  };
}
