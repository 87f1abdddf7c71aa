import { AbortError, HeddleError, OptionError } from '../../core/errors.ts';
import { type Column, takeColumn } from '../../core/frame.ts';
import type { Label } from '../../core/labels.ts';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { inSlices } from '../../core/slices.ts';
import { getScorer, type Scorer } from '../../metrics/registry.ts';
import type { Predictor } from '../../select/evaluate-model.ts';
import type { Predictions } from '../../select/predict-table.ts';
import { labelsOf, numbersOf } from '../../select/target-values.ts';

/** What a model said of the held-out rows. */
export interface Judged {
  readonly model: Predictor;
  readonly predictions: Predictions;
}

export interface HeldOut {
  readonly truth: Column;
  readonly weights: Float64Array | undefined;
}

/** Figures of champion and challenger on the same rows. */
export interface Scores {
  readonly rows: number;
  readonly champion: number;
  readonly challenger: number;
}

export interface Comparison extends Scores {
  /** By how much the challenger is better, in units of the metric; negative when it is worse. */
  readonly gain: number;
  /** 95% of the gain, from a paired bootstrap over the rows; null where it cannot be had. */
  readonly interval: readonly [number, number] | null;
}

const DRAWS = 1000;
/** Rows of one draw at most. */
const MOST_ROWS = 5000;
const LEVELS = [0.025, 0.975] as const;

/**
 * The metric that decides, unless one is wanted: R² for numbers; for two classes the area under the ROC curve where both models give
 * probabilities and know every class; else F1 as a mean over the classes.
 * @throws OptionError for a metric that is unknown, for the other problem, or needs what the models do not give.
 */
export function chooseMetric(
  wanted: string | undefined,
  judged: readonly Judged[],
  { truth }: HeldOut,
): Scorer {
  if (judged.some(({ model }) => model.kind === 'regressor')) return getScorer(wanted ?? 'r2', 'regression');
  const labels = labelsOf(truth);
  const lack = judged.map(({ model, predictions }) => {
    if (predictions.kind !== 'classification' || predictions.probabilities === undefined)
      return `${model.specification.name} gives no probabilities`;
    const known = new Set<Label>(predictions.classes);
    const unknown = labels.find((label) => !known.has(label));
    return unknown === undefined ? undefined : `a model does not know the class ${JSON.stringify(unknown)}`;
  });
  const reason = lack.find((one) => one !== undefined);
  const isPlain = judged.every(
    ({ predictions }) => predictions.kind === 'classification' && predictions.classes.length === 2,
  );
  const isMixed = new Set(labels).size === 2;
  if (wanted === undefined) {
    const byRank = isPlain && isMixed && reason === undefined;
    return getScorer(byRank ? 'rocAuc' : 'f1', 'classification');
  }
  const scorer = getScorer(wanted, 'classification');
  if (scorer.needs !== 'prediction' && reason !== undefined) {
    throw new OptionError(
      'option/unsupported-metric',
      `The metric '${wanted}' compares probabilities, but ${reason}. Take a metric of predicted classes, e.g. f1 or accuracy.`,
      { metric: wanted },
    );
  }
  return scorer;
}

/** Both models' figures on some of the held-out rows; NaN where they do not exist, as ranks among rows of one class. */
export function scoreBoth(
  scorer: Scorer,
  champion: Judged,
  challenger: Judged,
  held: HeldOut,
  rows: Int32Array,
): Scores {
  const scoreOf = (judged: Judged): number => {
    try {
      return score(scorer, judged, held, rows);
    } catch (error) {
      if (error instanceof HeddleError) return Number.NaN;
      throw error;
    }
  };
  return { rows: rows.length, champion: scoreOf(champion), challenger: scoreOf(challenger) };
}

/**
 * Compares two models on the same rows. The interval is that of a paired bootstrap: each draw with replacement (Efron 1979) scores both
 * models on the same rows, so that what makes rows hard cancels out. Beyond 5,000 rows draws have that many, and deviations are scaled by
 * √(m/n) (Politis, Romano & Wolf 1999).
 */
export async function compareModels(
  scorer: Scorer,
  champion: Judged,
  challenger: Judged,
  held: HeldOut,
  { seed, signal }: { readonly seed: number; readonly signal?: AbortSignal | undefined },
): Promise<Comparison> {
  const n = held.truth.kind === 'string' ? held.truth.codes.length : held.truth.values.length;
  const sign = scorer.greaterIsBetter ? 1 : -1;
  const all = Int32Array.from({ length: n }, (_, i) => i);
  const scores = {
    rows: n,
    champion: score(scorer, champion, held, all),
    challenger: score(scorer, challenger, held, all),
  };
  const gainOf = (s: Scores) => sign * (s.challenger - s.champion);
  const gain = gainOf(scores);
  const size = Math.min(n, MOST_ROWS);
  const random = new RandomState(seed);
  const gains: number[] = [];
  await inSlices(DRAWS, 1, () => {
    if (signal?.aborted) throw new AbortError();
    const rows = Int32Array.from(random.randint(0, n, size));
    gains.push(gainOf(scoreBoth(scorer, champion, challenger, held, rows)));
  });
  const drawn = gains.filter(Number.isFinite).sort((a, b) => a - b);
  // Draws that a figure does not exist for, as those of one class only: too many of them and nothing is known.
  if (drawn.length < DRAWS / 2 || !Number.isFinite(gain)) return { ...scores, gain, interval: null };
  const scale = Math.sqrt(size / n);
  const [low, high] = LEVELS.map((level) => gain + scale * (quantile(drawn, level) - gain)) as [
    number,
    number,
  ];
  return { ...scores, gain, interval: [low, high] };
}

function score(scorer: Scorer, { model, predictions }: Judged, held: HeldOut, rows: Int32Array): number {
  const truth = takeColumn(held.truth, rows);
  const sampleWeight = held.weights && Float64Array.from(rows, (row) => held.weights![row]!);
  if (scorer.problem === 'regression') {
    const values = (predictions as Extract<Predictions, { kind: 'regression' }>).values;
    return scorer.compute(
      numbersOf(truth),
      Float64Array.from(rows, (row) => values[row]!),
      { sampleWeight },
    );
  }
  const { values, classes, probabilities } = predictions as Extract<Predictions, { kind: 'classification' }>;
  const positiveClass = (model.kind === 'classifier' ? model.positiveClass : undefined) ?? undefined;
  const context = { classes, positiveClass, sampleWeight };
  const labels = labelsOf(truth);
  if (scorer.needs === 'prediction')
    return scorer.compute(
      labels,
      Array.from(rows, (row) => values[row]!),
      context,
    );
  return scorer.compute(labels, takeRows(probabilities!, rows), context);
}

function takeRows(matrix: Matrix, rows: Int32Array): Matrix {
  const { columns } = matrix;
  const data = new Float64Array(rows.length * columns);
  for (const [to, row] of rows.entries()) data.set(matrix.row(row), to * columns);
  return new Matrix({ rows: rows.length, columns, data });
}

/** Between order statistics, NumPy's default. */
function quantile(sorted: readonly number[], level: number): number {
  const at = level * (sorted.length - 1);
  const below = Math.floor(at);
  const [low, high] = [sorted[below]!, sorted[Math.min(below + 1, sorted.length - 1)]!];
  return low + (at - below) * (high - low);
}
