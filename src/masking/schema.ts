import { isSupportedCountry, type CountryCode } from 'libphonenumber-js/max';
import { z } from 'zod';
import { allowsLastFour, DATA_CLASSES, type DataClass } from './data-classes.ts';

/**
 * The least and most that a threshold may be. What a detector is sure of scores above the most, so that no threshold
 * switches a class off unseen.
 */
const LEAST = 5;
const MOST = 90;

const strategy = z.enum(['redact', 'keep_last_four']);
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

/** Rules by class; each is checked against what its class allows. */
function byClass<T extends { readonly strategy?: string | undefined }>(
  rule: z.ZodType<T>,
): z.ZodType<Partial<Record<DataClass, T>>> {
  return z.record(z.string(), rule).transform((rules, context) => {
    const checked: Partial<Record<DataClass, T>> = {};
    for (const [name, value] of Object.entries(rules)) {
      const path = [name];
      const params = { found: name, known: DATA_CLASSES, at: 'key' };
      if (!isDataClass(name))
        context.addIssue({ code: 'custom', path, message: `"${name}" is no data class`, params });
      else if (value.strategy === 'keep_last_four' && !allowsLastFour(name)) {
        const able = DATA_CLASSES.filter(allowsLastFour).join(', ');
        const message = `keep_last_four would give away too much of ${name}; it is for ${able}`;
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

/** `policies/masking.yaml`. */
export const maskingFile = z.strictObject({
  phone_regions: z.array(region).min(1).max(20).optional(),
  classes: byClass(
    classRule.extend({ columns: z.array(columnName).optional(), except: z.array(columnName).optional() }),
  ).optional(),
  tools: z
    .record(
      z.string(),
      z.strictObject({
        classes: byClass(classRule).optional(),
        columns: z.record(columnName, dataClass).optional(),
      }),
    )
    .optional(),
});

export type MaskingFile = z.infer<typeof maskingFile>;
