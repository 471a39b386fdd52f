/** The command line as users run it: compiled, and not the sources through type stripping. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Under `node_modules`, so that packages are found; not `dist/`, which somebody may be running. */
const OUT = join(ROOT, 'node_modules/.cache/sallyport-built');

/** Compiles what changed since the last time, and gives the path of `main.js`. A compile error throws. */
export function builtMain(): string {
  mkdirSync(OUT, { recursive: true });
  copyFileSync(join(ROOT, 'package.json'), join(OUT, 'package.json'));
  const flags = ['--outDir', join(OUT, 'dist'), '--tsBuildInfoFile', join(OUT, 'tsbuildinfo')];
  const tsc = join(ROOT, 'node_modules/.bin/tsc');
  const built = spawnSync(tsc, ['-p', join(ROOT, 'tsconfig.build.json'), ...flags], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`the build failed:\n${built.stdout}${built.stderr}`);
  return join(OUT, 'dist/main.js');
}
