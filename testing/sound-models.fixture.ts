// Small models that pass every check, one of each kind; the tests spoil them in every way a check looks for.
import { z } from 'zod';
import { DataError } from '../src/core/errors.ts';
import { Matrix } from '../src/core/matrix.ts';
import { logUniform, option } from '../src/core/options.ts';
import { defineClassifier } from '../src/define/define-classifier.ts';
import { defineClusterer } from '../src/define/define-clusterer.ts';
import { defineRegressor } from '../src/define/define-regressor.ts';
import { defineTransformer } from '../src/define/define-transformer.ts';

/** Weighted mean and standard deviation of each column; a deviation of 0 counts as 1. */
function momentsOf(x: Matrix, weights: Float64Array | undefined) {
  const [mean, scale] = [new Float64Array(x.columns), new Float64Array(x.columns)];
  const total = weights === undefined ? x.rows : weights.reduce((sum, weight) => sum + weight, 0);
  for (let j = 0; j < x.columns; j++) {
    for (let i = 0; i < x.rows; i++) mean[j]! += ((weights?.[i] ?? 1) * x.at(i, j)) / total;
    for (let i = 0; i < x.rows; i++)
      scale[j]! += ((weights?.[i] ?? 1) * (x.at(i, j) - mean[j]!) ** 2) / total;
    scale[j] = Math.sqrt(scale[j]!) || 1;
  }
  return { mean, scale };
}

/** Linear regression by cyclic sweeps over standardised columns (coordinate descent), `rounds` of them. */
export const slopes = defineRegressor({
  name: 'slopes',
  module: import.meta.url,
  summary: 'A linear model fitted by a few sweeps over the columns.',
  use: 'As a sound model in tests.',
  severalTargets: true,
  continues: true,
  options: z.strictObject({
    shrink: option(z.number().positive().default(1e-3), 'Strength of the penalty.', logUniform(1e-6, 10)),
    randomState: option(z.int().min(0).nullable().default(0), 'Seed of a draw that has no effect.'),
  }),
  fit({ shrink }, { x, y, rows, targets, sampleWeight, from }, job) {
    const earlier = (from as { coef: Float64Array } | undefined)?.coef;
    if (earlier !== undefined && earlier.length !== targets * x.columns)
      throw new DataError('data/other-shape', 'The earlier model has other columns.');
    const { mean, scale } = momentsOf(x, sampleWeight);
    const total = sampleWeight?.reduce((sum, weight) => sum + weight, 0) ?? rows;
    const [coef, intercept] = [new Float64Array(targets * x.columns), new Float64Array(targets)];
    for (let t = 0; t < targets; t++) {
      for (let i = 0; i < rows; i++)
        intercept[t]! += ((sampleWeight?.[i] ?? 1) * y[i * targets + t]!) / total;
      const rest = Float64Array.from({ length: rows }, (_, i) => y[i * targets + t]! - intercept[t]!);
      for (let round = 0; round < 60; round++) {
        job.checkpoint();
        job.progress((t + round / 60) / targets);
        for (let j = 0; j < x.columns; j++) {
          let step = -shrink * coef[t * x.columns + j]!;
          for (let i = 0; i < rows; i++)
            step += ((((sampleWeight?.[i] ?? 1) * (x.at(i, j) - mean[j]!)) / scale[j]!) * rest[i]!) / total;
          step /= 1 + shrink;
          coef[t * x.columns + j]! += step;
          for (let i = 0; i < rows; i++) rest[i]! -= (step * (x.at(i, j) - mean[j]!)) / scale[j]!;
        }
      }
    }
    return { coef, intercept, mean, scale };
  },
  predict({ coef, intercept, mean, scale }, x) {
    const targets = intercept.length;
    return Float64Array.from({ length: x.rows * targets }, (_, at) => {
      const [i, t] = [Math.floor(at / targets), at % targets];
      let value = intercept[t]!;
      for (let j = 0; j < x.columns; j++)
        value += (coef[t * x.columns + j]! * (x.at(i, j) - mean[j]!)) / scale[j]!;
      return value;
    });
  },
  onnx({ coef, intercept, mean, scale }, x, graph) {
    const centred = graph.node('Sub', [x.value, graph.constant(mean)]);
    const standard = graph.node('Div', [centred, graph.constant(scale)]);
    const weights = graph.constant(coef, [intercept.length, x.columns]);
    return graph.node('Gemm', [standard, weights, graph.constant(intercept)], { transB: 1 });
  },
  attributes: ({ coef, intercept }) => ({ coef, intercept }),
});

