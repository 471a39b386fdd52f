import type { ServedFile, ServedSkill } from '../model/skill.ts';
import { servedFile } from './served-file.ts';
import type { SkillSet } from './load.ts';
import type { SupportingFiles } from './supporting-files.ts';

/** The skills of a set as agents read them, sorted by name: each with its `SKILL.md` and what lies beside it. */
export function servedSkills({ skills }: SkillSet, supporting: SupportingFiles): readonly ServedSkill[] {
  return skills.map(({ name, description, frontmatter, text }) => {
    const document = servedFile('SKILL.md', Buffer.from(text));
    const files: readonly ServedFile[] = [document, ...(supporting.get(name) ?? [])];
    return { name, description, frontmatter, files };
  });
}
