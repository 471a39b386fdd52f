import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { writtenSettings } from './written-settings.ts';

const settings = (yaml: string): unknown => Object.fromEntries(writtenSettings(parse(yaml)));

test('settings are told by their paths, as the file has them, and references by their names', () => {
  assert.deepEqual(
    settings(`
server: { listen: 127.0.0.1:8400, public_url: https://mcp.example.com }
record: { readers: [audit, security] }
connections:
  crm: { kind: postgres, url: "\${env:CRM_URL}", pool: { max: 4 } }
approval:
  webhooks:
    - { url: https://hooks.example.com/a, secret: "\${file:./hook.key}" }
`),
    {
      'server.listen': '"127.0.0.1:8400"',
      'server.public_url': '"https://mcp.example.com"',
      'record.readers': '["audit","security"]',
      'connections.crm.kind': '"postgres"',
      'connections.crm.url': '"${env:CRM_URL}"',
      'connections.crm.pool.max': '4',
      'approval.webhooks.0.url': '"https://hooks.example.com/a"',
      'approval.webhooks.0.secret': '"${file:./hook.key}"',
    },
  );
});

test('a secret that somebody wrote into the file is not told, in whatever setting it stands', () => {
  const told = settings(`
connections:
  crm: { kind: postgres, url: "postgres://crm:hunter2@db/crm" }
  two: { kind: postgres, url: "postgres://db/crm?password=hunter2" }
  three: { kind: postgres, url: "postgres://crm:\${env:A}hunter2@db/crm" }
  four: { kind: mysql, password: hunter2 }
console: { client_secret: hunter2, issuer: https://idp.example.com }
approval: { webhooks: [{ url: "https://hooks.example.com/?token=hunter2", secret: hunter2 }] }
telemetry: { otlp_endpoint: "https://key:hunter2@traces.example.com" }
identity: { issuers: ["https://a:hunter2@idp.example.com"] }
`);
  assert.ok(!JSON.stringify(told).includes('hunter2'), JSON.stringify(told));
  assert.equal((told as Record<string, unknown>)['console.issuer'], '"https://idp.example.com"');
  assert.equal((told as Record<string, unknown>)['console.client_secret'], null);
});
