/** A time-stamping authority of its own: OpenSSL behind HTTP on loopback, under a certificate authority made for it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';

export interface TimeStampAuthority {
  readonly url: string;
  /** The certificate of the authority above it, in PEM. */
  readonly ca: string;
  /** How many requests came. */
  readonly asked: () => number;
  /** What is done with the next answers: null, as it is. */
  change: ((answer: Buffer) => Buffer | number) | null;
  reply(query: Uint8Array): Buffer;
  close(): Promise<void>;
}

const CONFIG = `
[ tsa ]
default_tsa = here
[ here ]
serial = serial
signer_cert = tsa.pem
signer_key = tsa.key
certs = ca.pem
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.1
digests = sha256
accuracy = secs:1
ordering = no
tsa_name = yes
ess_cert_id_chain = no
`;

/** Null where OpenSSL is not installed. */
export async function startAuthority(folder: string): Promise<TimeStampAuthority | null> {
  if (spawnSync('openssl', ['version']).error !== undefined) return null;
  mkdirSync(folder, { recursive: true });
  const run = (...args: string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  run(
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-subj',
    '/CN=Test CA',
    '-days',
    '2',
  );
  run(
    'req',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    'tsa.key',
    '-out',
    'tsa.csr',
    '-subj',
    '/CN=Test TSA',
  );
  writeFileSync(
    join(folder, 'extensions'),
    'extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n',
  );
  run(
    'x509',
    '-req',
    '-in',
    'tsa.csr',
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-out',
    'tsa.pem',
    '-days',
    '2',
    '-extfile',
    'extensions',
  );
  writeFileSync(join(folder, 'tsa.cnf'), CONFIG);
  writeFileSync(join(folder, 'serial'), '01\n');

  let asked = 0;
  function reply(query: Uint8Array): Buffer {
    writeFileSync(join(folder, 'query.tsq'), query);
    return execFileSync('openssl', ['ts', '-reply', '-config', 'tsa.cnf', '-queryfile', 'query.tsq'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  }
  const authority: TimeStampAuthority = {
    url: '',
    ca: join(folder, 'ca.pem'),
    asked: () => asked,
    change: null,
    reply,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  const server = createServer((req, res) => {
    void buffer(req).then((query) => {
      asked += 1;
      const said = reply(query);
      const answer = authority.change === null ? said : authority.change(said);
      if (typeof answer === 'number') return res.writeHead(answer).end();
      return res.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(answer);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return Object.assign(authority, { url: `http://127.0.0.1:${address.port}/` });
}
