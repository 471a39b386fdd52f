import type { JsonObject } from './json.ts';

/** A skill as agents read it: its folder without what is the gateway's. */
export interface ServedSkill {
  readonly name: string;
  readonly description: string;
  /** The YAML at the head of `SKILL.md` as it was written, with keys that nobody here knows. */
  readonly frontmatter: JsonObject;
  /** `SKILL.md`, then the others by their paths. */
  readonly files: readonly ServedFile[];
}

export interface ServedFile {
  /** Below the skill's folder, with `/` between its parts. */
  readonly path: string;
  readonly mediaType: string;
  /** Characters where the file is text, which is UTF-8; else its bytes. */
  readonly content: string | Uint8Array;
  /** Bytes. */
  readonly size: number;
  /** SHA-256 of the bytes, hex. */
  readonly sha256: string;
}
