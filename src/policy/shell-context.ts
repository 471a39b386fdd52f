import { BOOL, LONG, STRING, STRINGS, record } from './context-type.ts';
import type { ShellFacts } from '../model/facts.ts';
import type { JsonObject } from '../model/json.ts';

/** The type of `context.shell`: every fact, so that one without a type does not compile. */
export const SHELL = record({
  commands: LONG,
  programs: STRINGS,
  subcommands: STRINGS,
  flags: STRINGS,
  writes: BOOL,
  deletes: BOOL,
  destroys: BOOL,
  network: BOOL,
  hosts: STRINGS,
  uploads: BOOL,
  pathsRead: STRINGS,
  pathsWritten: STRINGS,
  pathsDeleted: STRINGS,
  pathsRun: STRINGS,
  readsFrom: STRINGS,
  writesTo: STRINGS,
  runsFrom: STRINGS,
  elevates: BOOL,
  runsCode: BOOL,
  fetchesAndRuns: BOOL,
  installs: BOOL,
  changesEnvironment: BOOL,
  background: BOOL,
  substitutes: BOOL,
  fingerprint: STRING,
} satisfies Record<keyof ShellFacts, unknown>);

/** The facts that policies see: all of them. */
export function shellContext(facts: ShellFacts): JsonObject {
  return { ...facts };
}
