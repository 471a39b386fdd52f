import { answerLost } from './answer.ts';
import { askOf, questionFor, waitsFor, type RequesterQuestion } from './ask-requester.ts';
import { taskView } from './create-task.ts';
import { govern } from './govern.ts';
import { PASSING } from './record.ts';
import { end, letGo, ownerOf, type OpenTask } from './task-steps.ts';
import type { TaskAnswer, TaskRequest, Tasks } from './gateway.ts';
import type { Stations } from './stations.ts';
import type { TaskRuns } from './task-runs.ts';
import type { TaskContent, TaskKey } from './task-seal.ts';
import type { Answer } from '../model/answer.ts';
import type { Approval } from '../model/approval.ts';
import type { NewRecord } from '../model/record.ts';
import type { Principal } from '../model/principal.ts';
import type { StoredTask, TaskChange, TaskView } from '../model/task.ts';
import type { CallInput } from '../model/tool-call.ts';

/** How long a poll waits for the call that it set off: most are over by then, and their result goes out with it. */
const IN_FRONT_OF_THE_CLIENT = 1_500;

/** A task as it is now, shown to its owner. */
interface Found {
  readonly ok: true;
  readonly stored: StoredTask;
  readonly key: TaskKey;
  readonly content: TaskContent;
  readonly principal: Principal;
}

type Missing = Extract<TaskAnswer, { readonly ok: false }>;

/**
 * Held calls that are polled for. Everything is read from the store at each poll, by whichever process it reaches; the
 * call itself goes down THE LINE again, as the principal who polls, under the rules of that moment.
 */
export function createTasks(stations: Stations, runs: TaskRuns): Tasks {
  const { signal: never } = new AbortController();

  async function find({ handle, credential }: TaskRequest): Promise<Found | Missing> {
    const identified = await stations.identify(credential);
    if (!identified.ok) return { ok: false, problem: 'unidentified' };
    const { principal } = identified;
    const key = stations.tasks.seal.read(handle);
    const stored = key === null ? null : await stations.tasks.find(key.id);
    if (key === null || stored === null || stations.now() >= stored.expiresAt) return UNKNOWN;
    const content = stored.owner === ownerOf(principal) ? key.open(stored) : null;
    return content === null ? UNKNOWN : { ok: true, stored, key, content, principal };
  }

  function approvalOf({ stored }: Found): Promise<Approval | null> {
    return stations.desk.changed(stored.approval, 0, 0, never);
  }

  /** Down the line, apart from the request that set it off. Null where it is not over yet. */
  async function run(request: TaskRequest, task: OpenTask, input: CallInput | null): Promise<Answer | null> {
    const { tool, arguments: args, toolUseId } = task.call;
    const origin = { ...request.origin, ...(toolUseId === null ? {} : { toolUseId }) };
    const call = { tool, arguments: args, credential: request.credential, origin, input };
    let answer: Answer | null = null;
    await runs.join(task.stored.id, IN_FRONT_OF_THE_CLIENT, async (signal) => {
      answer = await govern(call, stations, { signal }, task);
    });
    return answer;
  }

  /** Carries out what can be, and gives up what nobody carries out any more. Whether there is something new to see. */
  async function advance(request: TaskRequest, found: Found): Promise<boolean> {
    const task = openTask(found);
    if (task === null || !stations.accepting()) return false;
    if (found.stored.state === 'running') return await giveUpWhereLost(found);
    if ((await approvalOf(found))?.status === 'pending') return false;
    await run(request, task, null);
    return true;
  }

  async function giveUpWhereLost({ stored, key }: Found): Promise<boolean> {
    const { id, call, approval, runsUntil } = stored;
    const now = stations.now();
    if (runs.has(id) || call === null || runsUntil === null || now < runsUntil || !isCallId(call))
      return false;
    const reply = stations.tasks.reply(answerLost(call), '');
    const event = { task: id, approval };
    await stations.appendWith([record('task.lost', now, call, event)], end({ stored, key }, reply, now));
    return true;
  }

  async function statusOf(found: Found, request: TaskRequest): Promise<TaskView['status']> {
    const { content, stored } = found;
    if (content.kind === 'reply') return { kind: 'ended', reply: content.reply };
    if (content.kind === 'nothing') return { kind: 'cancelled' };
    if (stored.state === 'running') return { kind: 'working', message: 'The call is being carried out.' };
    const approval = await approvalOf(found);
    if (approval === null || approval.status !== 'pending')
      return { kind: 'working', message: 'It is decided; the call is taken up at the next poll.' };
    const message = waitsFor(approval);
    const page = stations.pageOf(approval.request.id);
    const question = questionFor(approval, content.call.arguments, request.origin.elicitation, page);
    if (question === null) return { kind: 'working', message };
    const { purpose, ask } = question;
    return { kind: 'input_required', message, key: keyOf(purpose, approval), ask };
  }

  async function view(found: Found, request: TaskRequest): Promise<TaskAnswer> {
    return { ok: true, task: taskView(found.stored, found.key.handle, await statusOf(found, request)) };
  }

  /** A store that can't be used, or a bug: on the operator's log, and to be asked again. */
  async function guarded(request: TaskRequest, work: () => Promise<TaskAnswer>): Promise<TaskAnswer> {
    try {
      return await work();
    } catch (error) {
      const id = stations.tasks.seal.read(request.handle)?.id ?? 'task_';
      stations.alarm(id, 'task', error);
      return UNAVAILABLE;
    }
  }

  return {
    get: (request) =>
      guarded(request, async () => {
        const found = await find(request);
        if (!found.ok || !(await advance(request, found)))
          return found.ok ? await view(found, request) : found;
        const now = await find(request);
        return now.ok ? await view(now, request) : now;
      }),

    update: (request, answers) =>
      guarded(request, async () => {
        const key = stations.tasks.seal.read(request.handle);
        if (key !== null) await runs.settled(key.id);
        const found = await find(request);
        if (!found.ok) return found;
        const task = openTask(found);
        const approval = task === null || found.stored.state !== 'waiting' ? null : await approvalOf(found);
        const said = approval === null ? null : answered(approval, answers);
        if (task === null || said === null) return await view(found, request);
        const asked = { purpose: said.purpose, approval: found.stored.approval, later: [] };
        const state = stations.requestState.seal(asked, found.principal, stations.now());
        const answer = await run(request, task, { state, ...said.input });
        // Not heard, so it must not be acknowledged: the client says it again.
        return answer !== null && hasPassed(answer) ? UNAVAILABLE : await view(found, request);
      }),

    cancel: (request) =>
      guarded(request, async () => {
        const found = await find(request);
        if (!found.ok) return found;
        const { stored, key, principal } = found;
        runs.stop(stored.id);
        if (stored.state !== 'waiting' || !(await cancelled(stored, key))) return await view(found, request);
        // A grant for a while was not given for this call alone.
        if ((await approvalOf(found))?.grantedUntil === null)
          await stations.desk.revoke(stored.approval, principal, 'Its client let go of the task.');
        return await view(found, request);
      }),
  };

  async function cancelled(stored: StoredTask, key: TaskKey): Promise<boolean> {
    const now = stations.now();
    const change: TaskChange = letGo({ stored, key }, now);
    const event = { task: stored.id, approval: stored.approval };
    return await stations.appendWith([record('task.cancelled', now, null, event)], change);
  }
}

