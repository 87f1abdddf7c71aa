/** Counts of true and false positives at every distinct score: the base of all curves. */

import type { Label } from '../core/labels.ts';
import { argsort } from './argsort.ts';
import { codeLabels, type Labels, resolvePositiveClass } from './labels.ts';
import { checkSameLength, type Numbers, toFiniteNumbers, toWeights } from './validate.ts';

export interface CurveOptions<L extends Label = Label> {
  /** Default: 1 of {0, 1} or {-1, 1}, true of booleans; other classes must name it. The rest count as negative. */
  readonly positiveClass?: L | undefined;
  /** One weight ≥ 0 per row; rows of weight 0 add no threshold. */
  readonly sampleWeight?: Numbers | undefined;
}

/** Truth of a one-against-the-rest problem with its scores. */
export interface BinaryScores {
  /** 1 for rows of the positive class. */
  readonly positive: Uint8Array;
  readonly score: Float64Array;
  readonly weights: Float64Array | undefined;
}

/** `tps[k]` and `fps[k]`: (weighted) positives and negatives whose score is at least `thresholds[k]`, descending. */
export interface ThresholdCounts {
  readonly tps: Float64Array;
  readonly fps: Float64Array;
  readonly thresholds: Float64Array;
}

/** Checks truth and scores (larger means more positive: probabilities, decision values). */
export function toBinaryScores<L extends Label>(
  truth: Labels<L>,
  score: Numbers,
  { positiveClass, sampleWeight }: CurveOptions<L>,
): BinaryScores {
  const { classes, codes } = codeLabels({ truth });
  const scores = toFiniteNumbers(score, 'score');
  checkSameLength('truth', truth.length, 'score', scores.length);
  const positive = isClass(codes[0], classes.indexOf(resolvePositiveClass(classes, positiveClass)));
  return { positive, score: scores, weights: toWeights(sampleWeight, scores.length) };
}

/** 1 where `codes` equals `code`. */
export function isClass(codes: Int32Array, code: number): Uint8Array {
  const mask = new Uint8Array(codes.length);
  for (let i = 0; i < mask.length; i++) mask[i] = codes[i] === code ? 1 : 0;
  return mask;
}

export function countAtThresholds({ positive, score, weights }: BinaryScores): ThresholdCounts {
  const order = argsort(score);
  const length = order.length;
  const tps = new Float64Array(length);
  const fps = new Float64Array(length);
  const thresholds = new Float64Array(length);
  let count = 0;
  let tp = 0;
  let fp = 0;
  for (let k = length - 1; k >= 0; k--) {
    const i = order[k];
    const weight = weights === undefined ? 1 : weights[i];
    if (weight === 0) continue;
    if (count === 0 || score[i] !== thresholds[count - 1]) thresholds[count++] = score[i];
    if (positive[i] === 1) tp += weight;
    else fp += weight;
    tps[count - 1] = tp;
    fps[count - 1] = fp;
  }
  return {
    tps: tps.subarray(0, count),
    fps: fps.subarray(0, count),
    thresholds: thresholds.subarray(0, count),
  };
}

/** The points of `counts` for which `keep(k)` holds; the first and the last always stay. */
export function keepPoints(
  { tps, fps, thresholds }: ThresholdCounts,
  keep: (k: number) => boolean,
): ThresholdCounts {
  const last = tps.length - 1;
  const kept = {
    tps: new Float64Array(last + 1),
    fps: new Float64Array(last + 1),
    thresholds: new Float64Array(last + 1),
  };
  let count = 0;
  for (let k = 0; k <= last; k++) {
    if (k !== 0 && k !== last && !keep(k)) continue;
    kept.tps[count] = tps[k];
    kept.fps[count] = fps[k];
    kept.thresholds[count] = thresholds[k];
    count++;
  }
  const cut = (values: Float64Array) => values.subarray(0, count);
  return { tps: cut(kept.tps), fps: cut(kept.fps), thresholds: cut(kept.thresholds) };
}

/** Drops points whose `tps` equals that of both neighbours: they lie inside a straight segment of recall. */
export function dropConstantRecall(counts: ThresholdCounts): ThresholdCounts {
  const { tps } = counts;
  return keepPoints(counts, (k) => tps[k] !== tps[k - 1] || tps[k + 1] !== tps[k]);
}

/** `first` followed by `values`. */
export function prepend(first: number, values: Float64Array): Float64Array {
  const longer = new Float64Array(values.length + 1);
  longer[0] = first;
  longer.set(values, 1);
  return longer;
}
