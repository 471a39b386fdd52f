import type { CallIo } from './gateway.ts';
import type { Rules, Stations } from './stations.ts';
import type { Approval } from '../model/approval.ts';
import type { CallId, CallRequest, ToolCall } from '../model/tool-call.ts';
import type { Facts } from '../model/facts.ts';
import type { Principal } from '../model/principal.ts';
import type { InputAsk, RefusalCause } from '../model/answer.ts';
import type { OpenTask } from './task-steps.ts';
import type { Watch } from '../model/watch.ts';

/** A request with what it is given at the door: an id, a time, and the rules it will be judged by to the end. */
export interface Received {
  readonly id: CallId;
  readonly at: number;
  readonly request: CallRequest;
  readonly rules: Rules;
  readonly watch: Watch;
  readonly io: CallIo;
  /** The task that this call is the execution of; null for a call that a client made. */
  readonly task: OpenTask | null;
}

/** Why a station let a call go no further, and what is known of it by then. */
export interface Refusal {
  readonly ok: false;
  readonly cause: RefusalCause;
  /** Sentences for the agent. No value of the arguments, no word of an internal error. */
  readonly reason: string;
  /** For the record only; holds no secret. */
  readonly detail?: string;
  readonly policies?: readonly string[];
  readonly principal?: Principal;
  readonly session?: string;
  /** The request for approval that ended it. */
  readonly approval?: string;
}

/** A call that goes no further for now: a person has to speak first. */
export interface Held {
  readonly ok: false;
  readonly held: 'awaiting_approval' | 'input_required' | 'task';
  readonly approval: Approval;
  readonly call: ToolCall;
  /** For the agent. */
  readonly reason: string;
  /** Present with `input_required`. */
  readonly ask?: InputAsk;
  readonly state?: string;
}

/** A call that was put before policy, and what policy was told of it. */
export interface Judged {
  readonly call: ToolCall;
  readonly facts: Facts;
  /** Ids of the policies that hold it; empty where it is not held. */
  readonly holding: readonly string[];
}

export function receive(
  request: CallRequest,
  stations: Stations,
  io: CallIo,
  task: OpenTask | null = null,
): Received {
  const id = stations.newCallId();
  const traceparent = request.origin.traceparent;
  const watch = stations.watch({
    call: id,
    tool: request.tool,
    ...(traceparent === undefined ? {} : { traceparent }),
  });
  return { id, at: stations.now(), request, rules: stations.rules(), watch, io, task };
}
