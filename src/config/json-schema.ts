import { z } from 'zod';
import { DATA_CLASSES } from '../masking/data-classes.ts';
import { maskingFile } from '../masking/schema.ts';
import { inputSchema, toolsFileSchema } from '../skills/schema.ts';
import { wholeSchema } from './schema.ts';

/** `schemas/tools.schema.json`: what an editor needs to complete and check `tools.yaml` while it is written. */
export function toolsJsonSchema(): object {
  return forEditors(toolsFileSchema, 'tools.yaml of a Sallyport skill');
}

/** `schemas/sallyport.schema.json`. */
export function configJsonSchema(schemas: {
  readonly identity: z.ZodType;
  readonly connection: z.ZodType;
}): object {
  return forEditors(wholeSchema(schemas), 'sallyport.yaml');
}

/** `schemas/masking.schema.json`. */
export function maskingJsonSchema(): object {
  return forEditors(maskingFile(DATA_CLASSES), 'policies/masking.yaml');
}

/** Draft 7, which every editor's YAML support knows. */
function forEditors(schema: z.ZodType, title: string): object {
  const generated = z.toJSONSchema(schema, {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      // The input of a tool is a JSON Schema itself, which editors can check as one.
      if (zodSchema === inputSchema) {
        delete jsonSchema.propertyNames;
        delete jsonSchema.additionalProperties;
        jsonSchema.allOf = [{ $ref: 'http://json-schema.org/draft-07/schema#' }];
      }
    },
  });
  return { ...generated, title };
}
