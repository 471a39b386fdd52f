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

/**
 * Runs the real Claude Agent SDK, with its own binary, against a scripted model. Nothing of this machine's settings
 * reaches it, and nothing leaves the machine: whatever is not for loopback goes to the scripted model as its proxy,
 * and fails the test.
 */
export async function runAgent({ script, server, options, meanwhile }: AgentOptions): Promise<AgentRun> {
  const endpoint = await startMessagesEndpoint(script);
  const home = mkdtempSync(join(tmpdir(), 'sallyport-agent-'));
  try {
    const agent = query({
      prompt: 'Do what the script says.',
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
    const beside = meanwhile?.(agent);
    const messages: SDKMessage[] = [];
    let brokeOff: Error | null = null;
    try {
      for await (const message of agent) messages.push(message);
    } catch (error) {
      brokeOff = error as Error;
    }
    await beside;
    assert.deepEqual(endpoint.unexpected, []);
    const results = endpoint.requests.flatMap((request) => request.results);
    return { messages, brokeOff, model: endpoint, results: new Map(results.map((one) => [one.id, one])) };
  } finally {
    await endpoint.close();
    rmSync(home, { recursive: true, force: true, maxRetries: 10 });
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
