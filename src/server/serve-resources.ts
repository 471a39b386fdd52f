import {
  ResourceNotFoundError,
  type ReadResourceResult,
  type Resource,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { Gateway } from '../govern/gateway.ts';
import type { ServedFile, ServedSkill } from '../model/skill.ts';
import type { Caller } from './caller.ts';
import { refuseCursor } from './listing.ts';
import { fileUri } from './skill-uris.ts';

/** `resources/list` and `resources/read`, in both eras: the files of the skills that are for the caller. */
export function serveResources(
  server: Server,
  gateway: Gateway,
  caller: (ctx: ServerContext) => Caller | Promise<Caller>,
): void {
  server.setRequestHandler('resources/list', async (request, ctx) => {
    refuseCursor(request.params?.cursor);
    const { principal } = await caller(ctx);
    const resources = gateway
      .skills(principal)
      .flatMap((skill) => skill.files.map((file) => resourceOf(skill, file)));
    return { resources };
  });
  server.setRequestHandler('resources/templates/list', (request) => {
    refuseCursor(request.params?.cursor);
    return { resourceTemplates: [] };
  });
  server.setRequestHandler('resources/read', async ({ params }, ctx): Promise<ReadResourceResult> => {
    const { principal } = await caller(ctx);
    const { uri } = params;
    // What is not for the caller is not told apart from what does not exist.
    for (const skill of gateway.skills(principal)) {
      const file = skill.files.find((each) => fileUri(skill, each) === uri);
      if (file !== undefined) return { contents: [{ uri, mimeType: file.mediaType, ...contentOf(file) }] };
    }
    throw new ResourceNotFoundError(uri);
  });
}

/** A file of a skill as lists show it. */
export function resourceOf(skill: ServedSkill, file: ServedFile): Resource {
  const document = file.path === 'SKILL.md';
  return {
    uri: fileUri(skill, file),
    name: document ? skill.name : file.path.slice(file.path.lastIndexOf('/') + 1),
    ...(document ? { description: skill.description } : {}),
    mimeType: file.mediaType,
    size: file.size,
  };
}

function contentOf({ content }: ServedFile): { text: string } | { blob: string } {
  return typeof content === 'string'
    ? { text: content }
    : { blob: Buffer.from(content.buffer, content.byteOffset, content.length).toString('base64') };
}
