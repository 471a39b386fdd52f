import { z } from 'zod';
import { patternsFile } from './schema.ts';

/** `schemas/patterns.schema.json`: what an editor needs to complete and check `patterns.yaml` while it is written. Draft 7. */
export function patternsJsonSchema(): object {
  const generated = z.toJSONSchema(patternsFile, { target: 'draft-7', io: 'input' });
  return { ...generated, title: 'patterns.yaml of Sallyport policies' };
}
