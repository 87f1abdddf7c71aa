/** Areas under curves, for two or more classes. */
import { OptionError } from '../core/errors.ts';
import type { Label } from '../core/labels.ts';
import { trapezoid } from './auc.ts';
import { type ClassScores, checkProbabilities, toClassScores } from './class-scores.ts';
import { dropCollinear, toRate } from './curves.ts';
import { checkAllKnown, codeLabels, type Labels } from './labels.ts';
import { columnOf } from './outputs.ts';
import { weightedMean, weightedSum } from './sum.ts';
import { type BinaryScores, countAtThresholds, isClass, prepend, toBinaryScores } from './thresholds.ts';
import {
  checkOneOf,
  checkOption,
  checkSameLength,
  isTable,
  type Numbers,
  type NumberTable,
  toDense,
  toFiniteNumbers,
  toWeights,
} from './validate.ts';

/** How areas of several classes combine; `none` returns one per class. Not used with two classes. */
export type AreaAverage = 'macro' | 'weighted' | 'micro' | 'none';

export interface RocAucOptions<L extends Label = Label, A extends AreaAverage = AreaAverage> {
  /** Default `'macro'`: the plain mean over classes (or pairs). `weighted`: by their true rows. */
  readonly average?: A | undefined;
  /** More than two classes: each against the rest (`'ovr'`, default), or every pair (`'ovo'`; Hand & Till 2001). */
  readonly multiClass?: 'ovr' | 'ovo' | undefined;
  /** Two classes: only the part up to this false positive rate, standardised so that chance is 0.5 (McClish 1989). */
  readonly maxFpr?: number | undefined;
  /** The classes of the score columns, in order. Default: those of the truth, sorted. */
  readonly labels?: Labels<L> | undefined;
  /** Two classes with one score column. Default: the greater one. */
  readonly positiveClass?: L | undefined;
  readonly sampleWeight?: Numbers | undefined;
}

export type AreaResult<A> = A extends 'none' ? Float64Array : number;

/**
 * Area under the ROC curve: the probability that a positive row scores above a negative one. `score` is one column (two classes),
 * or one column of probabilities per class. NaN where it is undefined, because a class or all other classes are absent.
 */
export function rocAucScore<L extends Label, A extends AreaAverage = 'macro'>(
  truth: Labels<L>,
  score: Numbers | NumberTable,
  options: RocAucOptions<L, A> = {},
): AreaResult<A> {
  const { average = 'macro', multiClass = 'ovr', maxFpr = 1, labels, positiveClass, sampleWeight } = options;
  checkOneOf('average', average, ['macro', 'weighted', 'micro', 'none'] as const);
  checkOneOf('multiClass', multiClass, ['ovr', 'ovo'] as const);
  checkOption(maxFpr > 0 && maxFpr <= 1, 'maxFpr', maxFpr, 'lie above 0 and be at most 1');
  const columns = isTable(score) ? toDense(score, 'score').columns : 1;
  if (columns <= 2) {
    const binary = toTwoClassScores(truth, score, { labels, positiveClass, sampleWeight });
    return rocArea(binary, maxFpr) as AreaResult<A>;
  }
  checkOption(maxFpr === 1, 'maxFpr', maxFpr, 'be left out with more than two classes');
  const scores = toClassScores(truth, score as NumberTable, labels, 'score');
  checkProbabilities(scores.scores, 'score');
  const weights = toWeights(sampleWeight, truth.length);
  if (multiClass === 'ovr') return oneAgainstRest(scores, weights, average, rocArea) as AreaResult<A>;
  checkOneOf("average with multiClass 'ovo'", average, ['macro', 'weighted'] as AreaAverage[]);
  return everyPair(scores, weights, average === 'weighted') as AreaResult<A>;
}

export interface AveragePrecisionOptions<L extends Label = Label, A extends AreaAverage = AreaAverage> {
  /** More than two classes: default `'macro'`. */
  readonly average?: A | undefined;
  /** Two classes. Default: 1 of {0, 1} or {-1, 1}, true of booleans; other classes must name it. */
  readonly positiveClass?: L | undefined;
  /** The classes of the score columns, in order. Default: those of the truth, sorted. */
  readonly labels?: Labels<L> | undefined;
  readonly sampleWeight?: Numbers | undefined;
}

/**
 * Σ (Rₖ − Rₖ₋₁) Pₖ over descending thresholds: the area under the precision-recall curve without interpolation.
 * NaN when the truth holds no positive row.
 */
export function averagePrecisionScore<L extends Label, A extends AreaAverage = 'macro'>(
  truth: Labels<L>,
  score: Numbers | NumberTable,
  options: AveragePrecisionOptions<L, A> = {},
): AreaResult<A> {
  const { average = 'macro', labels, sampleWeight } = options;
  checkOneOf('average', average, ['macro', 'weighted', 'micro', 'none'] as const);
  if (!isTable(score)) return averagePrecision(toBinaryScores(truth, score, options)) as AreaResult<A>;
  const scores = toClassScores(truth, score, labels, 'score');
  return oneAgainstRest(
    scores,
    toWeights(sampleWeight, truth.length),
    average,
    averagePrecision,
  ) as AreaResult<A>;
}

