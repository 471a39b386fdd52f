import { BOOL, LONG, STRINGS, record } from './context-type.ts';
import type { TextFacts } from '../model/facts.ts';
import type { JsonObject } from '../model/json.ts';

/** The type of `context.text`: every fact. */
export const TEXT = record({
  score: LONG,
  patterns: STRINGS,
  hiddenCharacters: BOOL,
  mixedScripts: BOOL,
  decoded: STRINGS,
} satisfies Record<keyof TextFacts, unknown>);

/** Stands for the facts where no policy reads them: a request is cut to what is read, so nobody sees it. */
const UNREAD: TextFacts = {
  score: 0,
  patterns: [],
  hiddenCharacters: false,
  mixedScripts: false,
  decoded: [],
};

/** The facts that policies see; undefined where they are read and were not looked for. */
export function textContext(facts: TextFacts | undefined, read: boolean): JsonObject | undefined {
  if (facts === undefined) return read ? undefined : { ...UNREAD };
  return { ...facts };
}
