import { type FSWatcher, watch } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface WatchOptions {
  /** How long it must have been quiet after a change: an editor writes a file in several steps. */
  readonly debounceMs: number;
  /** How often to look where the system does not tell: no watchers left, a network file system, a missing folder. */
  readonly pollMs?: number;
}

export interface FolderWatch {
  close(): void;
}

const DEFAULT_POLL_MS = 2000;
/** A skill's folder, and the folders that may nest in it. */
const MAX_DEPTH = 7;
const MAX_ENTRIES = 5000;

/**
 * Calls `onChange` after anything in the folders has changed. The system's events are only a hint to look: what
 * counts is whether the files are other files than before, so a burst of events is one call and a touched folder none.
 * When the promise resolves, the first look has been taken: await it before loading, and no change falls between.
 * Node's own recursive mode is not used: on Linux (20.20 and 24.21, measured) it goes blind for a file once an editor
 * has renamed a new one into its place.
 */
export async function watchFolders(
  dirs: readonly string[],
  onChange: () => void,
  options: WatchOptions,
): Promise<FolderWatch> {
  const { debounceMs, pollMs = DEFAULT_POLL_MS } = options;
  const watchers = new Map<string, FSWatcher>();
  let before: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let poll: NodeJS.Timeout | undefined;
  let looking = false;
  let again = false;
  let closed = false;

  const hint = (): void => {
    if (closed) return;
    clearTimeout(timer);
    timer = setTimeout(() => void look(), debounceMs);
    timer.unref();
  };

  const look = async (): Promise<void> => {
    if (looking) {
      again = true;
      return;
    }
    looking = true;
    const tree = await snapshot(dirs);
    looking = false;
    if (closed) return;
    arm(tree.folders, tree.complete);
    const changed = before !== undefined && before !== tree.signature;
    before = tree.signature;
    if (changed) onChange();
    if (again) {
      again = false;
      hint();
    }
  };

  /** One watcher a folder. Where one cannot be had, looking at intervals takes its place. */
  const arm = (folders: readonly Folder[], complete: boolean): void => {
    const wanted = new Map(folders.map((folder) => [folder.id, folder.path]));
    for (const [id, watcher] of watchers) {
      if (wanted.has(id)) continue;
      watcher.close();
      watchers.delete(id);
    }
    let blind = !complete;
    for (const [id, path] of wanted) {
      if (watchers.has(id)) continue;
      try {
        const watcher = watch(path, { persistent: false }, hint);
        watcher.on('error', () => {
          watcher.close();
          watchers.delete(id);
          hint();
        });
        watchers.set(id, watcher);
        // What happened between the look and this watcher was seen by neither.
        hint();
      } catch {
        blind = true;
      }
    }
    clearTimeout(poll);
    poll = blind ? setTimeout(() => void look(), pollMs) : undefined;
    poll?.unref();
  };

  await look();
  return {
    close: () => {
      closed = true;
      clearTimeout(timer);
      clearTimeout(poll);
      for (const watcher of watchers.values()) watcher.close();
      watchers.clear();
    },
  };
}

interface Folder {
  readonly path: string;
  /** Path and inode: a folder that was replaced needs a new watcher. */
  readonly id: string;
}

interface Tree {
  readonly folders: readonly Folder[];
  readonly signature: string;
  /** False where a folder is missing, or could not be read to its end: then no event will tell of its return. */
  readonly complete: boolean;
}

/** Which files there are, told apart by inode, size and time of change. Links are followed. */
async function snapshot(dirs: readonly string[]): Promise<Tree> {
  const folders: Folder[] = [];
  const entries: string[] = [];
  let complete = true;
  const visit = async (path: string, depth: number): Promise<void> => {
    if (entries.length + folders.length > MAX_ENTRIES) {
      complete = false;
      return;
    }
    try {
      const status = await stat(path, { bigint: true });
      if (!status.isDirectory()) {
        entries.push(`${path} ${status.ino} ${status.size} ${status.mtimeNs} ${status.ctimeNs}`);
        return;
      }
      folders.push({ path, id: `${path} ${status.ino}` });
      entries.push(`${path}/`);
      if (depth >= MAX_DEPTH) return;
      for (const name of (await readdir(path)).sort()) await visit(join(path, name), depth + 1);
    } catch {
      // Gone between the listing and the look, or never there: a state like any other, to be told apart from the next.
      entries.push(`${path} -`);
      if (depth === 0) complete = false;
    }
  };
  for (const dir of dirs) await visit(dir, 0);
  return { folders, signature: entries.join('\n'), complete };
}
