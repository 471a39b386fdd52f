import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadPolicies } from '../../src/policy/load.ts';
import type { LoadPolicies } from '../../src/policy/load.ts';
import type { PolicySet, Question } from '../../src/policy/policy-set.ts';
import type { ShellFacts, SqlFacts } from '../../src/model/facts.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { LoadError } from '../../src/model/load-error.ts';
import type { Principal } from '../../src/model/principal.ts';
import type { Connection, Tool } from '../../src/model/tool.ts';

export const crm: Connection = { name: 'crm', kind: 'sqlite', environment: 'demo' };
export const billing: Connection = { name: 'billing', kind: 'postgres', environment: 'production' };

/** Facts of a plain SELECT, with what is said otherwise. */
export function sqlFacts(over: Partial<SqlFacts> = {}): SqlFacts {
  return {
    dialect: 'sqlite',
    statements: 1,
    kinds: ['SELECT'],
    writes: false,
    unbounded: false,
    tables: ['customers'],
    tablesRead: ['customers'],
    tablesWritten: [],
    functions: [],
    columns: ['id', 'name'],
    columnsCompared: [],
    systemTables: [],
    resultColumns: null,
    fingerprint: 'aa11',
    ...over,
  };
}

/** Facts of a plain `ls`, with what is said otherwise. */
export function shellFacts(over: Partial<ShellFacts> = {}): ShellFacts {
  return {
    commands: 1,
    programs: ['ls'],
    subcommands: [],
    flags: [],
    writes: false,
    deletes: false,
    destroys: false,
    network: false,
    hosts: [],
    uploads: false,
    pathsRead: ['.'],
    pathsWritten: [],
    pathsDeleted: [],
    pathsRun: [],
    readsFrom: ['workspace'],
    writesTo: [],
    runsFrom: [],
    elevates: false,
    runsCode: false,
    fetchesAndRuns: false,
    installs: false,
    changesEnvironment: false,
    background: false,
    substitutes: false,
    fingerprint: 'bb22',
    ...over,
  };
}

export function makeTool(
  name: string,
  properties: JsonObject,
  over: Partial<Tool> & { required?: string[] } = {},
): Tool {
  const { required = Object.keys(properties), ...rest } = over;
  return {
    name,
    skill: 'customer-support',
    description: `The tool ${name}.`,
    connection: crm,
    inputSchema: { type: 'object', properties, required, additionalProperties: false },
    action: {
      kind: 'sql',
      dialect: 'sqlite',
      statement: { text: 'SELECT 1', parts: ['SELECT 1'], names: [], facts: sqlFacts() },
    },
    inspect: {},
    limits: { rows: 100, bytes: 100_000, timeoutMs: 1000 },
    columnClasses: {},
    binaryColumns: [],
    reveals: {},
    ...rest,
  };
}

const string = { type: 'string' };
const integer = { type: 'integer' };

/** The tools of the shipped skill, as far as policies see them. */
export const exampleTools: readonly Tool[] = [
  makeTool('find_customer', { email: string }),
  makeTool('list_customers', { city: string, limit: integer }),
  makeTool('customer_orders', { customer_id: integer }),
  makeTool('search_notes', { text: string }),
  makeTool('update_customer_phone', { customer_id: integer, phone: string }),
  makeTool('add_note', { customer_id: integer, body: string }),
  makeTool(
    'run_sql',
    { statement: string },
    { action: { kind: 'sql', dialect: 'sqlite', from: 'statement' } },
  ),
];

export function tool(name: string, tools: readonly Tool[] = exampleTools): Tool {
  const found = tools.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no tool ${name}`);
  return found;
}

export function user(id: string, ...groups: string[]): Principal {
  return {
    kind: 'user',
    id,
    issuer: 'test',
    groups: groups.sort(),
    credential: { kind: 'local', id: 'test' },
  };
}

export function service(id: string, ...groups: string[]): Principal {
  return { ...user(id, ...groups), kind: 'service' };
}

export const vocabulary: Omit<LoadPolicies, 'files'> = {
  tools: exampleTools,
  groups: ['support', 'dba', 'audit', 'fraud'],
  connections: [crm, billing],
  dataClasses: ['email', 'phone', 'payment_card', 'us_ssn', 'iban'],
};

/** Loads one file of policies; throws with the errors where it does not load. */
export function policySet(text: string, over: Partial<LoadPolicies> = {}): PolicySet {
  const loaded = loadPolicies({ ...vocabulary, files: [{ path: 'policies/test.cedar', text }], ...over });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors, null, 1));
  return loaded.value;
}

/** The errors of a file that must not load. */
export function errorsOf(text: string, over: Partial<LoadPolicies> = {}): readonly LoadError[] {
  const loaded = loadPolicies({ ...vocabulary, files: [{ path: 'policies/test.cedar', text }], ...over });
  if (loaded.ok) {
    loaded.value.close();
    throw new Error('these policies load');
  }
  return loaded.errors;
}

export function question(over: Partial<Question> & { tool: Tool }): Question {
  return {
    principal: user('alice', 'support'),
    input: {},
    facts: { sql: sqlFacts() },
    approved: false,
    client: 'test',
    session: 's1',
    ...over,
  };
}

/** The policies that ship. */
export function shippedPolicies(): LoadPolicies['files'] {
  const folder = new URL('../../policies', import.meta.url).pathname;
  return readdirSync(folder)
    .filter((name) => name.endsWith('.cedar'))
    .map((name) => ({ path: `policies/${name}`, text: readFileSync(join(folder, name), 'utf8') }));
}
