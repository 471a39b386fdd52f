import { isSupportedCountry, type CountryCode } from 'libphonenumber-js/max';
import { z } from 'zod';
import { DATA_CLASSES, type DataClass } from './data-classes.ts';
import { problemOf } from './custom-detectors.ts';
import { classesFor, STRATEGIES, type Strategy } from './strategies.ts';

/**
 * The least and most that a threshold may be. What a detector is sure of scores above the most, so that no threshold
 * switches a class off unseen.
 */
const LEAST = 5;
const MOST = 90;

/** From which score on a finding counts, where nobody said another. */
export const DEFAULT_THRESHOLD = 50;

const strategy = z.enum(STRATEGIES);
const threshold = z.number().min(LEAST).max(MOST);
const columnName = z.string().min(1).max(128);
const classRule = z.strictObject({ strategy: strategy.optional(), threshold: threshold.optional() });

function isDataClass(name: string): name is DataClass {
  return DATA_CLASSES.some((known) => known === name);
}

const dataClass = z.string().transform((name, context): DataClass => {
  if (isDataClass(name)) return name;
  context.addIssue({
    code: 'custom',
    message: `"${name}" is no data class`,
    params: { found: name, known: DATA_CLASSES },
  });
  return z.NEVER;
});

const region = z.string().transform((code, context): CountryCode => {
  if (isSupportedCountry(code)) return code;
  context.addIssue({
    code: 'custom',
    message: `"${code}" is no ISO 3166 country code; expected one like US or DE`,
  });
  return z.NEVER;
});

function fits(said: Strategy | undefined, name: string): boolean {
  return said === undefined || (classesFor(said)?.includes(name) ?? true);
}

const toolColumn = z.union([
  dataClass,
  z
    .strictObject({ class: dataClass, strategy: strategy.optional() })
    .refine((said) => fits(said.strategy, said.class), {
      error: 'the strategy is not for this class',
    }),
]);

export type ToolColumnSaid = z.infer<typeof toolColumn>;

/** Rules by class; each is checked against what its class allows. */
function byClass<T extends { readonly strategy?: Strategy | undefined }>(
  rule: z.ZodType<T>,
): z.ZodType<Partial<Record<DataClass, T>>> {
  return z.record(z.string(), rule).transform((rules, context) => {
    const checked: Partial<Record<DataClass, T>> = {};
    for (const [name, value] of Object.entries(rules)) {
      const path = [name];
      const params = { found: name, known: DATA_CLASSES, at: 'key' };
      if (!isDataClass(name))
        context.addIssue({ code: 'custom', path, message: `"${name}" is no data class`, params });
      else if (!fits(value.strategy, name)) {
        const able = (classesFor(value.strategy ?? 'redact') ?? []).join(', ');
        const message = `${value.strategy} is not for ${name}; it is for ${able}`;
        context.addIssue({
          code: 'custom',
          path: [name, 'strategy'],
          message,
          params: { suggest: 'use redact' },
        });
      } else checked[name] = value;
    }
    return checked;
  });
}

const example = z.string().min(1).max(1_000);
const detector = z
  .strictObject({
    name: z.string().regex(/^[a-z][a-z0-9_]{0,47}$/),
    class: dataClass,
    pattern: z.string().min(1).max(1_000),
    words: z.array(z.string().min(1).max(64)).max(50).optional(),
    score: z.int().min(LEAST).max(100),
    match: z.array(example).min(1),
    no_match: z.array(example).optional(),
  })
  .superRefine((said, context) => {
    const message = problemOf(said, DEFAULT_THRESHOLD);
    if (message !== null) context.addIssue({ code: 'custom', path: ['pattern'], message });
  });

/** `policies/masking.yaml`. */
export const maskingFile = z.strictObject({
  detectors: z.array(detector).max(100).optional(),
  pseudonyms_within: z.enum(['session', 'store']).optional(),
  phone_regions: z.array(region).min(1).max(20).optional(),
  classes: byClass(
    classRule.extend({ columns: z.array(columnName).optional(), except: z.array(columnName).optional() }),
  ).optional(),
  tools: z
    .record(
      z.string(),
      z.strictObject({
        classes: byClass(classRule).optional(),
        columns: z.record(columnName, toolColumn).optional(),
      }),
    )
    .optional(),
});

export type MaskingFile = z.infer<typeof maskingFile>;
