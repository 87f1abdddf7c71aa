import { z } from 'zod';
import { OptionError } from '../../core/errors.ts';
import { choices, option } from '../../core/options.ts';
import { sharedArray } from '../../core/shared.ts';
import { defineRegressor } from '../../define/define-regressor.ts';
import { weightedQuantile } from '../../metrics/weighted-quantile.ts';
import { constantNodes } from '../../tensor/onnx/constant-nodes.ts';

interface DummyRegressorState {
  /** One number a target. */
  readonly constant: Float64Array;
}

export interface DummyRegressorAttributes {
  /** What is predicted for every row, one number a target. */
  readonly constant: Float64Array;
}

/**
 * Predicts the same number for every row, whatever its columns: the mean, median or another quantile of the training target, or a
 * constant that is given. Strategies of scikit-learn's DummyRegressor; a weighted quantile is the averaged inverse of the distribution
 * function.
 */
export const dummyRegressor = defineRegressor({
  name: 'dummy-regressor',
  module: import.meta.url,
  summary: 'Predicts one number for every row.',
  use: 'As the baseline that every other model has to beat.',
  input: 'table',
  missing: 'accepted',
  scaling: 'irrelevant',
  baseline: true,
  severalTargets: true,
  fitOperations: (rows) => 20 * rows,
  rowOperations: () => 1,
  options: z.strictObject({
    strategy: option(
      z.enum(['mean', 'median', 'quantile', 'constant']).default('mean'),
      'What is predicted.',
      choices('mean', 'median'),
    ),
    quantile: option(
      z.number().min(0).max(1).default(0.5),
      'With strategy quantile: which one; 0.5 is the median.',
    ),
    constant: option(
      z
        .union([z.number(), z.array(z.number())])
        .nullable()
        .default(null),
      'With strategy constant: the number, or one a target.',
    ),
  }),
  check({ strategy, constant }) {
    if ((strategy === 'constant') === (constant !== null)) return;
    throw new OptionError(
      'option/conflict',
      strategy === 'constant'
        ? "dummy-regressor: strategy 'constant' needs the constant: { strategy: 'constant', constant: 3 }."
        : `dummy-regressor: constant has no meaning with strategy '${strategy}'. Leave one of them out.`,
      { option: 'constant' },
    );
  },
  fit({ strategy, quantile, constant }, { y, targets, sampleWeight }): DummyRegressorState {
    if (constant !== null) return { constant: repeated(constant, targets) };
    const found = new Float64Array(targets);
    for (let t = 0; t < targets; t++) {
      const values = targets === 1 ? y : y.filter((_, i) => i % targets === t);
      found[t] =
        strategy === 'mean'
          ? weightedMean(values, sampleWeight)
          : quantileOf(values, sampleWeight, strategy === 'median' ? 0.5 : quantile);
    }
    return { constant: found };
  },
  predict({ constant }, x) {
    const values = sharedArray(Float64Array, x.rows * constant.length);
    for (let i = 0; i < x.rows; i++) values.set(constant, i * constant.length);
    return values;
  },
  onnx: ({ constant }, x, graph) => constantNodes(graph, x, constant),
  attributes: ({ constant }): DummyRegressorAttributes => ({ constant }),
});

function repeated(constant: number | readonly number[], targets: number): Float64Array {
  const given = typeof constant === 'number' ? new Float64Array(targets).fill(constant) : constant;
  if (given.length === targets) return Float64Array.from(given);
  throw new OptionError(
    'option/invalid',
    `dummy-regressor: constant holds ${given.length} numbers, but y has ${targets} ${targets === 1 ? 'target' : 'targets'}.`,
    { option: 'constant' },
  );
}

/** About the first value, so that large numbers keep their digits. */
function weightedMean(values: Float64Array, weights: Float64Array | undefined): number {
  const origin = values[0]!;
  let sum = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const weight = weights?.[i] ?? 1;
    sum += weight * (values[i]! - origin);
    total += weight;
  }
  return origin + (total === 0 ? 0 : sum / total);
}

/** Without weights by linear interpolation (definition 7 of Hyndman & Fan), as NumPy's percentile. */
function quantileOf(values: Float64Array, weights: Float64Array | undefined, level: number): number {
  if (weights !== undefined) return weightedQuantile(Float64Array.from(values), weights, level);
  const sorted = Float64Array.from(values).sort();
  const place = level * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
}
