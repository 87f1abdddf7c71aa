import { accuracyOfCounts, balancedAccuracyOfCounts, matthewsOfCounts } from '../../metrics/agreement.ts';
import type { ClassCounts } from '../../metrics/class-counts.ts';
import { countsOfClass, scoreCounts } from '../../metrics/precision-recall.ts';

/** Figures by the names of the metrics' registry. */
export type Figures = Readonly<Record<string, number>>;
/** Figures of the rows with some weights, whole numbers for how often a row was drawn; NaN where they are undefined. */
export type WeightedFigures = (weights: Float64Array) => Figures;

/** Test rows of a regression. */
export interface RegressionOutputs {
  readonly kind: 'regression';
  readonly truth: Float64Array;
  readonly predicted: Float64Array;
}

/** Test rows of a classification. */
export interface ClassificationOutputs {
  readonly kind: 'classification';
  /** Codes: the model's classes come first, then those that it does not know. */
  readonly truth: Int32Array;
  readonly predicted: Int32Array;
  readonly classes: number;
  readonly modelClasses: number;
  /** Rows × the model's classes. */
  readonly probabilities: Float64Array | undefined;
  /** Code of the positive of two classes. */
  readonly positive: number | undefined;
}

export type TestOutputs = RegressionOutputs | ClassificationOutputs;

/**
 * The figures of `evaluateRegression` and `evaluateClassification`, made for computing them a thousand times with other weights: what
 * does not depend on the weights, such as the order of the scores, is found once, and each time takes a few passes over the rows.
 */
export function weightedFigures(outputs: TestOutputs): WeightedFigures {
  return outputs.kind === 'regression' ? regressionFigures(outputs) : classificationFigures(outputs);
}

function regressionFigures({ truth, predicted }: RegressionOutputs): WeightedFigures {
  const n = truth.length;
  // About a value of the truth, so that large numbers keep their digits.
  const origin = truth[0]!;
  const residuals = truth.map((value, i) => value - predicted[i]!);
  const sizes = residuals.map(Math.abs);
  const shares = sizes.map((size, i) => size / Math.max(Math.abs(truth[i]!), Number.EPSILON));
  const bySize = orderOf(sizes, 'rising');
  return (weights) => {
    const sums = { w: 0, d: 0, dd: 0, e: 0, ee: 0, size: 0, share: 0 };
    for (let i = 0; i < n; i++) {
      const w = weights[i]!;
      if (w === 0) continue;
      const d = truth[i]! - origin;
      const e = residuals[i]!;
      sums.w += w;
      sums.d += w * d;
      sums.dd += w * d * d;
      sums.e += w * e;
      sums.ee += w * e * e;
      sums.size += w * sizes[i]!;
      sums.share += w * shares[i]!;
    }
    const squares = sums.dd - (sums.d * sums.d) / sums.w;
    // Of rows that are all alike there is nothing to explain.
    const isConstant = squares <= 1e-12 * sums.dd;
    return {
      r2: isConstant ? Number.NaN : 1 - sums.ee / squares,
      rmse: Math.sqrt(sums.ee / sums.w),
      mae: sums.size / sums.w,
      medianAbsoluteError: medianInOrder(sizes, bySize, weights, sums.w),
      mape: sums.share / sums.w,
      explainedVariance: isConstant ? Number.NaN : 1 - (sums.ee - (sums.e * sums.e) / sums.w) / squares,
    };
  };
}

function medianInOrder(
  values: Float64Array,
  order: Int32Array,
  weights: Float64Array,
  total: number,
): number {
  let sum = 0;
  for (let k = 0; k < order.length; k++) {
    sum += weights[order[k]!]!;
    if (sum < total / 2) continue;
    const value = values[order[k]!]!;
    if (sum > total / 2) return value;
    let next = k + 1;
    while (next < order.length && weights[order[next]!] === 0) next++;
    return next === order.length ? value : (value + values[order[next]!]!) / 2;
  }
  return Number.NaN;
}

function classificationFigures(outputs: ClassificationOutputs): WeightedFigures {
  const { truth, predicted, classes, positive } = outputs;
  const ofProbabilities = probabilityFigures(outputs);
  return (weights) => {
    const counts = countRows(truth, predicted, classes, weights);
    const { precision, recall, fscore } = scoreCounts(counts, 'macro');
    const own = positive === undefined ? undefined : scoreCounts(countsOfClass(counts, positive), 'binary');
    return {
      accuracy: accuracyOfCounts(counts),
      balancedAccuracy: balancedAccuracyOfCounts(counts),
      ...{ f1: fscore, precision, recall },
      matthewsCorrcoef: matthewsOfCounts(counts),
      ...ofProbabilities(weights),
      ...(own && { precisionPositive: own.precision, recallPositive: own.recall, f1Positive: own.fscore }),
    };
  };
}

