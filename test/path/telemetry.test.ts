import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { startGateway } from '../support/gateway-process.ts';
import { modernCall, send } from '../clients/http-fixture.ts';
import { connectAgent } from './agent.ts';
import { exampleFolder, regulated, someCustomer } from './example.ts';
import { assertNotIn } from './on-record.ts';

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status: { readonly code?: number };
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
}

/** A collector of OTLP over HTTP, as JSON. */
async function collector(): Promise<{ url: string; spans: Span[]; bodies: string[]; close(): void }> {
  const spans: Span[] = [];
  const bodies: string[] = [];
  const server = createServer((req: IncomingMessage, res) => {
    void text(req).then((body) => {
      bodies.push(body);
      const { resourceSpans } = JSON.parse(body);
      for (const { scopeSpans } of resourceSpans) for (const scope of scopeSpans) spans.push(...scope.spans);
      res.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1/traces`,
    spans,
    bodies,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

test('where an endpoint is configured, a call is a span under its client’s and each station is a child', async () => {
  const collected = await collector();
  const folder = await exampleFolder({
    config: (yaml) => `${yaml}\ntelemetry: { otlp_endpoint: '${collected.url}' }\n`,
  });
  const gateway = await startGateway({ folder });
  const customer = someCustomer(gateway);
  const trace = '0af7651916cd43dd8448eb211c80319c';
  const { headers, message } = modernCall('find_customer', { email: customer.email });
  const caller = {
    authorization: `Bearer ${gateway.tokens['alice']}`,
    traceparent: `00-${trace}-b7ad6b7169203331-01`,
  };
  const { messages } = await send(gateway.endpoint, { ...headers, ...caller }, message);
  const call = messages[0].result._meta['sallyport/call'];
  const bob = await connectAgent(gateway.endpoint, gateway.tokens['bob']!);
  await bob.call('run_sql', { statement: `DROP TABLE "${customer.email}"` });
  await bob.close();
  assert.equal(await gateway.stop(), 0, 'the stop sends what waits');
  collected.close();

  const root = collected.spans.find(({ name }) => name === 'tools/call find_customer');
  assert.equal(root?.traceId, trace);
  assert.equal(root.parentSpanId, 'b7ad6b7169203331');
  const attributes = Object.fromEntries(root.attributes.map(({ key, value }) => [key, value.stringValue]));
  assert.equal(attributes['sallyport.call'], call);
  assert.equal(attributes['sallyport.outcome'], 'answered');
  const children = collected.spans.filter(({ parentSpanId }) => parentSpanId === root.spanId);
  assert.deepEqual(
    children
      .toSorted((a, b) => (BigInt(a.startTimeUnixNano) < BigInt(b.startTimeUnixNano) ? -1 : 1))
      .map(({ name }) => name),
    ['identify', 'address', 'inspect', 'decide', 'clear', 'intent', 'execute', 'mask', 'outcome'],
  );

  const refused = collected.spans.find(({ name }) => name === 'tools/call run_sql');
  assert.ok(
    refused !== undefined && refused.status.code === 2,
    'a refusal is an error to whoever looks at traces',
  );
  assertNotIn('a span', collected.bodies.join('\n'), regulated(customer));
});

test('without it, no OpenTelemetry is loaded and nothing is sent', async () => {
  const collected = await collector();
  const gateway = await startGateway({
    folder: await exampleFolder(),
    // What the SDK itself would read from the environment does not switch it on.
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: new URL('/', collected.url).href, OTEL_TRACES_EXPORTER: 'otlp' },
  });
  const alice = await connectAgent(gateway.endpoint, gateway.tokens['alice']!);
  assert.equal((await alice.call('list_customers', { city: 'Berlin', limit: 1 })).outcome, 'answered');
  await alice.close();
  assert.equal(await gateway.stop(), 0);
  collected.close();
  assert.deepEqual(collected.bodies, []);
});
