import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import * as fc from 'fast-check';
import { inspectHttp } from '../../src/inspect/http/inspect-http.ts';
import { readingServers, type ReadingServer } from './http-servers.ts';

interface WptUrl {
  readonly input: string;
  readonly failure?: true;
  readonly protocol?: string;
  readonly hostname?: string;
  readonly port?: string;
  readonly pathname?: string;
}

const WPT = JSON.parse(
  readFileSync(new URL('../vectors/wpt-urls.json', import.meta.url), 'utf8'),
) as readonly WptUrl[];

let servers: readonly ReadingServer[] = [];
before(async () => {
  servers = await readingServers();
});
after(() => Promise.all(servers.map((server) => server.stop())));

test('of the published vectors of the URL Standard, what is understood is read as they say', () => {
  let understood = 0;
  for (const { input, failure, protocol, hostname, port, pathname } of WPT) {
    const inspection = inspectHttp(`GET ${input}`);
    if (!inspection.ok) continue;
    understood += 1;
    const { facts } = inspection;
    assert.notEqual(failure, true, `${input} is no URL`);
    assert.equal(`${facts.scheme}:`, protocol, input);
    const host = (hostname ?? '').replace(/\.$/, '').replaceAll(/^\[|\]$/g, '');
    assert.equal(facts.host, host, input);
    assert.equal(facts.port, Number(port === '' ? (protocol === 'http:' ? 80 : 443) : port), input);
    assert.equal(facts.path, decodeURIComponent(pathname ?? ''), input);
  }
  assert.ok(WPT.length > 350 && understood > 40, `${understood} of ${WPT.length}`);
});

/** Parts of which servers make something, in the many ways in which they are written. */
const part = fc.constantFrom(
  ...[
    'admin %61dmin ad%6Din a%20b a+b %c3%bc .. . %2e%2e .%2e %2e .. ...',
    'x;y ..; %3b ..%3b a%2fb %2F ..%2f %5c ..%5c %252e %25 %2525 a:b a@b $& a=1,2 ~u -_ !()* ’',
    'a%3fb %23 %00 %0a %7f %c0%ae %ef%bc%8e a. b%20 c:: %e2%80%8b',
  ].flatMap((line) => line.split(' ')),
);
const written = fc
  .tuple(fc.array(part, { minLength: 1, maxLength: 5 }), fc.constantFrom('', '/', '//'))
  .map(([parts, end]) => `/${parts.join('/')}${end}`);

test('a path that is understood is the one that nginx and Apache read, as written and as sent', async (t) => {
  if (servers.length === 0) return t.skip('neither nginx nor Apache is installed');
  let understood = 0;
  const property = fc.asyncProperty(written, async (target) => {
    const inspection = inspectHttp(`GET http://localhost${target}`);
    if (!inspection.ok) return;
    understood += 1;
    const { path, url } = inspection.facts;
    const sent = url.slice('http://localhost'.length);
    const asIs = /^[\x21-\x7e]*$/.test(target) ? [target] : [];
    for (const server of servers) {
      for (const each of [sent, ...asIs]) {
        const read = await server.read(each);
        // A way up beyond the root is folded by the standards and turned away by servers, which is safe.
        if (read === null) assert.notEqual(each, sent, `${server.name} refused ${sent}`);
        else assert.equal(read, path, `${server.name} read ${each}`);
      }
    }
  });
  await fc.assert(property, { numRuns: 1_500 });
  assert.ok(understood > 80, `only ${understood} were understood`);
});
