import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import { connectAgent, type Agent } from './agent.ts';
import { exampleFolder, someCustomer } from './example.ts';
import { assertNotIn, assertNotInStore, history } from './on-record.ts';

let gateway: GatewayProcess;
let alice: Agent;
before(async () => {
  gateway = await startGateway({ folder: await exampleFolder() });
  alice = await connectAgent(gateway.endpoint, gateway.tokens['alice']!);
});
after(async () => {
  await alice.close();
  await gateway.stop();
});

interface ProtocolError {
  readonly code: number;
  readonly message: string;
  readonly data: { readonly call: string };
}

async function refusedBy(tool: string, args: Record<string, unknown>): Promise<ProtocolError> {
  try {
    await alice.call(tool, args);
  } catch (error) {
    return error as ProtocolError;
  }
  throw new Error('the call was answered');
}

test('a tool that does not exist is a protocol error, with the code of the spec and the call’s id', async () => {
  const { code, message, data } = await refusedBy('drop_everything', {});
  assert.equal(code, -32602);
  assert.match(message, /Unknown tool: drop_everything/);
  const [refused] = await history(gateway, data.call, ['call.refused']);
  assert.equal(refused.event['cause'], 'unknown_tool');
  assert.equal(refused.event['tool'], 'drop_everything');
});

test('what a caller puts into the name of a tool is masked on record and is no label of a metric', async () => {
  const { email, card_number } = someCustomer(gateway);
  const { data } = await refusedBy(`find ${email}`, { card: card_number });
  const [refused] = await history(gateway, data.call, ['call.refused']);
  assert.equal(refused.event['tool'], 'find [redacted:email]');
  assertNotInStore(gateway, [email, card_number]);
  const metrics = await (await fetch(new URL('/metrics', gateway.endpoint))).text();
  assert.match(metrics, /sallyport_calls_total\{tool="other",outcome="refused",cause="unknown_tool"\} [1-9]/);
  assertNotIn('the metrics', metrics, [email, card_number, 'drop_everything']);
});

test('names that JavaScript objects answer to are unknown like any other', async () => {
  for (const tool of ['__proto__', 'constructor', 'toString', ' find_customer', 'FIND_CUSTOMER'])
    assert.equal((await refusedBy(tool, {})).code, -32602, tool);
});
