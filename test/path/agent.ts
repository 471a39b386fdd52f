/** A real MCP client of one user, and what it was told. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { CallToolResult, RequestOptions } from '@modelcontextprotocol/client';

export interface Agent {
  /** Calls a tool. A call that the protocol itself refuses rejects. */
  call(tool: string, args: Record<string, unknown>, options?: RequestOptions): Promise<Told>;
  readonly client: Client;
  close(): Promise<void>;
}

/** One answer, in both of its renderings. */
export interface Told {
  readonly call: string;
  /** `answered`, or what `structuredContent.sallyport` says. */
  readonly outcome: string;
  readonly reason: string;
  readonly policies: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
  readonly rowsAffected: number | null;
  readonly text: string;
  /** Everything that came over the wire. */
  readonly whole: string;
}

export interface AgentOptions {
  readonly era?: 'modern' | 'legacy';
  /** Called when the server says that its tools changed. */
  readonly toolsChanged?: () => void;
  readonly resourcesChanged?: () => void;
}

export async function connectAgent(
  endpoint: string,
  token: string,
  options: AgentOptions = {},
): Promise<Agent> {
  const { era = 'modern', toolsChanged = () => undefined, resourcesChanged = () => undefined } = options;
  const client = new Client(
    { name: 'test-agent', version: '1.0' },
    {
      versionNegotiation: { mode: era === 'modern' ? { pin: '2026-07-28' } : 'legacy' },
      listChanged: {
        tools: { autoRefresh: false, debounceMs: 0, onChanged: toolsChanged },
        resources: { autoRefresh: false, debounceMs: 0, onChanged: resourcesChanged },
      },
    },
  );
  const headers = { authorization: `Bearer ${token}` };
  await client.connect(new StreamableHTTPClientTransport(new URL(endpoint), { requestInit: { headers } }));
  return {
    client,
    async call(tool, args, callOptions) {
      return toldBy(await client.callTool({ name: tool, arguments: args }, callOptions));
    },
    close: () => client.close(),
  };
}

interface Structured {
  readonly rows?: readonly (readonly unknown[])[];
  readonly rowsAffected?: number | null;
  readonly sallyport?: {
    readonly outcome: string;
    readonly reason: string;
    readonly policies: readonly string[];
    readonly call: string;
  };
}

function toldBy(result: CallToolResult): Told {
  const structured = (result.structuredContent ?? {}) as Structured;
  const call = String(result._meta?.['sallyport/call']);
  const { sallyport } = structured;
  const text = result.content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
  if (result.isError === true && sallyport?.call !== call)
    throw new Error(`an error without its call: ${text}`);
  return {
    call,
    outcome: sallyport?.outcome ?? 'answered',
    reason: sallyport?.reason ?? '',
    policies: sallyport?.policies ?? [],
    rows: structured.rows ?? [],
    rowsAffected: structured.rowsAffected ?? null,
    text,
    whole: JSON.stringify(result),
  };
}
