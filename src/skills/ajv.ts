import { Ajv2020 } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { compilePattern } from './linear-pattern.ts';

/** Each was run on a megabyte of hostile text: the slowest took 37 ms. */
export const FORMATS = [
  'date',
  'date-time',
  'duration',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'time',
  'uri',
  'uuid',
] as const;

export interface AjvOptions {
  /** Makes the work grow with the number of errors. */
  readonly allErrors: boolean;
  /** Whether schemas are held against the meta-schema, which costs an instance 100 ms to compile. */
  readonly checksSchemas: boolean;
}

/** ajv for JSON Schema 2020-12, strict. */
export function createAjv(options: AjvOptions): Ajv2020 {
  const ajv = new Ajv2020({
    strict: true,
    allowUnionTypes: true,
    // `anyOf: [{ required: [a] }, { required: [b] }]` is good practice; misspelt names are found by `checkInputSchema`.
    strictRequired: false,
    strictTuples: false,
    allErrors: options.allErrors,
    validateSchema: options.checksSchemas,
    meta: options.checksSchemas,
    // Else `required: [toString]` holds for every object.
    ownProperties: true,
    logger: false,
    code: { regExp: Object.assign((pattern: string) => compilePattern(pattern), { code: 'compilePattern' }) },
  });
  for (const name of FORMATS) ajv.addFormat(name, fullFormats[name]);
  return ajv;
}
