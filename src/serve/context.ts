import type { FastifyInstance } from 'fastify';
import type { PredictionLog } from '../monitor/log/prediction-log.ts';
import type { LoadGate, Ticket } from './http/load-gate.ts';
import type { Metrics } from './http/metrics.ts';
import type { KeyCheck } from './keys/key-check.ts';
import type { ModelSlot } from './model/model-slot.ts';
import type { ParsedServeOptions } from './options.ts';

/** What the routes of one server share. */
export interface ServeContext {
  readonly settings: ParsedServeOptions;
  readonly slot: ModelSlot;
  readonly gate: LoadGate;
  readonly metrics: Metrics;
  readonly keys: KeyCheck | undefined;
  readonly log: PredictionLog | undefined;
  readonly state: ServerState;
}

export interface ServerState {
  phase: 'ready' | 'draining';
}

/** What one request holds and what its line in the log tells. */
export interface Work {
  readonly ticket: Ticket;
  rows: number;
}

export type App = FastifyInstance;

declare module 'fastify' {
  interface FastifyRequest {
    /** Of requests that cost work; null for the others. */
    work: Work | null;
    /** Name of the key that was shown; null where none is needed. */
    keyName: string | null;
  }
}
