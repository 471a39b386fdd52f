import { loadRules, type LoadedRules } from './rules.ts';
import { startInspector } from '../inspect/inspector.ts';
import type { Configuration } from './configuration.ts';
import type { Loaded } from '../model/load-error.ts';

/** What a check found where all is well. */
export interface CheckedRules {
  readonly digest: string;
  readonly skills: readonly string[];
  /** What agents may read of each skill: paths below its folder, by its name. */
  readonly served: Readonly<Record<string, readonly string[]>>;
  readonly tools: readonly string[];
  readonly policies: readonly string[];
  /** Cedar's schema syntax. */
  readonly schema: string;
}

/** Loads everything that a start would load, and opens nothing. */
export async function checkRules(configuration: Configuration): Promise<Loaded<CheckedRules>> {
  return await withRules(configuration, (rules, warnings) => {
    const value: CheckedRules = {
      digest: rules.digest,
      skills: rules.skills.skills.map(({ name }) => name),
      served: Object.fromEntries(
        rules.served.map(({ name, files }) => [name, files.map(({ path }) => path)]),
      ),
      tools: [...rules.tools.keys()],
      policies: rules.policies.policies.map(({ id }) => id),
      schema: rules.policies.schemaText,
    };
    return Promise.resolve({ ok: true, value, warnings });
  });
}

/** Loads the rules, hands them to some work, and puts the parsers away again. */
export async function withRules<T>(
  configuration: Configuration,
  work: (
    rules: LoadedRules,
    warnings: Extract<Loaded<T>, { ok: true }>['warnings'],
    inspector: ReturnType<typeof startInspector>,
  ) => Promise<Loaded<T>>,
): Promise<Loaded<T>> {
  const inspector = startInspector();
  try {
    const rules = await loadRules(configuration, inspector);
    return rules.ok ? await work(rules.value, rules.warnings, inspector) : rules;
  } finally {
    await inspector.close();
  }
}
