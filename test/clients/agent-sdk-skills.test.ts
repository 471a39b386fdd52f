/** The Claude Agent SDK, as its users run it, reads the gateway's skills with the tools that it has for resources. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { startGateway } from '../support/gateway-process.ts';
import { overHttp, runAgent, use } from './agent-sdk-run.ts';

const TOOLS = ['ListMcpResourcesTool', 'ReadMcpResourceTool'];
const SKILL = 'skill://customer-support';

test('an agent finds the skill, reads it and a reference that it names, and works by it', async (t) => {
  const gateway = await startGateway();
  t.after(() => gateway.stop());
  const read = (path: string, id: string) => ({
    id,
    name: 'ReadMcpResourceTool',
    input: { server: 'sallyport', uri: `${SKILL}/${path}` },
  });
  const queries = readFileSync(join(gateway.dir, 'skills/customer-support/references/queries.md'), 'utf8');
  const [, statement = ''] = /```sql\n([^]*?)```/.exec(queries) ?? [];
  const run = await runAgent({
    server: overHttp(gateway.endpoint, gateway.tokens['alice']),
    options: { tools: TOOLS, allowedTools: ['mcp__sallyport', ...TOOLS] },
    script: [
      { call: [{ id: 'toolu_list', name: 'ListMcpResourcesTool', input: {} }] },
      { call: [read('SKILL.md', 'toolu_skill')] },
      { call: [read('references/queries.md', 'toolu_queries'), read('tools.yaml', 'toolu_tools')] },
      { call: [use('run_sql', { statement }, 'toolu_sql')] },
      { say: 'Done.' },
    ],
  });
  const told = (id: string): string => run.results.get(id)?.text ?? assert.fail(`no result for ${id}`);
  assert.match(
    run.model.requests[0]?.told ?? '',
    /read the one whose description fits before you use its tools/,
  );
  assert.match(told('toolu_list'), /"uri":"skill:\/\/customer-support\/SKILL\.md".*"Look up customers/);
  assert.match(told('toolu_skill'), /# Customer support/);
  assert.ok(told('toolu_queries').includes(JSON.stringify(statement).slice(1, -1)));
  assert.match(told('toolu_tools'), /not found/i);
  assert.equal(run.results.get('toolu_sql')?.isError, false, told('toolu_sql'));
});
