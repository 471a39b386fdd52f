import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { shown } from './configuration.ts';
import { reportJson, type Finding } from '../masking/report.ts';
import { maskJson } from '../masking/mask.ts';
import { loadMaskingRules, type MaskingRules } from '../masking/rules.ts';
import type { Json } from '../model/json.ts';
import type { Loaded } from '../model/load-error.ts';

/** Masking as the gateway does it, for the command line: of a value that came from no column of no tool. */
export interface OfflineMasking {
  readonly mask: (value: Json) => Json;
  readonly report: (value: Json) => readonly Finding[];
}

/**
 * @param folder the policies folder; its `masking.yaml` counts where there is one, else the defaults.
 * @param named whether a person named the folder: one that is not there is then an error and not a default.
 */
export async function openMasking(folder: string, named: boolean): Promise<Loaded<OfflineMasking>> {
  const rules = await readMaskingRules(folder, named);
  if (!rules.ok) return rules;
  const value: OfflineMasking = {
    mask: (json) => maskJson(json, rules.value).value,
    report: (json) => reportJson(json, rules.value),
  };
  return { ok: true, value, warnings: rules.warnings };
}

/** As `openMasking`, for the rules themselves. */
export async function readMaskingRules(folder: string, named: boolean): Promise<Loaded<MaskingRules>> {
  if (named && !existsSync(folder))
    return { ok: false, errors: [{ file: folder, message: 'there is no such folder of policies' }] };
  const path = join(folder, 'masking.yaml');
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
  return loadMaskingRules(text === null ? null : { path: shown(path), text });
}
