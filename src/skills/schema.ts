import { z } from 'zod';
import type { InspectKind } from '../model/facts.ts';
import { parseDuration, parseSize } from './units.ts';

const DURATION = 'expected a duration such as 500ms, 5s, 30m, 12h or 400d';
const SIZE = 'expected a number of bytes, or a size such as 512B, 64KiB or 1MiB';

/** A duration in milliseconds, written `5s`; `min` and `max` in milliseconds. */
export function duration(min: number, max: number, range: string): z.ZodType<number, string> {
  return z.string().transform((text, context) => {
    const value = parseDuration(text);
    if (value !== undefined && value >= min && value <= max) return value;
    context.addIssue({ code: 'custom', message: value === undefined ? DURATION : `expected ${range}` });
    return z.NEVER;
  });
}

/** A size in bytes, written `1MiB` or as a number; `min` and `max` in bytes. */
export function size(min: number, max: number, range: string): z.ZodType<number, string | number> {
  return z.union([z.string(), z.int()]).transform((written, context) => {
    const value = typeof written === 'number' ? written : parseSize(written);
    if (value !== undefined && value >= min && value <= max) return value;
    context.addIssue({ code: 'custom', message: value === undefined ? SIZE : `expected ${range}` });
    return z.NEVER;
  });
}

/** What one call may cost; each part may be left to the default. */
export const limitsSchema = z.strictObject({
  rows: z
    .int()
    .min(1, 'expected a whole number of rows from 1 to 100000')
    .max(100_000, 'expected a whole number of rows from 1 to 100000')
    .optional()
    .meta({ description: 'Rows in a result.' }),
  bytes: size(1024, 64 * 1024 ** 2, 'a size from 1KiB to 64MiB')
    .optional()
    .meta({ description: 'Bytes of a result, counted as the JSON that would leave.' }),
  timeout: duration(10, 600_000, 'a duration from 10ms to 10m')
    .optional()
    .meta({ description: 'How long the backend may take; the statement is cancelled there.' }),
});

/** `[a-z][a-z0-9_]*`, at most 48 characters: fits every client and Cedar. */
const toolName = z
  .string()
  .regex(
    /^[a-z][a-z0-9_]{0,47}$/,
    'expected a tool name: a lower-case letter, then lower-case letters, digits and _, at most 48 in all',
  );

const text = (what: string, max: number): z.ZodString =>
  z
    .string()
    .regex(/\S/, `expected ${what}, not an empty string`)
    .max(max, `expected ${what} of at most ${max} characters`);

/** Checked on its own as a JSON Schema; here only that it is an object. */
export const inputSchema = z
  .record(z.string(), z.unknown())
  .meta({ description: 'The arguments of the tool: a JSON Schema 2020-12 of type object.' });

/** What an argument can be inspected as. Policies see what was found as `context.<kind>`. */
const INSPECT_KINDS = ['shell', 'http'] as const satisfies readonly InspectKind[];

const toolSchema = z.strictObject({
  title: text('a title', 120).optional().meta({ description: 'A name for people.' }),
  description: text('a description', 4096).meta({
    description: 'What the tool does; the agent chooses by it.',
  }),
  connection: z.string().meta({ description: 'The name of a connection in sallyport.yaml.' }),
  input: inputSchema,
  sql: z
    .union([
      text('a statement', 100_000),
      z.strictObject({
        from: z.string().meta({ description: 'The argument in which the agent writes its statement.' }),
      }),
    ])
    .meta({ description: 'A fixed statement with :names for arguments, or { from: argument }.' }),
  inspect: z.record(z.string(), z.enum(INSPECT_KINDS)).optional().meta({
    description:
      'Arguments that are inspected before the call is decided, by name: { command: shell, url: http }.',
  }),
  limits: limitsSchema.optional(),
  columns: z.record(z.string(), z.string()).optional().meta({
    description: 'The data class of a result column, by column name: { card_number: payment_card }.',
  }),
  reveals: z.record(z.string(), z.string()).optional().meta({
    description:
      'Arguments in which a token is turned back into the value it stands for, with the data class: { email: email }.',
  }),
  binary: z.array(text('the name of a column', 128)).min(1).max(50).optional().meta({
    description:
      'Result columns whose bytes may leave, to whom policy shows DataClass::"binary". Other bytes that are not text never do.',
  }),
});

/** `tools.yaml`. */
export const toolsFileSchema = z.strictObject({
  tools: z
    .record(toolName, toolSchema)
    .refine((tools) => Object.keys(tools).length > 0, 'expected at least one tool'),
});

/** A tool as it was written. */
export type DeclaredTool = z.output<typeof toolSchema>;
