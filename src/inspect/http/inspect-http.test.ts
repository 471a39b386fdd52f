import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import * as fc from 'fast-check';
import { inspectHttp } from './inspect-http.ts';
import type { HttpFacts } from '../../model/facts.ts';

function factsOf(text: string): HttpFacts {
  const inspection = inspectHttp(text);
  assert.ok(inspection.ok, `${text}: ${JSON.stringify(inspection)}`);
  return inspection.facts;
}

function reasonOf(text: string): string {
  const inspection = inspectHttp(text);
  assert.ok(!inspection.ok, `${text}: ${JSON.stringify(inspection)}`);
  return inspection.notUnderstood.reason;
}

test('a plain request has its facts', () => {
  const { fingerprint, ...facts } = factsOf('POST https://API.Example.com:8443/v1/a%20b/?q=1&page=2');
  assert.match(fingerprint, /^[0-9a-f]{16}$/);
  assert.deepEqual(facts, {
    method: 'POST',
    writes: true,
    scheme: 'https',
    host: 'api.example.com',
    port: 8443,
    address: 'name',
    path: '/v1/a b/',
    segments: ['a b', 'v1'],
    query: ['page', 'q'],
    repeats: false,
    userinfo: false,
    url: 'https://api.example.com:8443/v1/a%20b/?q=1&page=2',
  });
});

/** What is written differently and read alike by everybody: one set of facts. */
const SAME: Readonly<Record<string, readonly string[]>> = {
  'http://example.com/': [
    'http://example.com',
    'HTTP://EXAMPLE.COM/',
    'GET http://example.com:80/',
    'http://example.com./',
    'http://example.com/.',
    'http://example.com/%2e',
    'http://example.com/a/..',
    'http://example.com/a/%2E%2e/',
    'http://example.com/../../..',
    'http://example.com?',
    'http://example.com/\n',
  ],
  'http://example.com/admin': [
    'http://example.com/%61dmin',
    'http://example.com/%61%64%6d%69%6E',
    'http://example.com/./admin',
    'http://example.com/x/../admin',
    'http://example.com/x/.%2e/admin',
  ],
  'http://127.0.0.1/': [
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.1/',
    'http://127.1/',
    'http://127.0x1/',
    'http://0X7F.0.0.0X1/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::FFFF:7f00:1]/',
    'http://[0:0:0:0:0:ffff:127.0.0.1]/',
    'http://[::ffff:0:127.0.0.1]/',
  ],
  'http://[::1]/': ['http://[0:0:0:0:0:0:0:1]/', 'http://[0000::0001]/', 'http://[::0.0.0.1]/'],
  'https://xn--mnchen-3ya.example.net/': [
    'https://MÜNCHEN.example.net',
    'https://mu\u0308nchen.example.net/',
  ],
};

test('every spelling that is read alike has one set of facts', () => {
  for (const [plain, others] of Object.entries(SAME))
    for (const spelling of others) assert.deepEqual(factsOf(spelling), factsOf(plain), spelling);
});

/** What a browser, a library and a server do not all read alike. */
const AMBIGUOUS = [
  'http://example.com//admin',
  'http:/example.com/',
  'http:example.com/',
  'http:///example.com/',
  'http://example.com\\admin',
  'http:\\\\example.com/',
  'http://example.com/a\\..\\admin',
  'http://example.com/%5cadmin',
  'http://example.com/a%2fadmin',
  'http://example.com/%2e%2e%2fadmin',
  'http://example.com/%252e%252e/admin',
  'http://example.com/%25%32%65',
  'http://example.com/%25252e',
  'http://example.com/..;/admin',
  'http://example.com/admin;x=1',
  'http://example.com/admin%3bx',
  'http://example.com/admin%00.png',
  'http://example.com/admin%0a',
  'http://example.com/admin%20',
  'http://example.com/admin.',
  'http://example.com/file::$DATA',
  'http://example.com/%ef%bc%a1dmin',
  'http://example.com/Ａdmin',
  'http://example.com/．．/admin',
  'http://example.com/ad\u00admin',
  'http://example.com/ad%e2%80%8bmin',
  'http://exa\tmple.com/',
  'http://example.com/ad\nmin',
  'http://a@b@example.com/',
  'http://example.com#@evil.test/',
  'http://example.com/#x',
  'http://example.com:/',
  'http://example.com:080/',
  'http://example.com:0/',
  'http://example.com:65536/',
  'http://example.com:8o/',
  'http://ex%61mple.com/',
  'http://127.0.0.1./',
  'http://0177.0.0.1/',
  'http://127.0.0.01/',
  'http://127.0.0.1.1/',
  'http://256.0.0.1/',
  'http://4294967296/',
  'http://0x/',
  'http://127.0.0.0x/',
  'http://foo.1/',
  'http://１２７.0.0.1/',
  'http://①②⑦.0.0.1/',
  'http://127。0。0。1/',
  'http://example。com/',
  'http://ｅxample.com/',
  'http://ex\u00adample.com/',
  'http://ex\u200bample.com/',
  'http://faß.example.net/',
  'http://xn--fa-hia.example.net/',
  'http://xn--example-.com/',
  'http://xn--a.com/',
  'http://[::1%25eth0]/',
  'http://[::1%eth0]/',
  'http://example.com/?a=1;b=2',
  'http://example.com/?a%26b=1',
  'http://example.com/?%2561=1',
  'http://example.com/?a+b=1&=2',
];

