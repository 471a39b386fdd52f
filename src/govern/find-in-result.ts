import { textIn } from '../inspect/text/text-in.ts';
import type { MaskedExecution } from './mask.ts';
import type { Received } from './received.ts';
import type { Stations } from './stations.ts';
import type { JsonObject } from '../model/json.ts';

/** UTF-16 units of a result that are looked at. */
const MOST = 16_384;

/**
 * The patterns that stand in a result, as the outcome has them on record: names and a score, never values. It is advice, for
 * words are no grammar: nothing is refused for it. Null where the rules do not ask for it, or nothing was found.
 */
export async function findInResult(
  masked: MaskedExecution,
  received: Received,
  stations: Stations,
): Promise<JsonObject | null> {
  const { patterns } = received.rules;
  if (!patterns.results || masked.kind !== 'result') return null;
  const text = textIn(masked.record.value.rows);
  const inspection = await stations.inspector.text(patterns, text.slice(0, MOST));
  // An inspector that is drowned says so on record; the result is no worse for it.
  if (!inspection.ok) return { notUnderstood: inspection.notUnderstood.reason };
  const { facts } = inspection;
  if (facts.score === 0 && !facts.hiddenCharacters) return null;
  received.watch.found(facts.patterns);
  return {
    patterns: facts.patterns,
    score: facts.score,
    hiddenCharacters: facts.hiddenCharacters,
    ...(text.length > MOST ? { lookedAt: MOST } : {}),
  };
}
