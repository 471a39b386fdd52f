import { z } from 'zod';

/** What every connection in sallyport.yaml may say, whatever its kind. */
export const commonShape = {
  environment: z
    .string()
    .min(1)
    .max(64)
    .default('development')
    .describe('The Cedar Environment it is in, for example production.'),
  description: z.string().max(500).optional().describe('For people who read the configuration.'),
  read_only: z.boolean().default(false).describe('Refuse every statement that could write.'),
} as const;

export interface CommonSettings {
  readonly environment: string;
  readonly description?: string;
}

/** Most sessions that a pool may be told to open. */
const MAX_POOL = 100;

export function poolSchema(max: number) {
  return z
    .strictObject({
      max: z.int().min(1).max(MAX_POOL).default(max).describe('Most sessions open at once.'),
    })
    .default({ max });
}
