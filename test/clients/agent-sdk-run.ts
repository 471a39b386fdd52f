import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import {
  query,
  type McpServerConfig,
  type Options,
  type Query,
  type SDKMessage,
  type SDKUserMessage,
} from '@anthropic-ai/claude-agent-sdk';
import {
  API_KEY,
  startMessagesEndpoint,
  type MessagesEndpoint,
  type ToolResult,
  type Script,
  type ToolUse,
} from '../support/messages-endpoint.ts';

export interface AgentOptions {
  /** What the model does. */
  readonly script: Script;
  /** The gateway, as a user of the SDK registers it. */
  readonly server: McpServerConfig;
  readonly options?: Partial<Options>;
  /** What the user says, one message after the other; one fixed message where it is left out. */
  readonly prompts?: AsyncIterable<string>;
  /** Runs beside the agent, which it may interrupt. Its end is waited for. */
  readonly meanwhile?: (agent: Query) => Promise<void>;
}

export interface AgentRun {
  /** Everything that the SDK told its user. */
  readonly messages: readonly SDKMessage[];
  /** Why the agent's stream broke off, where it did. */
  readonly brokeOff: Error | null;
  readonly model: Pick<MessagesEndpoint, 'requests'>;
  /** Every tool result that the model was shown, by the id of its `tool_use` block. */
  readonly results: ReadonlyMap<string, ToolResult>;
}

// An agent that was aborted writes on in its home for a moment, so homes are removed at the very end.
const homes = new Set<string>();
process.on('exit', () => {
  for (const home of homes) rmSync(home, { recursive: true, force: true, maxRetries: 10 });
});

/**
 * Runs the real Claude Agent SDK, with its own binary, against a scripted model. Nothing of this machine's settings
 * reaches it, and nothing leaves the machine: whatever is not for loopback goes to the scripted model as its proxy,
 * and fails the test.
 */
export async function runAgent({
  script,
  server,
  options,
  prompts,
  meanwhile,
}: AgentOptions): Promise<AgentRun> {
  const endpoint = await startMessagesEndpoint(script);
  const home = mkdtempSync(join(tmpdir(), 'sallyport-agent-'));
  homes.add(home);
  try {
    const agent = query({
      prompt: prompts === undefined ? 'Do what the script says.' : userMessages(prompts),
      options: {
        cwd: home,
        env: agentEnvironment(endpoint.url, home),
        model: 'claude-sonnet-4-5',
        systemPrompt: 'You are an agent under test.',
        settingSources: [],
        strictMcpConfig: true,
        persistSession: false,
        tools: [],
        allowedTools: ['mcp__sallyport'],
        mcpServers: { sallyport: server },
        ...options,
      },
    });
    // Where what runs beside it fails, the agent would wait for ever for what was to happen.
    const beside = meanwhile?.(agent).then(
      () => null,
      (error: unknown) => {
        agent.close();
        return { error };
      },
    );
    const messages: SDKMessage[] = [];
    let brokeOff: Error | null = null;
    try {
      for await (const message of agent) messages.push(message);
    } catch (error) {
      brokeOff = error as Error;
    }
    const failed = await beside;
    if (failed) throw failed.error;
    assert.deepEqual(endpoint.unexpected, []);
    const results = endpoint.requests.flatMap((request) => request.results);
    return { messages, brokeOff, model: endpoint, results: new Map(results.map((one) => [one.id, one])) };
  } finally {
    await endpoint.close();
  }
}

async function* userMessages(prompts: AsyncIterable<string>): AsyncGenerator<SDKUserMessage> {
  for await (const content of prompts) {
    yield { type: 'user', message: { role: 'user', content }, parent_tool_use_id: null };
  }
}

function agentEnvironment(url: string, home: string): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    CLAUDE_CONFIG_DIR: join(home, '.claude'),
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_API_KEY: API_KEY,
    HTTP_PROXY: url,
    HTTPS_PROXY: url,
    NO_PROXY: '127.0.0.1,localhost',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
    DISABLE_TELEMETRY: '1',
    DISABLE_ERROR_REPORTING: '1',
  };
}

export function overHttp(endpoint: string, token: string | undefined): McpServerConfig {
  return {
    type: 'http',
    url: endpoint,
    headers: { Authorization: `Bearer ${token}` },
    // Waits for the server before the first turn.
    alwaysLoad: true,
  };
}

/** A call of one of the gateway's tools, as the model writes it. */
export function use(tool: string, input: Readonly<Record<string, unknown>>, id: string): ToolUse {
  return { id, name: `mcp__sallyport__${tool}`, input };
}
