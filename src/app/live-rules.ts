import { isDeepStrictEqual } from 'node:util';
import type { Configuration } from './configuration.ts';
import { loadRules, type LoadedRules } from './rules.ts';
import { sourcesOf } from './rule-sources.ts';
import { digestsField, whatChanged, type Digests } from './what-changed.ts';
import { watchFolders } from '../skills/watch.ts';
import type { Inspector } from '../inspect/inspector.ts';
import type { JsonObject } from '../model/json.ts';
import type { LoadError } from '../model/load-error.ts';
import type { Log } from '../model/log.ts';
import type { NewRecord } from '../model/record.ts';

/** The rules in force, which an edit of a skill or a policy replaces as a whole. */
export interface LiveRules {
  readonly current: () => LoadedRules;
  readonly onChanged: (listener: () => void) => () => void;
}

export interface LiveRulesOptions {
  readonly configuration: Configuration;
  readonly inspector: Inspector;
  readonly first: LoadedRules;
  /** Opened before `first` was loaded, so that no edit falls between. */
  readonly edits: Edits;
  readonly append: (records: readonly NewRecord[]) => Promise<void>;
  readonly now: () => number;
  readonly log: Log;
  /** For the metric: whether a load was taken into force. */
  readonly loaded: (ok: boolean) => void;
}

/** Quiet for this long before an edit is read: editors write in bursts. Milliseconds. */
const SETTLE = 150;
/** A call that began under the old rules may still ask them what to unmask. Longer than any tool may run. Milliseconds. */
const RETIRE = 15 * 60_000;

/** Edits of skills and policies, from the moment this resolves. One that comes before anybody listens is kept. */
export async function watchEdits({ skills, policies }: Configuration): Promise<Edits> {
  let missed = false;
  let tell = (): void => void (missed = true);
  const watch = await watchFolders([skills, policies], () => tell(), { debounceMs: SETTLE });
  return {
    listen(listener) {
      tell = listener;
      if (missed) listener();
    },
    close: () => watch.close(),
  };
}

export interface Edits {
  readonly listen: (listener: () => void) => void;
  readonly close: () => void;
}

/** Holds the rules in force. A good edit is put on record and then in force; a bad one is told and changes nothing. */
export function holdRules(options: LiveRulesOptions): LiveRules {
  const { configuration, inspector, append, now, log } = options;
  let current = options.first;
  const listeners = new Set<() => void>();
  let turn: Promise<void> = Promise.resolve();
  /** An edit was not taken, and the files still hold it as far as anybody was told. */
  let rejected = false;

  async function reload(): Promise<void> {
    const loaded = await loadRules(configuration, inspector);
    if (!loaded.ok) return await reject(loaded.errors);
    if (sameFiles(loaded.value, current)) return unchanged(loaded.value);
    const previous = current;
    // On record before in force: no call is judged by rules that the record has not heard of.
    await append([
      rulesRecord(
        'rules.loaded',
        { ...loadOfRules(loaded.value, previous.digests), previous: previous.digest },
        now(),
        sourcesOf(loaded.value),
      ),
    ]);
    current = loaded.value;
    rejected = false;
    options.loaded(true);
    log('info', { rules: current.digest, tools: current.tools.size }, 'skills and policies reloaded');
    for (const listener of listeners) listener();
    setTimeout(() => previous.policies.close(), RETIRE).unref();
  }

  function unchanged(same: LoadedRules): void {
    same.policies.close();
    if (rejected) log('info', { rules: current.digest }, 'the files are those in force again');
    rejected = false;
  }

  async function reject(errors: readonly LoadError[]): Promise<void> {
    rejected = true;
    options.loaded(false);
    for (const error of errors) {
      const { file, message, line = 0, suggestion = '' } = error;
      log('error', { file, line, suggestion }, `edit not taken: ${message}`);
    }
    log('error', { rules: current.digest }, 'the rules from before the edit stay in force');
    const [first] = errors;
    const event = {
      errors: errors.length,
      kept: current.digest,
      file: first?.file ?? '',
      line: first?.line ?? 0,
    };
    await append([rulesRecord('rules.rejected', event, now())]);
  }

  options.edits.listen(() => {
    // One at a time, in order: a slow load must not overwrite a later one.
    turn = turn.then(reload).catch((error: unknown) => {
      log('error', { error: String(error) }, 'reload failed; the rules in force stay');
    });
  });
  return {
    current: () => current,
    onChanged(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function sameFiles(one: LoadedRules, other: LoadedRules): boolean {
  return one.digest === other.digest && isDeepStrictEqual(one.digests, other.digests);
}

const MAX_TOOL_NAMES = 500;

/** What a load of rules is on record as. */
function rulesRecord(
  type: 'rules.loaded' | 'rules.rejected',
  event: JsonObject,
  time: number,
  payload: NewRecord['payload'] = null,
): NewRecord {
  return { type, time, session: null, call: null, event, payload };
}

/** The event of a load: what it is, and what is different from `before`, where it is known. */
export function loadOfRules(rules: LoadedRules, before: Digests | null): JsonObject {
  const files = rules.digests;
  return {
    rules: rules.digest,
    skills: rules.skills.digest,
    policies: rules.policies.digest,
    masking: rules.masking.digest,
    patterns: rules.patterns.digest,
    tools: rules.tools.size,
    // Names as far as a record can hold them.
    toolNames: [...rules.tools.keys()].slice(0, MAX_TOOL_NAMES),
    ...whatChanged(before, files),
    ...digestsField('files', files),
  };
}
