import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '../model/json.ts';
import type { Row } from './csv/line.ts';
import { NONE, type Report } from './csv/report.ts';
import { objectOf, objectsOf, textOf, type PackRecord } from './pack-record.ts';
import type { ZipFile } from './zip-file.ts';

/** A set of rules that came into force, with its sources as they were put on record; null where they were not. */
export interface RuleVersion {
  readonly index: number;
  /** The digest of the whole set. */
  readonly rules: string;
  /** The digest of its policies, with the schema that they were checked against. */
  readonly policies: string;
  readonly sources: JsonObject | null;
}

export function ruleVersion({ index, event }: PackRecord, payload: string | null): RuleVersion {
  const value: Json = payload === null ? null : JSON.parse(payload);
  return {
    index,
    rules: textOf(event, 'rules') ?? '',
    policies: textOf(event, 'policies') ?? '',
    sources: value === null ? null : objectOf(value),
  };
}

/** The versions of the period, written down as they come: each file once, under its digest. */
export interface RuleVersions extends Report {
  readonly take: (version: RuleVersion) => void;
}

export function ruleVersions(zip: ZipFile): RuleVersions {
  const rows: Row[] = [];
  const written = new Set<string>();
  let before = new Map<string, string>();

  function take({ index, rules, sources }: RuleVersion): void {
    if (sources === null) return;
    const now = new Map<string, string>();
    for (const file of objectsOf(sources['files'])) {
      const [path, text, sha256] = [textOf(file, 'path'), textOf(file, 'text'), textOf(file, 'sha256')];
      if (path === null || sha256 === null) continue;
      now.set(path, sha256);
      const was = before.get(path);
      const change = was === undefined ? 'new' : was === sha256 ? 'same' : 'changed';
      const exact = text !== null && createHash('sha256').update(text).digest('hex') === sha256;
      const place = text === null ? null : `rules/${exact ? sha256 : `masked-${digestOf(text)}`}.txt`;
      rows.push([index, rules, path, sha256, change, exact, place]);
      if (text === null || place === null || written.has(place)) continue;
      written.add(place);
      zip.put(place, text);
    }
    for (const [path, sha256] of before)
      if (!now.has(path)) rows.push([index, rules, path, sha256, 'removed', null, null]);
    before = now;
  }

  return {
    name: 'rule_files',
    about: 'a line for each file of each set of rules that came into force, and each that went',
    columns: [
      ['index', 'the rules.loaded record in the log'],
      ['rules', 'digest of the whole set'],
      ['path', 'of the file, as the operator would type it'],
      ['sha256', 'of the file as it was'],
      ['change', 'new, same, changed or removed, against the set before; new on the first of the period'],
      [
        'exact',
        'whether the text in this pack is the file byte for byte; false where something in it was masked',
      ],
      ['text', 'where it is in this pack; empty where the record does not have it'],
    ],
    take,
    add: () => NONE,
    end: () => rows,
  };
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
