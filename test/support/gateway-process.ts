/** The real gateway as a child process, on the shipped example in a folder of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { ensureExampleDatabase } from '../../src/example/crm.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const MAIN = [
  '--disable-warning=ExperimentalWarning',
  fileURLToPath(new URL('../../src/main.ts', import.meta.url)),
];
const CANNOT_LISTEN = 71;
/** Stripping types and compiling is half of the time to listening: 2.4 s without this, 1.2 s with. */
export const COMPILED = { NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/sallyport-test') };

export interface FolderOptions {
  /** Changes the shipped `sallyport.yaml`, which listens on a free port of 127.0.0.1 already. */
  readonly config?: (yaml: string) => string;
}

/** A folder as a person who runs the shipped example has it: configuration, skills, policies and data. */
export interface GatewayFolder {
  readonly dir: string;
  readonly configPath: string;
  readonly storePath: string;
}

export interface GatewayOptions extends FolderOptions {
  /** Runs in this folder, as it is, instead of in a new one: for a restart. */
  readonly folder?: GatewayFolder;
  readonly env?: Readonly<Record<string, string>>;
  /** Runs the command line, in place of Node on the sources: a build, or a wrapper such as `taskset`. */
  readonly command?: readonly string[];
}

export interface GatewayProcess extends GatewayFolder {
  readonly endpoint: string;
  /** A development token for each user of the example: alice (support), bob (dba), carol (audit). */
  readonly tokens: Readonly<Record<string, string>>;
  readonly pid: number;
  /** What it wrote to standard error so far: its log. */
  stderr(): string;
  /** SIGTERM, and its exit code. The folder stays, for a look at the record, until the test process ends. */
  stop(): Promise<number>;
  /** SIGKILL. `exited` tells when it is gone. */
  kill(): void;
  readonly exited: Promise<number>;
}

const children = new Set<ChildProcess>();
const folders = new Set<string>();
// A test run that takes too long, or is interrupted, is ended by a signal, which would pass by what is done at the exit.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => process.exit(128 + constants.signals[signal]));
}
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Command and arguments that run the command line from source, for clients that start the gateway themselves. */
export function commandLine(...args: readonly string[]): {
  readonly command: string;
  readonly args: string[];
} {
  return { command: process.execPath, args: [...MAIN, ...args] };
}

/** Runs one command of the command line in a folder, to its end. */
export async function sallyport(
  { dir, configPath }: GatewayFolder,
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const line = commandLine(...args, '--config', configPath);
  const child = spawn(line.command, line.args, {
    cwd: dir,
    env: { ...process.env, ...COMPILED },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = endOf(child);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await exited, stdout, stderr };
}

/** Removed when the test process ends. */
export async function gatewayFolder({ config }: FolderOptions = {}): Promise<GatewayFolder> {
  const dir = mkdtempSync(join(tmpdir(), 'sallyport-gateway-'));
  folders.add(dir);
  for (const shipped of ['skills', 'policies'])
    cpSync(join(ROOT, shipped), join(dir, shipped), { recursive: true });
  const port = await freePort();
  const yaml = readFileSync(join(ROOT, 'sallyport.yaml'), 'utf8').replaceAll(
    '127.0.0.1:8400',
    `127.0.0.1:${port}`,
  );
  const configPath = join(dir, 'sallyport.yaml');
  writeFileSync(configPath, config === undefined ? yaml : config(yaml));
  ensureExampleDatabase(join(dir, 'data/crm.db'));
  return { dir, configPath, storePath: join(dir, 'data/sallyport.db') };
}

/** Starts the gateway over HTTP. Rejects, with what it wrote, where it ends before it listens. */
export async function startGateway(options: GatewayOptions = {}): Promise<GatewayProcess> {
  for (let attempt = 1; ; attempt += 1) {
    const folder = options.folder ?? (await gatewayFolder(options));
    const started = await serve(folder, options);
    if (started.ok) return started.gateway;
    // Somebody else took the port between our look and our bind.
    if (started.code === CANNOT_LISTEN && options.folder === undefined && attempt < 3) continue;
    throw new Error(`the gateway ended with ${started.code} before it listened:\n${started.stderr}`);
  }
}

type Started =
  | { readonly ok: true; readonly gateway: GatewayProcess }
  | { readonly ok: false; readonly code: number; readonly stderr: string };

async function serve(folder: GatewayFolder, { command, env }: GatewayOptions): Promise<Started> {
  const [program, ...args] = command ?? [process.execPath, ...MAIN];
  const child = spawn(program ?? '', [...args, 'serve', '--config', folder.configPath, '--json'], {
    cwd: folder.dir,
    env: { ...process.env, ...COMPILED, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const exited = endOf(child);
  const ready = once(createInterface(child.stdout), 'line').then(([line]) => String(line));
  const first = await Promise.race([ready, exited]);
  if (typeof first === 'number') return { ok: false, code: first, stderr };
  const { endpoint, tokens } = JSON.parse(first) as {
    readonly endpoint?: string;
    readonly tokens: readonly { readonly user: string; readonly token: string }[];
  };
  // A configuration with errors is told on standard output, too.
  if (endpoint === undefined) return { ok: false, code: await exited, stderr: `${first}\n${stderr}` };
  const gateway: GatewayProcess = {
    ...folder,
    endpoint,
    tokens: Object.fromEntries(tokens.map(({ user, token }) => [user, token])),
    pid: child.pid!,
    exited,
    stderr: () => stderr,
    kill: () => void child.kill('SIGKILL'),
    stop() {
      child.kill('SIGTERM');
      return exited;
    },
  };
  return { ok: true, gateway };
}

/** The exit code; 128 and the signal's number where a signal ended it, as shells say it. */
async function endOf(child: ChildProcess): Promise<number> {
  children.add(child);
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  children.delete(child);
  return code ?? 128 + constants.signals[signal!];
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
