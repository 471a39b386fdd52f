import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { after, before, describe, test } from 'node:test';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { startFixture, type HttpFixture } from './http-fixture.ts';

interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onprogress?: (progress: { progress: number; message?: string | undefined }) => void;
}

/** What the promises below need of a client, whichever SDK and era it is of. */
interface Connected {
  listTools(): Promise<{
    tools: { name: string; outputSchema?: unknown; annotations?: unknown; _meta?: unknown }[];
  }>;
  callTool(
    name: string,
    args: Record<string, unknown>,
    options?: CallOptions,
  ): Promise<Record<string, unknown>>;
  instructions(): string | undefined;
  serverName(): string | undefined;
  /** Resolves when the server says that its tools changed. Call before the change. */
  toolsChanged(): Promise<void>;
  close(): Promise<void>;
}

interface Seen {
  readonly calls: readonly { readonly tool: string; readonly origin: Record<string, unknown> }[];
  readonly aborted: readonly string[];
}

interface Setting {
  readonly name: string;
  readonly protocolVersion: string;
  readonly transport: 'http' | 'stdio';
  connect(fixture: HttpFixture): Promise<Connected & { changeTools(): void; seen(): Promise<Seen> }>;
}

const main = fileURLToPath(new URL('stdio-fixture.ts', import.meta.url));
const authorized = { requestInit: { headers: { authorization: 'Bearer alice-token' } } };
const info = { name: 'test-client', version: '9.9' };

function settingV2(era: 'modern' | 'legacy', transport: 'http' | 'stdio'): Setting {
  const protocolVersion = era === 'modern' ? '2026-07-28' : '2025-11-25';
  return {
    name: `SDK v2, ${protocolVersion}, ${transport}`,
    protocolVersion,
    transport,
    async connect(fixture) {
      let changed = (): void => undefined;
      const client = new Client(info, {
        versionNegotiation: { mode: era === 'modern' ? { pin: '2026-07-28' } : 'legacy' },
        listChanged: { tools: { autoRefresh: false, debounceMs: 0, onChanged: () => changed() } },
      });
      const wire =
        transport === 'http' ? new StreamableHTTPClientTransport(fixture.url, authorized) : childV2();
      await client.connect(wire);
      return {
        listTools: () => client.listTools(),
        callTool: (name, args, options) => client.callTool({ name, arguments: args }, options),
        instructions: () => client.getInstructions(),
        serverName: () => client.getServerVersion()?.name,
        toolsChanged: () =>
          new Promise((resolve) => {
            changed = resolve;
          }),
        close: () => client.close(),
        ...control(fixture, wire instanceof StdioClientTransport ? wire : null, () => client.close()),
      };
    },
  };
}

function settingV1(transport: 'http' | 'stdio'): Setting {
  return {
    name: `SDK v1, 2025-11-25, ${transport}`,
    protocolVersion: '2025-11-25',
    transport,
    async connect(fixture) {
      let changed = (): void => undefined;
      const client = new ClientV1(info);
      client.setNotificationHandler(ToolListChangedNotificationSchema, () => changed());
      const wire =
        transport === 'http'
          ? new HttpV1(fixture.url, authorized)
          : new StdioV1({ command: process.execPath, args: [main], stderr: 'pipe' });
      await client.connect(wire);
      return {
        listTools: () => client.listTools(),
        callTool: (name, args, options) => client.callTool({ name, arguments: args }, undefined, options),
        instructions: () => client.getInstructions(),
        serverName: () => client.getServerVersion()?.name,
        toolsChanged: () =>
          new Promise((resolve) => {
            changed = resolve;
          }),
        close: () => client.close(),
        ...control(fixture, wire instanceof StdioV1 ? wire : null, () => client.close()),
      };
    },
  };
}

function childV2(): StdioClientTransport {
  return new StdioClientTransport({ command: process.execPath, args: [main], stderr: 'pipe' });
}

/** Looks behind the front: directly over HTTP, through signals and standard error over stdio. */
function control(
  fixture: HttpFixture,
  child: StdioClientTransport | StdioV1 | null,
  close: () => Promise<void>,
): { changeTools(): void; seen(): Promise<Seen> } {
  if (child === null) {
    return {
      changeTools: () => fixture.gateway.addTool('late'),
      seen: () => Promise.resolve(fixture.gateway as unknown as Seen),
    };
  }
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return {
    changeTools: () => void process.kill(child.pid ?? 0, 'SIGUSR2'),
    async seen() {
      await close();
      return JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as Seen;
    },
  };
}

const settings = [
  settingV2('modern', 'http'),
  settingV2('legacy', 'http'),
  settingV1('http'),
  settingV2('modern', 'stdio'),
  settingV2('legacy', 'stdio'),
  settingV1('stdio'),
];

