import { servedFile } from '../../src/skills/served-file.ts';
import type { ServedSkill } from '../../src/model/skill.ts';

const text = (path: string, content: string) => servedFile(path, Buffer.from(content));

/** Bytes that are no text. */
export const logo = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 0xff);

/** Two skills, the second for alice alone. */
export const fixtureSkills: readonly ServedSkill[] = [
  {
    name: 'echoing',
    description: 'Says what was said.',
    frontmatter: { name: 'echoing', description: 'Says what was said.', 'x-own': { level: 2 } },
    files: [
      text(
        'SKILL.md',
        '---\nname: echoing\ndescription: Says what was said.\nx-own: { level: 2 }\n---\n# Echo\n',
      ),
      servedFile('assets/logo.png', logo),
      text('references/deep/why?.md', '# Why — ü\n'),
      text('references/how to.md', '# How\n'),
    ],
  },
  {
    name: 'for-alice',
    description: 'Not for others.',
    frontmatter: { name: 'for-alice', description: 'Not for others.' },
    files: [text('SKILL.md', '---\nname: for-alice\ndescription: Not for others.\n---\n')],
  },
];
