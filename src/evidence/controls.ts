import type { Row } from './csv/line.ts';

export type Controls = 'soc2';

/**
 * Which files speak to which of the AICPA's trust services criteria (2017, points of focus 2022), in words of our own. A
 * name that ends in a slash is every file under it. What a file shows is evidence, not a judgement: that is the auditor's.
 */
const SOC2: readonly (readonly [criterion: string, file: string, shows: string])[] = [
  [
    'CC6.1',
    'csv/access_matrix_start.csv',
    'who could call which tool under the policies in force at the start',
  ],
  ['CC6.1', 'csv/access_matrix_end.csv', 'who could call which tool under the policies in force at the end'],
  ['CC6.1', 'csv/access_used.csv', 'who called what, and what was permitted, refused and held'],
  ['CC6.1', 'csv/authentication_failures.csv', 'requests of nobody who could be identified'],
  ['CC6.2', 'csv/principals.csv', 'who acted, with which groups and kinds of credential'],
  ['CC6.2', 'ocsf/authorize_session/', 'each session with the groups it was given'],
  ['CC6.2', 'ocsf/entity_management/', 'API keys made and revoked'],
  ['CC6.3', 'csv/approvals.csv', 'who asked for and who decided what had to be approved'],
  ['CC6.3', 'csv/denials.csv', 'calls that policy refused, by which policies'],
  ['CC6.3', 'csv/rules.csv', 'changes of who may do what'],
  ['CC6.6', 'csv/authentication_failures.csv', 'requests that were turned away at the door'],
  ['CC6.6', 'ocsf/authentication/', 'sign-ins, ends of sessions and failures'],
  ['CC6.7', 'csv/masking.csv', 'data that was masked before it left'],
  ['CC6.7', 'csv/denials.csv', 'results that were withheld for what they held'],
  ['CC7.2', 'ocsf/detection_finding/', 'events that somebody should look at'],
  ['CC7.2', 'ocsf/datastore_activity/', 'what was done to databases'],
  ['CC7.2', 'records/', 'every event of the period; that none is missing is proved'],
  ['CC7.3', 'csv/denials.csv', 'what was stopped, and why'],
  ['CC7.3', 'samples/samples.csv', 'calls drawn at random, to be followed by hand'],
  ['CC8.1', 'csv/rules.csv', 'every set of skills and policies that came into force, by digest'],
  ['CC8.1', 'csv/rule_files.csv', 'every file of each of them, by digest; their text is under rules/'],
  ['C1.1', 'csv/masking.csv', 'which classes of data were found and what was done with them'],
  ['C1.1', 'payloads/', 'arguments and results as they were kept: masked'],
  ['PI1', 'ocsf/api_activity/', 'each call with what was decided'],
  ['PI1', 'csv/sessions.csv', 'sessions with the counts of their calls'],
  ['PI1', 'verification.json', 'that the record was complete and unchanged'],
];

export const CONTROL_COLUMNS: readonly (readonly [name: string, meaning: string])[] = [
  ['criterion', 'of the trust services criteria'],
  ['file', 'in this pack; one that ends in a slash is every file under it'],
  ['rows', 'how many lines it has, without the heading'],
  ['shows', 'what it is evidence of'],
];

/** `rows` counts the lines of a file, or of all under a folder. */
export function controlRows(rows: (file: string) => number): readonly Row[] {
  return SOC2.map(([criterion, file, shows]) => [criterion, file, rows(file), shows]);
}
