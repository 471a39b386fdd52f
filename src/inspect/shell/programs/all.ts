import { ARCHIVES } from './archives.ts';
import { CLOUDS } from './clouds.ts';
import { FILES } from './files.ts';
import { find } from './find.ts';
import { gh } from './forge.ts';
import { git } from './git.ts';
import { interpreter } from './interpreters.ts';
import { NETWORK } from './network.ts';
import { PACKAGES } from './packages.ts';
import { PROJECT } from './project.ts';
import { READING } from './reading.ts';
import { SERVICES } from './services.ts';
import { shell } from './shells.ts';
import { TELLING } from './telling.ts';
import { TEXT } from './text.ts';
import { WRAPPERS } from './wrappers.ts';
import type { Program } from '../call.ts';

const INTERPRETERS =
  'python python2 python3 python3.8 python3.9 python3.10 python3.11 python3.12 python3.13 python3.14 node nodejs perl ruby php lua Rscript deno tclsh expect osascript groovy scala swift julia ksh zsh fish csh tcsh pwsh gdb';

/** Every program that is understood, by its name. */
export const PROGRAMS: ReadonlyMap<string, Program> = new Map([
  ...READING,
  ...TELLING,
  ...FILES,
  ...ARCHIVES,
  ...TEXT,
  ...NETWORK,
  ...PACKAGES,
  ...PROJECT,
  ...SERVICES,
  ...CLOUDS,
  ...WRAPPERS,
  ...INTERPRETERS.split(' ').map((name) => [name, interpreter] as const),
  ...['sh', 'bash', 'dash', 'ash', 'rbash'].map((name) => [name, shell] as const),
  ['find', find],
  ['git', git],
  ['gh', gh],
]);
