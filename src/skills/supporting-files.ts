import { lstat, readdir, realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { LoadError, Loaded } from '../model/load-error.ts';
import type { ServedFile } from '../model/skill.ts';
import { compareText } from './by-place.ts';
import { hiddenCharactersOfText, hiddenIn } from './hidden-characters.ts';
import { skillFolders } from './read.ts';
import { attempt, readInside, shownPath } from './read-file.ts';
import { servedFile } from './served-file.ts';

/** What lies beside `SKILL.md` for agents to read, such as references, templates and scripts: by the name of the skill's folder. */
export type SupportingFiles = ReadonlyMap<string, readonly ServedFile[]>;

/** What every host of the Skills extension takes for one skill, with `SKILL.md`. */
const MAX_FILES = 512;
const MAX_SKILL_BYTES = 16 * 1024 * 1024;
/** A file is one message on the wire. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;
const MAX_DEPTH = 5;
/** All skills together: they are held in memory. */
const MAX_ALL_BYTES = 64 * 1024 * 1024;

/** The one is read as a document; the other, with the statements behind the tools, is not for agents. */
const OTHERS: readonly string[] = ['SKILL.md', 'tools.yaml'];

/**
 * Reads what lies in each skill's folder beside `SKILL.md` and `tools.yaml`, sorted by path. Names that begin with a dot
 * are passed over. A link is followed inside the folder to a file of the same name, as a mounted ConfigMap has them; else it
 * is an error, and so is a text that hides characters.
 * @param cwd paths in errors are relative to it, as a person there would type them.
 */
export async function readSupportingFiles(dir: string, cwd: string): Promise<Loaded<SupportingFiles>> {
  const found = await skillFolders(dir, cwd);
  if (!found.ok) return found;
  const bySkill = new Map<string, readonly ServedFile[]>();
  const errors: LoadError[] = [];
  let all = 0;
  for (const skill of found.value.folders) {
    const folder = join(dir, skill);
    const read = await filesIn(folder, (path) => shownPath(join(folder, path), cwd));
    if (!read.ok) errors.push(...read.errors);
    else bySkill.set(skill, read.value);
    all += read.ok ? bytesOf(read.value) : 0;
  }
  if (all > MAX_ALL_BYTES)
    errors.push({
      file: shownPath(dir, cwd),
      message: `the files of all skills have ${all} bytes; expected at most ${MAX_ALL_BYTES}`,
    });
  return errors.length > 0 ? { ok: false, errors } : { ok: true, value: bySkill, warnings: [] };
}

async function filesIn(
  folder: string,
  shown: (path: string) => string,
): Promise<Loaded<readonly ServedFile[]>> {
  const errors: LoadError[] = [];
  const refuse = (path: string, message: string): number => errors.push({ file: shown(path), message });
  const root = await attempt(() => realpath(folder));
  if (!root.ok) return { ok: true, value: [], warnings: [] };
  const paths = await pathsIn(folder, refuse);
  if (paths.length >= MAX_FILES)
    refuse('', `the skill has more than ${MAX_FILES} files; expected at most ${MAX_FILES} with SKILL.md`);
  const files: ServedFile[] = [];
  let size = 0;
  for (const path of paths) {
    if (errors.length > 0) break;
    const bytes = await readInside(root.value, join(folder, path), MAX_FILE_BYTES);
    // Gone since it was listed.
    if (bytes === undefined) continue;
    if (!(bytes instanceof Uint8Array)) {
      refuse(path, bytes.message);
      continue;
    }
    size += bytes.length;
    if (size > MAX_SKILL_BYTES)
      refuse(
        '',
        `the files of the skill have more than ${MAX_SKILL_BYTES} bytes together; expected at most that`,
      );
    const file = servedFile(path, bytes);
    if (typeof file.content === 'string') errors.push(...hiddenInText(shown(path), file.content));
    files.push(file);
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, value: files, warnings: [] };
}

/** Paths of files and links below a folder, sorted; of too many no more than are needed to see that. */
async function pathsIn(
  folder: string,
  refuse: (path: string, message: string) => void,
): Promise<readonly string[]> {
  const paths: string[] = [];
  async function list(below: string, depth: number): Promise<void> {
    const names = await attempt(() => readdir(join(folder, below)));
    if (!names.ok) return refuse(below, `the folder cannot be read (${names.code})`);
    for (const name of names.value.filter((each) => !each.startsWith('.'))) {
      const path = below === '' ? name : `${below}/${name}`;
      if (paths.length >= MAX_FILES || OTHERS.includes(path)) continue;
      const hidden = hiddenIn(name);
      if (hidden !== null) refuse(below, `a name in this folder holds the character ${hidden.name}`);
      const status = await attempt(() => lstat(join(folder, path)));
      if (!status.ok) continue;
      if (status.value.isSymbolicLink() && !(await keepsName(join(folder, path))))
        refuse(path, 'this is a link to a file that is not served under this name; expected a file');
      else if (!status.value.isDirectory()) paths.push(path);
      else if (depth < MAX_DEPTH) await list(path, depth + 1);
      else refuse(path, `the folder lies too deep; expected at most ${MAX_DEPTH} folders below the skill's`);
    }
  }
  await list('', 0);
  return paths.sort(compareText);
}

/** What is passed over, or is the gateway's, is not served under a name of its own. */
async function keepsName(path: string): Promise<boolean> {
  const real = await attempt(() => realpath(path));
  const name = basename(path);
  return !real.ok || (basename(real.value) === name && !OTHERS.includes(name));
}

/** A byte order mark at the beginning is none of what a reader misses. */
function hiddenInText(file: string, text: string): readonly LoadError[] {
  return hiddenCharactersOfText(file, text.replace(/^\uFEFF/u, ''), 1);
}

function bytesOf(files: readonly ServedFile[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}
