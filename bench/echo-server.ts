/**
 * The controls, each a process of its own: `node bench/echo-server.ts http|sdk <result>`, which prints its port. `result` is JSON,
 * `content` and `structuredContent` of the answer that both give to everything.
 */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';

const [, , kind, result = '{}'] = process.argv;
const answer = JSON.parse(result) as {
  readonly content: { type: 'text'; text: string }[];
  readonly structuredContent: Record<string, unknown>;
};

const server = createServer(kind === 'sdk' ? sdk() : bare());
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));

/** JSON in, JSON out, and nothing between. */
function bare(): RequestListener {
  return (req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const { id } = JSON.parse(Buffer.concat(chunks).toString()) as { readonly id: number };
      const body = JSON.stringify({ jsonrpc: '2.0', id, result: answer });
      res.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
      res.end(body);
    });
  };
}

/** The SDK as its documentation has it: a server a request, one tool. */
function sdk(): RequestListener {
  const handler = createMcpHandler(() => {
    const mcp = new McpServer({ name: 'echo', version: '1.0.0' });
    mcp.registerTool('read_customer', { inputSchema: z.object({ email: z.string() }) }, () => answer);
    return mcp;
  });
  const serve = toNodeHandler(handler);
  return (req, res) => {
    const { method = 'POST', url = '/', headers } = req;
    void serve({ method, url, headers, [Symbol.asyncIterator]: () => req[Symbol.asyncIterator]() }, res);
  };
}
