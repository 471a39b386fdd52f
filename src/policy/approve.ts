import { Misfit } from './project.ts';
import { APPROVE } from './schema.ts';
import { actionInScope, connectionInScope, principalInScope } from './scope.ts';
import { evaluate, prepareSlice, requestOf } from './slice.ts';
import type { EntityJson } from '@cedar-policy/cedar-wasm/nodejs';
import type { Policy } from './policy.ts';
import type { Vocabulary } from './schema.ts';
import type { Slots } from './slots.ts';
import type { ApprovalRequest } from '../model/approval.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Principal } from '../model/principal.ts';
import type { Connection } from '../model/tool.ts';

/** What `Action::"approve"` says. */
export interface Approve {
  may(reviewer: Principal, request: ApprovalRequest): boolean;
  could(reviewer: Principal): boolean;
}

/** Says who may approve what. Whatever goes wrong, nobody may; and a service never may, whatever policies say. */
export function createApprove(policies: readonly Policy[], vocabulary: Vocabulary, slots: Slots): Approve {
  const speaking = policies.filter((policy) => actionInScope(policy, APPROVE.name, APPROVE.groups));
  const slice = prepareSlice(APPROVE, speaking, vocabulary, slots);

  return {
    may(reviewer, request) {
      if (reviewer.kind !== 'user') return false;
      // As it is configured today: a connection that is gone can't be approved on.
      const connection = vocabulary.connections.find(({ name }) => name === request.connection);
      if (connection === undefined) return false;
      const requester = requesterId(request);
      const asked = requestOf(slice, reviewer, {
        requester: { type: 'User', id: requester },
        requesterKind: request.requester.kind,
        tool: request.tool,
        ...sqlOf(request.facts),
        ...inspectedOf(request.facts),
      });
      if (asked instanceof Misfit || !requester.isWellFormed()) return false;
      // The reviewer's own entity, where they are the same: with the groups of now.
      const same = slice.reads.principalId && requester === reviewer.id;
      const beside = same ? [] : [entityOf(requester, request, slice.known)];
      const evaluation = evaluate(slice, asked, { type: 'Connection', connection }, beside);
      return evaluation.ok && evaluation.allowed;
    },
    could(reviewer) {
      if (reviewer.kind !== 'user') return false;
      const reaching = speaking.filter((policy) => principalInScope(policy, reviewer));
      return vocabulary.connections.some((connection) => couldOn(reaching, connection));
    },
  };
}

/** False only where scopes alone show that nothing on this connection can ever be approved. */
function couldOn(reaching: readonly Policy[], connection: Connection): boolean {
  const here = reaching.filter((policy) => connectionInScope(policy, connection));
  return (
    here.some(({ effect }) => effect === 'permit') &&
    !here.some(({ effect, json }) => effect === 'forbid' && json.conditions.length === 0)
  );
}

/** An attribute of Cedar has one entity type, so that a service that asked is a `User` of another name. */
function requesterId({ requester }: ApprovalRequest): string {
  return requester.kind === 'user' ? requester.id : `service:${requester.id}`;
}

function entityOf(id: string, request: ApprovalRequest, known: ReadonlySet<string>): EntityJson {
  const groups = request.requesterGroups.filter((group) => known.has(group));
  return {
    uid: { type: 'User', id },
    attrs: {},
    parents: groups.map((group) => ({ type: 'Group', id: group })),
  };
}

const SQL_FACTS = [
  'kinds',
  'writes',
  'unbounded',
  'statements',
  'tables',
  'tablesRead',
  'tablesWritten',
  'columns',
  'columnsCompared',
  'systemTables',
  'functions',
  'fingerprint',
  'dialect',
] as const;

/** The facts that policies know; one that is missing makes the request a misfit. */
function sqlOf(facts: JsonObject): JsonObject {
  const sql = facts['sql'];
  if (!isObject(sql)) return {};
  const known = SQL_FACTS.flatMap((name) => {
    const value = sql[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { sql: Object.fromEntries(known) };
}

/** As `sqlOf`. All facts of an inspected argument, and of free text, that are on file are for policies. */
function inspectedOf({ shell, http, text }: JsonObject): JsonObject {
  return {
    ...(isObject(shell) ? { shell } : {}),
    ...(isObject(http) ? { http } : {}),
    ...(isObject(text) ? { text } : {}),
  };
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