test('what programs read in different ways is not understood', () => {
  for (const url of AMBIGUOUS)
    assert.ok(['ambiguous', 'syntax'].includes(reasonOf(url)), `${url}: ${reasonOf(url)}`);
});

test('what is no request to an HTTP server is not understood', () => {
  for (const [text, reason] of [
    ['', 'syntax'],
    ['GET', 'syntax'],
    ['/admin', 'syntax'],
    ['//example.com/', 'syntax'],
    ['file:///etc/passwd', 'ambiguous'],
    ['ftp://example.com/', 'unsupported'],
    ['gopher://127.0.0.1:6379/_x', 'unsupported'],
    ['javascript:alert(1)', 'syntax'],
    ['get http://example.com/', 'unsupported'],
    ['TRACE http://example.com/', 'unsupported'],
    ['CONNECT http://example.com/', 'unsupported'],
    ['GET  http://example.com/', 'syntax'],
    ['GET http://example.com/ HTTP/1.1', 'syntax'],
    [' http://example.com/', 'syntax'],
    ['GET http://example.com/\r\nHost: x', 'syntax'],
    ['GET http://example.com/\r\nHost:x', 'ambiguous'],
    ['http://example.com/%', 'syntax'],
    ['http://example.com/%zz', 'syntax'],
    ['http://example.com/%c0%ae', 'syntax'],
    ['http://example.com/%ff', 'syntax'],
    ['http://example.com/\ud800', 'forbidden_bytes'],
    ['http://[::1/', 'syntax'],
    ['http://[v1.a]/', 'syntax'],
    ['http://[1:2:3]/', 'syntax'],
    ['http://[::1::]/', 'syntax'],
    ['http://-a.com/', 'syntax'],
    ['http://a..com/', 'syntax'],
    ['http://./', 'syntax'],
    [`http://${'a'.repeat(64)}.com/`, 'syntax'],
    ['http://a b.com/', 'unsupported'],
    ['http://example.com/?a=%00', 'forbidden_bytes'],
  ] as const)
    assert.equal(reasonOf(text), reason, text);
});

test('delimiters that belong to a segment are sent as they are', () => {
  const facts = factsOf('https://example.com/v1/things:search/a@b/$x&y=1,2+3');
  assert.equal(facts.url, 'https://example.com/v1/things:search/a@b/$x&y=1,2+3');
  assert.deepEqual(factsOf('https://example.com/v1/things%3Asearch/a%40b/%24x%26y%3D1%2C2%2B3'), facts);
});

test('a method writes unless it is safe and no parameter overrides it', () => {
  for (const method of ['GET', 'HEAD', 'OPTIONS'])
    assert.equal(factsOf(`${method} http://example.com/`).writes, false);
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
    assert.equal(factsOf(`${method} http://example.com/`).writes, true);
  assert.equal(factsOf('http://example.com/?_Method=delete').writes, true);
});

test('credentials in a URL and parameters that stand there twice are told', () => {
  const facts = factsOf('http://user:secret@example.com/?a=1&a=2');
  assert.ok(facts.userinfo && facts.repeats);
  assert.ok(!JSON.stringify(facts).includes('secret'));
  assert.ok(!factsOf('http://example.com/?a=1&b=2').repeats);
});

