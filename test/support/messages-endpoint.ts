/**
 * A model that says what a test wrote: the Anthropic Messages API on loopback, so that a real agent runs without a
 * model and without leaving the machine.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export const API_KEY = 'sk-ant-scripted';

/** What the model does when it is asked: speaks, or calls tools (all at once) and is asked again with the results. */
export type Turn = { readonly say: string } | { readonly call: readonly ToolUse[] };

/** Turns in order, or a model that looks at what it is shown. */
export type Script = readonly Turn[] | ((asked: ModelRequest) => Turn | Promise<Turn>);

export interface ToolUse {
  /** The id of the `tool_use` block. */
  readonly id: string;
  /** As the agent offers it: `mcp__<server>__<tool>`. */
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** A result as the model is shown it. */
export interface ToolResult {
  readonly id: string;
  readonly isError: boolean;
  readonly text: string;
}

/** One request for a turn of the model. */
export interface ModelRequest {
  /** The body as it was sent. */
  readonly raw: string;
  /** Names of the tools that are offered. */
  readonly tools: readonly string[];
  /** Results that the last message brings back, in its order. */
  readonly results: readonly ToolResult[];
  /** Everything that is not the model's own words coming back to it, as JSON. */
  readonly told: string;
}

export interface MessagesEndpoint {
  /** For `ANTHROPIC_BASE_URL`; also for `HTTPS_PROXY`, which turns every attempt to leave into something unexpected. */
  readonly url: string;
  readonly requests: readonly ModelRequest[];
  /** One line for each request that is not in the script. A test asserts that there is none. */
  readonly unexpected: readonly string[];
  close(): Promise<void>;
}

interface Block {
  readonly type: string;
  readonly text?: string;
  readonly content?: string | readonly Block[];
  readonly tool_use_id?: string;
  readonly is_error?: boolean;
}

interface Body {
  readonly model: string;
  readonly stream?: boolean;
  readonly system?: unknown;
  readonly tools?: readonly { readonly name: string }[];
  readonly messages: readonly { readonly role: string; readonly content: string | readonly Block[] }[];
}

export async function startMessagesEndpoint(script: Script): Promise<MessagesEndpoint> {
  const requests: ModelRequest[] = [];
  const unexpected: string[] = [];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const raw = (await request.toArray()).map(String).join('');
    const path = request.url?.split('?')[0] ?? '';
    const refuse = (why: string): void => {
      unexpected.push(`${request.method} ${request.url}: ${why}`);
      // A status that clients do not retry.
      sendJson(response, 400, { type: 'error', error: { type: 'invalid_request_error', message: why } });
    };
    if (request.method !== 'POST') return refuse('not part of the script');
    if (request.headers['x-api-key'] !== API_KEY) return refuse('another API key');
    if (path === '/v1/messages/count_tokens') return sendJson(response, 200, { input_tokens: 1000 });
    if (path !== '/v1/messages') return refuse('not part of the script');
    const body = JSON.parse(raw) as Body;
    const asked = read(raw, body);
    const turn = typeof script === 'function' ? await script(asked) : script[requests.length];
    if (turn === undefined) return refuse('the script is at its end');
    requests.push(asked);
    const message = toMessage(turn, body.model, requests.length);
    if (body.stream === true) sendEvents(response, message);
    else sendJson(response, 200, message);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      unexpected.push(`${request.method} ${request.url}: ${String(error)}`);
      response.destroy();
    });
  });
  // What a client sends to the proxy that it believes this to be.
  server.on('connect', (request, socket) => {
    unexpected.push(`CONNECT ${request.url}`);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    unexpected,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function read(raw: string, body: Body): ModelRequest {
  const last = body.messages.findLast(({ role }) => role === 'user')?.content ?? [];
  const blocks = typeof last === 'string' ? [] : last;
  return {
    raw,
    tools: (body.tools ?? []).map(({ name }) => name),
    results: blocks
      .filter(({ type }) => type === 'tool_result')
      .map((block) => ({
        id: block.tool_use_id ?? '',
        isError: block.is_error ?? false,
        text: textOf(block.content),
      })),
    told: JSON.stringify([body.system, body.tools, body.messages.filter(({ role }) => role !== 'assistant')]),
  };
}

function textOf(content: Block['content']): string {
  if (content === undefined || typeof content === 'string') return content ?? '';
  return content.map(({ text }) => text ?? '').join('\n');
}

function toMessage(turn: Turn, model: string, count: number) {
  const content =
    'say' in turn
      ? [{ type: 'text' as const, text: turn.say }]
      : turn.call.map((use) => ({ type: 'tool_use' as const, ...use }));
  return {
    id: `msg_${count}`,
    type: 'message' as const,
    role: 'assistant' as const,
    model,
    content,
    stop_reason: 'say' in turn ? ('end_turn' as const) : ('tool_use' as const),
    stop_sequence: null,
    usage: { input_tokens: 10, output_tokens: 10 },
  };
}

/** The same message as the events of a stream, in the order of the API: a start, deltas and a stop for each block. */
function sendEvents(response: ServerResponse, message: ReturnType<typeof toMessage>): void {
  const { content, stop_reason, stop_sequence, usage, ...opening } = message;
  const send = (type: string, data: object): void =>
    void response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  send('message_start', {
    message: {
      ...opening,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { ...usage, output_tokens: 1 },
    },
  });
  for (const [index, block] of content.entries()) {
    const { start, delta } =
      block.type === 'text'
        ? { start: { ...block, text: '' }, delta: { type: 'text_delta', text: block.text } }
        : {
            start: { ...block, input: {} },
            delta: { type: 'input_json_delta', partial_json: JSON.stringify(block.input) },
          };
    send('content_block_start', { index, content_block: start });
    send('content_block_delta', { index, delta });
    send('content_block_stop', { index });
  }
  send('message_delta', {
    delta: { stop_reason, stop_sequence },
    usage: { output_tokens: usage.output_tokens },
  });
  send('message_stop', {});
  response.end();
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
