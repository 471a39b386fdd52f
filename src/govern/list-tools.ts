import type { ListedTool } from './gateway.ts';
import type { Rules } from './stations.ts';
import type { JsonObject } from '../model/json.ts';
import type { Principal } from '../model/principal.ts';
import type { Tool } from '../model/tool.ts';

/**
 * The tools that policy could ever let the principal call, sorted by name. A listing is a courtesy, not a control: a
 * call of a tool that is not listed is decided like any other.
 */
export function listTools(
  rules: Rules,
  principal: Principal,
  outputSchema: JsonObject,
): readonly ListedTool[] {
  return [...rules.tools.values()]
    .filter((tool) => rules.policies.couldPermit(principal, tool))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((tool) => listed(tool, outputSchema));
}

function listed(tool: Tool, outputSchema: JsonObject): ListedTool {
  const { name, title, description, inputSchema, action, skill, connection } = tool;
  // What an agent writes itself may do anything that policy allows, so its hints promise nothing.
  const facts = 'statement' in action ? action.statement.facts : null;
  const reads = facts !== null && !facts.writes;
  return {
    name,
    ...(title === undefined ? {} : { title }),
    description,
    inputSchema,
    outputSchema,
    annotations: {
      readOnlyHint: reads,
      destructiveHint: !reads && !(facts?.kinds.every((kind) => kind === 'INSERT') ?? false),
      idempotentHint: reads,
      openWorldHint: false,
    },
    meta: { 'sallyport/skill': skill, 'sallyport/connection': connection.name },
  };
}
