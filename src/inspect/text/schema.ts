import { z } from 'zod';

/** Far more than a person writes, and little enough to send to a worker with each text. */
const MOST_PATTERNS = 200;

const example = z.string().min(1).max(2_000);

const patternSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,47}$/, 'expected a name such as credential_request: lower case, digits, _')
    .meta({ description: 'What policies and records call it.' }),
  explain: z
    .string()
    .min(1)
    .max(400)
    .meta({ description: 'What it finds, and why that matters; one sentence.' }),
  score: z.int().min(1).max(100).meta({ description: 'What it adds to the score of a text, once.' }),
  reads: z.enum(['words', 'text']).optional().meta({
    description:
      'words (as left out): letters and digits with single spaces between. text: signs too. Both lower case, accents and disguises removed.',
  }),
  words: z.array(z.string().min(2).max(60)).min(1).max(100).meta({
    description: 'The pattern is tried only on texts that hold one of these. Any part of a word will do.',
  }),
  pattern: z.string().min(1).max(2_000).meta({ description: 'RE2 syntax, lower case.' }),
  match: z
    .array(example)
    .min(1)
    .max(50)
    .meta({ description: 'Texts that it must find. Checked when it is loaded.' }),
  no_match: z
    .array(example)
    .min(1)
    .max(50)
    .meta({ description: 'Texts that it must not find. Checked when it is loaded.' }),
});

/** `policies/patterns.yaml`. */
export const patternsFile = z.strictObject({
  results: z.boolean().optional().meta({
    description:
      'Whether results are looked at too, for the record. Nothing is refused for it. false as left out.',
  }),
  patterns: z.array(patternSchema).max(MOST_PATTERNS),
});

export type PatternsFile = z.infer<typeof patternsFile>;
export type DeclaredPattern = PatternsFile['patterns'][number];
