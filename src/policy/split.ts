import { basename } from 'node:path';
import { policySetTextToParts, policyToJson } from '@cedar-policy/cedar-wasm/nodejs';
import type { DetailedError, PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import { placeAt, positionOfByte } from './source-map.ts';
import type { PolicyFile } from './source-map.ts';
import type { LoadError } from '../model/load-error.ts';

/** One policy of a file. */
export interface PolicySource {
  readonly file: PolicyFile;
  /** From 1, in the order of the file. */
  readonly ordinal: number;
  /** Exactly as it stands in the file. */
  readonly text: string;
  /** Where it starts in the file, in UTF-16 units. */
  readonly start: number;
  readonly json: PolicyJson;
}

/** `<file without .cedar>#<n>`: the id of a policy that has no `@id`. */
export function ordinalId(source: PolicySource): string {
  return `${basename(source.file.path, '.cedar')}#${source.ordinal}`;
}

/** Cuts a file into its policies, or says where it is not Cedar. */
export function splitFile(file: PolicyFile): {
  readonly sources: readonly PolicySource[];
  readonly errors: readonly LoadError[];
} {
  // The parser would see other text than the file holds.
  if (!file.text.isWellFormed())
    return { sources: [], errors: [{ file: file.path, message: 'the file is not UTF-8 text' }] };
  const parts = policySetTextToParts(file.text);
  if (parts.type === 'failure')
    return { sources: [], errors: parts.errors.flatMap((error) => parseErrors(file, error)) };

  const errors: LoadError[] = [];
  for (const template of parts.policy_templates) {
    errors.push({
      ...placeAt(file, file.text.indexOf(template)),
      message: 'this is a template (it has a ?slot), and nothing links templates here',
      suggestion: 'name the principal or resource, or leave it open and say which in a condition',
    });
  }
  const sources: PolicySource[] = [];
  for (const { text, start } of inFileOrder(file.text, [...parts.policies, ...parts.policy_templates])) {
    if (parts.policy_templates.includes(text)) continue;
    const parsed = policyToJson(text);
    if (parsed.type === 'failure') {
      const shifted = parsed.errors.flatMap((error) => parseErrors(file, error, start, text));
      errors.push(...shifted);
    } else sources.push({ file, ordinal: sources.length + 1, text, start, json: parsed.json });
  }
  return { sources, errors };
}

/**
 * Cedar hands the parts out sorted by made-up ids (`policy10` before `policy2`), so each is found where it stands:
 * at the next token that is not white space or a comment. No policy is the beginning of another, for it ends at its
 * own semicolon.
 */
function inFileOrder(
  text: string,
  parts: readonly string[],
): readonly { readonly text: string; readonly start: number }[] {
  const left = [...parts];
  const placed: { readonly text: string; readonly start: number }[] = [];
  let cursor = 0;
  while (left.length > 0) {
    cursor = afterTrivia(text, cursor);
    let index = left.findIndex((part) => text.startsWith(part, cursor));
    if (index === -1) {
      // White space that JavaScript does not call so: go to whichever part comes next.
      const next = left.map((part) => text.indexOf(part, cursor)).filter((position) => position !== -1);
      if (next.length === 0) throw new Error('Cedar returned a policy that the file does not hold');
      cursor = Math.min(...next);
      index = left.findIndex((part) => text.startsWith(part, cursor));
    }
    const [part = ''] = left.splice(index, 1);
    placed.push({ text: part, start: cursor });
    cursor += part.length;
  }
  return placed;
}

function afterTrivia(text: string, from: number): number {
  const trivia = /(?:\s+|\/\/[^\r\n]*)*/y;
  trivia.lastIndex = from;
  trivia.exec(text);
  return trivia.lastIndex;
}

function parseErrors(
  file: PolicyFile,
  error: DetailedError,
  start = 0,
  text = file.text,
): readonly LoadError[] {
  const [at] = error.sourceLocations ?? [];
  const label = at?.label ?? null;
  const own: LoadError = {
    ...(at === undefined ? { file: file.path } : placeAt(file, start + positionOfByte(text, at.start))),
    message: label === null ? error.message : `${error.message}: ${label}`,
    ...(error.help === null ? {} : { suggestion: error.help }),
  };
  return [own, ...(error.related ?? []).flatMap((one) => parseErrors(file, one, start, text))];
}
