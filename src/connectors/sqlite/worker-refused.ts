/** What the process itself refuses; the engine's errors carry a code. */
export class WorkerRefused extends Error {}
