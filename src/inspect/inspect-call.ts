import type { Facts, InspectKind, NotUnderstood } from '../model/facts.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Tool } from '../model/tool.ts';
import type { Inspector } from './inspector.ts';
import { textIn } from './text/text-in.ts';
import type { TextPatterns } from './text/patterns.ts';

export type InspectedCall =
  | { readonly ok: true; readonly facts: Facts }
  | {
      readonly ok: false;
      readonly notUnderstood: NotUnderstood;
      /** What was not understood, as a person calls it: `statement`, `command`. */
      readonly what: string;
    };

export type CallInspector = Pick<Inspector, 'sql' | 'text' | InspectKind>;

/** Everything that can be told of a call before it is decided: of its statement, and of each argument to be inspected. */
export async function inspectCall(
  tool: Tool,
  args: JsonObject,
  inspector: CallInspector,
  /** Null where no policy of the tool reads `context.text`: then nothing is looked for. */
  patterns: TextPatterns | null,
): Promise<InspectedCall> {
  const statement = await inspectAction(tool, args, inspector);
  if (!statement.ok) return statement;
  let { facts } = statement;
  for (const [name, kind] of Object.entries(tool.inspect)) {
    const inspected = await inspectArgument(kind, ownValue(args, name), inspector);
    if (!inspected.ok) return inspected;
    facts = { ...facts, ...inspected.facts };
  }
  if (patterns === null) return { ok: true, facts };
  const inspection = await inspector.text(patterns, textIn(args));
  return inspection.ok
    ? { ok: true, facts: { ...facts, text: inspection.facts } }
    : { ...inspection, what: 'text of the arguments' };
}

async function inspectAction(
  { action }: Tool,
  args: JsonObject,
  inspector: CallInspector,
): Promise<InspectedCall> {
  // An author's statement was inspected when it was loaded, and no argument can change it.
  if ('statement' in action) return { ok: true, facts: { sql: action.statement.facts } };
  const text = ownValue(args, action.from);
  if (typeof text !== 'string') return noString('statement');
  const inspection = await inspector.sql(action.dialect, text);
  return inspection.ok
    ? { ok: true, facts: { sql: inspection.facts } }
    : { ...inspection, what: 'statement' };
}

async function inspectArgument(
  kind: InspectKind,
  text: Json | undefined,
  inspector: CallInspector,
): Promise<InspectedCall> {
  switch (kind) {
    case 'shell': {
      if (typeof text !== 'string') return noString('command');
      const inspection = await inspector.shell(text);
      return inspection.ok
        ? { ok: true, facts: { shell: inspection.facts } }
        : { ...inspection, what: 'command' };
    }
    case 'http': {
      if (typeof text !== 'string') return noString('request');
      const inspection = await inspector.http(text);
      return inspection.ok
        ? { ok: true, facts: { http: inspection.facts } }
        : { ...inspection, what: 'request' };
    }
  }
}

function noString(what: string): InspectedCall {
  return {
    ok: false,
    notUnderstood: { reason: 'unsupported', message: `The ${what} is not a string.` },
    what,
  };
}

/** Own properties only: an argument named `constructor` that was not sent is absent. */
function ownValue(args: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(args, name) ? args[name] : undefined;
}
