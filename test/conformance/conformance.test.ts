import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import type { JsonObject } from '../../src/model/json.ts';
import { startFixture } from '../clients/http-fixture.ts';

/** The published suite, run as it ships, against the front with a gateway that lets anybody in. */
const cli = fileURLToPath(
  new URL('../../node_modules/@modelcontextprotocol/conformance/dist/index.js', import.meta.url),
);

interface Check {
  readonly id: string;
  readonly status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO';
  readonly errorMessage?: string;
}

const prompts = 'no prompts are served, and the capability is not declared';
const resources =
  'the suite reads resources of its own, by test:// URIs, and files of skills are the only ones here';
const subscribing = 'nobody subscribes to single resources, and the capability is not declared';
const content = 'tools answer tables and text, never media';
const elicitation =
  'the suite asks for questions of its own; what a held call asks is held to the schemas in test/clients and test/approval';
const sampling = 'nothing is asked of the client but questions to its person: no sampling, no roots';

/** Scenarios about what the front does not offer. Each fails, or it does not belong here. */
const notOffered: Readonly<Record<string, string>> = {
  'completion-complete': 'no completions are served, and the capability is not declared',
  'logging-set-level': 'no logs are sent to clients, and the capability is not declared',
  'tools-call-with-logging': 'no logs are sent to clients',
  'tools-call-sampling': sampling,
  'tools-call-elicitation': elicitation,
  'elicitation-sep1034-defaults': elicitation,
  'elicitation-sep1330-enums': elicitation,
  'tools-call-image': content,
  'tools-call-audio': content,
  'tools-call-embedded-resource': content,
  'tools-call-mixed-content': content,
  'resources-read-text': resources,
  'resources-read-binary': resources,
  'resources-templates-read': resources,
  'resources-subscribe': subscribing,
  'resources-unsubscribe': subscribing,
  'prompts-list': prompts,
  'prompts-get-simple': prompts,
  'prompts-get-with-args': prompts,
  'prompts-get-embedded-resource': prompts,
  'prompts-get-with-image': prompts,
  'input-required-result-basic-elicitation': elicitation,
  'input-required-result-basic-sampling': sampling,
  'input-required-result-basic-list-roots': sampling,
  'input-required-result-request-state': elicitation,
  'input-required-result-multiple-input-requests': elicitation,
  'input-required-result-multi-round': elicitation,
  'input-required-result-non-tool-request': elicitation,
  'input-required-result-result-type': elicitation,
  'input-required-result-tampered-state': elicitation,
  'input-required-result-capability-check': elicitation,
  'tasks-required-task-error': 'no tool is for clients with tasks alone',
  'http-custom-header-server-validation':
    'x-mcp-header is never advertised: it would copy arguments into headers, where proxies log them',
};

/** Single checks that fail in scenarios that hold otherwise. */
const notMet: Readonly<Record<string, string>> = {
  'sep-2575-server-rejects-undeclared-capability': elicitation,
  'sep-2575-missing-capability-http-400': elicitation,
  'tasks-mrtr-partial-fulfillment': 'a task asks one thing at a time',
  'tasks-headers-tolerate-mcp-method-on-tools-call': 'the suite wants a greeting, and tools answer tables',
  'sep-2549-prompts-list-caching-hints': prompts,
};

/** The schema that the suite wants to see again, keyword by keyword. */
const keywordSchema = JSON.parse(`{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "$defs": {
    "address": { "$anchor": "addressDef", "type": "object", "properties": { "street": { "type": "string" } } }
  },
  "properties": { "name": { "type": "string" }, "address": { "$ref": "#/$defs/address" } },
  "allOf": [{ "anyOf": [{ "required": ["phone"] }, { "required": ["email"] }] }],
  "if": { "properties": { "contactMethod": { "const": "phone" } }, "required": ["contactMethod"] },
  "then": { "required": ["phone"] },
  "else": { "required": ["email"] },
  "additionalProperties": false
}`) as JsonObject;

for (const revision of ['2026-07-28', '2025-11-25']) {
  test(`everything that ${revision} requires of what is offered holds`, { timeout: 400_000 }, async () => {
    const { front, url } = await startFixture({
      anonymous: true,
      tasks: true,
      extraTools: [{ name: 'json_schema_2020_12_tool', inputSchema: keywordSchema }],
      aliases: {
        test_simple_text: { tool: 'echo' },
        greet: { tool: 'echo' },
        test_logging_tool: { tool: 'echo' },
        test_streaming_elicitation: { tool: 'echo' },
        test_error_handling: { tool: 'failing' },
        test_tool_with_progress: { tool: 'slow', arguments: { ms: 250 } },
        test_trigger_tool_change: { tool: 'change_tools' },
      },
    });
    const output = await mkdtemp(join(tmpdir(), 'sallyport-conformance-'));
    try {
      await runSuite(['--url', url.href, '--requirements', revision, '-o', output]);
      const scenarios = await readChecks(output);
      assert.ok(scenarios.size >= 25, `only ${scenarios.size} scenarios ran`);
      const surprises: string[] = [];
      for (const [scenario, checks] of scenarios) {
        const failed = checks.filter((check) => check.status === 'FAILURE');
        const wire = failed.find((check) => check.id === 'wire-schema-valid');
        if (wire !== undefined) surprises.push(`${scenario}: ${wire.errorMessage ?? ''}`);
        if (scenario in notOffered) {
          if (failed.length === 0) surprises.push(`${scenario} holds, and is listed as not offered`);
          continue;
        }
        for (const { id, errorMessage } of failed) {
          if (!(id in notMet)) surprises.push(`${scenario}: ${id}: ${errorMessage ?? ''}`);
        }
      }
      assert.deepEqual(surprises, []);
    } finally {
      await front.close(100);
      await rm(output, { recursive: true });
    }
  });
}

test('everything that the Skills extension requires holds', { timeout: 400_000 }, async () => {
  const { front, url } = await startFixture({ anonymous: true });
  const output = await mkdtemp(join(tmpdir(), 'sallyport-conformance-'));
  try {
    for (const scenario of ['enumeration', 'manifest', 'directory'])
      await runSuite(['--url', url.href, '--scenario', `sep-2640-skills-${scenario}`, '-o', output]);
    const checks = [...(await readChecks(output)).values()].flat();
    assert.ok(checks.length >= 40, `only ${checks.length} checks ran`);
    assert.deepEqual(
      checks.filter(({ status }) => status !== 'SUCCESS'),
      [],
    );
  } finally {
    await front.close(100);
    await rm(output, { recursive: true });
  }
});

/** The suite exits with 1 where anything fails; what failed is read from its report. */
function runSuite(args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [cli, 'server', ...args], { maxBuffer: 64 * 1024 * 1024 }, (error) => {
      if (error === null || error.code === 1) resolve();
      else reject(error);
    });
  });
}

async function readChecks(output: string): Promise<Map<string, Check[]>> {
  const scenarios = new Map<string, Check[]>();
  for (const folder of await readdir(output)) {
    const scenario = /^server-(.+)-\d{4}-\d{2}-\d{2}T/.exec(folder)?.[1];
    if (scenario === undefined) continue;
    const checks: unknown = JSON.parse(await readFile(join(output, folder, 'checks.json'), 'utf8'));
    scenarios.set(scenario, checks as Check[]);
  }
  return scenarios;
}
