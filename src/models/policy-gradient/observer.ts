import type { Observation } from '../../environments/environment.ts';
import { type ObservationFeatures, writeFeatures } from '../../environments/policy/observation-features.ts';
import { RunningStatistics } from '../../environments/wrappers/running-statistics.ts';

/** Mean and variance that numbers are scaled by, as plain data. */
export interface Scaling {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  readonly count: number;
}

/** Scaled numbers beyond ± this are cut there. */
export const SCALED_LIMIT = 10;
export const VARIANCE_EPSILON = 1e-8;

export function startScaling(width: number, from: Scaling | null | undefined): RunningStatistics {
  const statistics = new RunningStatistics(width);
  if (from === null || from === undefined) return statistics;
  statistics.mean.set(from.mean);
  statistics.variance.set(from.variance);
  statistics.count = from.count;
  return statistics;
}

export function scalingOf({ mean, variance, count }: RunningStatistics): Scaling {
  return { mean: mean.slice(), variance: variance.slice(), count };
}

/** Makes the inputs of the networks from observations. */
export interface Observer {
  /** Writes the inputs for an observation from `into[at]` on; what was seen counts for the scaling when it `counts`. */
  write(observation: Observation, into: Float32Array, at: number, counts: 'counts' | 'only-looks'): void;
  /** Null where observations are taken as they are. */
  scaling(): Scaling | null;
}

export function makeObserver(
  features: ObservationFeatures,
  isScaled: boolean,
  from: Scaling | null | undefined,
): Observer {
  if (!isScaled) {
    return {
      write: (observation, into, at) => writeFeatures(features, observation, into, at),
      scaling: () => null,
    };
  }
  const { width } = features;
  const statistics = startScaling(width, from);
  const bare = new Float64Array(width);
  return {
    write(observation, into, at, counts) {
      writeFeatures(features, observation, bare, 0);
      if (counts === 'counts') statistics.update(bare);
      scaleRow(bare, statistics, into, at);
    },
    scaling: () => scalingOf(statistics),
  };
}

/** (x − mean) ÷ √(variance + ε), cut to ±{@link SCALED_LIMIT}. */
export function scaleRow(
  row: Float64Array,
  { mean, variance }: Pick<Scaling, 'mean' | 'variance'>,
  into: Float32Array | Float64Array,
  at: number,
): void {
  for (let j = 0; j < row.length; j++)
    into[at + j] = cut((row[j]! - mean[j]!) / Math.sqrt(variance[j]! + VARIANCE_EPSILON));
}

/** Rewards over the running deviation of the discounted return R ← γ R + r of each environment, cut to ±{@link SCALED_LIMIT}. */
export interface RewardScaler {
  scale(reward: number, environment: number, ends: boolean): number;
  /** All environments begin anew. */
  begin(): void;
  scaling(): Scaling | null;
}

export function makeRewardScaler(
  isScaled: boolean,
  environments: number,
  gamma: number,
  from: Scaling | null | undefined,
): RewardScaler {
  if (!isScaled) return { scale: (reward) => reward, begin() {}, scaling: () => null };
  const statistics = startScaling(1, from);
  const discounted = new Float64Array(environments);
  const one = new Float64Array(1);
  return {
    scale(reward, environment, ends) {
      one[0] = gamma * discounted[environment]! + reward;
      discounted[environment] = ends ? 0 : one[0]!;
      statistics.update(one);
      return cut(reward / Math.sqrt(statistics.variance[0]! + VARIANCE_EPSILON));
    },
    begin: () => discounted.fill(0),
    scaling: () => scalingOf(statistics),
  };
}

function cut(value: number): number {
  return Math.min(Math.max(value, -SCALED_LIMIT), SCALED_LIMIT);
}
