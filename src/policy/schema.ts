import { schemaToText } from '@cedar-policy/cedar-wasm/nodejs';
import type { ActionType, NamespaceDefinition, SchemaJson } from '@cedar-policy/cedar-wasm/nodejs';
import { BOOL, STRING, record, toCedarType, withAttributes } from './context-type.ts';
import { actionGroups, inspectKinds } from './scope.ts';
import { inputType } from './input-type.ts';
import { HTTP } from './http-context.ts';
import { SHELL } from './shell-context.ts';
import { TEXT } from './text-context.ts';
import { SQL } from './sql-context.ts';
import type { Omitted } from './input-type.ts';
import type { RecordContext } from './context-type.ts';
import type { InspectKind } from '../model/facts.ts';
import type { Connection, Tool } from '../model/tool.ts';

/** Everything that a policy may name. */
export interface Vocabulary {
  readonly tools: readonly Tool[];
  readonly groups: readonly string[];
  readonly environments: readonly string[];
  readonly connections: readonly Connection[];
  readonly dataClasses: readonly string[];
}

/** An action as policies see it. */
export interface Action {
  readonly name: string;
  readonly groups: readonly string[];
  readonly context: RecordContext;
  readonly omitted: readonly Omitted[];
  readonly principals: readonly string[];
  readonly resource: 'Connection' | 'DataClass';
  /** Shown to authors. */
  readonly doc: string;
}

/** Names of actions and groups of actions that no tool may have. */
export const RESERVED_ACTIONS: readonly string[] = [
  'call',
  'sql',
  'http',
  'mcp',
  'claude',
  'shell',
  'approve',
  'unmask',
  'reveal',
  // The gateway's own tool: a skill must not stand in for it before reviewers.
  'review_approvals',
];

/** The type of the facts of each kind of inspected argument. */
const INSPECTED: Readonly<Record<InspectKind, RecordContext>> = { shell: SHELL, http: HTTP };

const INSPECT_KINDS: readonly InspectKind[] = ['shell', 'http'];

/**
 * Stands in the schema for the tools of a kind where there is none, so that a guardrail for commands is type-checked
 * before the first tool takes one. Its name is none that a tool can have, so nothing is ever decided by it.
 */
function standIn(kind: InspectKind): Action {
  return {
    name: `any tool with ${kind}`,
    groups: [kind],
    context: record({ approved: BOOL, client: STRING, session: STRING, text: TEXT, [kind]: INSPECTED[kind] }),
    omitted: [],
    principals: ['User', 'Service'],
    resource: 'Connection',
    doc: `No tool: what policies may say of tools with an argument that is inspected as ${kind}.`,
  };
}

export function toolAction(tool: Tool): Action {
  const input = inputType(tool.inputSchema);
  return {
    name: tool.name,
    groups: actionGroups(tool),
    context: withAttributes(
      record({ approved: BOOL, client: STRING, session: STRING, sql: SQL, text: TEXT }),
      {
        input: { type: input.type, required: true },
        ...Object.fromEntries(
          inspectKinds(tool).map((kind) => [kind, { type: INSPECTED[kind], required: true }]),
        ),
      },
    ),
    omitted: input.omitted,
    principals: ['User', 'Service'],
    resource: 'Connection',
    doc: tool.description,
  };
}

/** Approving a held call. Only people approve. */
export const APPROVE: Action = {
  name: 'approve',
  groups: [],
  context: withAttributes(
    // A service that asked is the User `service:<id>` here, with the groups of the service, for an attribute of
    // Cedar has one entity type; `requesterKind` tells them apart.
    record({ requester: { kind: 'entity', name: 'User' }, requesterKind: STRING, tool: STRING }),
    {
      sql: { type: SQL, required: false },
      shell: { type: SHELL, required: false },
      http: { type: HTTP, required: false },
      text: { type: TEXT, required: false },
    },
  ),
  omitted: [],
  principals: ['User'],
  resource: 'Connection',
  doc: 'Approve a held call of someone else; the resource is its connection.',
};

export const UNMASK: Action = {
  name: 'unmask',
  groups: [],
  context: record({ tool: STRING, connection: { kind: 'entity', name: 'Connection' } }),
  omitted: [],
  principals: ['User', 'Service'],
  resource: 'DataClass',
  doc: 'See values of a data class unmasked in results.',
};

/** Having a token turned back for a tool that declares so; whoever asks does not see the value. */
export const REVEAL: Action = {
  ...UNMASK,
  name: 'reveal',
  doc: 'Have a token of a data class turned back in an argument of a tool that declares it; the agent sees no value.',
};

/** All actions, those of the tools first. */
export function actionsOf(vocabulary: Vocabulary): readonly Action[] {
  const kinds = new Set(vocabulary.tools.flatMap(inspectKinds));
  const missing = INSPECT_KINDS.filter((kind) => !kinds.has(kind));
  return [...vocabulary.tools.map(toolAction), ...missing.map(standIn), APPROVE, UNMASK, REVEAL];
}

/** Names of the groups of actions that policies may name, whether or not a tool is in one. */
export function actionGroupNames(vocabulary: Vocabulary): readonly string[] {
  return [...new Set(['call', 'sql', ...INSPECT_KINDS, ...vocabulary.tools.flatMap(actionGroups)])];
}

/**
 * A schema of these actions. With all of them it is what policies are checked against; with one, cut to what is
 * read, what it is decided by.
 */
export function cedarSchema(
  vocabulary: Vocabulary,
  actions: readonly Action[],
  groups: readonly string[],
): SchemaJson<string> {
  const declared: [string, ActionType<string>][] = groups.map((name) => [name, {}]);
  for (const action of actions) {
    declared.push([
      action.name,
      {
        memberOf: action.groups.map((id) => ({ id })),
        appliesTo: {
          principalTypes: [...action.principals],
          resourceTypes: [action.resource],
          context: toCedarType(action.context),
        },
        annotations: { doc: action.doc },
      },
    ]);
  }
  const namespace: NamespaceDefinition<string> = {
    entityTypes: {
      User: { memberOfTypes: ['Group'] },
      Service: { memberOfTypes: ['Group'] },
      // Enumerated, so that a misspelt name is an error and not a policy that never applies.
      Group: { enum: atLeastOne(vocabulary.groups) },
      Environment: { enum: atLeastOne(vocabulary.environments) },
      DataClass: { enum: atLeastOne(vocabulary.dataClasses) },
      // Cedar's enumerated entities can't have parents; the loader looks at the names of connections itself.
      Connection: { memberOfTypes: ['Environment'] },
    },
    actions: Object.fromEntries(declared),
  };
  return { '': namespace };
}

/** The schema that policies are checked against. */
export function fullSchema(vocabulary: Vocabulary, actions: readonly Action[]): SchemaJson<string> {
  return cedarSchema(vocabulary, actions, actionGroupNames(vocabulary));
}

/** The schema as a person reads it, in Cedar's schema syntax. */
export function schemaText(vocabulary: Vocabulary): string {
  const rendered = schemaToText(fullSchema(vocabulary, actionsOf(vocabulary)));
  if (rendered.type === 'failure')
    throw new Error(`Cedar refuses the schema: ${rendered.errors.map((error) => error.message).join('; ')}`);
  // No declared type has the name of one of Cedar's own, so the prefix says nothing.
  return rendered.text.replaceAll(/__cedar::(?=(?:String|Bool|Long|decimal)\b)/g, '');
}

/** Cedar's enumerations can't be empty; no entity is ever made with the empty id. */
function atLeastOne(names: readonly string[]): string[] {
  return names.length === 0 ? [''] : [...names];
}
