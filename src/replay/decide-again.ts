import { httpContext } from '../policy/http-context.ts';
import { sqlContext } from '../policy/sql-context.ts';
import type { Candidate, RecordedSession, RulesParts, Sandbox } from './candidate.ts';
import type { Answered, RecordedCall } from './recorded-call.ts';
import type { Facts } from '../model/facts.ts';
import type { JsonObject } from '../model/json.ts';
import type { Decision } from '../model/decision.ts';
import type { Principal } from '../model/principal.ts';
import type { Tool } from '../model/tool.ts';
import type { NotDecidable } from '../policy/policy-set.ts';

export type Verdict =
  | { readonly kind: 'same' }
  | { readonly kind: 'changed'; readonly after: Answered }
  /** What policies read that the record does not hold, or holds masked. */
  | { readonly kind: 'not_decidable'; readonly reads: readonly string[] };

/**
 * Decides a recorded call again. What it was decided on comes from the record: where that has not all of it and the texts
 * that are inspected stand there as they were, they are inspected once more.
 */
export async function decideAgain(
  recorded: RecordedCall,
  candidate: Candidate,
  sandbox: Sandbox,
): Promise<Verdict> {
  const tool = candidate.tools.get(recorded.tool);
  if (tool === undefined) return compared(recorded, refused('unknown_tool'));
  const session = await sandbox.session(recorded.session);
  if (session === null) return { kind: 'not_decidable', reads: ['principal'] };
  const asked = caseOf(recorded, tool, session, candidate, sandbox.partsOf(recorded.rules));
  if ('because' in asked) return compared(recorded, asked);
  if ('reads' in asked) return { kind: 'not_decidable', reads: asked.reads };

  const from = await decide(asked, candidate, sandbox);
  if ('reads' in from) return { kind: 'not_decidable', reads: from.reads };
  return compared(recorded, from);
}

/** Everything that is known of a call. */
interface Case {
  readonly recorded: RecordedCall;
  readonly tool: Tool;
  readonly principal: Principal;
  readonly allGroupsKnown: boolean;
  readonly args: JsonObject | null;
  readonly facts: JsonObject;
  readonly masked: readonly (readonly string[])[];
  /** By now the tool may take its statement from another argument, or in another dialect. */
  readonly sameSkills: boolean;
}

function caseOf(
  recorded: RecordedCall,
  tool: Tool,
  session: RecordedSession,
  candidate: Candidate,
  parts: RulesParts | null,
): Case | Answered | NotDecidable {
  const args = recorded.arguments;
  const masked = recorded.masked ?? EVERYTHING;
  const sameSkills = parts?.skills === candidate.parts.skills;
  if (!sameSkills && args !== null && candidate.validators.get(tool.name)?.(args).ok === false) {
    // What stands in place of a masked value need not fit where the value did.
    const inArguments = masked.some(([kind]) => kind === 'input');
    return inArguments ? { effect: 'not_decidable', reads: ['input'] } : refused('invalid_arguments');
  }
  const { shell, http, sql, text } = recorded.facts;
  const fixed = 'statement' in tool.action;
  const kept = {
    ...(sql === undefined || fixed ? {} : { sql }),
    ...(shell === undefined ? {} : { shell }),
    ...(http === undefined ? {} : { http }),
    ...(text === undefined || parts?.patterns !== candidate.parts.patterns ? {} : { text }),
  };
  return {
    recorded,
    tool,
    principal: {
      kind: session.kind,
      id: recorded.principal,
      issuer: session.issuer,
      groups: session.groups,
      credential: { kind: 'local', id: 'replay' },
    },
    allGroupsKnown: session.allGroups,
    args,
    // An author's statement is what the skill says it is.
    facts: 'statement' in tool.action ? { ...kept, sql: sqlContext(tool.action.statement.facts) } : kept,
    masked: fixed ? masked.filter(([kind]) => kind !== 'sql') : masked,
    sameSkills,
  };
}

/** Of records that do not say what masking changed, any of it may be. */
const EVERYTHING: readonly (readonly string[])[] = ['input', 'sql', 'shell', 'http', 'client'].map((kind) => [
  kind,
]);

async function decide(asked: Case, candidate: Candidate, sandbox: Sandbox): Promise<Answered | NotDecidable> {
  const first = answer(asked, candidate);
  if ((asked.sameSkills && !('reads' in first)) || !asInspected(asked)) return first;
  // Texts are found in all arguments, statements and commands in their own.
  const whole = asked.masked.every(([kind]) => kind !== 'input');
  const texts = whole && candidate.policies.readsText(asked.tool);
  const inspected = await sandbox.inspect(asked.tool, asked.args ?? {}, texts);
  if (!inspected.ok) {
    const { reason } = inspected.notUnderstood;
    // The machine's own trouble says nothing of the rules.
    return reason === 'timeout' || reason === 'crashed' ? first : refused('not_understood');
  }
  const facts = { ...asked.facts, ...namesOf(inspected.facts) };
  const masked = asked.masked.filter(([kind]) => kind === 'input' || kind === 'client');
  return answer({ ...asked, facts, masked }, candidate);
}

/** Whether everything that is inspected stands on record as it was. */
function asInspected({ tool, recorded, args, masked }: Case): boolean {
  if (args === null || recorded.masked === null) return false;
  const { action } = tool;
  const inspected = [...('from' in action ? [action.from] : []), ...Object.keys(tool.inspect)];
  return masked.every(
    ([kind, name]) => kind !== 'input' || (name !== undefined && !inspected.includes(name)),
  );
}

function answer(asked: Case, { policies }: Candidate): Answered | NotDecidable {
  const { recorded, args, facts, masked } = asked;
  const client = recorded.client;
  const ask = (approved: boolean): Decision | NotDecidable =>
    policies.decideRecorded({
      principal: asked.principal,
      allGroupsKnown: asked.allGroupsKnown,
      tool: asked.tool,
      context: {
        ...facts,
        approved,
        session: recorded.session,
        ...(client === null ? {} : { client }),
        ...(args === null ? {} : { input: args }),
      },
      notKnown: masked,
    });
  const first = ask(false);
  // Somebody approved it then: whether it has to be asked for again or not, the call had their word.
  const decision = first.effect === 'ask' && recorded.answer.approved ? ask(true) : first;
  if (decision.effect === 'not_decidable') return decision;
  const turnedBack = policies.revealed(asked.principal, asked.tool);
  // A token that is not turned back is refused before anybody is asked.
  if (decision.effect !== 'refuse' && !recorded.tokens.every((of) => turnedBack.has(of)))
    return refused('default_deny');
  return {
    effect: decision.effect,
    approved: decision !== first,
    because: decision.effect === 'refuse' ? decision.because : null,
    policies: decision.policies.map(({ id }) => id).toSorted(),
  };
}

function namesOf({ sql, shell, http, text }: Facts): JsonObject {
  return {
    ...(sql === undefined ? {} : { sql: sqlContext(sql) }),
    ...(shell === undefined ? {} : { shell: { ...shell } }),
    ...(http === undefined ? {} : { http: httpContext(http) }),
    ...(text === undefined ? {} : { text: { ...text } }),
  };
}

function refused(because: string): Answered {
  return { effect: 'refuse', approved: false, because, policies: [] };
}

function compared({ answer: before }: RecordedCall, after: Answered): Verdict {
  const same =
    before.effect === after.effect &&
    before.approved === after.approved &&
    before.because === after.because &&
    (before.policies === null || before.policies.join('\n') === after.policies?.join('\n'));
  return same ? { kind: 'same' } : { kind: 'changed', after };
}
