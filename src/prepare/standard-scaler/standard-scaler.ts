import { z } from 'zod';
import { andThen, type Eventually } from '../../core/eventually.ts';
import { Matrix } from '../../core/matrix.ts';
import { choices, option } from '../../core/options.ts';
import { sharedArray } from '../../core/shared.ts';
import { onnxMatrix } from '../../define/add-onnx.ts';
import { defineTransformer } from '../../define/define-transformer.ts';
import { mapNumbers, type NumberMap } from '../map-numbers.ts';
import { type Moments, momentsOf } from '../moments.ts';
import { columnsOf, infiniteError, namesOf, numberViews } from '../number-view.ts';
import { writeMatrix } from '../write-matrix.ts';

interface StandardScalerState {
  readonly names: readonly string[] | null;
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  readonly weight: Float64Array;
  /** What is taken off and divided by: 0 and 1 where that was not asked for. */
  readonly shift: Float64Array;
  readonly scale: Float64Array;
}

export interface StandardScalerAttributes {
  /** Mean of each column, over the rows where it is present; NaN where it never is. Null when neither mean nor deviation is used. */
  readonly mean: Float64Array | null;
  /** Variance of each column (divided by n). Null without `withStd`. */
  readonly var: Float64Array | null;
  /** What each column is divided by: its deviation, 1 where it is constant. Null without `withStd`. */
  readonly scale: Float64Array | null;
  /** Rows (or their weight) in which each column was present. */
  readonly nSamplesSeen: Float64Array;
  readonly featureNamesOut: readonly string[];
}

/**
 * Takes off each column's mean and divides by its standard deviation: (v − mean) / sqrt(Σ w (v − mean)² / Σ w). Missing values
 * stay missing and are left out of mean and deviation; a constant column becomes 0. Takes sample weights. Options and
 * defaults of scikit-learn's StandardScaler.
 * @throws DataError naming a column of text or dates, or an infinity.
 */
export const standardScaler = defineTransformer({
  name: 'standard-scaler',
  module: import.meta.url,
  summary: 'Brings columns to mean 0 and standard deviation 1.',
  use: 'In front of models with a penalty or a distance, whose columns have different units.',
  input: 'table',
  missing: 'accepted',
  options: z.strictObject({
    withMean: option(z.boolean().default(true), 'Whether to take off the mean.', choices(true, false)),
    withStd: option(
      z.boolean().default(true),
      'Whether to divide by the standard deviation.',
      choices(true, false),
    ),
  }),
  fit(options, { x, rows, sampleWeight }, job): Eventually<StandardScalerState> {
    const views = numberViews(x);
    return andThen(momentsOf(job, views, rows, sampleWeight), (moments) => {
      // An infinity, and nothing else but an overflow, leaves no finite sum of squares.
      const areFinite = moments.every(({ squares }) => Number.isFinite(squares));
      const error = areFinite ? undefined : infiniteError(views, rows, namesOf(x), 'standard-scaler');
      if (error !== undefined) throw error;
      return stateOf(moments, x.names ?? null, options);
    });
  },
  transform(state, x, job) {
    const shape = { rows: x.rows, columns: columnsOf(x), names: x.names };
    return writeMatrix(shape, (block) => mapNumbers(job, scaling, x, block, state, 'standard-scaler'));
  },
  transformInto: (state, x, block, job) => mapNumbers(job, scaling, x, block, state, 'standard-scaler'),
  inverseTransform({ names, shift, scale }, x, job) {
    const data = sharedArray(Float64Array, x.data.length);
    for (let i = 0, at = 0; i < x.rows; i++) {
      if (i % 65536 === 0) job.checkpoint();
      for (let j = 0; j < x.columns; j++, at++) data[at] = x.data[at]! * scale[j]! + shift[j]!;
    }
    return new Matrix({ rows: x.rows, columns: x.columns, data, names: names ?? x.names });
  },
  onnx({ shift, scale }, x, graph) {
    const matrix = onnxMatrix(graph, x);
    const shifted = graph.node('Sub', [matrix.value, graph.constant(shift)]);
    return { ...matrix, value: graph.node('Div', [shifted, graph.constant(scale)]) };
  },
  attributes: (state: StandardScalerState, { withMean, withStd }): StandardScalerAttributes => ({
    mean: withMean || withStd ? state.mean : null,
    var: withStd ? state.variance : null,
    scale: withStd ? state.scale : null,
    nSamplesSeen: state.weight,
    featureNamesOut: state.names ?? Array.from(state.mean, (_, j) => `x${j}`),
  }),
});

function stateOf(
  moments: readonly Moments[],
  names: readonly string[] | null,
  { withMean, withStd }: { readonly withMean: boolean; readonly withStd: boolean },
): StandardScalerState {
  const mean = Float64Array.from(moments, (m) => m.mean);
  const variance = Float64Array.from(moments, (m) => m.squares / m.weight);
  const weight = Float64Array.from(moments, (m) => m.weight);
  const scale = variance.map((value, j) => (isConstant(value, mean[j]!, weight[j]!) ? 1 : Math.sqrt(value)));
  return {
    ...{ names, mean, variance, weight },
    shift: withMean ? mean : mean.map(() => 0),
    scale: withStd ? scale : scale.map(() => 1),
  };
}

/**
 * Whether a variance is nothing but rounding errors: at most n ε var + (n mean ε)², the error bound of the two-pass algorithm
 * (Chan, Golub and LeVeque 1983), as in scikit-learn.
 */
function isConstant(variance: number, mean: number, weight: number): boolean {
  const epsilon = Number.EPSILON;
  return variance <= weight * epsilon * variance + (weight * mean * epsilon) ** 2;
}

const scaling = { module: import.meta.url, name: 'scaleRows', run: scaleRows };

/** (v − shift) / scale for a block of rows. */
export function scaleRows(
  { views, block, parameters, infinite }: NumberMap<Pick<StandardScalerState, 'shift' | 'scale'>>,
  from: number,
  to: number,
): void {
  const { data, stride: step } = block;
  for (const [j, { values, offset, stride }] of views.entries()) {
    const shift = parameters.shift[j]!;
    const scale = parameters.scale[j]!;
    let largest = 0;
    for (let i = from, at = offset + from * stride, into = block.at + j + from * step; i < to; i++) {
      const value = values[at]!;
      if (Math.abs(value) > largest) largest = Math.abs(value);
      // The bits of a NaN that is computed depend on the compiler's mood.
      data[into] = Number.isNaN(value) ? Number.NaN : (value - shift) / scale;
      at += stride;
      into += step;
    }
    if (largest === Number.POSITIVE_INFINITY) infinite[0] = 1;
  }
}
