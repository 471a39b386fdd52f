import { createApprove } from './approve.ts';
import { prepareCouldPermit } from './could-permit.ts';
import { createMemo } from './memo.ts';
import { decideRequest, policyError } from './decide.ts';
import { explainRequest } from './explain.ts';
import { Misfit } from './project.ts';
import { readAt } from './reads.ts';
import { REVEAL, toolAction, UNMASK } from './schema.ts';
import { actionInScope, connectionInScope } from './scope.ts';
import { prepareSlice, readyAt, requestKey, requestOf } from './slice.ts';
import { complete, hiddenFrom } from './not-known.ts';
import { openSlots } from './slots.ts';
import { httpContext } from './http-context.ts';
import { shellContext } from './shell-context.ts';
import { textContext } from './text-context.ts';
import { sqlContext } from './sql-context.ts';
import { createClassPermits } from './class-permits.ts';
import type { Explanation } from './explain.ts';
import type { Policy } from './policy.ts';
import type { ToolSlice } from './decide.ts';
import type { Slots } from './slots.ts';
import type { Path } from './not-known.ts';
import type { Ready, Slice, SliceRequest } from './slice.ts';
import type { Vocabulary } from './schema.ts';
import type { ApprovalRequest } from '../model/approval.ts';
import type { Decision } from '../model/decision.ts';
import type { Facts, SqlFacts } from '../model/facts.ts';
import type { JsonObject } from '../model/json.ts';
import type { Principal } from '../model/principal.ts';
import type { Tool } from '../model/tool.ts';

/** Policies that were loaded and type-checked together, ready to decide. Never throws once loaded. */
export interface PolicySet {
  /** SHA-256, hex, over the schema and every policy with its id. */
  readonly digest: string;
  readonly policies: readonly PolicySummary[];
  /** The vocabulary of these policies in Cedar's schema syntax. */
  readonly schemaText: string;
  decide(question: Question): Decision;
  /** As `decide`, of a call as it is on record, where not everything need be known. */
  decideRecorded(question: RecordedQuestion): Decision | NotDecidable;
  /** As `decide`, with what each policy of the tool said of it. */
  explain(question: Question): Explanation;
  /** The data classes that this principal may see unmasked in results of this tool. */
  unmasked(principal: Principal, tool: Tool): ReadonlySet<string>;
  /** The data classes whose tokens are turned back for this principal in arguments of this tool. */
  revealed(principal: Principal, tool: Tool): ReadonlySet<string>;
  /** Whether a policy that can speak about this tool reads `context.text`, so that it must be looked for. */
  readsText(tool: Tool): boolean;
  /** Whether a policy that can speak about this tool reads this place of the context, or something in it. */
  reads(tool: Tool, path: Path): boolean;
  /** False only where no call of this tool can ever be permitted, whatever its arguments, approved or not. */
  couldPermit(principal: Principal, tool: Tool): boolean;
  /** Whether this reviewer may approve this request now. A service never may, and neither may anybody where a policy errs. */
  mayApprove(reviewer: Principal, request: ApprovalRequest): boolean;
  /** False only where the scopes of the policies show that this principal can never approve anything. */
  couldApprove(reviewer: Principal): boolean;
  /** Frees what Cedar keeps. Questions asked afterwards are refused: close once no call uses the set any more. */
  close(): void;
}

/** May this principal make this call? */
export interface Question {
  readonly principal: Principal;
  readonly tool: Tool;
  /** The arguments, which were checked against the tool's schema. */
  readonly input: JsonObject;
  readonly facts: Facts;
  /** Whether a live grant binds this principal, tool and arguments. */
  readonly approved: boolean;
  /** The client's own name for itself. */
  readonly client: string;
  readonly session: string;
}

/** May this principal make this call, as far as a record tells? */
interface RecordedQuestion {
  readonly principal: Principal;
  /** False where the principal may be in more groups than those that are named. */
  readonly allGroupsKnown: boolean;
  readonly tool: Tool;
  /** What policies see, `input`, `sql`, `approved` and so on; facts may be missing. */
  readonly context: JsonObject;
  /** Places of the context whose value is another than the one that was decided on. */
  readonly notKnown: readonly Path[];
}

