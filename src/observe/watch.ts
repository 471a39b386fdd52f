import type { Metrics } from './metrics.ts';
import type { Tracing } from './tracing.ts';
import type { Watch, Watched } from '../model/watch.ts';

/**
 * Starts watches that feed metrics, and spans where tracing is on. A name that is no declared tool is what some client
 * wrote: it is counted and traced as `other`.
 */
export function createWatch(
  metrics: Metrics,
  tracing: Tracing | null,
  isTool: (name: string) => boolean,
): (watched: Watched) => Watch {
  const elapsed = (): number => performance.now();
  return ({ call, tool: name, traceparent }) => {
    const tool = isTool(name) ? name : 'other';
    const started = elapsed();
    // Spans carry wall-clock times; laps are measured on the monotonic clock and laid upon the start.
    const epoch = tracing === null ? 0 : Date.now() - started;
    const span = tracing?.startCall(tool, call, traceparent, epoch + started) ?? null;
    let last = started;
    return {
      lap(station, passed) {
        const now = elapsed();
        metrics.stationPassed(station, (now - last) / 1000);
        span?.station(station, epoch + last, epoch + now);
        last = now;
        return passed;
      },
      found: (patterns) => metrics.textFound(patterns),
      end(outcome, cause) {
        const now = elapsed();
        metrics.callEnded(tool, outcome, cause, (now - started) / 1000);
        const attributes = {
          'sallyport.outcome': outcome,
          ...(cause === null ? {} : { 'sallyport.cause': cause }),
        };
        span?.end(attributes, outcome !== 'answered', epoch + now);
      },
    };
  };
}
