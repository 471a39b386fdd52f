import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectAgent } from '../path/agent.ts';
import { exampleFolder } from '../path/example.ts';
import { startGateway } from '../support/gateway-process.ts';

const ENDLESS =
  'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) AS endless FROM n';

test('one caller who holds every session of a connection does not keep another from an answer', async (t) => {
  const gateway = await startGateway({ folder: await exampleFolder() });
  const alice = await connectAgent(gateway.endpoint, gateway.tokens['alice']!);
  const carol = await connectAgent(gateway.endpoint, gateway.tokens['carol']!);
  t.after(async () => {
    await Promise.all([alice.close(), carol.close()]);
    await gateway.stop();
  });
  const held = Array.from({ length: 5 }, () => alice.call('run_sql', { statement: ENDLESS }));
  const told = await carol.call('list_customers', { city: 'Berlin', limit: 1 });
  await Promise.all(held);
  assert.equal(told.outcome, 'answered', told.text);
});