/** One column, or the second of two, against the greater (or named) class. */
function toTwoClassScores<L extends Label>(
  truth: Labels<L>,
  score: Numbers | NumberTable,
  {
    labels,
    positiveClass,
    sampleWeight,
  }: Pick<RocAucOptions<L>, 'labels' | 'positiveClass' | 'sampleWeight'>,
): BinaryScores {
  const { classes, codes } = codeLabels({ truth }, labels);
  if (labels !== undefined) checkAllKnown(codes[0], classes, labels.length, 'truth');
  if (classes.length > 2) {
    const message = `score has fewer columns than the ${classes.length} classes: pass one column of probabilities per class.`;
    throw new OptionError('option/labels', message, { classes: classes.length });
  }
  const table = isTable(score) ? toDense(score, 'score') : undefined;
  const positive = positiveClass ?? classes[classes.length - 1];
  const code = classes.indexOf(positive);
  checkOption(
    code !== -1 || classes.length < 2,
    'positiveClass',
    positive,
    `be one of ${classes.join(', ')}`,
  );
  const values =
    table === undefined
      ? toFiniteNumbers(score as Numbers, 'score')
      : columnOf(table, table.columns === 1 ? 0 : code);
  checkSameLength('truth', truth.length, 'score', values.length);
  return { positive: isClass(codes[0], code), score: values, weights: toWeights(sampleWeight, truth.length) };
}

function rocArea(scores: BinaryScores, maxFpr = 1): number {
  const { tps, fps } = dropCollinear(countAtThresholds(scores));
  const fpr = toRate(prepend(0, fps));
  const tpr = toRate(prepend(0, tps));
  if (maxFpr === 1 || Number.isNaN(fpr[0]) || Number.isNaN(tpr[0])) return trapezoid(fpr, tpr);
  const area = partialArea(fpr, tpr, maxFpr);
  const chance = (maxFpr * maxFpr) / 2;
  return 0.5 * (1 + (area - chance) / (maxFpr - chance));
}

/** The area up to `maxFpr`, cutting the segment that crosses it. */
function partialArea(fpr: Float64Array, tpr: Float64Array, maxFpr: number): number {
  const stop = fpr.findIndex((rate) => rate > maxFpr);
  const slope = (tpr[stop] - tpr[stop - 1]) / (fpr[stop] - fpr[stop - 1]);
  const x = fpr.slice(0, stop + 1);
  const y = tpr.slice(0, stop + 1);
  x[stop] = maxFpr;
  y[stop] = tpr[stop - 1] + slope * (maxFpr - fpr[stop - 1]);
  return trapezoid(x, y);
}

function averagePrecision(scores: BinaryScores): number {
  const { tps, fps } = countAtThresholds(scores);
  const positives = tps[tps.length - 1];
  const steps = new Float64Array(tps.length);
  let before = 0;
  for (let k = 0; k < steps.length; k++) {
    steps[k] = ((tps[k] - before) / positives) * (tps[k] / (tps[k] + fps[k]));
    before = tps[k];
  }
  return positives === 0 ? NaN : weightedSum(steps, undefined);
}

function oneAgainstRest<L extends Label>(
  { classes, codes, scores }: ClassScores<L>,
  weights: Float64Array | undefined,
  average: AreaAverage,
  area: (scores: BinaryScores) => number,
): Float64Array | number {
  if (average === 'micro') return area(everyCell(codes, scores, weights));
  const areas = new Float64Array(classes.length);
  const support = new Float64Array(classes.length);
  for (let k = 0; k < areas.length; k++) {
    const positive = isClass(codes, k);
    areas[k] = area({ positive, score: columnOf(scores, k), weights });
    support[k] = weightedSum(new Float64Array(positive), weights);
  }
  if (average === 'none') return areas;
  if (average === 'macro') return weightedMean(areas, undefined);
  // An absent class weighs nothing; its undefined area must not spread.
  const defined = areas.map((value, k) => (support[k] === 0 ? 0 : value));
  return weightedMean(defined, support);
}

/** Every (row, class) as one yes-or-no question. */
function everyCell(
  codes: Int32Array,
  { columns, data }: ClassScores<Label>['scores'],
  weights: Float64Array | undefined,
): BinaryScores {
  const positive = new Uint8Array(data.length);
  for (let i = 0; i < codes.length; i++) positive[i * columns + codes[i]] = 1;
  const repeated = weights && Float64Array.from(data, (_, at) => weights[Math.floor(at / columns)]);
  return { positive, score: data, weights: repeated };
}

/**
 * The mean over pairs of present classes {a, b} of (A(a | b) + A(b | a)) / 2, weighted by the pair's rows when asked.
 * Source: D. J. Hand & R. J. Till, "A simple generalisation of the area under the ROC curve", Machine Learning 45 (2001).
 */
function everyPair<L extends Label>(
  { classes, codes, scores }: ClassScores<L>,
  weights: Float64Array | undefined,
  byPrevalence: boolean,
): number {
  const rows = Uint32Array.from(codes.keys());
  const present = [...classes.keys()].filter((k) => codes.includes(k));
  const areas: number[] = [];
  const prevalences: number[] = [];
  for (const [index, a] of present.entries()) {
    for (const b of present.slice(index + 1)) {
      const pairRows = rows.filter((i) => codes[i] === a || codes[i] === b);
      const pairWeights = weights && Float64Array.from(pairRows, (i) => weights[i]);
      const areaFor = (k: number) =>
        rocArea({
          positive: Uint8Array.from(pairRows, (i) => (codes[i] === k ? 1 : 0)),
          score: Float64Array.from(pairRows, (i) => scores.data[i * scores.columns + k]),
          weights: pairWeights,
        });
      areas.push((areaFor(a) + areaFor(b)) / 2);
      prevalences.push(pairWeights === undefined ? pairRows.length : weightedSum(pairWeights, undefined));
    }
  }
  return weightedMean(Float64Array.from(areas), byPrevalence ? Float64Array.from(prevalences) : undefined);
}
