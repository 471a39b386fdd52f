import { createHash } from 'node:crypto';
import type { JsonObject } from '../model/json.ts';
import type { LoadError, Loaded } from '../model/load-error.ts';
import type { Tool } from '../model/tool.ts';
import { buildTool, type ToolSurroundings } from './build-tool.ts';
import { byPlace, compareText } from './by-place.ts';
import { deepFreeze } from './deep-freeze.ts';
import { readSkillDocument, type SkillDocument } from './frontmatter.ts';
import { hiddenCharacters } from './hidden-characters.ts';
import { isObject } from './json-schema-keywords.ts';
import { schemaErrors } from './schema-errors.ts';
import { toolsFileSchema } from './schema.ts';
import { parseYaml, type YamlDocument } from './yaml-document.ts';

/** A file of a skill, as it was read. */
export interface SkillFile {
  /** As the person would type it: `skills/customer-support/tools.yaml`. The last two parts name skill and file. */
  readonly path: string;
  readonly text: string;
}

interface Skill extends SkillDocument {
  /** The folder, as the person would type it. */
  readonly folder: string;
  /** Sorted by name. */
  readonly tools: readonly Tool[];
}

/** All skills, checked as a whole. Frozen. */
export interface SkillSet {
  /** Sorted by name. */
  readonly skills: readonly Skill[];
  /** Every tool of every skill by its name, sorted. */
  readonly tools: ReadonlyMap<string, Tool>;
  /** SHA-256 of all files, hex: the same for the same files wherever they lie. */
  readonly digest: string;
}

export interface LoadSkillsOptions extends ToolSurroundings {
  readonly files: readonly SkillFile[];
}

const FILES = ['SKILL.md', 'tools.yaml'] as const;

/** Loads all skills. One error anywhere refuses the whole set: half a set would be a set that nobody wrote. */
export async function loadSkills(options: LoadSkillsOptions): Promise<Loaded<SkillSet>> {
  const errors: LoadError[] = [];
  const warnings: LoadError[] = [];
  const skills: Skill[] = [];
  const declaredAt = new Map<string, LoadError>();

  for (const [folder, files] of foldersOf(options.files)) {
    const document = skillDocument(folder, files, errors, warnings);
    const yaml = toolsDocument(folder, files, errors);
    if (yaml === undefined) continue;
    const name = lastOf(folder);
    const built = await toolsOf(yaml, name, options, declaredAt);
    errors.push(...built.errors);
    warnings.push(...built.warnings);
    if (document !== undefined) skills.push({ ...document, folder, tools: built.tools });
  }

  if (errors.length > 0) return { ok: false, errors: errors.sort(byPlace) };
  const tools = skills.flatMap((skill) => skill.tools).sort(byName);
  const set: SkillSet = {
    skills: skills.sort(byName),
    tools: new Map(tools.map((tool) => [tool.name, tool])),
    digest: digestOf(options.files),
  };
  return { ok: true, value: deepFreeze(set), warnings: warnings.sort(byPlace) };
}

/** Files by folder, folders sorted. */
function foldersOf(files: readonly SkillFile[]): ReadonlyMap<string, readonly SkillFile[]> {
  const folders = new Map<string, SkillFile[]>();
  for (const file of [...files].sort((a, b) => compareText(a.path, b.path))) {
    const folder = file.path.slice(0, Math.max(0, file.path.lastIndexOf('/')));
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  return folders;
}

function fileOf(
  folder: string,
  files: readonly SkillFile[],
  name: (typeof FILES)[number],
  errors: LoadError[],
): SkillFile | undefined {
  const file = files.find((each) => lastOf(each.path) === name);
  if (file === undefined) {
    errors.push({
      file: `${folder}/${name}`,
      message: `the skill "${lastOf(folder)}" has no ${name}; expected ${FILES.join(' and ')} in its folder`,
      suggestion: `write ${folder}/${name}, or remove the folder`,
    });
  }
  return file;
}

function skillDocument(
  folder: string,
  files: readonly SkillFile[],
  errors: LoadError[],
  warnings: LoadError[],
): SkillDocument | undefined {
  const file = fileOf(folder, files, 'SKILL.md', errors);
  if (file === undefined) return undefined;
  const read = readSkillDocument(file.path, file.text, lastOf(folder));
  if (read.ok) {
    warnings.push(...read.warnings);
    return read.skill;
  }
  errors.push(...read.errors);
  return undefined;
}

function toolsDocument(
  folder: string,
  files: readonly SkillFile[],
  errors: LoadError[],
): YamlDocument | undefined {
  const file = fileOf(folder, files, 'tools.yaml', errors);
  if (file === undefined) return undefined;
  const parsed = parseYaml(file.path, file.text);
  const found = parsed.ok ? hiddenCharacters(parsed.document) : parsed.errors;
  errors.push(...found);
  return parsed.ok && found.length === 0 ? parsed.document : undefined;
}

async function toolsOf(
  document: YamlDocument,
  skill: string,
  around: ToolSurroundings,
  declaredAt: Map<string, LoadError>,
): Promise<{
  readonly tools: readonly Tool[];
  readonly errors: readonly LoadError[];
  readonly warnings: readonly LoadError[];
}> {
  const checked = toolsFileSchema.safeParse(document.value);
  if (!checked.success) {
    const errors = schemaErrors({ document, schema: toolsFileSchema, error: checked.error });
    return { tools: [], errors, warnings: [] };
  }
  const tools: Tool[] = [];
  const errors: LoadError[] = [];
  const warnings: LoadError[] = [];
  for (const [name, declared] of Object.entries(checked.data.tools)) {
    const here = { file: document.file, ...document.positionOf(['tools', name], 'key') };
    const first = declaredAt.get(name);
    if (first !== undefined) {
      const place = `${first.file}:${String(first.line)}`;
      errors.push({
        ...here,
        message: `tools.${name}: a tool of this name is already declared at ${place}; expected a name unique over all skills`,
      });
    }
    declaredAt.set(name, first ?? { ...here, message: '' });
    const input = jsonAt(document, ['tools', name, 'input']);
    const built = await buildTool(name, declared, input, skill, document, around);
    errors.push(...built.errors);
    warnings.push(...built.warnings);
    if (built.tool !== undefined) tools.push(built.tool);
  }
  return { tools: tools.sort(byName), errors, warnings };
}

/** The same part of the document as JSON: the schema says only that it is an object. */
function jsonAt(document: YamlDocument, path: readonly string[]): JsonObject {
  let value = document.value;
  for (const part of path)
    value = isObject(value) && Object.hasOwn(value, part) ? (value[part] ?? null) : null;
  return isObject(value) ? value : {};
}

function digestOf(files: readonly SkillFile[]): string {
  const entries = files.map(({ path, text }) => [path.split('/').slice(-2).join('/'), text] as const);
  entries.sort(([a], [b]) => compareText(a, b));
  return createHash('sha256').update(JSON.stringify(entries)).digest('hex');
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return compareText(a.name, b.name);
}
