import { hash } from 'node:crypto';
import { RecordProblem } from './read-record.ts';
import { askOverHttp, whyNot } from '../sessions/publish/get-and-post.ts';

const TIMEOUT = 10_000;
const MAX_NOTE = 64 * 1024;

/**
 * The checkpoint that a witness has of the log with this verifier key, as it is: whoever verifies looks at its signatures. Throws
 * `RecordProblem` where there is none: an auditor who names a witness wants its word.
 */
export async function seenByWitness(url: string, key: string): Promise<string> {
  const [origin = ''] = key.split('+');
  const address = `${url.replace(/\/+$/, '')}/${hash('sha256', origin)}/checkpoint`;
  if (!/^https?:\/\//.test(address) || !URL.canParse(address))
    throw new RecordProblem('unusable', '--witness: expected an http or https URL');
  const ask = askOverHttp(fetch);
  const answer = await ask({
    url: address,
    method: 'GET',
    body: null,
    timeoutMs: TIMEOUT,
    most: MAX_NOTE,
  }).catch((error: unknown) => {
    throw new RecordProblem('unusable', `the witness at ${url} did not answer: ${whyNot(error)}`);
  });
  if (answer.status === 404)
    throw new RecordProblem('missing', `the witness at ${url} has seen nothing of this log`);
  if (answer.status !== 200)
    throw new RecordProblem('unusable', `the witness at ${url} answered ${answer.status}`);
  return answer.body.toString('utf8');
}
