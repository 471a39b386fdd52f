import { accessMatrix, ACCESS_COLUMNS, type AccessReader } from './access-matrix.ts';
import { accessUsed } from './csv/access-used.ts';
import { approvals } from './csv/approvals.ts';
import { authenticationFailures } from './csv/authentication-failures.ts';
import { csvLine, type Row } from './csv/line.ts';
import { denials } from './csv/denials.ts';
import { masking } from './csv/masking.ts';
import { principals, type Person } from './csv/people.ts';
import type { Report } from './csv/report.ts';
import { rules } from './csv/rules.ts';
import { sessions, summaries } from './csv/sessions.ts';
import { CONTROL_COLUMNS, controlRows, type Controls } from './controls.ts';
import { HOW_TO_VERIFY, VERIFY_GO } from './how-to-verify.ts';
import { createLinesFile, type LinesFile } from './lines-file.ts';
import { writeLog } from './log-files.ts';
import { createOcsf } from './ocsf/events.ts';
import type { PackRecord } from './pack-record.ts';
import { rulesInForce } from './rules-in-force.ts';
import { ruleVersion, ruleVersions, type RuleVersion } from './rule-versions.ts';
import { writeSamples } from './sample-files.ts';
import { createSample } from './sample.ts';
import { remembering } from './tiles.ts';
import { writeTranscripts, type SessionReader } from './transcripts.ts';
import type { Period, Stretch } from './period.ts';
import type { ZipFile } from './zip-file.ts';
import type { JsonObject } from '../model/json.ts';
import { decodeRecord } from '../sessions/entry.ts';
import { parseCheckpoint } from '../sessions/log/checkpoint.ts';
import type { RecordSource, SourceRecord } from '../sessions/store.ts';

export interface PackOptions {
  readonly source: RecordSource;
  readonly readSession: SessionReader;
  readonly access: AccessReader;
  readonly period: Period;
  readonly stretch: Stretch;
  readonly log: { readonly origin: string; readonly verifierKey: string };
  /** Of this program. */
  readonly version: string;
  /** How many calls are drawn. */
  readonly sample: number;
  readonly controls: Controls | null;
}

/** What the manifest says beside the files. */
export interface PackContents {
  readonly about: JsonObject;
  /** Lines of files that have lines, by name. */
  readonly rows: ReadonlyMap<string, number>;
}

