/** The command line as users run it: compiled, and not the sources through type stripping. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Under `node_modules`, so that packages are found; not `dist/`, which somebody may be running. */
const CACHE = join(ROOT, 'node_modules/.cache');

/**
 * Compiles, and gives the path of `main.js`. A compile error throws. Each process has a build of its own, for another
 * may begin while the sources are being changed; it is removed when the process ends.
 */
export function builtMain(): string {
  mkdirSync(CACHE, { recursive: true });
  const out = mkdtempSync(join(CACHE, 'sallyport-built-'));
  process.on('exit', () => rmSync(out, { recursive: true, force: true }));
  copyFileSync(join(ROOT, 'package.json'), join(out, 'package.json'));
  const flags = ['--outDir', join(out, 'dist'), '--tsBuildInfoFile', join(out, 'tsbuildinfo')];
  const tsc = join(ROOT, 'node_modules/.bin/tsc');
  const built = spawnSync(tsc, ['-p', join(ROOT, 'tsconfig.build.json'), ...flags], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`the build failed:\n${built.stdout}${built.stderr}`);
  return join(out, 'dist/main.js');
}
