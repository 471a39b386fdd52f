import type { ServedFile, ServedSkill } from '../model/skill.ts';

/** `skill://<name>`: the folder of a skill. */
export function folderUri({ name }: Pick<ServedSkill, 'name'>): string {
  return `skill://${name}`;
}

/** `skill://<name>/<path>`, each part of the path percent-encoded. */
export function fileUri(skill: Pick<ServedSkill, 'name'>, { path }: Pick<ServedFile, 'path'>): string {
  return `${folderUri(skill)}/${path.split('/').map(encodeURIComponent).join('/')}`;
}
