import { VERSION } from './version.ts';
import { REVIEW_TOOL, review } from '../govern/review.ts';
import { govern } from '../govern/govern.ts';
import { listSkills } from '../govern/list-skills.ts';
import { listTools } from '../govern/list-tools.ts';
import { createTasks } from '../govern/tasks.ts';
import { tableOutputSchema } from '../server/answer.ts';
import type { DoorLog } from '../govern/door-log.ts';
import type { Gateway, Readiness } from '../govern/gateway.ts';
import type { Stations } from '../govern/stations.ts';
import type { TaskRuns } from '../govern/task-runs.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { Store } from '../sessions/store.ts';

export interface GatewayParts {
  readonly stations: Stations;
  readonly taskRuns: TaskRuns;
  readonly store: Pick<Store, 'health'>;
  readonly metrics: Metrics;
  readonly door: Pick<DoorLog, 'refused'>;
  readonly onRulesChanged: (listener: () => void) => () => void;
  readonly sessionEnded: (transportSession: string, reason: string) => void;
}

const INSTRUCTIONS =
  'Tools behind this server are governed. A call may be refused by policy; a refusal says which policy and why, and ' +
  'repeating the same call does not change it. Some values in results are masked, such as [redacted:email]; this is ' +
  'intended and not an error. Every call is on record under the id in _meta["sallyport/call"]. How to work with the tools ' +
  'is written in skills, which are resources of this server (skill://<name>/SKILL.md): read the one whose description fits ' +
  'before you use its tools for the first time.';

/** What fronts see, made of the line and what stands behind it. */
export function createGateway(parts: GatewayParts): Gateway {
  const { stations, store, metrics, door } = parts;
  return {
    name: 'sallyport',
    version: VERSION,
    instructions: INSTRUCTIONS,
    identify: stations.identify,
    call: (request, io) =>
      request.tool === REVIEW_TOOL ? review(request, stations, io) : govern(request, stations, io),
    tasks: createTasks(stations, parts.taskRuns),
    tools: (principal) => listTools(stations.rules(), principal, tableOutputSchema),
    skills: (principal) => listSkills(stations.rules(), principal),
    onListsChanged: parts.onRulesChanged,
    sessionEnded: parts.sessionEnded,
    metrics: () => metrics.render(),

    async doorRefused(refusal) {
      metrics.doorRefused(refusal.failure);
      await door.refused(refusal);
    },

    async ready(): Promise<Readiness> {
      if (!stations.accepting()) return { ready: false, checks: { gateway: 'shutting down' } };
      try {
        await store.health();
        return { ready: true, checks: { store: 'ok', tools: String(stations.rules().tools.size) } };
      } catch {
        return { ready: false, checks: { store: 'cannot append' } };
      }
    },
  };
}
