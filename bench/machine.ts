/** What a run was measured on, and how it is kept from measuring itself. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { DatabaseSync } from 'node:sqlite';

const SERVER_CORE = '0';
const LOAD_CORE = '1';

export interface Pinning {
  /** Put before the command of a server. */
  readonly server: readonly string[];
  readonly words: string;
}

/** Puts this process, which makes the load, on the second core; servers go to the first. */
export function pin(): Pinning {
  if (cpus().length < 2) return { server: [], words: 'not pinned: one core' };
  const pinned = spawnSync('taskset', ['--all-tasks', '--pid', '--cpu-list', LOAD_CORE, String(process.pid)]);
  if (pinned.error !== undefined || pinned.status !== 0)
    return { server: [], words: 'NOT PINNED: there is no taskset; read the CPU per call, not the calls/s' };
  return {
    server: ['taskset', '--cpu-list', SERVER_CORE],
    words: `servers on core ${SERVER_CORE}, load on core ${LOAD_CORE}`,
  };
}

export function describeMachine(pinning: Pinning): string {
  const [cpu] = cpus();
  const sqlite = new DatabaseSync(':memory:').prepare('SELECT sqlite_version() AS v').get();
  return [
    `machine   ${cpus().length} × ${cpu?.model ?? '?'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}`,
    `load      ${loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')} before the run (others' work shows in the figures)`,
    `pinning   ${pinning.words}`,
    `runtime   Node ${process.versions.node}, V8 ${process.versions.v8}, SQLite ${String(sqlite?.['v'])}`,
    `packages  ${['@modelcontextprotocol/server', '@modelcontextprotocol/node', '@cedar-policy/cedar-wasm']
      .map((name) => `${name} ${versionOf(name)}`)
      .join(', ')}`,
  ].join('\n');
}

function versionOf(name: string): string {
  const path = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(path, 'utf8')) as { readonly version: string }).version;
}
