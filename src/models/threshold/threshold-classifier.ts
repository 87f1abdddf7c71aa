import { z } from 'zod';
import { DataError, OptionError } from '../../core/errors.ts';
import { andThen, type Eventually } from '../../core/eventually.ts';
import type { Label } from '../../core/labels.ts';
import { choices, option } from '../../core/options.ts';
import { sharedArray } from '../../core/shared.ts';
import { columnCount, type Table } from '../../core/table.ts';
import { groupShuffleSplit } from '../../data/split/group-shuffle-split.ts';
import type { Split } from '../../data/split/splitter.ts';
import { splitterFrom } from '../../data/split/splitter-from.ts';
import { stratifiedShuffleSplit } from '../../data/split/stratified-shuffle-split.ts';
import { addOnnx } from '../../define/add-onnx.ts';
import { defineClassifier } from '../../define/define-classifier.ts';
import type { Method, State } from '../../define/definition.ts';
import { applyModel, fitState, hasMethod, type TrainingData } from '../../define/run.ts';
import { specificationOf } from '../../define/specification.ts';
import { codesAtThreshold, requireLabelScorer } from '../../metrics/decision-threshold.ts';
import { getScorer } from '../../metrics/registry.ts';
import { attributesOf, type StepAttributes } from '../../prepare/fitted-attributes.ts';
import { partJob } from '../../prepare/part-job.ts';
import {
  checkCells,
  dividedRows,
  type NamedSplitter,
  namedSplitter,
  operationsOf,
  pick,
  requireAllClasses,
  seedOption,
  takeRows,
} from '../nested-estimator.ts';
import {
  columnOf,
  positiveScores,
  type ScoreMethod,
  scoreMethod,
  thresholdNodes,
  usualThreshold,
} from './positive-scores.ts';
import type { ThresholdCurve } from './threshold-curve.ts';
import { type HeldOut, type LabelMetric, tuneThreshold } from './tune-threshold.ts';

interface ThresholdState {
  readonly estimator: State;
  readonly method: ScoreMethod;
  /** Place of the positive class. */
  readonly positive: number;
  readonly bestThreshold: number;
  /** Null where nothing was tuned. */
  readonly bestScore: number | null;
  readonly cvResults: ThresholdCurve | null;
  readonly rowOperations: number;
}

export interface ThresholdAttributes {
  /** The positive class is predicted from this score on. */
  readonly bestThreshold: number;
  /** Mean of the metric over the folds at that threshold; null when the threshold was given, or scores were all alike. */
  readonly bestScore: number | null;
  /** Mean of the metric at every threshold tried, which rise; null likewise. */
  readonly cvResults: { readonly thresholds: Float64Array; readonly scores: Float64Array } | null;
  /** What the classifier learned. */
  readonly estimator: StepAttributes;
}

/**
 * Any classifier of two classes, predicting one of them from another probability (or decision value) on than the usual 0.5 (or 0).
 * The threshold is given (scikit-learn's FixedThresholdClassifier), or tuned by cross-validation to the best mean of a metric of labels, as
 * TunedThresholdClassifierCV: each fold's metric at even thresholds between its lowest and highest score, taken as linear in
 * between. Probabilities stay those of the classifier, which is fitted on all rows at the end. In a metric such as `f1Positive` the positive
 * class is that of the option.
 *
 *     thresholdClassifier({ estimator: logisticRegression(), scoring: 'f1Positive' })
 *     thresholdClassifier({ estimator: logisticRegression(), threshold: 0.2 })
 *
 * A metric of your own weighs what mistakes cost: `scoring: (truth, prediction) => …`, greater is better.
 * @throws DataError for more than two classes, or when a fold's training rows lack one. OptionError for a metric that is none of labels,
 *   a classifier without scores, a positive class that is none of the target's.
 */
