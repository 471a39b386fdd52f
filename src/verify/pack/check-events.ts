import type { Entry } from '../entry.ts';
import { beside, linesUnder, type Beside, type LineOf } from './beside.ts';
import { objectIn, parsedObject } from './manifest.ts';
import type { OpenPack } from './open-pack.ts';
import type { PackFindings } from './pack-finding.ts';

/** Whether the OCSF events of a pack are those of its records: one of what happened for each, and no other. */
export interface EventsCheck {
  readonly record: (index: number, entry: Entry) => Promise<void>;
  readonly end: () => Promise<void>;
}

/** By class: the number that OCSF has for it, and the types of records that it may tell of. */
const CLASSES: Readonly<Record<string, readonly [uid: number, of: (type: string) => boolean]>> = {
  api_activity: [6003, (type) => type.startsWith('call.')],
  datastore_activity: [6005, (type) => type === 'call.outcome'],
  authorize_session: [3003, (type) => type === 'session.opened'],
  authentication: [3002, (type) => SIGN_INS.has(type)],
  entity_management: [3004, isOfNoOther],
};

const SIGN_INS = new Set(['session.closed', 'door.refused', 'console.signed_in', 'console.signed_out']);

/** A record may be a finding beside what it is. */
const FINDING = 2004;

function isOfNoOther(type: string): boolean {
  return !Object.entries(CLASSES).some(([name, [, of]]) => name !== 'entity_management' && of(type));
}

export function checkEvents(pack: OpenPack, findings: PackFindings): EventsCheck {
  const classes = Object.entries(CLASSES).map(([name, [uid, of]]) => ({ uid, of, lines: under(name) }));
  const found = under('detection_finding');

  function under(name: string): Beside<LineOf> {
    return beside(linesUnder(pack, `ocsf/${name}/`)[Symbol.asyncIterator]());
  }

  /** Whether the next line is of this record; then it is taken, and must say what the record says. */
  async function taken(lines: Beside<LineOf>, uid: number, index: number, entry: Entry): Promise<boolean> {
    const line = await lines.next();
    if (line === null) return false;
    const event = parsedObject(line.text);
    const metadata = objectIn(event['metadata']);
    if (metadata['sequence'] !== index) return false;
    lines.take();
    const same =
      event['class_uid'] === uid &&
      event['time'] === entry.time &&
      metadata['event_code'] === entry.type &&
      JSON.stringify(event['unmapped']) === JSON.stringify(entry.event);
    if (!same)
      findings.add('events_differ', line.file, index, `an event says something else than record ${index}`);
    return true;
  }

  return {
    record: async (index, entry) => {
      let many = 0;
      for (const { uid, of, lines } of classes)
        if (of(entry.type) && (await taken(lines, uid, index, entry))) many += 1;
      if (many !== 1)
        findings.add('events_differ', null, index, `record ${index} is ${many} events, and must be one`);
      await taken(found, FINDING, index, entry);
    },
    end: async () => {
      for (const { lines } of [...classes, { lines: found }]) {
        const line = await lines.next();
        if (line !== null)
          findings.add('events_differ', line.file, null, `${line.file} has an event of no record`);
      }
    },
  };
}
