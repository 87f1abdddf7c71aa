import { z } from 'zod';
import { OptionError } from '../../core/errors.ts';
import { andThen, type Eventually } from '../../core/eventually.ts';
import { Matrix } from '../../core/matrix.ts';
import { choices, option } from '../../core/options.ts';
import { sharedArray } from '../../core/shared.ts';
import { onnxMatrix } from '../../define/add-onnx.ts';
import { defineTransformer } from '../../define/define-transformer.ts';
import { mapNumbers, type NumberMap } from '../map-numbers.ts';
import { columnsOf, infiniteError, namesOf, numberViews } from '../number-view.ts';
import { writeMatrix } from '../write-matrix.ts';
import { extremesOf } from './extremes.ts';

interface MinMaxScalerState {
  readonly names: readonly string[] | null;
  readonly dataMin: Float64Array;
  readonly dataMax: Float64Array;
  readonly scale: Float64Array;
  readonly shift: Float64Array;
  readonly featureRange: readonly [number, number];
  readonly clip: boolean;
}

export interface MinMaxScalerAttributes {
  /** Least value of each column; NaN where it is never present. */
  readonly dataMin: Float64Array;
  readonly dataMax: Float64Array;
  /** dataMax − dataMin. */
  readonly dataRange: Float64Array;
  /** What each column is multiplied by: (max − min) / dataRange, with dataRange 1 where the column is constant. */
  readonly scale: Float64Array;
  /** What is added then: min − dataMin × scale. */
  readonly min: Float64Array;
  readonly featureNamesOut: readonly string[];
}

/**
 * Brings each column linearly to a range: v × scale + min. Missing values stay missing; a constant column becomes the
 * lower end. Values outside those of the training rows fall outside the range, unless `clip`. Options and defaults of
 * scikit-learn's MinMaxScaler.
 * @throws DataError naming a column of text or dates, or an infinity.
 */
export const minMaxScaler = defineTransformer({
  name: 'min-max-scaler',
  module: import.meta.url,
  summary: 'Brings columns linearly to a range, 0 to 1 by default.',
  use: 'Where a model needs bounded columns; a single far-off value squeezes all others.',
  input: 'table',
  missing: 'accepted',
  weighted: false,
  options: z.strictObject({
    featureRange: option(
      z.tuple([z.number(), z.number()]).default([0, 1]),
      'Lower and upper end of the range.',
    ),
    clip: option(
      z.boolean().default(false),
      'Whether later values outside the range become its ends.',
      choices(true, false),
    ),
  }),
  check({ featureRange: [low, high] }) {
    if (low < high) return;
    throw new OptionError(
      'option/invalid',
      `min-max-scaler: option 'featureRange' cannot be [${low}, ${high}]; the lower end comes first.`,
      { option: 'featureRange' },
    );
  },
  fit({ featureRange, clip }, { x, rows }, job): Eventually<MinMaxScalerState> {
    const views = numberViews(x);
    return andThen(extremesOf(job, views, rows), ({ least, greatest }) => {
      const isInfinite = (v: number) => Math.abs(v) === Number.POSITIVE_INFINITY;
      if (least.some(isInfinite) || greatest.some(isInfinite)) {
        throw infiniteError(views, rows, namesOf(x), 'min-max-scaler');
      }
      const [low, high] = featureRange;
      const scale = least.map((min, j) => (high - low) / divisor(greatest[j]! - min));
      const shift = least.map((min, j) => low - min * scale[j]!);
      return { names: x.names ?? null, dataMin: least, dataMax: greatest, scale, shift, featureRange, clip };
    });
  },
  transform(state, x, job) {
    const shape = { rows: x.rows, columns: columnsOf(x), names: x.names };
    return writeMatrix(shape, (block) => mapNumbers(job, ranging, x, block, state, 'min-max-scaler'));
  },
  transformInto: (state, x, block, job) => mapNumbers(job, ranging, x, block, state, 'min-max-scaler'),
  inverseTransform({ names, shift, scale }, x, job) {
    const data = sharedArray(Float64Array, x.data.length);
    for (let i = 0, at = 0; i < x.rows; i++) {
      if (i % 65536 === 0) job.checkpoint();
      for (let j = 0; j < x.columns; j++, at++) data[at] = (x.data[at]! - shift[j]!) / scale[j]!;
    }
    return new Matrix({ rows: x.rows, columns: x.columns, data, names: names ?? x.names });
  },
  onnx({ scale, shift, featureRange: [low, high], clip }, x, graph) {
    const matrix = onnxMatrix(graph, x);
    const scaled = graph.node('Mul', [matrix.value, graph.constant(scale)]);
    const ranged = graph.node('Add', [scaled, graph.constant(shift)]);
    if (!clip) return { ...matrix, value: ranged };
    // Comparisons with NaN are false, so that it stays.
    const [least, most] = [graph.scalar(low), graph.scalar(high)];
    const raised = graph.node('Where', [graph.node('Less', [ranged, least]), least, ranged]);
    const value = graph.node('Where', [graph.node('Greater', [raised, most]), most, raised]);
    return { ...matrix, value };
  },
  attributes: ({ names, dataMin, dataMax, scale, shift }: MinMaxScalerState): MinMaxScalerAttributes => ({
    ...{ dataMin, dataMax, scale, min: shift },
    dataRange: dataMax.map((max, j) => max - dataMin[j]!),
    featureNamesOut: names ?? Array.from(scale, (_, j) => `x${j}`),
  }),
});

/** A range below ten units of rounding at 1 counts as none, as in scikit-learn. */
function divisor(range: number): number {
  return range < 10 * Number.EPSILON ? 1 : range;
}

const ranging = { module: import.meta.url, name: 'rangeRows', run: rangeRows };

/** v × scale + shift for a block of rows. */
export function rangeRows(
  { views, block, parameters, infinite }: NumberMap<MinMaxScalerState>,
  from: number,
  to: number,
): void {
  const { data, stride: step } = block;
  const [low, high] = parameters.clip
    ? parameters.featureRange
    : [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const [j, { values, offset, stride }] of views.entries()) {
    const scale = parameters.scale[j]!;
    const shift = parameters.shift[j]!;
    let largest = 0;
    for (let i = from, at = offset + from * stride, into = block.at + j + from * step; i < to; i++) {
      const value = values[at]!;
      if (Math.abs(value) > largest) largest = Math.abs(value);
      const ranged = Math.max(low, Math.min(high, value * scale + shift));
      // The bits of a NaN that is computed depend on the compiler's mood.
      data[into] = Number.isNaN(value) ? Number.NaN : ranged;
      at += stride;
      into += step;
    }
    if (largest === Number.POSITIVE_INFINITY) infinite[0] = 1;
  }
}
