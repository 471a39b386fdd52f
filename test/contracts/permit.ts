import type { JsonObject } from '../../src/model/json.ts';
import type { SqlFacts } from '../../src/model/facts.ts';
import type { ConnectionKind, Limits, Tool, ToolAction } from '../../src/model/tool.ts';
import type { PermittedCall } from '../../src/model/tool-call.ts';

export interface PermitOptions {
  readonly kind: ConnectionKind;
  /** Free-form text; or `fixed`, with its `:names` cut out. */
  readonly text: string;
  readonly fixed?: boolean;
  readonly args?: JsonObject;
  readonly writes?: boolean;
  readonly limits?: Partial<Limits>;
  readonly facts?: Partial<SqlFacts> | null;
  readonly connection?: string;
}

/** A permitted call as `govern/permit.ts` would make it, with facts as the test claims them. */
export function permit(options: PermitOptions): PermittedCall {
  const { kind, text, writes = false } = options;
  const facts: SqlFacts = {
    dialect: kind,
    statements: 1,
    kinds: [text.trim().split(/\s+/u)[0]!.toUpperCase()],
    writes,
    unbounded: false,
    tables: [],
    tablesRead: [],
    tablesWritten: [],
    functions: [],
    columns: [],
    columnsCompared: [],
    systemTables: [],
    resultColumns: null,
    fingerprint: '00',
    ...options.facts,
  };
  const names = Array.from(text.matchAll(/(?<![:\w]):([a-z]\w*)/gu), (match) => match[1]!);
  const action: ToolAction =
    options.fixed === true
      ? {
          kind: 'sql',
          dialect: kind,
          statement: { text, parts: text.split(/(?<![:\w]):[a-z]\w*/u), names, facts },
        }
      : { kind: 'sql', dialect: kind, from: 'statement' };
  const tool: Tool = {
    name: 'tool',
    skill: 'skill',
    description: '',
    connection: { name: options.connection ?? 'backend', kind, environment: 'test' },
    inputSchema: {},
    action,
    inspect: {},
    limits: { rows: 1000, bytes: 1_000_000, timeoutMs: 10_000, ...options.limits },
    columnClasses: {},
    binaryColumns: [],
    reveals: {},
  };
  const args = options.fixed === true ? (options.args ?? {}) : { statement: text };
  return {
    bound: args,
    revealed: {},
    call: {
      principal: {
        kind: 'user',
        issuer: 'test',
        id: 'alice',
        groups: [],
        credential: { kind: 'local', id: 'test' },
      },
      tool,
      arguments: args,
    },
    facts: options.facts === null ? {} : { sql: facts },
    policies: [],
  } as unknown as PermittedCall;
}
