import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { LoadError, Loaded } from '../model/load-error.ts';
import type { SkillFile } from './load.ts';

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
  const root = await attempt(() => realpath(dir));
  if (!root.ok) {
    return {
      ok: false,
      errors: [{ file: shown(dir), message: `the skills folder cannot be read (${root.code})` }],
    };
  }
  const names = await attempt(() => readdir(root.value));
  if (!names.ok) {
    return {
      ok: false,
      errors: [{ file: shown(dir), message: `the skills folder cannot be read (${names.code})` }],
    };
  }
  const folders: string[] = [];
  for (const name of names.value.filter((each) => !each.startsWith('.')).sort()) {
    const status = await attempt(() => stat(join(dir, name)));
    if (status.ok && status.value.isDirectory()) folders.push(name);
  }
  if (folders.length > MAX_SKILLS) {
    const message = `the folder holds ${folders.length} skills; expected at most ${MAX_SKILLS}`;
    return { ok: false, errors: [{ file: shown(dir), message }] };
  }
  for (const folder of folders) {
    let found = 0;
    for (const name of FILES) {
      const path = join(dir, folder, name);
      const read = await readInside(root.value, path);
      if (read === undefined) continue;
      found++;
      if (typeof read === 'string') files.push({ path: shown(path), text: read });
      else errors.push({ file: shown(path), ...read });
    }
    if (found === 0) {
      errors.push({
        file: shown(join(dir, folder)),
        message: `the folder holds no skill; expected ${FILES.join(' and ')}`,
        suggestion: 'write the files, or remove the folder',
      });
    }
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, value: files, warnings: [] };
}

/** The text of a file; undefined where there is none. */
async function readInside(
  root: string,
  path: string,
): Promise<string | { readonly message: string } | undefined> {
  const real = await attempt(() => realpath(path));
  if (!real.ok)
    return real.code === 'ENOENT' ? undefined : { message: `the file cannot be read (${real.code})` };
  if (!real.value.startsWith(root + sep)) {
    return { message: 'the file is a link that leaves the skills folder; expected a file inside it' };
  }
  const status = await attempt(() => stat(real.value));
  if (!status.ok) return { message: `the file cannot be read (${status.code})` };
  if (!status.value.isFile()) return { message: 'this is not a file; expected a text file' };
  if (status.value.size > MAX_BYTES) {
    return { message: `the file has ${status.value.size} bytes; expected at most ${MAX_BYTES}` };
  }
  const bytes = await attempt(() => readFile(real.value));
  if (!bytes.ok) return { message: `the file cannot be read (${bytes.code})` };
  try {
    // Not lenient: bytes that are replaced on reading are bytes that a reviewer of the file did not see.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.value);
  } catch {
    return { message: 'the file is not valid UTF-8' };
  }
}

type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly code: string };

async function attempt<T>(act: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await act() };
  } catch (error) {
    return { ok: false, code: error instanceof Error && 'code' in error ? String(error.code) : 'unreadable' };
  }
}

function shownPath(path: string, cwd: string): string {
  const short = relative(cwd, path);
  const inside = short !== '' && !short.startsWith('..');
  return (inside ? short : path).split(sep).join('/');
}
