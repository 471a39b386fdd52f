import { isJsonObject } from './json.ts';

/** The Tasks extension (SEP-2663, modelcontextprotocol/ext-tasks, `specification/draft/tasks.md`). */
export const tasksExtension = 'io.modelcontextprotocol/tasks';

/** Whether a client declares the extension, which it does in each request. */
export function declaresTasks(capabilities: unknown): boolean {
  if (!isJsonObject(capabilities)) return false;
  const extensions = capabilities['extensions'];
  return isJsonObject(extensions) && isJsonObject(extensions[tasksExtension]);
}
