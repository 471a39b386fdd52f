import { hash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { shown, type Configuration } from './configuration.ts';
import { digestsOf, type Digests } from './what-changed.ts';
import { loadMaskingRules, type MaskingRules } from '../masking/rules.ts';
import { inspectFixed } from '../inspect/sql/fixed-statement.ts';
import { loadPatterns } from '../inspect/text/patterns-file.ts';
import type { TextPatterns } from '../inspect/text/patterns.ts';
import { loadPolicies } from '../policy/load.ts';
import { loadSkills, type SkillSet } from '../skills/load.ts';
import { readSkillFiles } from '../skills/read.ts';
import { servedSkills } from '../skills/served.ts';
import { readSupportingFiles, type SupportingFiles } from '../skills/supporting-files.ts';
import { compileArgumentsValidator } from '../skills/validate-arguments.ts';
import type { CompiledSql } from '../skills/build-tool.ts';
import type { SqlDialect } from '../model/facts.ts';
import type { Inspector } from '../inspect/inspector.ts';
import type { PolicySet } from '../policy/policy-set.ts';
import type { Rules } from '../govern/stations.ts';
import type { LoadError, Loaded } from '../model/load-error.ts';
import type { Connection } from '../model/tool.ts';

/** The rules in force, with the parts that the command line shows. */
export interface LoadedRules extends Rules {
  readonly skills: SkillSet;
  readonly policies: PolicySet;
  readonly masking: MaskingRules;
  readonly patterns: TextPatterns;
  /** Texts of everything that was loaded, by `skills/<folder>/<file>` and `policies/<file>`. */
  readonly files: ReadonlyMap<string, string>;
  /** Of these, and of what skills have beside them, which decides nothing. */
  readonly digests: Digests;
  /** What they were loaded with. */
  readonly surroundings: Surroundings;
}

/** What rules are loaded with beside their files. */
export interface Surroundings {
  readonly connections: ReadonlyMap<string, Connection>;
  /** Groups that may stand in a policy. */
  readonly groups: readonly string[];
}

/** A file by the path that is shown of it. */
export interface RuleFile {
  readonly path: string;
  readonly text: string;
}

export const MASKING_FILE = 'masking.yaml';
const PATTERNS_FILE = 'patterns.yaml';
/** A policy folder is written by people. What is larger than this is not policy. */
const MAX_POLICY_BYTES = 1024 * 1024;

/**
 * Loads skills, policies and masking as one set and type-checks them against each other. Any error refuses the whole
 * set; all errors of a stage are returned together.
 */
export async function loadRules(
  configuration: Configuration,
  inspector: Inspector,
): Promise<Loaded<LoadedRules>> {
  const skillFiles = await readSkillFiles(configuration.skills, process.cwd());
  if (!skillFiles.ok) return skillFiles;
  const supporting = await readSupportingFiles(configuration.skills, process.cwd());
  if (!supporting.ok) return supporting;
  const policyFiles = await readPolicyFolder(configuration.policies);
  if (!policyFiles.ok) return policyFiles;
  const surroundings = { connections: connectionsOf(configuration), groups: knownGroups(configuration) };
  const files = { skills: skillFiles.value, ...policyFiles.value };
  const loaded = await assembleRules(files, surroundings, configuration.limits, inspector, supporting.value);
  if (!loaded.ok) return loaded;
  const { value, warnings } = loaded;
  return { ok: true, value, warnings: [...warnings, ...nobodySignsIn(value.policies, configuration)] };
}

/** As `loadRules`, of files that were read before. Reads nothing. */
export async function assembleRules(
  files: PolicyFolder & { readonly skills: readonly RuleFile[] },
  surroundings: Surroundings,
  limits: Configuration['limits'],
  inspector: Inspector,
  supporting: SupportingFiles = new Map(),
): Promise<Loaded<LoadedRules>> {
  const { connections, groups } = surroundings;
  const masking = loadMaskingRules(files.masking);
  const patterns = loadPatterns(files.patterns);
  // Skills and policies name the data classes that `masking.yaml` declares.
  if (!masking.ok) return failed([masking, patterns]);
  const { dataClasses } = masking.value;
  const skills = await loadSkills({
    files: files.skills,
    connections,
    compileSql: (dialect, text) => compileSql(inspector, dialect, text),
    defaults: limits,
    dataClasses,
  });
  if (!skills.ok || !patterns.ok) return failed([skills, patterns]);
  const policies = loadPolicies({
    files: files.cedar,
    tools: [...skills.value.tools.values()],
    groups,
    connections: [...connections.values()],
    dataClasses,
  });
  if (!policies.ok) return policies;

  const tools = skills.value.tools;
  const validators = new Map(
    [...tools].map(([name, tool]) => [name, compileArgumentsValidator(tool.inputSchema)]),
  );
  const parts = [skills.value.digest, policies.value.digest, masking.value.digest, patterns.value.digest];
  const texts = filesOf(files.skills, files);
  const served = servedSkills(skills.value, supporting);
  const value: LoadedRules = {
    digest: hash('sha256', parts.join('\n')),
    tools,
    served,
    validators,
    policies: policies.value,
    masking: masking.value,
    patterns: patterns.value,
    skills: skills.value,
    files: texts,
    digests: { ...digestsOf(texts), ...digestsOfSupporting(supporting) },
    surroundings,
  };
  return { ok: true, value, warnings: [...skills.warnings, ...masking.warnings, ...policies.warnings] };
}

/** By names that do not depend on where the folders lie, nor on where the gateway was started. */
function filesOf(
  skills: readonly RuleFile[],
  { cedar, masking, patterns }: PolicyFolder,
): ReadonlyMap<string, string> {
  const policies = [...cedar, masking, patterns].filter((file) => file !== null);
  const tail = (path: string, parts: number): string => path.split(/[/\\]/).slice(-parts).join('/');
  return new Map([
    ...skills.map(({ path, text }) => [`skills/${tail(path, 2)}`, text] as const),
    ...policies.map(({ path, text }) => [`policies/${tail(path, 1)}`, text] as const),
  ]);
}

function digestsOfSupporting(supporting: SupportingFiles): Digests {
  return Object.fromEntries(
    [...supporting].flatMap(([skill, files]) =>
      files.map(({ path, sha256 }) => [`skills/${skill}/${path}`, sha256] as const),
    ),
  );
}

function failed(all: readonly Loaded<unknown>[]): Extract<Loaded<never>, { readonly ok: false }> {
  return { ok: false, errors: all.flatMap((loaded) => (loaded.ok ? [] : loaded.errors)) };
}

/** Such a call waits for a word that nobody can ever give: a development token proves nothing of a person. */
function nobodySignsIn({ policies }: PolicySet, { identity }: Configuration): readonly LoadError[] {
  if (identity.issuers.length > 0) return [];
  return policies
    .filter(({ highAssurance }) => highAssurance)
    .map(({ file, line, id }) => ({
      file,
      line,
      message: `${id} asks for high assurance, and nobody can sign in: calls that it holds run out undecided`,
      suggestion: 'name the identity provider of your people under identity.issuers',
    }));
}

async function compileSql(inspector: Inspector, dialect: SqlDialect, text: string): Promise<CompiledSql> {
  const fixed = await inspectFixed(inspector.sql, dialect, text);
  if (fixed.ok) return fixed;
  const { message, offset } = fixed;
  return { ok: false, message, ...(offset === null ? {} : { offset }) };
}

/** The connections as skills, policies and the record know them: by name, without address or secret. */
function connectionsOf(configuration: Configuration): ReadonlyMap<string, Connection> {
  return new Map(
    [...configuration.connections].map(([name, { kind, environment }]) => [
      name,
      { name, kind, environment },
    ]),
  );
}

/** Groups that may stand in a policy: those that are declared, and those that this file itself hands out. */
function knownGroups({ identity }: Configuration): readonly string[] {
  const handedOut = [...(identity.local?.groups ?? []), ...Object.values(identity.dev.users).flat()];
  return [...new Set([...(identity.groups ?? []), ...handedOut])].toSorted();
}

interface PolicyFolder {
  readonly cedar: readonly RuleFile[];
  readonly masking: RuleFile | null;
  readonly patterns: RuleFile | null;
}

async function readPolicyFolder(folder: string): Promise<Loaded<PolicyFolder>> {
  const errors: LoadError[] = [];
  const read = async (name: string): Promise<{ path: string; text: string } | null> => {
    const path = join(folder, name);
    try {
      const text = await readFile(path, 'utf8');
      if (text.length <= MAX_POLICY_BYTES) return { path: shown(path), text };
      errors.push({ file: shown(path), message: `the file holds more than ${MAX_POLICY_BYTES} characters` });
    } catch (error) {
      errors.push({ file: shown(path), message: `the file cannot be read (${codeOf(error)})` });
    }
    return null;
  };
  let names: readonly string[];
  try {
    names = (await readdir(folder)).toSorted();
  } catch (error) {
    const message = `the policies folder cannot be read (${codeOf(error)})`;
    return { ok: false, errors: [{ file: shown(folder), message }] };
  }
  const cedar = [];
  for (const name of names.filter((each) => each.endsWith('.cedar') && !each.startsWith('.'))) {
    const file = await read(name);
    if (file !== null) cedar.push(file);
  }
  const masking = names.includes(MASKING_FILE) ? await read(MASKING_FILE) : null;
  const patterns = names.includes(PATTERNS_FILE) ? await read(PATTERNS_FILE) : null;
  return errors.length > 0
    ? { ok: false, errors }
    : { ok: true, value: { cedar, masking, patterns }, warnings: [] };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
}
