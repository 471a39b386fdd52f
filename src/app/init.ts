import { existsSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shown } from './configuration.ts';

export type WrittenStarter =
  { readonly ok: true; readonly files: readonly string[] } | { readonly ok: false; readonly problem: string };

/** What a start consists of: the shipped example, which is tested and commented, is the starter. */
const STARTER = ['sallyport.yaml', 'skills', 'policies'] as const;
/** What the first line of each file tells an editor to check it by. A folder of that name may be there for others. */
const SCHEMAS = 'schemas';

/** Writes the starter into a folder. Where any of it is there already, writes nothing. */
export async function writeStarter(dir: string): Promise<WrittenStarter> {
  const taken = STARTER.map((name) => join(dir, name)).filter((path) => existsSync(path));
  if (taken.length > 0)
    return { ok: false, problem: `${taken.map(shown).join(', ')} exists; nothing was written` };
  await mkdir(dir, { recursive: true });
  const root = fileURLToPath(new URL('../../', import.meta.url));
  for (const name of STARTER)
    await cp(join(root, name), join(dir, name), { recursive: true, errorOnExist: true, force: false });
  await cp(join(root, SCHEMAS), join(dir, SCHEMAS), { recursive: true, force: false });
  return { ok: true, files: [...STARTER, SCHEMAS].map((name) => shown(join(dir, name))) };
}