/** The class of the nearest mean, in units of the standard deviation of each column. */
export const means = defineClassifier({
  name: 'means',
  module: import.meta.url,
  summary: 'The class whose mean is nearest.',
  use: 'As a sound model in tests.',
  options: z.strictObject({}),
  fit(_, { x, y, classes, sampleWeight }) {
    const { scale } = momentsOf(x, sampleWeight);
    const [sums, totals] = [new Float64Array(classes.length * x.columns), new Float64Array(classes.length)];
    for (let i = 0; i < x.rows; i++) {
      const weight = sampleWeight?.[i] ?? 1;
      totals[y[i]!]! += weight;
      for (let j = 0; j < x.columns; j++) sums[y[i]! * x.columns + j]! += weight * x.at(i, j);
    }
    return {
      scale,
      totals,
      centres: sums.map((sum, at) => sum / (totals[Math.floor(at / x.columns)]! || 1)),
    };
  },
  predictProba({ scale, totals, centres }, x) {
    const count = totals.length;
    const probabilities = new Float64Array(x.rows * count);
    for (let i = 0; i < x.rows; i++) {
      const scores = Array.from(totals, (total, k) => {
        let distance = 0;
        for (let j = 0; j < x.columns; j++)
          distance += ((x.at(i, j) - centres[k * x.columns + j]!) / scale[j]!) ** 2;
        return total === 0 ? Number.NEGATIVE_INFINITY : -distance;
      });
      const largest = Math.max(...scores);
      const sum = scores.reduce((total, score) => total + Math.exp(score - largest), 0);
      for (let k = 0; k < count; k++) probabilities[i * count + k] = Math.exp(scores[k]! - largest) / sum;
    }
    return probabilities;
  },
  onnx({ scale, totals, centres }, x, graph) {
    // Rows × classes × columns.
    const rows = graph.node('Unsqueeze', [x.value, graph.constant([1])]);
    const points = graph.constant(centres, [totals.length, x.columns]);
    const steps = graph.node('Div', [graph.node('Sub', [rows, points]), graph.constant(scale)]);
    const distances = graph.node('ReduceSumSquare', [steps, graph.constant([2])], { keepdims: 0 });
    const rest = graph.constant(totals.map((total) => (total === 0 ? Number.NEGATIVE_INFINITY : 0)));
    const scores = graph.node('Sub', [rest, distances]);
    return { probabilities: graph.node('Softmax', [scores], { axis: 1 }) };
  },
  attributes: ({ centres, totals }) => ({
    centres: new Matrix({ rows: totals.length, columns: centres.length / totals.length, data: centres }),
  }),
});

/** Takes the mean off and divides by the standard deviation. */
export const standardise = defineTransformer({
  name: 'standardise',
  module: import.meta.url,
  summary: 'Columns with mean 0 and deviation 1.',
  use: 'As a sound model in tests.',
  options: z.strictObject({}),
  fit: (_, { x, sampleWeight }) => ({ ...momentsOf(x, sampleWeight), names: x.names }),
  transform: ({ mean, scale }, x) =>
    mapMatrix(x, x.names, (value, column) => (value - mean[column]!) / scale[column]!),
  onnx({ mean, scale }, x, graph) {
    const centred = graph.node('Sub', [x.value, graph.constant(mean)]);
    return { ...x, value: graph.node('Div', [centred, graph.constant(scale)]) };
  },
  inverseTransform: ({ mean, scale, names }, x) =>
    mapMatrix(x, names, (value, column) => value * scale[column]! + mean[column]!),
});

/** Adds 1; it can write into a wider table. */
export const lifted = defineTransformer({
  name: 'lifted',
  module: import.meta.url,
  summary: 'Columns with 1 added.',
  use: 'As a sound model in tests.',
  weighted: false,
  options: z.strictObject({}),
  fit: (_, { x }) => ({ columns: x.columns }),
  transform: (_, x) => mapMatrix(x, x.names, (value) => value + 1),
  onnx: (_, x, graph) => ({ ...x, value: graph.node('Add', [x.value, graph.scalar(1)]) }),
  transformInto(_, x, { data, stride, at }) {
    for (let i = 0; i < x.rows; i++)
      for (let j = 0; j < x.columns; j++) data[i * stride + at + j] = x.at(i, j) + 1;
  },
});

function mapMatrix(
  { rows, columns, data }: Matrix,
  names: readonly string[] | undefined,
  map: (value: number, column: number) => number,
): Matrix {
  return new Matrix({ rows, columns, names, data: data.map((value, at) => map(value, at % columns)) });
}

/** Two clusters: below and above the mean of the first column. */
export const halves = defineClusterer({
  name: 'halves',
  module: import.meta.url,
  summary: 'Rows below and above a mean.',
  use: 'As a sound model in tests.',
  options: z.strictObject({}),
  fit(_, { x, sampleWeight }) {
    const threshold = momentsOf(x, sampleWeight).mean[0]!;
    return { threshold, labels: split(x, threshold) };
  },
  labels: ({ labels }) => labels,
  predict: ({ threshold }, x) => split(x, threshold),
  onnx({ threshold }, x, graph) {
    const first = graph.node('Gather', [x.value, graph.constant([0], [])], { axis: 1 });
    return graph.node('Cast', [graph.node('Greater', [first, graph.scalar(threshold)])], { to: 7 });
  },
});

const split = (x: Matrix, threshold: number) =>
  Int32Array.from({ length: x.rows }, (_, i) => (x.at(i, 0) > threshold ? 1 : 0));
