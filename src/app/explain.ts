import { withRules } from './check.ts';
import { inspectCall } from '../inspect/inspect-call.ts';
import type { Configuration } from './configuration.ts';
import { causesOf } from '../inspect/sql/causes.ts';
import type { Cause, Facts, NotUnderstood } from '../model/facts.ts';
import type { JsonObject } from '../model/json.ts';
import type { Loaded } from '../model/load-error.ts';
import type { Principal } from '../model/principal.ts';
import type { Tool } from '../model/tool.ts';
import type { Explanation } from '../policy/explain.ts';

export interface ExplainQuestion {
  readonly user: string;
  readonly service: boolean;
  /** Where left out, those that the configuration itself gives this user: `identity.dev.users`, `identity.local`. */
  readonly groups: readonly string[] | undefined;
  readonly tool: string;
  readonly args: JsonObject;
  readonly approved: boolean;
}

/** Where a call would end, and why. */
export type Explained =
  | { readonly station: 'address'; readonly problem: string }
  | { readonly station: 'inspect'; readonly notUnderstood: NotUnderstood }
  | {
      readonly station: 'decide';
      readonly facts: Facts;
      /** Which parts of the statement made the facts what they are. */
      readonly causes: readonly Cause[];
      readonly explanation: Explanation;
      readonly groups: readonly string[];
      /** Data classes that this principal would see unmasked. */
      readonly unmasked: readonly string[];
      /** Arguments of this tool in which tokens would be turned back for this principal; null where it declares none. */
      readonly revealed: readonly string[] | null;
    };

/** Walks a call from the door to the decision and runs nothing: the same stations, the same rules, no backend. */
export async function explainCall(
  configuration: Configuration,
  question: ExplainQuestion,
): Promise<Loaded<Explained>> {
  return await withRules(configuration, async (rules, warnings, inspector) => {
    const done = (value: Explained): Loaded<Explained> => ({ ok: true, value, warnings });
    const tool = rules.tools.get(question.tool);
    const validate = rules.validators.get(question.tool);
    if (tool === undefined || validate === undefined) {
      const known = [...rules.tools.keys()].join(', ');
      return done({
        station: 'address',
        problem: `there is no tool "${question.tool}"; there are: ${known}`,
      });
    }
    const valid = validate(question.args);
    if (!valid.ok) return done({ station: 'address', problem: valid.problems.join('; ') });

    const inspected = await inspectCall(
      tool,
      question.args,
      inspector,
      rules.policies.readsText(tool) ? rules.patterns : null,
    );
    if (!inspected.ok) return done({ station: 'inspect', notUnderstood: inspected.notUnderstood });
    const { facts } = inspected;
    const causes = facts.sql === undefined ? [] : causesOf(statementOf(tool, question.args), facts.sql);
    const principal = principalOf(question, configuration);
    const explanation = rules.policies.explain({
      principal,
      tool,
      input: question.args,
      facts,
      approved: question.approved,
      client: 'explain',
      session: 'explain',
    });
    const unmasked = [...rules.policies.unmasked(principal, tool)].toSorted();
    const permitted = rules.policies.revealed(principal, tool);
    const reveals = Object.entries(tool.reveals);
    const revealed =
      reveals.length === 0 ? null : reveals.flatMap(([name, of]) => (permitted.has(of) ? [name] : []));
    return done({
      station: 'decide',
      facts,
      causes,
      explanation,
      groups: principal.groups,
      unmasked,
      revealed,
    });
  });
}

/** The statement that the facts are of: the author's, or the agent's. */
function statementOf({ action }: Tool, args: JsonObject): string {
  if ('statement' in action) return action.statement.text;
  const text = args[action.from];
  return typeof text === 'string' ? text : '';
}

function principalOf({ user, service, groups }: ExplainQuestion, { identity }: Configuration): Principal {
  const local = identity.local?.user === user ? identity.local.groups : [];
  const known = service ? [] : (new Map(Object.entries(identity.dev.users)).get(user) ?? local);
  return {
    kind: service ? 'service' : 'user',
    id: user,
    issuer: 'explain',
    groups: [...new Set(groups ?? known)].toSorted(),
    credential: { kind: 'local', id: 'explain' },
  };
}
