import type { Tool } from '@modelcontextprotocol/server';
import type { ListedTool } from '../govern/gateway.ts';
import type { Json, JsonObject } from '../model/json.ts';

/** A tool as `tools/list` shows it. */
export function toWireTool(tool: ListedTool): Tool {
  return {
    name: tool.name,
    ...(tool.title === undefined ? {} : { title: tool.title }),
    description: tool.description,
    inputSchema: { ...withoutHeaderNames(tool.inputSchema), type: 'object' },
    ...(tool.outputSchema === undefined ? {} : { outputSchema: { ...tool.outputSchema, type: 'object' } }),
    annotations: { ...tool.annotations },
    ...(Object.keys(tool.meta).length === 0 ? {} : { _meta: { ...tool.meta } }),
  };
}

/**
 * `x-mcp-header` has clients copy arguments into HTTP headers, where proxies log them unmasked, and obliges the
 * server to compare the two. The mark is optional for a server, so none is ever advertised.
 */
function withoutHeaderNames(schema: JsonObject): JsonObject {
  const kept: Record<string, Json> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'x-mcp-header' && typeof value === 'string') continue;
    kept[key] = stripped(value);
  }
  return kept;
}

function stripped(value: Json): Json {
  if (isList(value)) return value.map(stripped);
  if (typeof value === 'object' && value !== null) return withoutHeaderNames(value);
  return value;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
