import { evaluate } from './slice.ts';
import type { Evaluation, Slice, SliceRequest } from './slice.ts';
import type { Policy } from './policy.ts';
import type { ApprovalDemand, Decision, PolicyRef } from '../model/decision.ts';
import type { Tool } from '../model/tool.ts';

/** A tool and the policies that can speak about it. */
export interface ToolSlice {
  readonly tool: Tool;
  readonly slice: Slice;
  readonly byId: ReadonlyMap<string, Policy>;
}

/**
 * Decides one request. "Ask" is answered only where every policy that forbids can be satisfied by approval and the
 * call would be permitted once approved: nobody is asked for what would then be refused.
 */
export function decideRequest(tool: ToolSlice, request: SliceRequest, approved: boolean): Decision {
  const first = evaluateFor(tool, request);
  const ended = settle(tool, first);
  if (ended !== undefined) return ended;

  const forbidding = policiesOf(tool, first);
  const final = forbidding.filter((policy) => policy.annotations.approval === undefined);
  if (approved || final.length > 0) {
    // Beside one that no approval lifts, a policy that asks for approval is not named: it would look as if that helped.
    const told = final.length > 0 ? final : forbidding;
    return {
      effect: 'refuse',
      because: 'forbidden',
      policies: told.map(refOf),
      reason: reasonOf(told, 'Forbidden'),
    };
  }

  const second = decideRequest(tool, { ...request, context: { ...request.context, approved: true } }, true);
  if (second.effect !== 'allow') return second;
  return {
    effect: 'ask',
    demands: forbidding.flatMap(demandsOf),
    policies: forbidding.map(refOf),
    reason: reasonOf(forbidding, 'Held for approval'),
  };
}

/** What ends a decision without looking at who forbids. */
function settle(tool: ToolSlice, evaluation: Evaluation): Decision | undefined {
  if (!evaluation.ok) return policyError(evaluation.erring.flatMap((id) => tool.byId.get(id) ?? []));
  const policies = policiesOf(tool, evaluation).map(refOf);
  if (evaluation.allowed) return { effect: 'allow', policies };
  if (policies.length > 0) return undefined;
  return {
    effect: 'refuse',
    because: 'default_deny',
    policies,
    reason: `No policy permits this call of ${tool.tool.name} on ${tool.tool.connection.name}, and what no policy permits is refused.`,
  };
}

/** Names the policies, and never Cedar's own words: those quote the values of arguments. */
export function policyError(erring: readonly Policy[], detail?: string): Decision {
  const what =
    detail ??
    (erring.length === 0
      ? 'The request could not be put before the policies.'
      : `The policies could not be evaluated for these arguments: ${erring.map(({ id }) => id).join(', ')}.`);
  return {
    effect: 'refuse',
    because: 'policy_error',
    policies: erring.map(refOf),
    reason: `${what} What can't be decided is refused.`,
  };
}

function evaluateFor({ tool, slice }: ToolSlice, request: SliceRequest): Evaluation {
  return evaluate(slice, request, { type: 'Connection', connection: tool.connection });
}

function policiesOf(tool: ToolSlice, evaluation: Evaluation): readonly Policy[] {
  return evaluation.ok ? evaluation.determining.flatMap((id) => tool.byId.get(id) ?? []) : [];
}

function refOf({ id, annotations }: Policy): PolicyRef {
  return annotations.reason === undefined ? { id } : { id, reason: annotations.reason };
}

function demandsOf(policy: Policy): readonly ApprovalDemand[] {
  const { approval } = policy.annotations;
  if (approval === undefined) return [];
  return [
    {
      policy: refOf(policy),
      from: approval.from,
      approvals: approval.approvals,
      ...(approval.expiresMs === undefined ? {} : { expiresMs: approval.expiresMs }),
      ...(approval.grantsMs === undefined ? {} : { grantsMs: approval.grantsMs }),
      justify: approval.justify,
      ...(approval.assurance === undefined ? {} : { assurance: approval.assurance }),
    },
  ];
}

function reasonOf(policies: readonly Policy[], otherwise: string): string {
  const sentences = policies.map(
    ({ id, annotations }) => annotations.reason ?? `${otherwise} by policy ${id}.`,
  );
  return [...new Set(sentences)].join(' ');
}
