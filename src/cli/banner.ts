import { join, resolve } from 'node:path';
import type { Serving } from '../app/serve-http.ts';

export interface BannerFacts extends Pick<Serving, 'endpoint' | 'devTokens' | 'tools'> {
  /** The checkout or package folder. */
  readonly root: string;
  /** The configuration that is served. */
  readonly config: string;
  /** Whether the example's tools are there to be tried. */
  readonly example: boolean;
}

/** What a person sees who has just started the gateway: where it is, and what to do next, ready to paste. */
export function banner({ endpoint, devTokens, tools, root, config, example }: BannerFacts): string {
  const [first] = devTokens;
  const token = first?.token ?? '<token>';
  const command = join(root, 'bin', 'sallyport');
  const shell = [command, resolve(config)].map(shellWord);
  const desktop = { mcpServers: { sallyport: { command, args: ['stdio', '--config', resolve(config)] } } };
  const sections = [
    `Sallyport is listening, with ${tools} tools.\n\n  ${endpoint}`,
    ...(first === undefined ? [] : [tokens(devTokens)]),
    section(
      'Claude Code',
      `claude mcp add --transport http sallyport ${endpoint} --header "Authorization: Bearer ${token}"`,
    ),
    section(
      'Claude Desktop: Settings, Developer, Edit Config: claude_desktop_config.json (a gateway of its own, as identity.local)',
      JSON.stringify(desktop, null, 2),
    ),
    section('Claude Agent SDK', agentSdk(endpoint, token)),
    ...(first === undefined || !example ? [] : [section('Try it', curl(endpoint, token))]),
    section('See it on record', onRecord(shell)),
    'Edits of skills and policies are taken while it runs. Ctrl-C stops it. More: docs/clients.md, docs/operating.md',
  ];
  return `\n${sections.join('\n\n')}\n\n`;
}

function tokens(devTokens: BannerFacts['devTokens']): string {
  const lines = devTokens.map(({ user, groups, token }) => `  ${user} (${groups.join(', ')})\n    ${token}`);
  return `Development tokens, good for 12 hours. identity.dev is on: never do this in production.\n\n${lines.join('\n')}`;
}

function section(title: string, body: string): string {
  return `${title}\n\n${body.replaceAll(/^/gm, '  ')}`;
}

function agentSdk(endpoint: string, token: string): string {
  return [
    'query({ prompt, options: { mcpServers: { sallyport: {',
    `  type: 'http', url: '${endpoint}',`,
    `  headers: { Authorization: 'Bearer ${token}' },`,
    '} } } })',
  ].join('\n');
}

function onRecord([command, config]: readonly string[]): string {
  return ['list', 'show ID'].map((what) => `${command} sessions ${what} --config ${config}`).join('\n');
}

/** A path as a shell takes it: a checkout may lie in a folder whose name has a space. */
function shellWord(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** One governed call of the example's first tool, in the protocol's newest revision. */
function curl(endpoint: string, token: string): string {
  const call = {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: {
      name: 'find_customer',
      arguments: { email: 'ben.castillo3@example.com' },
      _meta: {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientInfo': { name: 'curl', version: '8' },
        'io.modelcontextprotocol/clientCapabilities': {},
      },
    },
  };
  return [
    `curl -s ${endpoint} \\`,
    `  -H 'Authorization: Bearer ${token}' \\`,
    `  -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' \\`,
    `  -H 'MCP-Protocol-Version: 2026-07-28' -H 'Mcp-Method: tools/call' -H 'Mcp-Name: find_customer' \\`,
    `  -d '${JSON.stringify(call)}'`,
  ].join('\n');
}
