import { ProtocolError, type Resource, type Server, type ServerContext } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Gateway } from '../govern/gateway.ts';
import type { JsonObject } from '../model/json.ts';
import type { ServedSkill } from '../model/skill.ts';
import type { Caller } from './caller.ts';
import { listCaching, refuseCursor } from './listing.ts';
import { rpcCode } from './rpc.ts';
import { resourceOf } from './serve-resources.ts';
import { fileUri, folderUri } from './skill-uris.ts';

/** The Skills extension (SEP-2640, modelcontextprotocol/ext-skills, `specification/stable/skills.mdx`). */
export const skillsExtension = 'io.modelcontextprotocol/skills';

const listParams = z.looseObject({ cursor: z.unknown().optional() });
const oneParams = z.looseObject({ uri: z.string() });
const folderParams = z.looseObject({ uri: z.string(), cursor: z.unknown().optional() });

/**
 * `skills/list`, `skills/get` and `resources/directory/read`, over every transport of 2026-07-28: what each skill consists of,
 * with the digest of every file, so that a host can bind an approval to it and see what it reads.
 */
export function serveSkills(
  server: Server,
  gateway: Gateway,
  caller: (ctx: ServerContext) => Caller | Promise<Caller>,
): void {
  const skillsFor = async (ctx: ServerContext): Promise<readonly ServedSkill[]> =>
    gateway.skills((await caller(ctx)).principal);

  server.setRequestHandler('skills/list', { params: listParams }, async ({ cursor }, ctx) => {
    refuseCursor(cursor);
    return { skills: (await skillsFor(ctx)).map(entryOf), ...listCaching };
  });
  server.setRequestHandler('skills/get', { params: oneParams }, async ({ uri }, ctx) => {
    const skill = (await skillsFor(ctx)).find((each) => documentUri(each) === uri);
    if (skill === undefined) throw new ProtocolError(rpcCode.invalidParams, 'No skill is served at this URI');
    return { skill: entryOf(skill), ...listCaching };
  });
  server.setRequestHandler('resources/directory/read', { params: folderParams }, async (params, ctx) => {
    refuseCursor(params.cursor);
    for (const skill of await skillsFor(ctx)) {
      const resources = childrenOf(skill, params.uri);
      if (resources !== null) return { resources };
    }
    throw new ProtocolError(rpcCode.invalidParams, 'No directory is served at this URI');
  });
}

function documentUri(skill: ServedSkill): string {
  return fileUri(skill, { path: 'SKILL.md' });
}

function entryOf(skill: ServedSkill): JsonObject {
  return {
    uri: documentUri(skill),
    frontmatter: skill.frontmatter,
    resources: skill.files.map((file) => ({
      uri: fileUri(skill, file),
      digest: `sha256:${file.sha256}`,
      size: file.size,
    })),
  };
}

/** What lies directly in a folder of the skill, files before folders; null where it has no such folder. */
function childrenOf(skill: ServedSkill, folder: string): readonly Resource[] | null {
  const inside = `${folder}/`;
  const below = skill.files.filter((file) => fileUri(skill, file).startsWith(inside));
  if (below.length === 0 || !inside.startsWith(`${folderUri(skill)}/`)) return null;
  const files: Resource[] = [];
  const folders = new Map<string, Resource>();
  for (const file of below) {
    const resource = resourceOf(skill, file);
    const [child = '', ...deeper] = resource.uri.slice(inside.length).split('/');
    if (deeper.length === 0) files.push(resource);
    else {
      const uri = inside + child;
      folders.set(uri, { uri, name: decodeURIComponent(child), mimeType: 'inode/directory' });
    }
  }
  return [...files, ...folders.values()];
}
