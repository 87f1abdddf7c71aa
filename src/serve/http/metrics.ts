import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { PredictionLog } from '../../monitor/log/prediction-log.ts';
import type { ModelSlot } from '../model/model-slot.ts';
import type { LoadGate } from './load-gate.ts';

/** What a server tells Prometheus. */
export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
  answered(route: string, status: number, seconds: number): void;
  predicted(rows: number): void;
  batched(rows: number): void;
  swapped(): void;
  swapFailed(): void;
  clear(): void;
}

export interface MetricsSources {
  readonly slot: ModelSlot;
  readonly gate: LoadGate;
  readonly log: PredictionLog | undefined;
  /** Rows of single requests that wait for the model. */
  readonly waiting: () => number;
}

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function makeMetrics({ slot, gate, log, waiting }: MetricsSources): Metrics {
  const register = new Registry();
  const registers = [register];
  collectDefaultMetrics({ register });
  const requests = new Counter({
    ...{ name: 'heddle_requests_total', help: 'Requests answered.', registers },
    labelNames: ['route', 'status'] as const,
  });
  const duration = new Histogram({
    ...{
      name: 'heddle_request_duration_seconds',
      help: 'Time from the head of a request to the end of its answer.',
    },
    ...{ labelNames: ['route'] as const, buckets: SECONDS, registers },
  });
  const rows = new Counter({ name: 'heddle_rows_total', help: 'Rows predicted.', registers });
  const batch = new Histogram({
    ...{ name: 'heddle_batch_rows', help: 'Single rows of different requests that were predicted together.' },
    ...{ buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256], registers },
  });
  const swaps = new Counter({
    ...{
      name: 'heddle_model_swaps_total',
      help: 'Versions that took the place of another, and those that could not.',
    },
    ...{ labelNames: ['result'] as const, registers },
  });
  gauge('heddle_requests_in_flight', 'Requests in work.', () => gate.requests);
  gauge('heddle_rows_in_flight', 'Rows in work.', () => gate.rows);
  gauge('heddle_body_bytes_in_flight', 'Bytes of bodies held.', () => gate.bytes);
  gauge('heddle_queue_rows', 'Single rows that wait for the model.', waiting);
  total('heddle_refused_total', 'Requests refused because of too much work.', () => gate.refused);
  gauge('heddle_log_queued', 'Predictions that wait to be written to the log.', () => log?.queued ?? 0);
  total('heddle_log_dropped_total', 'Predictions that the log had no room for.', () => log?.dropped ?? 0);
  gauge('heddle_model_stale', '1 while a newer version could not be loaded.', () =>
    slot.failure === null ? 0 : 1,
  );
  const info = new Gauge({
    ...{ name: 'heddle_model_info', help: 'The model that is served; its version is the value.', registers },
    labelNames: ['name', 'version'] as const,
    collect() {
      this.reset();
      const { name, version } = slot.current.model.identity;
      this.set({ name, version: String(version ?? 'file') }, version ?? 0);
    },
  });

  /** A count that is kept elsewhere. */
  function total(name: string, help: string, value: () => number): void {
    new Counter({
      ...{ name, help, registers },
      collect() {
        this.reset();
        this.inc(value());
      },
    });
  }

  function gauge(name: string, help: string, value: () => number): void {
    new Gauge({
      ...{ name, help, registers },
      collect() {
        this.set(value());
      },
    });
  }

  const counterOf = kept<{ inc(): void }>();
  const timerOf = kept<{ observe(seconds: number): void }>();
  return {
    contentType: register.contentType,
    text: () => register.metrics(),
    answered(route, status, seconds) {
      counterOf(`${status} ${route}`, () => requests.labels({ route, status: String(status) })).inc();
      timerOf(route, () => duration.labels({ route })).observe(seconds);
    },
    predicted: (count) => rows.inc(count),
    batched: (count) => batch.observe(count),
    swapped: () => swaps.labels({ result: 'swapped' }).inc(),
    swapFailed: () => swaps.labels({ result: 'failed' }).inc(),
    clear() {
      info.reset();
      register.clear();
    },
  };
}

/** Keeps children by key: looking one up by its labels takes longer than adding to it. */
function kept<T>(): (key: string, make: () => T) => T {
  const known = new Map<string, T>();
  return (key, make) => {
    let child = known.get(key);
    if (child === undefined) {
      child = make();
      known.set(key, child);
    }
    return child;
  };
}