test('requests that differ only in values of the query have one fingerprint, and others another', () => {
  const print = (url: string): string => factsOf(url).fingerprint;
  assert.equal(print('http://example.com/?a=1&b=2'), print('http://example.com/?b=&a=other'));
  for (const other of [
    'http://example.com/?a=1',
    'http://example.com/x?a=1&b=2',
    'https://example.com/?a=1&b=2',
    'http://example.com:81/?a=1&b=2',
    'POST http://example.com/?a=1&b=2',
    'http://u@example.com/?a=1&b=2',
    'http://example.com/?a=1&b=2&b=3',
  ])
    assert.notEqual(print(other), print('http://example.com/?a=1&b=2'), other);
});

/** Ways to write a character of a path that some reader takes for it. */
function spellings(character: string): fc.Arbitrary<string> {
  const code = character.charCodeAt(0);
  const hex = code.toString(16).padStart(2, '0');
  const calm = fc.constantFrom(character, `%${hex}`, `%${hex.toUpperCase()}`);
  const tricks = fc.constantFrom(
    `%25${hex}`,
    `%25%${hex
      .split('')
      .map((digit) => digit.charCodeAt(0).toString(16))
      .join('%')}`,
    `%u00${hex}`,
    String.fromCharCode(code + 0xfee0),
    encodeURIComponent(String.fromCharCode(code + 0xfee0)),
    `${character}\u200b`,
    `%c0%${(0x80 | (code & 0x3f)).toString(16)}`,
  );
  return fc.oneof({ weight: 30, arbitrary: calm }, { weight: 1, arbitrary: tricks });
}

function spelt(word: string): fc.Arbitrary<string> {
  return fc.tuple(...word.split('').map(spellings)).map((parts) => parts.join(''));
}

const detour = fc.array(
  fc.constantFrom('/.', '/%2e', '/x/..', '/x/%2E.', '/', '/\\', '/x/..;', '/..%2f', '\\..', '/x%2f..', '/..'),
  { maxLength: 4 },
);

test('a disguised path has the facts of the plain one, or is not understood', () => {
  const plain = factsOf('http://example.com/admin/keys');
  let understood = 0;
  const property = fc.property(
    detour,
    spelt('admin'),
    detour,
    spelt('keys'),
    (first, admin, second, keys) => {
      const inspection = inspectHttp(
        `http://example.com${first.join('')}/${admin}${second.join('')}/${keys}`,
      );
      if (!inspection.ok) return;
      understood += 1;
      // A way back over what is forbidden leaves it; whatever does not must show it.
      if (second.some((step) => step === '/..')) return;
      assert.deepEqual(inspection.facts, plain);
    },
  );
  fc.assert(property, { numRuns: 3_000 });
  assert.ok(understood > 100, String(understood));
  const calm = fc.property(
    fc.array(fc.constantFrom('/.', '/%2e', '/x/..', '/x/%2E.'), { maxLength: 4 }),
    fc.tuple(...'admin'.split('').map((c) => fc.constantFrom(c, `%${c.charCodeAt(0).toString(16)}`))),
    (steps, admin) => {
      assert.deepEqual(factsOf(`http://example.com${steps.join('')}/${admin.join('')}/keys`), plain);
    },
  );
  fc.assert(calm, { numRuns: 500 });
});

/** The forms in which an IPv4 address is written. */
function forms([a, b, c, d]: readonly [number, number, number, number]): readonly string[] {
  const bits = ((a * 256 + b) * 256 + c) * 256 + d;
  const hex = (n: number): string => `0x${n.toString(16)}`;
  const octal = (n: number): string => `0${n.toString(8)}`;
  const six = `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  return [
    [a, b, c, d].join('.'),
    String(bits),
    hex(bits),
    [hex(a), hex(b), hex(c), hex(d)].join('.'),
    [a, b, c * 256 + d].join('.'),
    [a, (b * 256 + c) * 256 + d].join('.'),
    [octal(a), octal(b), octal(c), octal(d)].join('.'),
    octal(bits),
    `[::ffff:${six}]`,
    `[::ffff:${[a, b, c, d].join('.')}]`,
    `[::ffff:0:${six}]`,
    [a, b, c, d].join('。'),
    String(bits).replaceAll(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)),
    `${[a, b, c, d].join('.')}.`,
    [a, b, c, d].map((n) => String(n).padStart(3, '0')).join('.'),
  ];
}

test('an IPv4 address in any form is the address, or is not understood', () => {
  const octet = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(fc.tuple(octet, octet, octet, octet), (octets) => {
      const plain = factsOf(`http://${octets.join('.')}/`);
      for (const form of forms(octets)) {
        const inspection = inspectHttp(`http://${form}/`);
        if (inspection.ok) assert.deepEqual(inspection.facts, plain, form);
      }
    }),
  );
});