/** Writes everything but the result of verification and the manifest. The period is read once, page by page. */
export async function writePack(zip: ZipFile, options: PackOptions): Promise<PackContents> {
  const { source, stretch, log, version } = options;
  const [start, end] = [stretch.start?.size ?? 0, stretch.end.size];
  const tiles = remembering(source.tile);
  const rows = new Map<string, number>();
  const count = (name: string): void => void rows.set(name, (rows.get(name) ?? 0) + 1);
  const csv = (name: string, columns: Report['columns'], lines: readonly Row[]): void => {
    const file = zip.grow(name);
    file.write(csvLine(columns.map(([column]) => column)));
    rows.set(name, lines.length);
    for (const line of lines) file.write(csvLine(line));
  };

  zip.put('verify.md', HOW_TO_VERIFY);
  zip.put('verify.go', VERIFY_GO);
  await writeLog(zip, { tiles, stretch, verifierKey: log.verifierKey });

  const people = new Map<string, Person>();
  const found: Parameters<typeof sessions>[0] = new Map();
  const versions = ruleVersions(zip);
  const reports = [
    approvals(),
    denials(),
    authenticationFailures(),
    masking(),
    rules(),
    versions,
    principals(people),
    sessions(found),
    accessUsed(),
  ];
  const files = reports.map((report) => openReport(zip, report, count));
  const records = createLinesFile(zip, 'records', count);
  const payloads = createLinesFile(zip, 'payloads', count);
  const events = new Map<string, LinesFile>();
  const toOcsf = createOcsf({ origin: log.origin, version });
  const root = Buffer.from(parseCheckpoint(stretch.end.note)?.root ?? []).toString('base64');
  const sample = createSample(root, options.sample);
  const types = new Map<string, number>();
  const kinds = { none: 0, kept: 0, erased: 0, missing: 0 };
  const first = await rulesInForce(source, tiles, stretch);
  let last: RuleVersion | null = first?.version ?? null;
  // Where the log began in the period, it began with the first rules of it.
  let began = last;
  if (last !== null) versions.take(last);

  function take({ index, entry, payload }: SourceRecord): void {
    const { payload: _, ...record } = decodeRecord(index, entry, null);
    records.add(index, entry);
    types.set(record.type, (types.get(record.type) ?? 0) + 1);
    kinds[payload.kind] += 1;
    if (payload.kind !== 'none') payloads.add(index, payloadLine(index, payload));
    for (const report of files) report.add(record);
    for (const { class: of, body } of toOcsf(record)) {
      const file = events.get(of) ?? createLinesFile(zip, `ocsf/${of}`, count);
      events.set(of, file);
      file.add(index, JSON.stringify(body));
    }
    sample.add(record, entry);
    if (record.type !== 'rules.loaded') return;
    last = ruleVersion(record, payload.kind === 'kept' ? payload.body : null);
    began ??= last;
    versions.take(last);
  }

  for (let at = start; at < end;) {
    const page = await source.records(at, end);
    if (page.length === 0) throw new Error(`the log ends at record ${at}, and a checkpoint is of ${end}`);
    for (const record of page) take(record);
    at += page.length;
  }

  for (const file of files) file.end();
  if (first !== null) first.write(zip);
  csv(
    'csv/access_matrix_start.csv',
    ACCESS_COLUMNS,
    await accessMatrix(options.access, began, people, 'start'),
  );
  csv('csv/access_matrix_end.csv', ACCESS_COLUMNS, await accessMatrix(options.access, last, people, 'end'));
  await writeSamples(zip, csv, { drawn: sample.drawn(), tiles, end: stretch.end });
  await writeTranscripts(zip, summaries(found), options.readSession, { start, end });
  if (options.controls !== null) {
    const under = (file: string): number =>
      [...rows]
        .filter(([name]) => name === file || (file.endsWith('/') && name.startsWith(file)))
        .reduce((sum, [, lines]) => sum + lines, 0);
    csv('controls.csv', CONTROL_COLUMNS, controlRows(under));
  }
  csv('csv/columns.csv', COLUMNS, columnsOf([...reports, ...MATRICES]));

  return {
    rows,
    about: {
      origin: log.origin,
      key: log.verifierKey,
      period: { from: instant(options.period.from), to: instant(options.period.to) },
      log: { start, end, records: records.lines(), root },
      counts: { types: Object.fromEntries(types), payloads: kinds },
      sample: { wanted: options.sample, drawn: sample.drawn().length, of: sample.population() },
    },
  };
}

const COLUMNS = [
  ['file', 'in this pack'],
  ['column', 'its name'],
  ['meaning', 'what it says'],
] as const;

const MATRICES = ['access_matrix_start', 'access_matrix_end'].map((name) => ({
  name,
  columns: ACCESS_COLUMNS,
}));

function columnsOf(reports: readonly Pick<Report, 'name' | 'columns'>[]): readonly Row[] {
  return reports.flatMap(({ name, columns }) => columns.map((column) => [`csv/${name}.csv`, ...column]));
}

interface OpenReport {
  readonly add: (record: PackRecord) => void;
  readonly end: () => void;
}

function openReport(zip: ZipFile, report: Report, count: (name: string) => void): OpenReport {
  const name = `csv/${report.name}.csv`;
  const file = zip.grow(name);
  file.write(csvLine(report.columns.map(([column]) => column)));
  const write = (rows: readonly Row[]): void => {
    for (const row of rows) {
      file.write(csvLine(row));
      count(name);
    }
  };
  return { add: (record) => write(report.add(record)), end: () => write(report.end()) };
}

function payloadLine(index: number, payload: SourceRecord['payload']): string {
  switch (payload.kind) {
    case 'kept':
      return JSON.stringify({ index, salt: payload.salt, body: payload.body });
    case 'erased':
    case 'missing':
      return JSON.stringify({ index, [payload.kind]: true });
    case 'none':
      throw new Error('a record without a payload has no line');
  }
}

function instant(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