/** Policies read what is not known. */
export interface NotDecidable {
  readonly effect: 'not_decidable';
  /** What they read: places of the context, and `principal.groups`. */
  readonly reads: readonly string[];
}

interface PolicySummary {
  readonly id: string;
  readonly file: string;
  readonly line: number;
  readonly effect: 'permit' | 'forbid';
  readonly reason?: string;
  /** Who is asked, where the policy holds a call for approval. */
  readonly approval?: string;
  /** Whether only people count who authenticated outside of every MCP client. */
  readonly highAssurance: boolean;
  /** The names of the tools that it can speak about, sorted. */
  readonly tools: readonly string[];
}

export interface PolicySetParts {
  readonly digest: string;
  readonly schemaText: string;
  readonly policies: readonly Policy[];
  readonly vocabulary: Vocabulary;
  /** Off only to show that it makes no difference. */
  readonly memoise: boolean;
}

/** Per tool: 2,000 decisions of at most 2,000 UTF-16 units of key, under 10 MB at the very worst. */
const MEMO_ENTRIES = 2000;
const MEMO_KEY = 2000;

export function createPolicySet(parts: PolicySetParts): PolicySet {
  const { policies, vocabulary } = parts;
  const slots = openSlots();
  const tools = new Map(
    vocabulary.tools.map((tool) => [tool.name, prepareTool(tool, parts, slots)] as const),
  );
  const unmask = createClassPermits(UNMASK, policies, vocabulary, slots, parts.memoise);
  const reveal = createClassPermits(REVEAL, policies, vocabulary, slots, parts.memoise);
  const approve = createApprove(policies, vocabulary, slots);
  let open = true;

  function decide(question: Question): Decision {
    const tool = tools.get(question.tool.name);
    if (!open || tool === undefined) return unprepared(open);
    const request = requestFor(tool, question);
    return request instanceof Misfit ? misfit(request) : remembering(tool, request, question.approved);
  }

  function decideRecorded(question: RecordedQuestion): Decision | NotDecidable {
    const tool = tools.get(question.tool.name);
    if (!open || tool === undefined) return unprepared(open);
    const { slice } = tool;
    const { context, notKnown } = complete(slice.action.context, question.context, question.notKnown);
    // Where groups are missing, no policy can be told not to be about the caller.
    if (!question.allGroupsKnown && !seesAllGroups(slice, question.principal))
      return { effect: 'not_decidable', reads: ['principal.groups'] };
    const hidden = hiddenFrom(slice, question.principal, notKnown);
    if (hidden.length > 0) return { effect: 'not_decidable', reads: hidden.map((path) => path.join('.')) };
    const request = requestOf(slice, question.principal, context);
    if (request instanceof Misfit) return misfit(request);
    return remembering(tool, request, context['approved'] === true);
  }

  function remembering(tool: PreparedTool, request: SliceRequest, approved: boolean): Decision {
    if (!parts.memoise) return decideRequest(tool, request, approved);
    const key = requestKey(request);
    const remembered = tool.memo.get(key);
    if (remembered !== undefined) return remembered;
    const decision = decideRequest(tool, request, approved);
    tool.memo.set(key, decision);
    return decision;
  }

  return {
    digest: parts.digest,
    policies: policies.map((policy) => summarise(policy, [...tools.values()])),
    schemaText: parts.schemaText,
    decide,
    decideRecorded,
    explain(question) {
      const decision = decide(question);
      const tool = tools.get(question.tool.name);
      if (!open || tool === undefined) return { decision, context: {}, policies: [] };
      return explainRequest(tool, requestFor(tool, question), decision);
    },
    unmasked: (principal, tool) => (open && tools.has(tool.name) ? unmask(principal, tool) : new Set()),
    revealed: (principal, tool) => (open && tools.has(tool.name) ? reveal(principal, tool) : new Set()),
    readsText({ name }) {
      const tool = tools.get(name);
      return tool !== undefined && readsText(tool.slice);
    },
    reads({ name }, path) {
      const tool = tools.get(name);
      return tool !== undefined && readAt(tool.slice.reads.context, path) !== undefined;
    },
    mayApprove: (reviewer, request) => open && approve.may(reviewer, request),
    couldApprove: (reviewer) => approve.could(reviewer),
    couldPermit: (principal, tool) => open && tools.get(tool.name)?.couldPermit(principal) === true,
    close() {
      if (open) slots.release();
      open = false;
    },
  };
}