export const thresholdClassifier = defineClassifier({
  name: 'threshold-classifier',
  module: import.meta.url,
  summary: 'A classifier of two classes whose threshold is tuned by cross-validation, or given.',
  use: 'When one kind of mistake costs more than the other, or one class is rare.',
  input: 'table',
  missing: 'accepted',
  selfTuning: true,
  options: z.strictObject({
    estimator: option(specificationOf('classifier'), 'The classifier whose threshold is chosen.'),
    threshold: option(
      z.union([z.literal('tuned'), z.number()]).default('tuned'),
      "'tuned': chosen by cross-validation; or the probability (or decision value) from which on the positive class is predicted.",
    ),
    positiveClass: option(
      z.union([z.string(), z.number(), z.boolean()]).nullable().default(null),
      'The class that the threshold is for; null: the second of the two.',
    ),
    responseMethod: option(
      z.enum(['auto', 'predictProba', 'decisionFunction']).default('auto'),
      "What is cut: 'auto' probabilities where there are any, else decision values.",
    ),
    scoring: option(
      z
        .union([
          z.string(),
          z.custom<LabelMetric>(
            (value) => typeof value === 'function',
            'It takes the name of a metric or a function',
          ),
        ])
        .default('balancedAccuracy'),
      'The metric of labels to tune for, by name or a function of truth and prediction.',
      choices('balancedAccuracy', 'f1Positive', 'matthewsCorrcoef'),
    ),
    thresholds: option(
      z.union([z.int().min(2).max(100_000), z.array(z.number()).nonempty().readonly()]).default(100),
      'How many thresholds to try, in even steps over the scores; or the thresholds.',
    ),
    cv: option(
      z.union([z.int().min(2), z.number().gt(0).lt(1), namedSplitter]).default(5),
      'Number of stratified folds, which keep groups whole; the share of rows (or groups) to set aside once; or the name and options of a splitter.',
    ),
    refit: option(
      z.boolean().default(true),
      'Whether to fit on all rows in the end; false, with a single division: on its training rows.',
    ),
    randomState: seedOption('the rows set aside where cv is a share'),
  }),
  check({ estimator, responseMethod, scoring, cv }) {
    scoreMethod(estimator, responseMethod);
    if (typeof scoring === 'string') requireLabelScorer(getScorer(scoring, 'classification'));
    if (typeof cv !== 'number') splitterFrom(cv as { name: string });
  },
  offers: ({ estimator }, method: Method) =>
    method === 'predict' || hasMethod(estimator.definition, method, estimator.options),
  rowOperations: ({ rowOperations }: ThresholdState) => rowOperations,
  async fit(options, data, job): Promise<ThresholdState> {
    const { estimator, threshold, responseMethod } = options;
    const { y, classes } = data;
    const positive = positivePlace(classes, options.positiveClass);
    const method = scoreMethod(estimator, responseMethod);
    const all: TrainingData = { ...data, x: data.x as Table, targets: 1, from: undefined };
    checkCells(estimator, all.x);
    const splits = threshold === 'tuned' ? divisionsOf(options, all) : [];
    const count = splits.length + (options.refit || threshold !== 'tuned' ? 1 : 0);
    const folds: HeldOut[] = [];
    let state: State | undefined;
    for (const [fold, { train, test }] of splits.entries()) {
      requireAllClasses(train, y, classes, fold);
      const part = partJob(job, fold, count, `fold ${fold + 1}`);
      state = await fitState(estimator, takeRows(all, train), part);
      const scores = await positiveScores(estimator, state, method, positive, all.x.take(test) as Table, job);
      const sampleWeight = data.sampleWeight && pick(data.sampleWeight, test);
      folds.push({ codes: pick(y, test), scores, sampleWeight });
      job.progress((fold + 1) / count, `fold ${fold + 1}`);
    }
    if (count > splits.length || state === undefined) {
      state = await fitState(estimator, all, partJob(job, count - 1, count, 'all rows'));
    }
    const { scoring, thresholds } = options;
    const found =
      folds.length === 0
        ? undefined
        : await tuneThreshold(folds, { scoring, thresholds, classes, positive }, job);
    if (folds.length > 0 && found === undefined) {
      job.warn(
        'threshold/equal-scores',
        `The scores of a fold are all alike, so no threshold can be chosen; it stays at ${usualThreshold[method]}.`,
      );
    }
    return {
      ...{ estimator: state, method, positive },
      bestThreshold: threshold === 'tuned' ? (found?.bestThreshold ?? usualThreshold[method]) : threshold,
      bestScore: found?.bestScore ?? null,
      cvResults: found?.curve ?? null,
      rowOperations: operationsOf(estimator, state, columnCount(all.x)),
    };
  },
  predict({ estimator: state, method, positive, bestThreshold }, x, job, { estimator }) {
    const scores = positiveScores(estimator, state, method, positive, x as Table, job);
    return andThen(scores, (values) =>
      codesAtThreshold(values, bestThreshold, positive, sharedArray(Int32Array, values.length)),
    );
  },
  predictBoth(state, x, job, { estimator }) {
    const { method, positive, bestThreshold } = state;
    const apply = (name: ScoreMethod) =>
      applyModel(estimator, state.estimator, name, x as Table, job) as Eventually<Float64Array>;
    return andThen(apply(method), (values) => {
      const codes = codesAtThreshold(columnOf(values, method, positive), bestThreshold, positive);
      if (method === 'predictProba') return { codes, probabilities: values };
      if (!hasMethod(estimator.definition, 'predictProba', estimator.options))
        return { codes, probabilities: undefined };
      return andThen(apply('predictProba'), (probabilities) => ({ codes, probabilities }));
    });
  },
  predictProba: ({ estimator: state }, x, job, { estimator }) =>
    applyModel(estimator, state, 'predictProba', x as Table, job) as Eventually<Float64Array>,
  decisionFunction: ({ estimator: state }, x, job, { estimator }) =>
    applyModel(estimator, state, 'decisionFunction', x as Table, job) as Eventually<Float64Array>,
  async onnx({ estimator: state, method, positive, bestThreshold }, x, graph, { estimator }) {
    const found = await addOnnx(estimator, state, x, graph);
    const codes = thresholdNodes(graph, found, method, positive, bestThreshold);
    if (codes === undefined) return { unsupported: `the graph of ${estimator.name} has no ${method}` };
    return { ...found, codes };
  },
  attributes: (
    { estimator: state, bestThreshold, bestScore, cvResults },
    { estimator },
  ): ThresholdAttributes => ({
    ...{ bestThreshold, bestScore, cvResults },
    estimator: attributesOf(estimator, state),
  }),
});

