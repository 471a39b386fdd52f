import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as fc from 'fast-check';
import { asked, groups, list, policy, tools, tryLoad } from '../policy/generate.ts';
import { decideAgain } from '../../src/replay/decide-again.ts';
import { recordedCall, type RecordedCall } from '../../src/replay/recorded-call.ts';
import type { Answered } from '../../src/replay/recorded-call.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { PolicySet, Question } from '../../src/policy/policy-set.ts';
import { openRandomLine, type RandomLine } from './random-line.ts';

let line: RandomLine;
before(async () => {
  line = await openRandomLine();
});
after(async () => {
  await line.close();
});

/** As `asked`, by callers that identity lets in, and with values that are masked on record. */
const call: fc.Arbitrary<Question> = fc
  .tuple(
    asked,
    fc.constantFrom(null, null, null, 'ann@example.com', 'mail ann@example.com, card 4111 1111 1111 1111'),
    fc.constantFrom(null, null, null, 'claude ann@example.com'),
    fc.constantFrom(null, null, null, 'ann@example.com'),
  )
  .map(([question, city, client, table]) => ({
    ...question,
    principal: {
      ...question.principal,
      id: question.principal.id.toWellFormed(),
      groups: question.principal.groups.toSorted(),
    },
    approved: false,
    ...(client === null ? {} : { client }),
    ...(city === null ? {} : { input: { ...question.input, city } }),
    facts: {
      ...question.facts,
      sql: { ...question.facts.sql!, ...(table === null ? {} : { tables: [table, 'orders'] }) },
    },
  }));

const vocabulary = { tools, groups };
/** Random ones rarely permit what they hold. */
const HELD = `permit (principal, action == Action::"list", resource);
@approval("dba") forbid (principal, action == Action::"list", resource)
when { context.sql.writes } unless { context.approved };`;
const policies = fc
  .tuple(fc.constantFrom('', HELD), fc.array(policy, { minLength: 1, maxLength: 4 }))
  .map(([first, all]) => [first, ...all].join('\n'));

interface Again {
  readonly recorded: RecordedCall;
  readonly question: Question;
  readonly verdict: Awaited<ReturnType<typeof decideAgain>>;
}

/** Puts the calls on record under one set, and decides them again under another. */
async function again(
  calls: readonly (readonly [Question, boolean])[],
  then: PolicySet,
  under: PolicySet,
): Promise<readonly Again[]> {
  const questions = new Map<string, Question>();
  const records = [];
  for (const [question, approve] of calls) {
    await line.ask(question, then, approve);
    const fresh = await line.records();
    records.push(...fresh);
    for (const { call: id } of fresh) if (id !== null) questions.set(id, question);
  }
  opened.push(...records.filter(({ type }) => type === 'session.opened'));
  const decided = [];
  for (const record of records) {
    const recorded = recordedCall(record);
    if (recorded === null || 'cause' in recorded) continue;
    const question = questions.get(recorded.call)!;
    const sandbox = line.sandbox(opened, () => Promise.resolve({ ok: true, facts: question.facts }));
    const candidate = { ...line.candidate(under), tools: new Map([[list.name, list]]) };
    const verdict = await decideAgain(recorded, candidate, sandbox);
    // The session is part of what was asked, and is given at the door.
    decided.push({ recorded, question: { ...question, session: recorded.session }, verdict });
  }
  return decided;
}
const opened: Awaited<ReturnType<RandomLine['records']>>[number][] = [];

/** What the policies say of the very question, with nothing masked. */
function truth(set: PolicySet, question: Question, wasApproved: boolean): Answered {
  const first = set.decide({ ...question, approved: false });
  const decision =
    first.effect === 'ask' && wasApproved ? set.decide({ ...question, approved: true }) : first;
  return {
    effect: decision.effect,
    approved: decision !== first,
    because: decision.effect === 'refuse' ? decision.because : null,
    policies: decision.policies.map(({ id }) => id).toSorted(),
  };
}

const seen = { same: 0, changed: 0, not_decidable: 0, approved: 0, held: 0, refused: 0 };

function count({ recorded, verdict }: Again): void {
  seen[verdict.kind] += 1;
  if (recorded.answer.approved) seen.approved += 1;
  if (recorded.answer.effect === 'ask') seen.held += 1;
  if (recorded.answer.effect === 'refuse') seen.refused += 1;
}

test('under unchanged policies no recorded call comes out otherwise, and only what was masked is not decidable', async () => {
  await fc.assert(
    fc.asyncProperty(
      policies,
      fc.array(fc.tuple(call, fc.boolean()), { minLength: 1, maxLength: 8 }),
      async (text, calls) => {
        const set = tryLoad(text, vocabulary);
        fc.pre(set !== undefined);
        for (const one of await again(calls, set, set)) {
          count(one);
          const { verdict, recorded } = one;
          assert.notEqual(verdict.kind, 'changed', JSON.stringify([recorded, verdict, text]));
          if (verdict.kind === 'not_decidable') assert.notDeepEqual(recorded.masked, []);
        }
        set.close();
      },
    ),
    { numRuns: 60 },
  );
  for (const [what, times] of Object.entries(seen).filter(([key]) => key !== 'changed'))
    assert.ok(times > 0, `${what}: ${times}`);
});

test('under other policies a recorded call comes out as the policies say of the very call, or is not decidable', async () => {
  const kinds: JsonObject[] = [];
  await fc.assert(
    fc.asyncProperty(
      policies,
      policies,
      fc.array(fc.tuple(call, fc.boolean()), { minLength: 1, maxLength: 8 }),
      async (text, otherText, calls) => {
        const [set, other] = [tryLoad(text, vocabulary), tryLoad(otherText, vocabulary)];
        fc.pre(set !== undefined && other !== undefined);
        for (const { recorded, question, verdict } of await again(calls, set, other)) {
          kinds.push({ kind: verdict.kind });
          if (verdict.kind === 'not_decidable') continue;
          const now = verdict.kind === 'changed' ? verdict.after : recorded.answer;
          const should = truth(other, question, recorded.answer.approved);
          const { policies: told } = now;
          assert.deepEqual(
            { ...now, policies: told ?? should.policies },
            should,
            `${text}\n//\n${otherText}`,
          );
        }
        set.close();
        other.close();
      },
    ),
    { numRuns: 60 },
  );
  for (const kind of ['same', 'changed', 'not_decidable'])
    assert.ok(kinds.filter((one) => one['kind'] === kind).length > 0, kind);
});