test('what is understood is what the URL Standard reads, for any text that looks like a URL', () => {
  const piece = fc.constantFrom(
    ...'http https :// : / // ? & = @ # . .. %2e %2f %25 %c3%bc ü ß ａ 。 a b admin example.com 127.0.0.1 0x7f 017 [::1] [ ] \\ ; + 80 :8080 xn--mnchen-3ya ~ - _ \t'.split(
      ' ',
    ),
  );
  let understood = 0;
  const agree = (url: string): void => {
    const inspection = inspectHttp(`GET ${url}`);
    if (!inspection.ok) return;
    understood += 1;
    const { facts } = inspection;
    const read = new URL(url);
    const mapped = /^\[::ffff:(?:0:)?/.test(read.hostname);
    const host = read.hostname.replace(/\.$/, '').replaceAll(/^\[|\]$/g, '');
    if (!mapped) assert.equal(facts.host, host, url);
    assert.equal(facts.port, Number(read.port || (read.protocol === 'http:' ? 80 : 443)), url);
    assert.equal(facts.path, decodeURIComponent(read.pathname), url);
    assert.deepEqual(facts.query, [...new Set(read.searchParams.keys())].toSorted(), url);
    assert.equal(
      facts.userinfo,
      read.username !== '' || read.password !== '' || /^https?:\/\/[^/?#]*@/i.test(url),
      url,
    );
    // What is sent means the same as what was written.
    const again = inspectHttp(`GET ${facts.url}`);
    assert.ok(again.ok, facts.url);
    assert.deepEqual(
      { ...again.facts, userinfo: false, fingerprint: '' },
      { ...facts, userinfo: false, fingerprint: '' },
    );
  };
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => agree(`http://${pieces.join('')}`)),
    { numRuns: 5_000 },
  );
  fc.assert(fc.property(fc.webUrl({ withQueryParameters: true }), agree), { numRuns: 1_000 });
  assert.ok(understood > 500, String(understood));
});

let port = 0;
const seen: string[] = [];
const server = createServer((request, response) => {
  seen.push(request.url ?? '');
  response.end();
});
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
after(() => server.close());

test('a server is asked for the path that the facts name', async () => {
  for (const written of ['/a/../b%20c', '/%61dmin?x=%20&y=a+b', '/ü/日本?q=ü', "/a!$&'()*,=@~"]) {
    const { facts } = { facts: factsOf(`http://127.0.0.1:${port}${written}`) };
    await fetch(facts.url);
    const asked = new URL(seen.at(-1) ?? '', 'http://x');
    assert.equal(decodeURIComponent(asked.pathname), facts.path);
    assert.deepEqual([...new Set(asked.searchParams.keys())].toSorted(), facts.query);
    // The bytes on the wire are those of the facts: nothing on the way folds them once more.
    assert.equal(seen.at(-1), facts.url.slice(`http://127.0.0.1:${port}`.length));
    const socket = connect(port, '127.0.0.1');
    socket.end(
      `GET ${facts.url.slice(facts.url.indexOf('/', 8))} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    );
    await new Promise((resolve) => socket.resume().on('close', resolve));
    assert.equal(seen.at(-1), seen.at(-2));
  }
});

test('large and hostile texts take no longer than they are long', () => {
  for (const text of [
    `http://${'a.'.repeat(30_000)}com/`,
    `http://example.com${'/a/..'.repeat(12_000)}`,
    `http://example.com/${'%25'.repeat(20_000)}`,
    `http://example.com/?${'a&'.repeat(30_000)}`,
    `http://${'@'.repeat(60_000)}`,
    `http://[${':'.repeat(60_000)}]/`,
    `http://${'1.'.repeat(30_000)}/`,
    `http://xn--${'9'.repeat(60_000)}/`,
    `http://${'ü'.repeat(30_000)}/`,
  ])
    assert.equal(typeof inspectHttp(text).ok, 'boolean');
});
