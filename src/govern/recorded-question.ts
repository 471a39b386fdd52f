import { maskedAt } from './masked-at.ts';
import { tokensOf } from './reveal.ts';
import { maskJson, maskText } from '../masking/mask.ts';
import { withoutUrl, type Facts, type SqlFacts } from '../model/facts.ts';
import type { Rules } from './stations.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Masked } from '../model/result.ts';
import type { ToolCall } from '../model/tool-call.ts';

/** What a call was decided on, as it goes on record. */
export interface RecordedQuestion {
  readonly arguments: Masked<Json>;
  readonly facts: JsonObject;
  /** What the record would otherwise not tell of the question that was put to policy. */
  readonly replay: JsonObject;
}

/**
 * Arguments and facts masked, and where masking changed them: there the record holds another value than was decided on,
 * and whoever decides again has to know it. The principal's groups are on record with the session.
 */
export function recordedQuestion(
  call: ToolCall,
  facts: Facts,
  { masking, policies }: Rules,
): RecordedQuestion {
  const { tool } = call;
  const { name } = call.origin.client;
  const args = maskJson(call.arguments, masking);
  const named = factNames(facts, (fact) => policies.reads(tool, ['sql', fact]));
  const shown = masked(named);
  const client = policies.reads(tool, ['client']) ? maskText(name, masking).value : undefined;
  const changed = [
    ...maskedAt('/input', call.arguments, args.value),
    ...Object.entries(named).flatMap(([kind, of]) => maskedAt(`/${kind}`, of, shown[kind] ?? null)),
    ...(client === undefined ? [] : maskedAt('/client', name, client)),
  ];
  const tokens = tokensOf(call).map(({ token }) => token.class);
  const replay = {
    ...(changed.length === 0 ? {} : { masked: changed }),
    ...(client === undefined ? {} : { client }),
    ...(tokens.length === 0 ? {} : { tokens }),
  };
  return { arguments: args, facts: shown, replay };

  function masked(names: JsonObject): JsonObject {
    // An author's names are an author's, as those of patterns are; in what an agent wrote, a name can hold anything.
    const own = 'statement' in tool.action ? ['sql', 'text'] : ['text'];
    return Object.fromEntries(
      Object.entries(names).map(([kind, of]): [string, Json] => [
        kind,
        own.includes(kind) ? of : maskJson(of, masking).value,
      ]),
    );
  }
}

/** Characters of JSON. An entry of the log takes 64 KiB, and what there is no room for is only missing when replayed. */
const ROOM = 16_000;

/** The facts as far as an entry surely has room for them, so that nothing is unrecorded for their sake. */
export function withinRoom(facts: JsonObject): JsonObject {
  return JSON.stringify(facts).length > ROOM ? {} : facts;
}

function factNames({ sql, shell, http, text }: Facts, reads: (fact: string) => boolean): JsonObject {
  return {
    ...(sql === undefined ? {} : { sql: sqlNames(sql, reads) }),
    ...(shell === undefined ? {} : { shell: { ...shell } }),
    ...(http === undefined ? {} : { http: withoutUrl(http) }),
    ...(text === undefined ? {} : { text: { ...text } }),
  };
}

/** Facts that policies seldom read and that can be long: on record where a policy of the tool reads them. */
const WHERE_READ = ['dialect', 'tablesRead', 'columns', 'columnsCompared', 'systemTables'] as const;

function sqlNames(sql: SqlFacts, reads: (fact: string) => boolean): JsonObject {
  const { kinds, writes, unbounded, tables, tablesWritten, functions, statements, fingerprint } = sql;
  const read = WHERE_READ.filter(reads).map((name): [string, Json] => [name, sql[name]]);
  return {
    kinds,
    writes,
    unbounded,
    tables,
    tablesWritten,
    functions,
    statements,
    fingerprint,
    ...(read.length === 0 ? {} : withinRoom(Object.fromEntries(read))),
  };
}
