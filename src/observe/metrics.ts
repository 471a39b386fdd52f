import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { createHistogram } from './histogram.ts';
import type { OutcomeKind, RefusalCause } from '../model/answer.ts';
import type { Station } from '../model/watch.ts';

/** Seconds. From a cached decision (some 10 µs) to the longest statement a tool may run. */
const BUCKETS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
];

export interface Metrics {
  /** `tool` must come from a closed set: it is a label. `seconds` is the whole call, from the door to the answer. */
  callEnded(tool: string, outcome: OutcomeKind, cause: RefusalCause | null, seconds: number): void;
  stationPassed(station: Station, seconds: number): void;
  doorRefused(failure: string): void;
  /** Names from `patterns.yaml`. */
  textFound(patterns: readonly string[]): void;
  rulesLoaded(ok: boolean): void;
  /** Names from the configuration. */
  witnessAsked(witness: string, worked: boolean): void;
  timestampAsked(worked: boolean): void;
  render(): Promise<{ readonly contentType: string; readonly body: string }>;
}

export interface MetricsOptions {
  readonly storeStats: () => { readonly queued: number; readonly inFlight: number };
}

/** Prometheus metrics of one gateway, in a registry of its own. */
export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const calls = new Counter({
    name: 'sallyport_calls_total',
    help: 'Governed calls by tool, outcome and cause of refusal.',
    labelNames: ['tool', 'outcome', 'cause'],
    registers,
  });
  const callSeconds = createHistogram({
    name: 'sallyport_call_duration_seconds',
    help: 'Time of a call from the door to the answer.',
    labelName: 'outcome',
    buckets: BUCKETS,
  });
  const stationSeconds = createHistogram({
    name: 'sallyport_station_duration_seconds',
    help: 'Time of a call at each station of the governed path.',
    labelName: 'station',
    buckets: BUCKETS,
  });
  const door = new Counter({
    name: 'sallyport_door_refusals_total',
    help: 'Requests turned away before they became calls.',
    labelNames: ['failure'],
    registers,
  });
  const found = new Counter({
    name: 'sallyport_text_findings_total',
    help: 'Results in which a text pattern stood, by pattern.',
    labelNames: ['pattern'],
    registers,
  });
  const reloads = new Counter({
    name: 'sallyport_rules_loads_total',
    help: 'Loads of skills and policies; result="rejected" keeps the last good set.',
    labelNames: ['result'],
    registers,
  });
  const cosignatures = new Counter({
    name: 'sallyport_witness_requests_total',
    help: 'Checkpoints that were given to a witness, by whether it cosigned.',
    labelNames: ['witness', 'result'],
    registers,
  });
  const stamps = new Counter({
    name: 'sallyport_timestamp_requests_total',
    help: 'Time stamps that were asked for, by whether there was one.',
    labelNames: ['result'],
    registers,
  });
  void new Gauge({
    name: 'sallyport_store_queue_records',
    help: 'Records waiting to be written (state="queued") and being written (state="in_flight").',
    labelNames: ['state'],
    registers,
    collect() {
      const { queued, inFlight } = options.storeStats();
      this.set({ state: 'queued' }, queued);
      this.set({ state: 'in_flight' }, inFlight);
    },
  });
  return {
    callEnded(tool, outcome, cause, seconds) {
      calls.inc({ tool, outcome, cause: cause ?? '' });
      callSeconds.observe(outcome, seconds);
    },
    stationPassed: (station, seconds) => stationSeconds.observe(station, seconds),
    doorRefused: (failure) => door.inc({ failure }),
    textFound(patterns) {
      for (const pattern of patterns) found.inc({ pattern });
    },
    witnessAsked: (witness, worked) => cosignatures.inc({ witness, result: worked ? 'cosigned' : 'failed' }),
    timestampAsked: (worked) => stamps.inc({ result: worked ? 'stamped' : 'failed' }),
    rulesLoaded: (ok) => reloads.inc({ result: ok ? 'loaded' : 'rejected' }),
    async render() {
      const body = `${await registry.metrics()}${callSeconds.render()}${stationSeconds.render()}`;
      return { contentType: registry.contentType, body };
    },
  };
}
