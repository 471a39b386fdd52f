import { Misfit } from './project.ts';
import { authorize, callOf } from './slice.ts';
import { openSlots } from './slots.ts';
import type { CedarValueJson } from '@cedar-policy/cedar-wasm/nodejs';
import type { Policy } from './policy.ts';
import type { Evaluation, SliceRequest } from './slice.ts';
import type { ToolSlice } from './decide.ts';
import type { Decision } from '../model/decision.ts';

/** Why a call is decided as it is. For authors: it holds the arguments as they are. */
export interface Explanation {
  readonly decision: Decision;
  /** What of the context the tool's policies read, as they see it. */
  readonly context: Readonly<Record<string, CedarValueJson>>;
  /** Every policy that can speak about the tool, in the order of the files. */
  readonly policies: readonly PolicyVerdict[];
}

interface PolicyVerdict {
  readonly id: string;
  readonly file: string;
  readonly line: number;
  readonly effect: 'permit' | 'forbid';
  readonly outcome: 'matched' | 'did_not_match' | 'error';
  /** Cedar's words, where it erred. */
  readonly error?: string;
  readonly reason?: string;
  /** Who is asked, where the policy holds a call for approval. */
  readonly approval?: string;
}

/** Asks every policy of the tool alone what it says of the request that was decided. */
export function explainRequest(
  tool: ToolSlice,
  request: SliceRequest | Misfit,
  decision: Decision,
): Explanation {
  if (request instanceof Misfit) return { decision, context: {}, policies: [] };
  const slots = openSlots();
  try {
    const policies = tool.slice.policies.map((policy) => {
      const alone = callOf(tool.slice, slots.policySet([policy]), request, {
        type: 'Connection',
        connection: tool.tool.connection,
      });
      return verdict(policy, authorize(alone));
    });
    return { decision, context: request.context, policies };
  } finally {
    slots.release();
  }
}

function verdict({ id, place, effect, annotations }: Policy, evaluation: Evaluation): PolicyVerdict {
  return {
    id,
    file: place.file,
    line: place.line,
    effect,
    ...(evaluation.ok
      ? { outcome: evaluation.determining.includes(id) ? 'matched' : 'did_not_match' }
      : { outcome: 'error', error: evaluation.detail }),
    ...(annotations.reason === undefined ? {} : { reason: annotations.reason }),
    ...(annotations.approval === undefined ? {} : { approval: annotations.approval.from }),
  };
}