/** Counts of the classes that appear among rows that weigh something. */
function countRows(
  truth: Int32Array,
  predicted: Int32Array,
  classes: number,
  weights: Float64Array,
): ClassCounts<number> {
  const hits = new Float64Array(classes);
  const said = new Float64Array(classes);
  const actual = new Float64Array(classes);
  let total = 0;
  for (let i = 0; i < truth.length; i++) {
    const w = weights[i]!;
    actual[truth[i]!]! += w;
    said[predicted[i]!]! += w;
    if (truth[i] === predicted[i]) hits[truth[i]!]! += w;
    total += w;
  }
  const present = Array.from({ length: classes }, (_, c) => c).filter((c) => actual[c]! + said[c]! > 0);
  const among = (values: Float64Array) => Float64Array.from(present, (c) => values[c]!);
  return {
    ...{ classes: present, reported: present.length, present, total },
    truePositives: among(hits),
    predicted: among(said),
    actual: among(actual),
  };
}

function probabilityFigures(outputs: ClassificationOutputs): WeightedFigures {
  const { truth, probabilities, modelClasses, classes, positive } = outputs;
  if (probabilities === undefined || classes > modelClasses || modelClasses < 2) return () => ({});
  const n = truth.length;
  const column = (c: number) =>
    Float64Array.from({ length: n }, (_, i) => probabilities[i * modelClasses + c]!);
  const losses = Float64Array.from(truth, (code, i) => {
    const p = probabilities[i * modelClasses + code]!;
    return -Math.log(Math.min(Math.max(p, Number.EPSILON), 1 - Number.EPSILON));
  });
  // Two classes: one curve says all.
  const ranked = (modelClasses === 2 ? [1] : Array.from({ length: modelClasses }, (_, c) => c)).map((c) =>
    rankRows(column(c), truth, c),
  );
  const scores = positive === undefined ? undefined : column(positive);
  const positives = scores && rankRows(scores, truth, positive!);
  const squares = scores?.map((p, i) => (p - (truth[i] === positive ? 1 : 0)) ** 2);
  return (weights) => ({
    rocAuc: ranked.reduce((sum, rows) => sum + rocArea(rows, weights), 0) / ranked.length,
    logLoss: weightedMean(losses, weights),
    ...(positives && {
      averagePrecision: averagePrecision(positives, weights),
      brier: weightedMean(squares!, weights),
    }),
  });
}

/** Rows by falling score. */
interface RankedRows {
  readonly order: Int32Array;
  /** Whether the score at a place is the last of equal ones. */
  readonly endsTie: Uint8Array;
  readonly isPositive: Uint8Array;
}

function rankRows(scores: Float64Array, truth: Int32Array, positive: number): RankedRows {
  const order = orderOf(scores, 'falling');
  return {
    order,
    endsTie: Uint8Array.from(order, (row, k) =>
      k + 1 === order.length || scores[row] !== scores[order[k + 1]!] ? 1 : 0,
    ),
    isPositive: Uint8Array.from(order, (row) => (truth[row] === positive ? 1 : 0)),
  };
}

/** The share of pairs of a positive and a negative row in which the positive one is above; ties count half. */
function rocArea({ order, endsTie, isPositive }: RankedRows, weights: Float64Array): number {
  let above = 0;
  let positives = 0;
  let negatives = 0;
  let pairs = 0;
  let tied = 0;
  for (let k = 0; k < order.length; k++) {
    const w = weights[order[k]!]!;
    if (isPositive[k] === 1) above += w;
    else tied += w;
    if (endsTie[k] === 0) continue;
    pairs += tied * (positives + above / 2);
    positives += above;
    negatives += tied;
    above = 0;
    tied = 0;
  }
  return pairs / (positives * negatives);
}

/** Σ (R_k − R_{k−1}) P_k over falling thresholds. */
function averagePrecision({ order, endsTie, isPositive }: RankedRows, weights: Float64Array): number {
  let hits = 0;
  let seen = 0;
  let fresh = 0;
  let sum = 0;
  for (let k = 0; k < order.length; k++) {
    const w = weights[order[k]!]!;
    seen += w;
    if (isPositive[k] === 1) fresh += w;
    if (endsTie[k] === 0) continue;
    hits += fresh;
    if (fresh > 0) sum += (fresh * hits) / seen;
    fresh = 0;
  }
  return sum / hits;
}

function weightedMean(values: Float64Array, weights: Float64Array): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    if (weights[i] === 0) continue;
    sum += weights[i]! * values[i]!;
    total += weights[i]!;
  }
  return sum / total;
}

function orderOf(values: Float64Array, direction: 'rising' | 'falling'): Int32Array {
  const sign = direction === 'rising' ? 1 : -1;
  return Int32Array.from(values.keys()).sort((a, b) => sign * (values[a]! - values[b]!));
}
