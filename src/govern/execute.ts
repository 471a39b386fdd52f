import type { Received } from './received.ts';
import type { Stations } from './stations.ts';
import type { Execution } from '../model/result.ts';
import type { PermittedCall } from '../model/tool-call.ts';

/** How long a call runs before its client hears of progress, and how often after that, in milliseconds. */
const PROGRESS_EVERY = 1000;

/** Runs the call at its backend. A connector that throws may have run it: nobody can tell. */
export async function execute(
  permitted: PermittedCall,
  received: Received,
  stations: Stations,
): Promise<Execution> {
  const { io } = received;
  const started = stations.now();
  const tell = io.progress;
  const timer =
    tell === undefined
      ? null
      : setInterval(() => {
          const elapsedMs = stations.now() - started;
          tell({
            elapsedMs,
            message: `${permitted.call.tool.name} is running: ${Math.round(elapsedMs / 1000)} s`,
          });
        }, PROGRESS_EVERY);
  try {
    return await stations.execute(permitted, { signal: io.signal });
  } catch (error) {
    // A driver's own words may quote what it was given, and a log has no rule for a name.
    const withheld = Object.keys(permitted.revealed).length > 0;
    const told = withheld ? new Error('withheld, for it may quote what a token stood for') : error;
    stations.alarm(received.id, 'execute', told);
    return { ok: false, failure: 'internal', message: 'The connector failed.', ran: 'maybe' };
  } finally {
    if (timer !== null) clearInterval(timer);
  }
}
