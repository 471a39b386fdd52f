import { REVIEW_TOOL } from './review.ts';
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
  const tools = permittedTools(rules, principal).map((tool) => listed(tool, outputSchema));
  const all = rules.policies.couldApprove(principal) ? [...tools, REVIEW] : tools;
  return all.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The tools that policy could ever let the principal call. */
export function permittedTools(rules: Rules, principal: Principal): readonly Tool[] {
  return [...rules.tools.values()].filter((tool) => rules.policies.couldPermit(principal, tool));
}

/** For reviewers only. It takes no arguments: a decision is an answer to the form and never a model's word. */
const REVIEW: ListedTool = {
  name: REVIEW_TOOL,
  title: 'Review requests for approval',
  description:
    'Asks you, the person, to approve or decline what other people’s agents want to do and policy holds. Shows one ' +
    'request after the other as a form, and waits a while for new ones.',
  inputSchema: { type: 'object', properties: {}, additionalProperties: false },
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  meta: {},
};

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