interface PreparedTool extends ToolSlice {
  /** The facts of an author's statement, which are the same in every call; null where agents write it. */
  readonly fixed: { readonly facts: SqlFacts; readonly context: JsonObject; readonly ready: Ready } | null;
  readonly memo: ReturnType<typeof createMemo<Decision>>;
  readonly couldPermit: (principal: Principal) => boolean;
}

function prepareTool(tool: Tool, parts: PolicySetParts, slots: Slots): PreparedTool {
  const { policies, vocabulary, memoise } = parts;
  const action = toolAction(tool);
  const speaking = policies.filter(
    (policy) =>
      actionInScope(policy, action.name, action.groups) && connectionInScope(policy, tool.connection),
  );
  const slice = prepareSlice(action, speaking, vocabulary, slots);
  return {
    tool,
    slice,
    fixed: fixedOf(tool, slice),
    byId: new Map(speaking.map((policy) => [policy.id, policy])),
    memo: createMemo<Decision>(MEMO_ENTRIES, MEMO_KEY),
    couldPermit: prepareCouldPermit(tool, action, speaking, vocabulary, slots, memoise),
  };
}

function fixedOf({ action }: Tool, slice: Slice): PreparedTool['fixed'] {
  if (!('statement' in action)) return null;
  const { facts } = action.statement;
  const context = sqlContext(facts);
  return { facts, context, ready: readyAt(slice, 'sql', context) };
}

function requestFor(tool: PreparedTool, question: Question): SliceRequest | Misfit {
  const { sql, shell, http, text } = question.facts;
  if (sql === undefined) return new Misfit('sql', 'was not inspected');
  const found = textContext(text, readsText(tool.slice));
  if (found === undefined) return new Misfit('text', 'was not inspected');
  const fixed = tool.fixed?.facts === sql ? tool.fixed : null;
  const context = {
    approved: question.approved,
    client: question.client,
    session: question.session,
    input: question.input,
    sql: fixed?.context ?? sqlContext(sql),
    text: found,
    // One that the tool's type asks for and that is not here is a misfit, and one that it does not know is, too.
    ...(shell === undefined ? {} : { shell: shellContext(shell) }),
    ...(http === undefined ? {} : { http: httpContext(http) }),
  };
  return requestOf(tool.slice, question.principal, context, fixed?.ready);
}

/** Whether every group that policies ask for is among those that are known. */
function seesAllGroups({ reads, known }: Slice, { groups }: Principal): boolean {
  if (!reads.allGroups) return [...reads.groups].every((group) => groups.includes(group));
  return [...known].every((group) => groups.includes(group));
}

function readsText({ reads }: ToolSlice['slice']): boolean {
  return readAt(reads.context, ['text']) !== undefined;
}

function misfit({ path, problem }: Misfit): Decision {
  return policyError([], `A policy can't be applied to this call: ${path} ${problem}.`);
}

function unprepared(open: boolean): Decision {
  return policyError(
    [],
    open
      ? 'This tool is not one that the policies were loaded for.'
      : 'The policies were replaced meanwhile; call again.',
  );
}

function summarise({ id, place, effect, annotations }: Policy, tools: readonly ToolSlice[]): PolicySummary {
  return {
    id,
    file: place.file,
    line: place.line,
    effect,
    ...(annotations.reason === undefined ? {} : { reason: annotations.reason }),
    ...(annotations.approval === undefined ? {} : { approval: annotations.approval.from }),
    highAssurance: annotations.approval?.assurance === 'high',
    tools: tools
      .filter(({ byId }) => byId.has(id))
      .map(({ tool }) => tool.name)
      .sort(),
  };
}
