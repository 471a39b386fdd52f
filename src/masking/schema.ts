import { isSupportedCountry, type CountryCode } from 'libphonenumber-js/max';
import { z } from 'zod';
import { isBuiltIn, UNREADABLE } from './data-classes.ts';
import { problemOf } from './custom-detectors.ts';
import { parsePath } from './paths.ts';
import { classesFor, STRATEGIES, suits, type Strategy } from './strategies.ts';

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

const region = z.string().transform((code, context): CountryCode => {
  if (isSupportedCountry(code)) return code;
  context.addIssue({
    code: 'custom',
    message: `"${code}" is no ISO 3166 country code; expected one like US or DE`,
  });
  return z.NEVER;
});

const toolColumn = (dataClass: z.ZodType<string>) =>
  z.union([
    dataClass,
    z
      .strictObject({ class: dataClass, strategy: strategy.optional() })
      .refine((said) => said.strategy === undefined || suits(said.strategy, said.class), {
        error: 'the strategy is not for this class',
      }),
  ]);

export type ToolColumnSaid = z.infer<ReturnType<typeof toolColumn>>;

/** Rules by class; each is checked against what its class allows. */
function byClass<T extends { readonly strategy?: Strategy | undefined; readonly description?: unknown }>(
  rule: z.ZodType<T>,
  known: readonly string[],
): z.ZodType<Record<string, T>> {
  return z.record(z.string(), rule).superRefine((rules, context) => {
    for (const [name, { strategy: said, description }] of Object.entries(rules)) {
      if (!known.includes(name)) {
        const params = { found: name, known, at: 'key', otherwise: OWN };
        context.addIssue({ code: 'custom', path: [name], message: `"${name}" is no data class`, params });
      } else if (description !== undefined && isBuiltIn(name)) {
        const message = `${name} is built in, and has its description`;
        const params = { suggest: 'only a class of your own is described' };
        context.addIssue({ code: 'custom', path: [name, 'description'], message, params });
      } else if (said !== undefined && !suits(said, name)) {
        const able = (classesFor(said) ?? []).join(', ');
        const message = `${said} is not for ${name}; it is for ${able}`;
        const params = { suggest: 'use redact' };
        context.addIssue({ code: 'custom', path: [name, 'strategy'], message, params });
      }
    }
  });
}

/** Each name in a document is compared with all that are on their way. */
const MOST_PATHS = 200;

const OWN = 'a class of your own is declared by its description';

const example = z.string().min(1).max(1_000);
const detector = (dataClass: z.ZodType<string>) =>
  z
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

/**
 * `policies/masking.yaml`.
 *
 * @param known the names of all data classes, with those that the file itself declares.
 */
export function maskingFile(known: readonly string[]) {
  const dataClass = z.string().superRefine((name, context) => {
    if (known.includes(name)) return;
    const message = `"${name}" is no data class`;
    context.addIssue({ code: 'custom', message, params: { found: name, known } });
  });
  const column = toolColumn(dataClass);
  const paths = z
    .record(z.string().max(500), column)
    .refine((rules) => Object.keys(rules).length <= MOST_PATHS, {
      error: `expected at most ${MOST_PATHS} paths`,
    })
    .superRefine((rules, context) => {
      for (const path of Object.keys(rules).filter((each) => parsePath(each) === null)) {
        const params = {
          suggest: 'names after dots, * for any, .. for any depth: $.profile.contact.*',
          at: 'key',
        };
        context.addIssue({ code: 'custom', path: [path], message: `"${path}" is no path`, params });
      }
    })
    .meta({ description: 'Classes by place in rows and JSON: { "$.profile.contact.*": email }.' });
  return z.strictObject({
    detectors: z.array(detector(dataClass)).max(100).optional(),
    pseudonyms_within: z.enum(['session', 'store']).optional(),
    phone_regions: z.array(region).min(1).max(20).optional(),
    paths: paths.optional(),
    classes: byClass(
      classRule.extend({
        description: z
          .string()
          .min(1)
          .max(400)
          .optional()
          .meta({ description: 'What a class of your own is: declares it. For no class that is built in.' }),
        columns: z.array(columnName).optional(),
        except: z.array(columnName).optional(),
      }),
      known,
    ).optional(),
    tools: z
      .record(
        z.string(),
        z.strictObject({
          classes: byClass(classRule, known).optional(),
          columns: z.record(columnName, column).optional(),
          paths: paths.optional(),
        }),
      )
      .optional(),
  });
}

export type MaskingFile = z.infer<ReturnType<typeof maskingFile>>;

/** Fits into a placeholder and an entity of Cedar. */
const OWN_NAME = /^[a-z][a-z0-9_]{0,39}$/;
const MOST_OWN = 100;

/** The data classes that a file declares, before it is checked: an entry with a description, under a name that is free. */
export function declaredClasses(file: unknown): readonly string[] {
  const classes = entriesOf(file).find(([key]) => key === 'classes')?.[1];
  return entriesOf(classes)
    .filter(([, rule]) => entriesOf(rule).some(([key, said]) => key === 'description' && said !== undefined))
    .map(([name]) => name)
    .filter((name) => OWN_NAME.test(name) && name !== UNREADABLE && name !== 'redacted' && !isBuiltIn(name))
    .slice(0, MOST_OWN);
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}