function positivePlace(classes: readonly Label[], positiveClass: Label | null): number {
  if (classes.length !== 2) {
    throw new DataError(
      'data/not-two-classes',
      `A threshold divides two classes, but y holds ${classes.length}: ${JSON.stringify(classes.slice(0, 10))}.`,
      { classes: classes.length },
    );
  }
  const place = positiveClass === null ? 1 : classes.indexOf(positiveClass);
  if (place >= 0) return place;
  throw new OptionError(
    'option/invalid',
    `threshold-classifier: positiveClass ${JSON.stringify(positiveClass)} is not among the classes ${JSON.stringify(classes)}.`,
    { option: 'positiveClass' },
  );
}

interface Division {
  readonly cv: number | NamedSplitter;
  readonly refit: boolean;
  readonly randomState: number | null;
}

function divisionsOf({ cv, refit, randomState }: Division, data: TrainingData): Split[] {
  const splits = typeof cv === 'number' && cv < 1 ? [setAside(cv, randomState, data)] : dividedRows(cv, data);
  if (refit || splits.length === 1) return splits;
  throw new OptionError(
    'option/invalid',
    `threshold-classifier: without refit there must be one division of the rows, but cv gives ${splits.length}. Give a share such as cv: 0.25.`,
    { option: 'refit' },
  );
}

/** Groups stay whole; without any, both parts have the shares of the classes. */
function setAside(testSize: number, randomState: number | null, { x, y, groups }: TrainingData): Split {
  const once = { nSplits: 1, testSize, randomState };
  const [split] =
    groups === undefined
      ? stratifiedShuffleSplit(once).split(x.rows, { y: y as Int32Array })
      : groupShuffleSplit(once).split(x.rows, { groups });
  return split!;
}