for (const setting of settings) {
  describe(setting.name, { timeout: 300_000 }, () => {
    let fixture: HttpFixture;
    before(async () => {
      fixture = await startFixture();
    });
    after(() => fixture.front.close(100));

    test('the server introduces itself, and lists its tools in order with all that describes them', async () => {
      const client = await setting.connect(fixture);
      assert.equal(client.serverName(), 'fixture');
      assert.equal(client.instructions(), 'Every call is governed.');
      const { tools } = await client.listTools();
      const names = tools.map((tool) => tool.name);
      const own = setting.transport === 'http' ? ['alice_only'] : [];
      assert.deepEqual(names, [...own, 'echo', 'failing', 'forbidden', 'slow']);
      const echo = tools.find((tool) => tool.name === 'echo');
      assert.deepEqual(echo?._meta, { 'sallyport/skill': 'fixture' });
      assert.deepEqual(
        { ...(echo?.annotations as object) },
        {
          readOnlyHint: true,
          destructiveHint: false,
          idempotentHint: true,
          openWorldHint: false,
        },
      );
      assert.ok(echo?.outputSchema);
      assert.ok(!JSON.stringify(tools).includes('x-mcp-header'));
      await client.close();
    });

    test('a call is answered with text and structure, and the gateway learns where it came from', async () => {
      const client = await setting.connect(fixture);
      await client.listTools();
      const result = await client.callTool('echo', { text: 'a|b' });
      assert.deepEqual((result['structuredContent'] as { rows: unknown }).rows, [[{ text: 'a|b' }]]);
      const [content] = result['content'] as { text: string }[];
      assert.equal(content?.text, '| said |\n| --- |\n| {"text":"a\\|b"} |\n\n1 row.');
      assert.match(String((result['_meta'] as Record<string, unknown>)['sallyport/call']), /^call_/);
      const { calls } = await client.seen();
      const { origin } = calls.at(-1) ?? assert.fail('no call');
      assert.equal(origin['transport'], setting.transport);
      assert.equal(origin['protocolVersion'], setting.protocolVersion);
      assert.deepEqual(origin['client'], { name: 'test-client', version: '9.9' });
      const sessionless = setting.transport === 'http' && setting.protocolVersion === '2026-07-28';
      assert.equal(origin['transportSession'] === undefined, sessionless);
      await client.close();
    });

    test('a refusal reaches the agent as a result that says why, past the output schema', async () => {
      const client = await setting.connect(fixture);
      await client.listTools();
      const refused = await client.callTool('forbidden', {});
      assert.equal(refused['isError'], true);
      const { sallyport } = refused['structuredContent'] as { sallyport: Record<string, unknown> };
      assert.equal(sallyport['outcome'], 'refused');
      assert.deepEqual(sallyport['policies'], ['guardrails#2']);
      const [content] = refused['content'] as { text: string }[];
      assert.equal(
        content?.text,
        `Refused by policy guardrails#2: Schema changes go through migrations.\nCall id: ${String(sallyport['call'])}`,
      );
      const failed = await client.callTool('failing', {});
      assert.equal(failed['isError'], true);
      await assert.rejects(client.callTool('no_such_tool', {}), /Unknown tool: no_such_tool/);
      await client.close();
    });

    test('progress is reported to who asks for it', async () => {
      const client = await setting.connect(fixture);
      const steps: number[] = [];
      const result = await client.callTool(
        'slow',
        { ms: 300 },
        {
          onprogress: ({ progress, message }) => {
            steps.push(progress);
            assert.match(message ?? '', /^running/);
          },
        },
      );
      assert.equal(result['isError'] ?? false, false);
      assert.ok(steps.length >= 2);
      assert.deepEqual(
        steps,
        steps.toSorted((a, b) => a - b),
      );
      await client.close();
    });

    test('a call that the client cancels is cancelled at the gateway', async () => {
      const client = await setting.connect(fixture);
      const abort = new AbortController();
      const call = client.callTool(
        'slow',
        { ms: 30_000 },
        { signal: abort.signal, onprogress: () => abort.abort() },
      );
      await assert.rejects(call);
      if (setting.transport === 'http') await fixture.gateway.until(() => fixture.gateway.aborted.length > 0);
      // The connection goes on: a cancelled call costs nobody else anything.
      const after_ = await client.callTool('echo', { text: 'still here' });
      assert.equal(after_['isError'] ?? false, false);
      const { aborted } = await client.seen();
      assert.deepEqual(aborted, ['slow']);
      await client.close();
    });

    test('a change of tools is announced, and the new list holds it', async () => {
      const client = await setting.connect(fixture);
      await client.listTools();
      const changed = client.toolsChanged();
      // A 2025-era client over HTTP opens its stream after it has connected.
      const nudge = setInterval(() => client.changeTools(), 100);
      client.changeTools();
      await changed;
      clearInterval(nudge);
      const { tools } = await client.listTools();
      assert.ok(tools.some((tool) => tool.name === 'late'));
      await client.close();
    });
  });
}