const UNKNOWN: Missing = { ok: false, problem: 'unknown' };
const UNAVAILABLE: Missing = { ok: false, problem: 'unavailable' };

/** Refused for a reason that says nothing of the call: it goes on waiting. */
function hasPassed(answer: Answer): boolean {
  return answer.outcome === 'refused' && answer.cause !== null && PASSING.includes(answer.cause);
}

function openTask({ stored, key, content }: Found): OpenTask | null {
  return content.kind === 'call' ? { stored, key, call: content.call } : null;
}

type Said = Omit<CallInput, 'state'>;

/** What was answered of that which is still asked: the form, or that the link was followed or put aside. */
function answered(
  approval: Approval,
  answers: ReadonlyMap<string, Said>,
): { readonly purpose: RequesterQuestion['purpose']; readonly input: Said } | null {
  const step = approval.status === 'pending' ? askOf(approval) : null;
  if (step === null) return null;
  for (const purpose of [step, 'visit'] as const) {
    const input = answers.get(keyOf(purpose, approval));
    if (input !== undefined) return { purpose, input };
  }
  return null;
}

/** Asked once of one request, so never of another question of the task. */
function keyOf(purpose: RequesterQuestion['purpose'], { request }: Approval): string {
  return `${purpose}.${request.id}`;
}

function record(
  type: 'task.lost' | 'task.cancelled',
  time: number,
  call: string | null,
  event: NewRecord['event'],
): NewRecord {
  return { type, time, session: null, call, event, payload: null };
}

function isCallId(text: string): text is `call_${string}` {
  return text.startsWith('call_');
}
