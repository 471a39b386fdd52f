import type { Json } from '../model/json.ts';
import type { LoadError } from '../model/load-error.ts';
import type { YamlDocument, YamlPath } from './yaml-document.ts';

/**
 * What a person who reads the file does not see and a model does: controls, bidirectional marks, tags, private and
 * unassigned-looking fillers. Joiners are kept where scripts need them, which is never beside ASCII nor beside each other.
 */
const HIDDEN =
  /[^\P{Cc}\t\n\r]|[^\P{Cf}\u200c\u200d]|[\p{Co}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0\u{e0000}-\u{e0fff}]|(?<![^\0-\x7f\u200c\u200d])[\u200c\u200d]|[\u200c\u200d](?![^\0-\x7f\u200c\u200d])/u;

/** Where a text hides a character: its place in the text, and its code point as U+XXXX. */
export function hiddenIn(text: string): { readonly at: number; readonly name: string } | null {
  const found = HIDDEN.exec(text);
  if (found === null) return null;
  const code = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return { at: found.index, name: `U+${code}` };
}

/**
 * Every string and key of a document that hides something, also where YAML wrote it as an escape. What a skill says of
 * itself is what the model is told: a reviewer of the file has to see all of it.
 */
export function hiddenCharacters({ file, value, positionOf }: YamlDocument): readonly LoadError[] {
  const errors: LoadError[] = [];
  const look = (text: string, path: YamlPath, at: 'key' | 'value'): void => {
    const hidden = hiddenIn(text);
    if (hidden === null) return;
    errors.push({ file, ...positionOf(path, at, at === 'value' ? hidden.at : 0), ...saidOf(hidden.name) });
  };
  const walk = (part: Json, path: YamlPath): void => {
    if (typeof part === 'string') look(part, path, 'value');
    if (typeof part !== 'object' || part === null) return;
    for (const [key, inner] of Object.entries(part)) {
      const below = [...path, Array.isArray(part) ? Number(key) : key];
      if (!Array.isArray(part)) look(key, below, 'key');
      walk(inner, below);
    }
  };
  walk(value, []);
  return errors;
}

/** The same of text that is no YAML, by its lines. */
export function hiddenCharactersOfText(file: string, text: string, firstLine: number): readonly LoadError[] {
  return text.split('\n').flatMap((line, index) => {
    const hidden = hiddenIn(line);
    if (hidden === null) return [];
    return [{ file, line: firstLine + index, column: hidden.at + 1, ...saidOf(hidden.name) }];
  });
}

function saidOf(name: string): Pick<LoadError, 'message' | 'suggestion'> {
  return {
    message: `found the character ${name}, which a reader does not see and a model does; expected visible text`,
    suggestion: 'remove it',
  };
}
