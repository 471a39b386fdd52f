import type { SqlDialect } from '../model/facts.ts';
import type { JsonObject } from '../model/json.ts';
import type { LoadError } from '../model/load-error.ts';
import type { Connection, ConnectionKind, FixedStatement, Limits, Tool, ToolAction } from '../model/tool.ts';
import { checkInputSchema, closeObjects } from './input-schema.ts';
import { isObject } from './json-schema-keywords.ts';
import { didYouMean } from './nearest.ts';
import { requiredStringProblem } from './required-string.ts';
import { revealProblem } from './reveal-problem.ts';
import type { DeclaredTool } from './schema.ts';
import type { YamlDocument, YamlPath } from './yaml-document.ts';

export type CompiledSql =
  | { readonly ok: true; readonly statement: FixedStatement }
  | {
      readonly ok: false;
      readonly message: string;
      /** Where in the statement, in characters. */
      readonly offset?: number;
    };

/** What a tool is checked against. */
export interface ToolSurroundings {
  readonly connections: ReadonlyMap<string, Connection>;
  readonly compileSql: (dialect: SqlDialect, text: string) => Promise<CompiledSql>;
  /** For limits that the tool does not set. */
  readonly defaults: Limits;
  /** The data classes that masking knows. */
  readonly dataClasses: readonly string[];
}

interface BuiltTool {
  /** Absent where there is an error. */
  readonly tool?: Tool;
  readonly errors: readonly LoadError[];
  readonly warnings: readonly LoadError[];
}

const DIALECTS = { sqlite: 'sqlite', postgres: 'postgres', mysql: 'mysql' } as const satisfies Record<
  ConnectionKind,
  SqlDialect
>;

/** Checks one declared tool against everything around it, and makes it a `Tool`. */
export async function buildTool(
  name: string,
  declared: DeclaredTool,
  input: JsonObject,
  skill: string,
  document: YamlDocument,
  around: ToolSurroundings,
): Promise<BuiltTool> {
  const errors: LoadError[] = [];
  const warnings: LoadError[] = [];
  const say = (
    to: LoadError[],
    path: YamlPath,
    message: string,
    more: { readonly at?: 'key' | 'value'; readonly offset?: number; readonly suggestion?: string } = {},
  ): void => {
    const { at = 'value', offset = 0, suggestion } = more;
    to.push({
      file: document.file,
      ...document.positionOf(['tools', name, ...path], at, offset),
      message: `tools.${name}${path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('')}: ${message}`,
      ...(suggestion === undefined ? {} : { suggestion }),
    });
  };

  const connection = around.connections.get(declared.connection);
  if (connection === undefined) {
    const known = [...around.connections.keys()].sort();
    const expected =
      known.length === 0 ? 'a connection, but none is configured' : `one of ${known.join(', ')}`;
    say(errors, ['connection'], `unknown connection "${declared.connection}"; expected ${expected}`, {
      ...didYouMean(declared.connection, known),
    });
  }

  for (const { path, at, message, suggestion, severity } of checkInputSchema(input)) {
    const more = suggestion === undefined ? { at } : { at, suggestion };
    say(severity === 'error' ? errors : warnings, ['input', ...path], message, more);
  }

  for (const [column, dataClass] of Object.entries(declared.columns ?? {})) {
    if (around.dataClasses.includes(dataClass)) continue;
    const expected = `one of ${around.dataClasses.join(', ')}`;
    const message = `unknown data class "${dataClass}"; expected ${expected}`;
    say(errors, ['columns', column], message, didYouMean(dataClass, around.dataClasses));
  }

  const properties = isObject(input['properties']) ? input['properties'] : {};
  const names = Object.keys(properties);
  const fixed = async (dialect: SqlDialect, text: string): Promise<ToolAction | undefined> => {
    const compiled = await around.compileSql(dialect, text);
    if (!compiled.ok) {
      const more = compiled.offset === undefined ? {} : { offset: compiled.offset };
      say(errors, ['sql'], `the statement is not understood: ${compiled.message}`, more);
      return undefined;
    }
    const { statement } = compiled;
    const { statements } = statement.facts;
    if (statements !== 1) say(errors, ['sql'], `found ${statements} statements; expected exactly one`);
    let offset = 0;
    const unknown = new Set<string>();
    for (const [i, parameter] of statement.names.entries()) {
      offset += statement.parts[i]?.length ?? 0;
      const at = { offset };
      offset += parameter.length + 1;
      if (names.includes(parameter)) continue;
      if (!unknown.has(parameter)) {
        const message = `the parameter :${parameter} has no property in input; expected one of ${names.join(', ') || '(none)'}`;
        say(errors, ['sql'], message, { ...at, ...didYouMean(parameter, names) });
      }
      unknown.add(parameter);
    }
    warnUnused((property) => statement.names.includes(property));
    return { kind: 'sql', dialect, statement };
  };

  /** Says what keeps an argument from being read as text at every call. */
  const requiredString = (path: YamlPath, argument: string): void => {
    const problem = requiredStringProblem(input, argument);
    if (problem !== undefined) say(errors, path, problem.message, problem);
  };

  const free = (dialect: SqlDialect, from: string): ToolAction => {
    requiredString(['sql', 'from'], from);
    warnUnused((name_) => name_ === from);
    return { kind: 'sql', dialect, from };
  };

  const inspect = declared.inspect ?? {};
  for (const [argument, kind] of Object.entries(inspect)) {
    requiredString(['inspect', argument], argument);
    const first = Object.keys(inspect).find((each) => inspect[each] === kind);
    if (first === argument) continue;
    const message = `"${first}" is inspected as ${kind} already; expected one argument a kind, for policies read context.${kind}`;
    say(errors, ['inspect', argument], message);
  }

  const reveals = declared.reveals ?? {};
  for (const [argument, dataClass] of Object.entries(reveals)) {
    const problem = revealProblem(argument, dataClass, declared, input, around.dataClasses);
    if (problem !== undefined) say(errors, ['reveals', argument], problem.message, problem);
  }

  const warnUnused = (used: (property: string) => boolean): void => {
    for (const property of names.filter((each) => !used(each))) {
      say(warnings, ['input', 'properties', property], 'the statement does not use this property', {
        at: 'key',
      });
    }
  };

  if (connection === undefined) return { errors, warnings };
  const dialect = DIALECTS[connection.kind];
  const { sql } = declared;
  const action = typeof sql === 'string' ? await fixed(dialect, sql) : free(dialect, sql.from);
  if (errors.length > 0 || action === undefined) return { errors, warnings };
  return {
    errors,
    warnings,
    tool: {
      name,
      skill,
      ...(declared.title === undefined ? {} : { title: declared.title }),
      description: declared.description.trim(),
      connection,
      inputSchema: closeObjects(input),
      action,
      inspect,
      limits: {
        rows: declared.limits?.rows ?? around.defaults.rows,
        bytes: declared.limits?.bytes ?? around.defaults.bytes,
        timeoutMs: declared.limits?.timeout ?? around.defaults.timeoutMs,
      },
      columnClasses: declared.columns ?? {},
      binaryColumns: declared.binary ?? [],
      reveals,
    },
  };
}
