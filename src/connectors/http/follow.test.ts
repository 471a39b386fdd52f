import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { after, test } from 'node:test';
import { follow, type Followed, type FollowOptions } from './follow.ts';
import { classOfAddress } from '../../inspect/http/address-class.ts';
import { inspectHttp } from '../../inspect/http/inspect-http.ts';
import { redirectOf } from '../../inspect/http/redirect.ts';

/** A resolver whose answers change: the next answer of a name is the next of its list, the last one stays. */
function resolver(answers: Readonly<Record<string, readonly (readonly string[])[]>>) {
  const asked: string[] = [];
  return {
    asked,
    resolve: (name: string): Promise<readonly string[]> => {
      const turn = asked.filter((one) => one === name).length;
      asked.push(name);
      const list = answers[name];
      if (list === undefined) return Promise.reject(new Error('ENOTFOUND'));
      return Promise.resolve(list[Math.min(turn, list.length - 1)] ?? []);
    },
  };
}

interface Seen {
  readonly url: string;
  readonly method: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const servers: Server[] = [];
after(() => servers.forEach((server) => server.close()));

async function serve(
  address: string,
  answer: (seen: Seen, response: ServerResponse) => void,
): Promise<{ readonly port: number; readonly seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const one = { url: request.url ?? '', method: request.method ?? '', headers: request.headers, body };
      seen.push(one);
      answer(one, response);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const bound = server.address();
  assert.ok(typeof bound === 'object' && bound !== null);
  return { port: bound.port, seen };
}

/** The loopback address 127.0.0.1 stands for the outside; everything else is classified as it is. */
const options = (resolve: FollowOptions['resolve'], more: Partial<FollowOptions> = {}): FollowOptions => ({
  resolve,
  classify: (address) => (address === '127.0.0.1' ? 'public' : classOfAddress(address)),
  allowed: new Set(['public']),
  redirectOf,
  permit: () => Promise.resolve(true),
  maxRedirects: 5,
  maxBytes: 10_000,
  signal: AbortSignal.timeout(10_000),
  ...more,
});

async function run(text: string, how: FollowOptions, more: { body?: string } = {}): Promise<Followed> {
  const inspection = inspectHttp(text);
  assert.ok(inspection.ok, JSON.stringify(inspection));
  return await follow(
    {
      facts: inspection.facts,
      headers: { 'content-type': 'text/plain', accept: 'text/plain' },
      credentials: { authorization: 'Bearer for-the-first-only', 'x-api-key': 'k' },
      body: more.body === undefined ? null : Buffer.from(more.body),
    },
    how,
  );
}

function because(followed: Followed): string {
  return followed.ok ? 'answered' : followed.because;
}

const ok = (_: Seen, response: ServerResponse): void => void response.end('hello');
const to =
  (location: string, status = 302) =>
  (_: Seen, response: ServerResponse): void =>
    void response.writeHead(status, { location }).end();

test('a name is resolved once, and the connection goes to that answer', async () => {
  const { port, seen } = await serve('127.0.0.1', ok);
  const dns = resolver({ 'shop.example.com': [['127.0.0.1'], ['127.0.0.2']] });
  const followed = await run(`http://shop.example.com:${port}/a?b=1`, options(dns.resolve));
  assert.ok(followed.ok);
  assert.equal(Buffer.from(followed.response.body).toString(), 'hello');
  assert.deepEqual(dns.asked, ['shop.example.com']);
  assert.equal(seen[0]?.headers.host, `shop.example.com:${port}`);
  assert.equal(seen[0].url, '/a?b=1');
});

test('a name that leads inside the second time it is asked for is never asked for twice', async () => {
  const inside = await serve('127.0.0.2', ok);
  const dns = resolver({ 'rebind.example.com': [['127.0.0.1'], ['127.0.0.2']] });
  // Nothing listens at the first answer: a connection that looked again would reach the second.
  const followed = await run(`http://rebind.example.com:${inside.port}/`, options(dns.resolve));
  assert.equal(because(followed), 'failed');
  assert.deepEqual(dns.asked, ['rebind.example.com']);
  assert.equal(inside.seen.length, 0);
});

test('a redirect to the same name resolves afresh, and an answer that leads inside then refuses', async () => {
  const outside = await serve('127.0.0.1', to('/next'));
  const dns = resolver({ 'rebind.example.com': [['127.0.0.1'], ['10.0.0.7']] });
  const followed = await run(`http://rebind.example.com:${outside.port}/`, options(dns.resolve));
  assert.equal(because(followed), 'address_not_allowed');
  assert.equal(outside.seen.length, 1);
});

test('one address inside refuses all of a name', async () => {
  const { port, seen } = await serve('127.0.0.1', ok);
  for (const addresses of [
    ['127.0.0.1', '169.254.169.254'],
    ['127.0.0.1', '::1'],
    ['::ffff:10.0.0.1'],
    ['64:ff9b::a9fe:a9fe'],
    ['fe80::1%eth0'],
    ['0.0.0.0'],
    ['no address'],
    [],
  ]) {
    const dns = resolver({ 'mixed.example.com': [addresses] });
    const followed = await run(`http://mixed.example.com:${port}/`, options(dns.resolve));
    assert.match(because(followed), addresses.length === 0 ? /^no_address$/ : /^address_not_allowed$/);
  }
  assert.equal(seen.length, 0);
});

test('a name that does not resolve is refused', async () => {
  assert.equal(because(await run('http://gone.example.com/', options(resolver({}).resolve))), 'no_address');
});

test('a redirect to a metadata address is refused in every spelling, by number and by name', async () => {
  for (const location of [
    'http://169.254.169.254/latest/meta-data/iam/security-credentials/',
    'http://2852039166/',
    'http://0xa9fea9fe/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://[fd00:ec2::254]/',
    'http://100.100.100.200/',
    'http://meta.example.com/',
    '//169.254.169.254/',
  ]) {
    const { port, seen } = await serve('127.0.0.1', to(location));
    const dns = resolver({ 'a.example.com': [['127.0.0.1']], 'meta.example.com': [['169.254.169.254']] });
    const followed = await run(`http://a.example.com:${port}/`, options(dns.resolve));
    assert.equal(because(followed), 'address_not_allowed', location);
    assert.equal(seen.length, 1);
  }
});

test('a redirect that programs read differently is refused', async () => {
  for (const location of [
    'http://127.0.0.1:80\\@a.example.com/',
    'http://0251.0376.0251.0376/',
    'http:/127.0.0.2/',
    'file:///etc/passwd',
    'gopher://127.0.0.1/',
    'http://user:pw@a.example.com/',
    '/a//b',
    '/..%2f',
    'http://a.example.com:99999/',
  ]) {
    const { port } = await serve('127.0.0.1', to(location));
    const dns = resolver({ 'a.example.com': [['127.0.0.1']] });
    const followed = await run(`http://a.example.com:${port}/`, options(dns.resolve));
    assert.equal(because(followed), 'redirect_not_understood', location);
  }
});

test('each redirect is put before the policy, and one that is not permitted is not followed', async () => {
  const other = await serve('127.0.0.1', ok);
  const { port } = await serve('127.0.0.1', to(`http://other.example.com:${other.port}/x`));
  const dns = resolver({ 'a.example.com': [['127.0.0.1']], 'other.example.com': [['127.0.0.1']] });
  const asked: string[] = [];
  const permit: FollowOptions['permit'] = (facts) => {
    asked.push(facts.host);
    return Promise.resolve(facts.host === 'a.example.com');
  };
  const followed = await run(`http://a.example.com:${port}/`, options(dns.resolve, { permit }));
  assert.equal(because(followed), 'redirect_not_permitted');
  assert.deepEqual(asked, ['other.example.com']);
  assert.equal(other.seen.length, 0);
});

test('credentials go to the origin they were meant for and to no other, not even back again', async () => {
  const back: { location: string } = { location: '' };
  const other = await serve('127.0.0.1', (_, response) => response.writeHead(307, back).end());
  const first = await serve('127.0.0.1', (seen, response) => {
    if (seen.url === '/') response.writeHead(307, { location: '/same' }).end();
    else if (seen.url === '/same')
      response.writeHead(307, { location: `http://other.example.com:${other.port}/` }).end();
    else response.end('done');
  });
  back.location = `http://a.example.com:${first.port}/done`;
  const dns = resolver({ 'a.example.com': [['127.0.0.1']], 'other.example.com': [['127.0.0.1']] });
  const followed = await run(`POST http://a.example.com:${first.port}/`, options(dns.resolve), { body: 'b' });
  assert.ok(followed.ok, JSON.stringify(followed));
  assert.deepEqual(
    [...first.seen.slice(0, 2), ...other.seen, ...first.seen.slice(2)].map(({ url, headers, body }) => [
      url,
      headers.authorization,
      headers['x-api-key'],
      body,
    ]),
    [
      ['/', 'Bearer for-the-first-only', 'k', 'b'],
      ['/same', 'Bearer for-the-first-only', 'k', 'b'],
      ['/', undefined, undefined, 'b'],
      ['/done', undefined, undefined, 'b'],
    ],
  );
});

test('the method and the body follow a redirect as the Fetch Standard says', async () => {
  for (const [method, status, then, body] of [
    ['POST', 301, 'GET', ''],
    ['POST', 302, 'GET', ''],
    ['POST', 303, 'GET', ''],
    ['PUT', 303, 'GET', ''],
    ['PUT', 302, 'PUT', 'b'],
    ['POST', 307, 'POST', 'b'],
    ['DELETE', 308, 'DELETE', 'b'],
  ] as const) {
    const { port, seen } = await serve('127.0.0.1', (one, response) =>
      one.url === '/' ? to('/next', status)(one, response) : ok(one, response),
    );
    const dns = resolver({ 'a.example.com': [['127.0.0.1']] });
    assert.ok((await run(`${method} http://a.example.com:${port}/`, options(dns.resolve), { body: 'b' })).ok);
    const told = `${method} ${status}`;
    assert.equal(seen[1]?.method, then, told);
    assert.equal(seen[1].body, body, told);
    assert.equal(seen[1].headers['content-type'], body === '' ? undefined : 'text/plain', told);
    assert.equal(seen[1].headers.accept, 'text/plain');
  }
});

test('a server that redirects without end, answers without end or goes away is given up', async () => {
  const dns = resolver({ 'a.example.com': [['127.0.0.1']] });
  const loop = await serve('127.0.0.1', to('/again'));
  assert.equal(
    because(await run(`http://a.example.com:${loop.port}/`, options(dns.resolve))),
    'too_many_redirects',
  );
  assert.equal(loop.seen.length, 6);
  const flood = await serve('127.0.0.1', (_, response) => {
    const more = (): void => {
      while (!response.destroyed && response.write('x'.repeat(5_000)));
    };
    response.on('drain', more).on('error', () => undefined);
    more();
  });
  assert.equal(because(await run(`http://a.example.com:${flood.port}/`, options(dns.resolve))), 'too_large');
  const gone = await serve('127.0.0.1', (_, response) => response.destroy());
  assert.equal(because(await run(`http://a.example.com:${gone.port}/`, options(dns.resolve))), 'failed');
  const silent = await serve('127.0.0.1', () => undefined);
  const signal = AbortSignal.timeout(50);
  assert.equal(
    because(await run(`http://a.example.com:${silent.port}/`, options(dns.resolve, { signal }))),
    'failed',
  );
});
