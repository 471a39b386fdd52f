import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Debian's golang-go and golang-golang-x-mod-dev. */
const GOPATH = '/usr/share/gocode';

/** Builds main.go into this folder; null, and a word of it, where Go or its packages are not installed. */
export function buildAuditor(scratch: string): string | null {
  const packages = join(GOPATH, 'src/golang.org/x/mod/sumdb/tlog');
  if (spawnSync('go', ['version']).error !== undefined || !existsSync(packages)) {
    console.log('# skipping the proof with Go: golang-go and golang-golang-x-mod-dev are not installed');
    return null;
  }
  const env = { ...process.env, GO111MODULE: 'off', GOPATH, GOCACHE: join(scratch, 'cache'), GOFLAGS: '' };
  const program = join(scratch, 'auditor');
  const source = new URL('main.go', import.meta.url).pathname;
  const built = spawnSync('go', ['build', '-o', program, source], { env, encoding: 'utf8' });
  assert.equal(built.status, 0, built.stderr);
  return program;
}
