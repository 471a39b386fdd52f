import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadError, Loaded } from '../model/load-error.ts';
import type { SkillFile } from './load.ts';
import { attempt, readInside, shownPath, textOf } from './read-file.ts';

const FILES = ['SKILL.md', 'tools.yaml'] as const;
const MAX_SKILLS = 500;
const MAX_BYTES = 1024 * 1024;

/**
 * Reads `SKILL.md` and `tools.yaml` of each folder in `dir`. Names that begin with a dot are passed over. A link
 * that leaves `dir` is an error: a skill must not bring in files from elsewhere on the machine.
 * @param cwd paths in the result and in errors are relative to it, as a person there would type them.
 */
export async function readSkillFiles(dir: string, cwd: string): Promise<Loaded<readonly SkillFile[]>> {
  const shown = (path: string): string => shownPath(path, cwd);
  const errors: LoadError[] = [];
  const files: SkillFile[] = [];
  const found = await skillFolders(dir, cwd);
  if (!found.ok) return found;
  const { root, folders } = found.value;
  for (const folder of folders) {
    let present = 0;
    for (const name of FILES) {
      const path = join(dir, folder, name);
      const bytes = await readInside(root, path, MAX_BYTES);
      if (bytes === undefined) continue;
      present++;
      const text = bytes instanceof Uint8Array ? textOf(bytes) : bytes;
      if (typeof text === 'string') files.push({ path: shown(path), text });
      else errors.push({ file: shown(path), ...(text ?? { message: 'the file is not valid UTF-8' }) });
    }
    if (present === 0) {
      errors.push({
        file: shown(join(dir, folder)),
        message: `the folder holds no skill; expected ${FILES.join(' and ')}`,
        suggestion: 'write the files, or remove the folder',
      });
    }
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, value: files, warnings: [] };
}

/** The folders in `dir` that skills are in, sorted by name, and where `dir` really is. */
export async function skillFolders(
  dir: string,
  cwd: string,
): Promise<Loaded<{ readonly root: string; readonly folders: readonly string[] }>> {
  const refused = (message: string): Loaded<never> => ({
    ok: false,
    errors: [{ file: shownPath(dir, cwd), message }],
  });
  const root = await attempt(() => realpath(dir));
  if (!root.ok) return refused(`the skills folder cannot be read (${root.code})`);
  const names = await attempt(() => readdir(root.value));
  if (!names.ok) return refused(`the skills folder cannot be read (${names.code})`);
  const folders: string[] = [];
  for (const name of names.value.filter((each) => !each.startsWith('.')).sort()) {
    const status = await attempt(() => stat(join(dir, name)));
    if (status.ok && status.value.isDirectory()) folders.push(name);
  }
  if (folders.length > MAX_SKILLS)
    return refused(`the folder holds ${folders.length} skills; expected at most ${MAX_SKILLS}`);
  return { ok: true, value: { root: root.value, folders }, warnings: [] };
}
