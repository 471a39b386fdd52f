import { z } from 'zod';

export const encryption = z
  .strictObject({
    key_env: z
      .string()
      .regex(/^[A-Za-z_]\w{0,127}$/, 'expected the name of an environment variable')
      .optional()
      .meta({ description: 'The environment variable that holds the key: 32 bytes in base64.' }),
    key_file: z.string().regex(/\S/, 'expected a path').optional().meta({
      description:
        'The file that holds the key, made at the first start. Default: beside the store, .payload-key after its name.',
    }),
    key_command: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .meta({ description: 'A program and its arguments: it writes the key to its standard output.' }),
  })
  .refine((ways) => Object.values(ways).filter((way) => way !== undefined).length <= 1, {
    message: 'expected one of key_env, key_file and key_command',
  });

/** Milliseconds, and the words: they are put on record with what they led to. */
const keptFor = z.string().transform((text, context) => {
  const [, count = '', unit = ''] = /^([1-9]\d{0,5})([hd])$/.exec(text) ?? [];
  if (count !== '') return { ms: Number(count) * (unit === 'h' ? 3_600_000 : 86_400_000), text };
  context.addIssue({ code: 'custom', message: 'expected a time in hours or days, such as 12h or 400d' });
  return z.NEVER;
});

export const retention = z.union([
  keptFor,
  z.strictObject({
    arguments: keptFor.optional().meta({ description: 'Masked arguments of calls that ran.' }),
    results: keptFor.optional().meta({ description: 'Masked results.' }),
    refused: keptFor.optional().meta({ description: 'Masked arguments of calls that were refused.' }),
    approvals: keptFor
      .optional()
      .meta({ description: 'Masked arguments of requests for approval, and requests that are over.' }),
  }),
]);
