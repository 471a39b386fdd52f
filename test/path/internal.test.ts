import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Stations } from '../../src/govern/stations.ts';
import { peek } from './example.ts';
import { openLine, type Line } from './line.ts';
import { history } from './on-record.ts';

let line: Line;
before(async () => {
  line = await openLine();
});
after(() => line.close());

const bug = (): never => {
  throw new TypeError('undefined is not ada@example.com');
};
const BUGS: readonly Partial<Stations>[] = [
  { identify: bug },
  { identify: () => Promise.reject(new Error('a rejected promise')) },
  { enterSession: bug },
  { inspector: { sql: bug, shell: bug, http: bug, text: bug } },
  { countInSession: bug },
];

for (const broken of BUGS) {
  const [station] = Object.keys(broken);
  test(`a bug in ${station} lets nothing through, is on record, and tells the agent a fixed sentence`, async () => {
    const notes = peek(line.folder, 'SELECT count(*) FROM notes');
    const statement = "INSERT INTO notes VALUES (900001, 1, 'a', 'b', 'behind a bug')";
    const answer = await line.call('run_sql', { statement }, { ...asDba(line.stations), ...broken });
    assert.ok(answer.outcome === 'refused' && answer.cause === 'internal', JSON.stringify(answer));
    assert.equal(answer.reason, 'The gateway failed and let nothing through. Nothing was executed.');
    assert.equal(peek(line.folder, 'SELECT count(*) FROM notes'), notes);
    assert.equal(line.alarms.at(-1)?.station, 'govern');
    if (station !== 'countInSession') {
      const [refused] = await history(line.folder, answer.call, ['call.refused']);
      assert.equal(refused.event['cause'], 'internal');
    }
  });
}

function asDba({ identify }: Stations): Pick<Stations, 'identify'> {
  return {
    async identify(credential) {
      const identified = await identify(credential);
      return identified.ok
        ? { ok: true, principal: { ...identified.principal, groups: ['dba'] } }
        : identified;
    },
  };
}
