import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { connectAgent } from '../path/agent.ts';
import { exampleFolder, regulated, someCustomer } from '../path/example.ts';
import { assertNotIn, recordsIn, storeOf } from '../path/on-record.ts';
import { until } from '../path/waiting.ts';
import { startGateway, type GatewayFolder } from '../support/gateway-process.ts';
import { evidence, filesOf } from './house.ts';
import type { Exported } from '../../src/app/evidence.ts';

/** Looks like a key of a cloud, and is none. */
const LEAKED = ['AKIA', 'QWERTYUIOPASDFGH'].join('');
let folder: GatewayFolder;
let files: Map<string, string>;
let values: readonly string[];
const text = (name: string): string => Buffer.from(files.get(name) ?? '', 'latin1').toString('utf8');

before(async () => {
  folder = await exampleFolder();
  const customer = someCustomer(folder);
  values = regulated(customer);
  const gateway = await startGateway({ folder });
  const alice = await connectAgent(gateway.endpoint, gateway.tokens['alice']!);
  const gwen = await connectAgent(gateway.endpoint, gateway.tokens['gwen']!);
  assert.equal((await alice.call('find_customer', { email: customer.email })).outcome, 'answered');
  assert.equal((await gwen.call('list_customers', { city: 'Berlin', limit: 1 })).outcome, 'refused');
  appendFileSync(
    join(folder.dir, 'policies/guardrails.cedar'),
    `\n// ${LEAKED}\n@id("probe.no-lists")\nforbid (principal, action == Action::"list_customers", resource);\n`,
  );
  await until('the edit is in force', async () =>
    (await recordsIn(folder)).filter(({ type }) => type === 'rules.loaded').length === 2 ? true : null,
  );
  assert.equal((await alice.call('list_customers', { city: 'Berlin', limit: 1 })).outcome, 'refused');
  await Promise.all([alice.close(), gwen.close()]);
  await until('everything is signed', async () => {
    const last = { from: 1, to: 1_000_000, order: 'largest_first', limit: 1 } as const;
    const [newest] = await (await storeOf(folder)).source.checkpoints(last);
    return newest?.size === (await recordsIn(folder)).length ? true : null;
  });
  const out = join(folder.dir, 'pack.zip');
  const {
    code,
    out: said,
    err,
  } = await evidence('export', '--config', folder.configPath, '--out', out, '--json');
  assert.equal(code, 0, said + err);
  // It was made while the gateway ran.
  await gateway.stop();
  const { verification } = JSON.parse(said) as Exported;
  assert.deepEqual(verification.findings, []);
  files = await filesOf(out);
});
test('a pack of a real gateway holds nothing that masking keeps from agents, and no credential', () => {
  for (const [name, content] of files) assertNotIn(name, content, [...values, LEAKED]);
  const payloads = [...files.keys()].filter((name) => name.startsWith('payloads/')).map(text);
  assert.match(payloads.join(), /\[redacted:email\]/);
});

test('every version of policies and skills is in it, by digest: as it was, or said to be masked', () => {
  const rows = text('csv/rule_files.csv')
    .split('\r\n')
    .slice(1, -1)
    .map((row) => row.split(','));
  const first = rows.filter(([, , path, , change]) => path === 'policies/access.cedar' && change === 'new');
  assert.equal(first.length, 1);
  for (const [, , path = '', sha256 = '', , exact, place = ''] of rows) {
    if (exact === 'true') assert.equal(createHash('sha256').update(text(place)).digest('hex'), sha256, path);
    else assert.match(place, /^rules\/masked-/);
  }
  const edited = rows.find(
    ([, , path, , change]) => path === 'policies/guardrails.cedar' && change === 'changed',
  );
  assert.equal(edited?.[5], 'false', 'what looks like a key was masked');
  assert.match(text(edited?.[6] ?? ''), /probe\.no-lists/);
  assert.equal(
    text(`rules/${first[0]?.[3]}.txt`),
    readFileSync(join(folder.dir, 'policies/access.cedar'), 'utf8'),
  );
});

test('the access matrix is computed from the rules that were in force, also where a comment in them was masked', async () => {
  const start = text('csv/access_matrix_start.csv');
  const rules = text('csv/rules.csv').split('\r\n')[1]?.split(',')[3];
  const possible = `alice,urn:sallyport:dev,user,support,list_customers,[^\r]*,possible,${rules}\r\n`;
  assert.match(start, new RegExp(`\r\n${possible}`));
  assert.match(start, /\r\ngwen,urn:sallyport:dev,user,,list_customers,[^\r]*,never,/);
  assert.match(
    text('csv/access_matrix_end.csv'),
    /\r\nalice,urn:sallyport:dev,user,support,list_customers,[^\r]*,never,/,
  );
});
