import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import { connectAgent, type Agent } from './agent.ts';
import { exampleFolder } from './example.ts';
import { history, recordsIn } from './on-record.ts';
import { until } from './waiting.ts';
import type { RecordType, StoredRecord } from '../../src/model/record.ts';

let gateway: GatewayProcess;
const agents: Agent[] = [];
/** How often each client was told that its tools changed. */
const told = { modern: 0, legacy: 0 };

before(async () => {
  gateway = await startGateway({ folder: await exampleFolder() });
  for (const era of ['modern', 'legacy'] as const)
    agents.push(
      await connectAgent(gateway.endpoint, gateway.tokens['alice']!, {
        era,
        toolsChanged: () => void (told[era] += 1),
      }),
    );
});
after(async () => {
  await Promise.all(agents.map((agent) => agent.close()));
  await gateway.stop();
});

const inFolder = (path: string): string => join(gateway.dir, path);

async function rulesRecords(type: RecordType, count: number): Promise<readonly StoredRecord[]> {
  return await until(`${count} records of ${type}`, async () => {
    const records = (await recordsIn(gateway)).filter((record) => record.type === type);
    return records.length >= count ? records : null;
  });
}

const look = { city: 'Berlin', limit: 1 };

test('a policy that is edited takes effect on the next call, without a restart', async () => {
  const [alice] = agents;
  assert.equal((await alice!.call('list_customers', look)).outcome, 'answered');
  appendFileSync(
    inFolder('policies/guardrails.cedar'),
    '\n@id("probe.no-lists")\n@reason("Lists are closed today.")\nforbid (principal, action == Action::"list_customers", resource);\n',
  );
  const [first, second] = await rulesRecords('rules.loaded', 2);
  assert.equal(second?.event['previous'], first?.event['rules'], 'the record says what it replaced');
  const refused = await alice!.call('list_customers', look);
  assert.deepEqual(
    [refused.outcome, refused.policies, refused.reason],
    ['refused', ['probe.no-lists'], 'Lists are closed today.'],
  );
  const [record] = await history(gateway, refused.call, ['call.refused']);
  assert.equal(record.event['rules'], second?.event['rules'], 'and each call, by which rules it was decided');
});

test('clients of both eras are told that the tools changed, and see the new list', async () => {
  await until('both clients to be told', () => (told.modern > 0 && told.legacy > 0 ? true : null));
  for (const { client } of agents) {
    const { tools } = await client.listTools();
    assert.ok(!tools.some(({ name }) => name === 'list_customers'), 'what is forbidden to all is not listed');
  }
});

test('a bad edit keeps the last good rules, is logged with file and line, and is on record', async () => {
  const path = inFolder('policies/access.cedar');
  const good = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    `permit (principal, action, resource);\n\n${good}\npermit (principal in Group::"suport", action, resource);\n`,
  );
  const [rejected] = await rulesRecords('rules.rejected', 1);
  const line = good.split('\n').length + 3;
  assert.deepEqual(
    { file: rejected?.event['file'], line: rejected?.event['line'] },
    { file: 'policies/access.cedar', line },
  );
  assert.match(gateway.stderr(), new RegExp(`"file":"policies/access.cedar","line":${line}.*edit not taken`));
  assert.match(gateway.stderr(), /the rules from before the edit stay in force/);
  const [alice] = agents;
  assert.equal((await alice!.call('list_customers', look)).outcome, 'refused', 'not half of the edit');
  assert.equal((await alice!.call('customer_orders', { customer_id: 1 })).outcome, 'answered');
  const metrics = await (await fetch(new URL('/metrics', gateway.endpoint))).text();
  assert.match(metrics, /sallyport_rules_loads_total\{result="rejected"\} 1/);
  writeFileSync(path, good);
  const back = 'the files are those in force again';
  await until('the way back to be told', () => (gateway.stderr().includes(back) ? true : null));
});

test('a skill that is edited is served as it now reads', async () => {
  const path = inFolder('skills/customer-support/tools.yaml');
  const known = (await rulesRecords('rules.loaded', 2)).length;
  const yaml = readFileSync(path, 'utf8').replace(
    'SELECT id, placed_at, status, total_cents',
    "SELECT 'as edited' AS note, id",
  );
  writeFileSync(path, yaml);
  await rulesRecords('rules.loaded', known + 1);
  const [, legacy] = agents;
  const answer = await legacy!.call('customer_orders', { customer_id: 1 });
  assert.ok(answer.rows.length > 0 && answer.rows.every(([note]) => note === 'as edited'), answer.text);
});

test('a bad skill is told with its line and the nearest match, and changes nothing', async () => {
  const path = inFolder('skills/customer-support/tools.yaml');
  const good = readFileSync(path, 'utf8');
  writeFileSync(path, good.replace('connection: crm', 'connection: crn'));
  const line = good.split('\n').findIndex((text) => text.includes('connection: crm')) + 1;
  await rulesRecords('rules.rejected', 2);
  assert.match(
    gateway.stderr(),
    new RegExp(
      `"file":"skills/customer-support/tools.yaml","line":${line},"suggestion":"did you mean .{2}crm`,
    ),
  );
  assert.equal((await agents[0]!.call('customer_orders', { customer_id: 1 })).outcome, 'answered');
});
