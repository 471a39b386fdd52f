import { z } from 'zod';
import type { JsonObject } from '../model/json.ts';
import type { LoadError } from '../model/load-error.ts';
import { hiddenCharacters, hiddenCharactersOfText } from './hidden-characters.ts';
import { isObject } from './json-schema-keywords.ts';
import { didYouMean } from './nearest.ts';
import { schemaErrors } from './schema-errors.ts';
import { parseYaml } from './yaml-document.ts';

/** `SKILL.md` as the Agent Skills specification (agentskills.io) has it. */
export interface SkillDocument {
  readonly name: string;
  readonly description: string;
  readonly license?: string;
  readonly compatibility?: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly allowedTools: readonly string[];
  /** The Markdown below the frontmatter. */
  readonly instructions: string;
  /** All of it as it was written, with keys that the specification does not know. */
  readonly frontmatter: JsonObject;
  /** The whole file. */
  readonly text: string;
}

export type ReadSkillDocument =
  | { readonly ok: true; readonly skill: SkillDocument; readonly warnings: readonly LoadError[] }
  | { readonly ok: false; readonly errors: readonly LoadError[] };

const NAME = 'expected lower-case letters, digits and single hyphens between them, at most 64 in all';

const frontmatterSchema = z.object({
  name: z
    .string()
    .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, NAME)
    .max(64, NAME),
  description: z
    .string()
    .regex(/\S/, 'expected what the skill does and when to use it, not an empty string')
    .max(1024, 'expected at most 1024 characters'),
  license: z.string().optional(),
  compatibility: z
    .string()
    .min(1, 'expected 1 to 500 characters')
    .max(500, 'expected 1 to 500 characters')
    .optional(),
  metadata: z.record(z.string(), z.string()).optional(),
  'allowed-tools': z.string().optional(),
});

const KEYS = Object.keys(frontmatterSchema.shape);
const MAX_CHARACTERS = 256 * 1024;

/** Reads `SKILL.md`. `folder` is the name of the folder it lies in, which must be the skill's. */
export function readSkillDocument(file: string, text: string, folder: string): ReadSkillDocument {
  const failed = (error: Omit<LoadError, 'file'>): ReadSkillDocument => ({
    ok: false,
    errors: [{ file, ...error }],
  });
  if (text.length > MAX_CHARACTERS) {
    return failed({ message: `the file has ${text.length} characters; expected at most ${MAX_CHARACTERS}` });
  }
  const plain = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const block = frontmatterOf(plain);
  if (block === undefined) {
    return failed({
      line: 1,
      column: 1,
      message: 'no frontmatter; expected the file to begin with a line ---, then YAML, then a line ---',
      suggestion: `begin with: ---\\nname: ${folder}\\ndescription: …\\n---`,
    });
  }
  // The empty line stands for the opening ---, so that lines count as in the file.
  const parsed = parseYaml(file, `\n${block.yaml}`);
  if (!parsed.ok) return { ok: false, errors: parsed.errors };
  const { document } = parsed;
  const fence = block.yaml.split('\n').length + 2;
  const hidden = [...hiddenCharacters(document), ...hiddenCharactersOfText(file, block.body, fence)];
  if (hidden.length > 0) return { ok: false, errors: hidden };
  const checked = frontmatterSchema.safeParse(document.value ?? {});
  if (!checked.success) {
    return { ok: false, errors: schemaErrors({ document, schema: frontmatterSchema, error: checked.error }) };
  }
  const {
    name,
    description,
    license,
    compatibility,
    metadata = {},
    'allowed-tools': allowed = '',
  } = checked.data;
  if (name !== folder) {
    return failed({
      ...document.positionOf(['name']),
      message: `name: found "${name}"; expected "${folder}", the name of the folder`,
      suggestion: `write name: ${folder}, or rename the folder to ${name}`,
    });
  }
  const unknown = Object.keys(document.value ?? {}).filter((key) => !KEYS.includes(key));
  return {
    ok: true,
    skill: {
      name,
      description,
      ...(license === undefined ? {} : { license }),
      ...(compatibility === undefined ? {} : { compatibility }),
      metadata,
      allowedTools: allowed.split(/\s+/).filter((tool) => tool !== ''),
      instructions: block.body,
      frontmatter: isObject(document.value) ? document.value : {},
      text,
    },
    // Clients add keys of their own to the specification's, so an unknown one is not an error.
    warnings: unknown.map((key) => ({
      file,
      ...document.positionOf([key], 'key'),
      message: `unknown key "${key}"; the specification knows ${KEYS.join(', ')}`,
      ...didYouMean(key, KEYS),
    })),
  };
}

/** Line by line: a regular expression over the whole would backtrack on a file without a second `---`. */
function frontmatterOf(text: string): { readonly yaml: string; readonly body: string } | undefined {
  const lines = text.split('\n');
  const isFence = (line: string): boolean => line.trimEnd() === '---';
  const close = lines.findIndex((line, i) => i > 0 && isFence(line));
  if (close === -1 || !isFence(lines[0] ?? '')) return undefined;
  return { yaml: lines.slice(1, close).join('\n') + '\n', body: lines.slice(close + 1).join('\n') };
}
