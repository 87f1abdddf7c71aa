/**
 * A model of one's own: nearest shrunken centroids (Tibshirani, Hastie, Narasimhan and Chu, PNAS 99, 2002; Hastie et al.,
 * The Elements of Statistical Learning, section 18.2). It lives in a module of its own, so that worker threads can import it.
 */
import { z } from 'zod';
import { defineClassifier, type Job, Matrix, option, uniform } from '../../src/index.ts';

/** What a fit leaves: plain numbers, row-major. */
interface Centroids {
  /** classes × columns, shrunken. */
  readonly centroids: Float64Array;
  /** s_j + s_0 of each column. */
  readonly scale: Float64Array;
  /** Share of each class among the weights. */
  readonly priors: Float64Array;
}

export const nearestCentroid = defineClassifier({
  name: 'nearest-centroid',
  module: import.meta.url,
  summary: 'The class whose mean is nearest, with means drawn towards the mean of all rows.',
  use: 'For many columns of which few matter: a large threshold leaves those out that do not tell classes apart.',
  scaling: 'irrelevant',
  options: z.strictObject({
    shrinkThreshold: option(
      z.number().nonnegative().default(0),
      'How far class means are drawn to the overall mean, in standard errors; 0 leaves them.',
      uniform(0, 5),
    ),
  }),
  fit({ shrinkThreshold }, { x, y, classes, sampleWeight }, job): Centroids {
    const { sums, totals } = sumByClass(x, y, classes.length, sampleWeight, job);
    const { columns } = x;
    const n = totals.reduce((sum, total) => sum + total, 0);
    const overall = new Float64Array(columns);
    for (let at = 0; at < sums.length; at++) overall[at % columns]! += sums[at]! / n;
    const centroids = sums.map((sum, at) => {
      const total = totals[Math.floor(at / columns)]!;
      return total === 0 ? overall[at % columns]! : sum / total;
    });
    const scale = scaleOf(x, y, centroids, n - classes.length, sampleWeight, job);
    for (let at = 0; at < centroids.length; at++) {
      const [k, j] = [Math.floor(at / columns), at % columns];
      // d_kj = (c_kj − c_j) / (m_k (s_j + s_0)), m_k² = 1/n_k − 1/n; then |d| loses the threshold, at most itself.
      const unit = Math.sqrt(Math.max(0, 1 / totals[k]! - 1 / n)) * scale[j]!;
      const distance = centroids[at]! - overall[j]!;
      if (shrinkThreshold > 0 && totals[k]! > 0) {
        const left = Math.max(0, Math.abs(distance) - shrinkThreshold * unit);
        centroids[at] = overall[j]! + Math.sign(distance) * left;
      }
    }
    return { centroids, scale, priors: totals.map((total) => total / n) };
  },
  predictProba(state, x, job) {
    const count = state.priors.length;
    const probabilities = new Float64Array(x.rows * count);
    for (let i = 0; i < x.rows; i++) {
      if (i % 4096 === 0) job.checkpoint();
      probabilities.set(probabilitiesOf(state, x.row(i)), i * count);
    }
    return probabilities;
  },
  predictProbaRow: probabilitiesOf,
  // The same as nodes of a graph: rows × classes × columns, then a sum over the columns.
  onnx({ centroids, scale, priors }, x, graph) {
    const rows = graph.node('Unsqueeze', [x.value, graph.constant([1])]);
    const means = graph.constant(centroids, [priors.length, x.columns]);
    const steps = graph.node('Div', [graph.node('Sub', [rows, means]), graph.constant(scale)]);
    const squares = graph.node('ReduceSumSquare', [steps, graph.constant([2])], { keepdims: 0 });
    const halves = graph.node('Div', [squares, graph.scalar(2)]);
    const scores = graph.node('Sub', [graph.constant(priors.map(Math.log)), halves]);
    return { probabilities: graph.node('Softmax', [scores], { axis: 1 }) };
  },
  attributes: ({ centroids, priors }) => ({
    /** classes × columns. */
    centroids: new Matrix({
      rows: priors.length,
      columns: centroids.length / priors.length,
      data: centroids,
    }),
    priors,
  }),
});

function sumByClass(
  x: Matrix,
  y: Int32Array,
  classes: number,
  weights: Float64Array | undefined,
  job: Job,
): { sums: Float64Array; totals: Float64Array } {
  const sums = new Float64Array(classes * x.columns);
  const totals = new Float64Array(classes);
  for (let i = 0; i < x.rows; i++) {
    if (i % 4096 === 0) {
      job.checkpoint();
      job.progress((0.5 * i) / x.rows, 'means');
    }
    const weight = weights?.[i] ?? 1;
    totals[y[i]!]! += weight;
    for (let j = 0; j < x.columns; j++) sums[y[i]! * x.columns + j]! += weight * x.at(i, j);
  }
  return { sums, totals };
}

/** s_j + s_0: the deviation of each column within the classes, with `degrees` of freedom, and the median of these. */
function scaleOf(
  x: Matrix,
  y: Int32Array,
  centroids: Float64Array,
  degrees: number,
  weights: Float64Array | undefined,
  job: Job,
): Float64Array {
  const squares = new Float64Array(x.columns);
  for (let i = 0; i < x.rows; i++) {
    if (i % 4096 === 0) {
      job.checkpoint();
      job.progress(0.5 + (0.5 * i) / x.rows, 'deviations');
    }
    for (let j = 0; j < x.columns; j++) {
      squares[j]! += (weights?.[i] ?? 1) * (x.at(i, j) - centroids[y[i]! * x.columns + j]!) ** 2;
    }
  }
  // As many rows as classes, or fewer, leave no degree of freedom.
  const deviations = squares.map((square) => Math.sqrt(square / Math.max(1, degrees)));
  const sorted = deviations.toSorted();
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  // Columns without any variation within the classes count as they are.
  return deviations.map((deviation) => deviation + median || 1);
}

/** p_k ∝ π_k exp(−½ Σ_j ((x_j − c_kj) / (s_j + s_0))²), computed relative to the largest. */
function probabilitiesOf({ centroids, scale, priors }: Centroids, row: Float64Array): Float64Array {
  const scores = priors.map((prior, k) => {
    let distance = 0;
    for (let j = 0; j < row.length; j++) {
      distance += ((row[j]! - centroids[k * row.length + j]!) / scale[j]!) ** 2;
    }
    return Math.log(prior) - distance / 2;
  });
  const largest = scores.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY);
  const parts = scores.map((score) => Math.exp(score - largest));
  const sum = parts.reduce((total, part) => total + part, 0);
  return parts.map((part) => part / sum);
}
