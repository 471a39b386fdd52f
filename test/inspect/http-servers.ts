import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** A real HTTP server that says how it read a request target. */
export interface ReadingServer {
  readonly name: string;
  /** The path as the server took it, decoded and folded; null where it turned the request away. */
  readonly read: (target: string) => Promise<string | null>;
  readonly stop: () => Promise<void>;
}

const MODULES = '/usr/lib/apache2/modules';

/** nginx and Apache where they are installed. Each missing one is told on standard output, with what would bring it. */
export async function readingServers(): Promise<readonly ReadingServer[]> {
  const servers: ReadingServer[] = [];
  if (existsSync('/usr/sbin/nginx')) servers.push(await startNginx());
  else console.log('# skipping URLs as nginx reads them: apt-get install nginx-light');
  if (existsSync('/usr/sbin/apache2')) servers.push(await startApache());
  else console.log('# skipping URLs as Apache reads them: apt-get install apache2-bin');
  return servers;
}

async function startNginx(): Promise<ReadingServer> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-nginx-'));
  const port = await freePort();
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const config = [
    `daemon off; master_process off; pid ${folder}/pid; error_log stderr crit; events {}`,
    `http { access_log off; ${places.map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}`,
    `server { listen 127.0.0.1:${port}; add_header X-Read $uri; return 204; } }`,
  ].join('\n');
  writeFileSync(join(folder, 'nginx.conf'), config);
  const argv = ['-p', folder, '-c', join(folder, 'nginx.conf')];
  return await start({ command: '/usr/sbin/nginx', argv, folder, port, decode: (text) => text });
}

async function startApache(): Promise<ReadingServer> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-apache-'));
  const port = await freePort();
  const modules = ['mpm_event', 'headers', 'rewrite', 'authz_core'];
  const config = [
    `ServerRoot ${folder}`,
    ...modules.map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`),
    `Listen 127.0.0.1:${port}`,
    `PidFile ${folder}/pid`,
    `ErrorLog ${folder}/error.log`,
    'ServerName localhost',
    // It starts as whoever runs the tests, and as root wants another account to serve as.
    ...(process.getuid?.() === 0 ? ['User www-data', 'Group www-data'] : []),
    `DocumentRoot ${folder}`,
    'RewriteEngine on',
    'RewriteRule .* - [R=204]',
    'Header always set X-Read "expr=%{base64:%{REQUEST_URI}}"',
    '',
  ].join('\n');
  writeFileSync(join(folder, 'httpd.conf'), config);
  const argv = ['-X', '-f', join(folder, 'httpd.conf')];
  const decode = (text: string): string => Buffer.from(text, 'base64').toString('latin1');
  return await start({ command: '/usr/sbin/apache2', argv, folder, port, decode });
}

async function start(options: {
  readonly command: string;
  readonly argv: readonly string[];
  readonly folder: string;
  readonly port: number;
  readonly decode: (header: string) => string;
}): Promise<ReadingServer> {
  const { command, argv, folder, port, decode } = options;
  const shown = spawnSync(command, ['-v'], { encoding: 'utf8' });
  const name = /(?:nginx|Apache)\/[\d.]+/.exec(shown.stdout + shown.stderr)?.[0] ?? command;
  const child = spawn(command, argv, { stdio: ['ignore', 'ignore', 'inherit'] });
  const exited = once(child, 'exit');
  for (let tries = 0; (await answer(port, '/')) === null; tries += 1) {
    if (tries > 100 || child.exitCode !== null) throw new Error(`${name} did not start`);
    await pause(50);
  }
  console.log(`# started ${name} for these tests`);
  return {
    name,
    read: async (target) => {
      const head = await answer(port, target);
      if (head === null) throw new Error(`${name} did not answer ${target}`);
      if (!head.startsWith('HTTP/1.1 204 ')) return null;
      const header = /^X-Read: (.*)\r$/m.exec(head)?.[1] ?? '';
      return Buffer.from(decode(header), 'latin1').toString('utf8');
    },
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The head of the answer to exactly these bytes: a client of HTTP would fold the target first. */
async function answer(port: number, target: string): Promise<string | null> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  const closed = once(socket, 'close').catch(() => undefined);
  socket.end(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  await closed;
  return chunks.length === 0 ? null : Buffer.concat(chunks).toString('latin1');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  server.close();
  await once(server, 'close');
  return address.port;
}
