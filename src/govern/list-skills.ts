import { permittedTools } from './list-tools.ts';
import type { Rules } from './stations.ts';
import type { Principal } from '../model/principal.ts';
import type { ServedSkill } from '../model/skill.ts';

/** The skills of the tools that policy could ever let the principal call, sorted by name: nobody else is told how they work. */
export function listSkills(rules: Rules, principal: Principal): readonly ServedSkill[] {
  const theirs = new Set(permittedTools(rules, principal).map(({ skill }) => skill));
  return rules.served.filter(({ name }) => theirs.has(name));
}
