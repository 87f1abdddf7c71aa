import { z } from 'zod';
import { OptionError } from '../../core/errors.ts';
import { andThen, type Eventually } from '../../core/eventually.ts';
import { choices, option } from '../../core/options.ts';
import { sharedArray } from '../../core/shared.ts';
import { columnCount, type Table } from '../../core/table.ts';
import type { Split } from '../../data/split/splitter.ts';
import { splitterFrom } from '../../data/split/splitter-from.ts';
import { defineClassifier } from '../../define/define-classifier.ts';
import type { State } from '../../define/definition.ts';
import { requireScoreMemory } from '../../define/many-classes.ts';
import { applyModel, fitState, hasMethod, type TrainingData } from '../../define/run.ts';
import { scoreColumns } from '../../define/score-columns.ts';
import { type Specification, specificationOf } from '../../define/specification.ts';
import type { Job } from '../../jobs/job.ts';
import { attributesOf, type StepAttributes } from '../../prepare/fitted-attributes.ts';
import { partJob } from '../../prepare/part-job.ts';
import { innerFolds } from '../inner-folds.ts';
import { checkCells, operationsOf, pick, requireAllClasses, takeRows } from '../nested-estimator.ts';
import { calibratedNodes } from './calibrated-nodes.ts';
import { addProbabilities, type Calibrator, fitCalibrators } from './calibrator.ts';

/** One fitted classifier and what makes probabilities of its scores. */
export interface CalibratedPart {
  readonly state: State;
  readonly calibrators: readonly Calibrator[];
}

export interface CalibratedState {
  readonly parts: readonly CalibratedPart[];
  readonly classes: number;
  readonly rowOperations: number;
}

export interface CalibratedAttributes {
  /**
   * Of each part (one a fold, or one) the calibrators: of the second of two classes, or of each class. A sigmoid is 1 /
   * (1 + e^(slope · score + offset)), an isotonic one goes through the points (x, y).
   */
  readonly calibrators: readonly (readonly Calibrator[])[];
  /** What the classifier of each part learned. */
  readonly estimators: readonly StepAttributes[];
}

/**
 * Any classifier with probabilities that say how often it is right: its scores on rows that it was not fitted on are
 * mapped to probabilities, by a sigmoid (Platt scaling, good for few rows) or by a rising function (isotonic, for a
 * thousand rows or more). With `ensemble`, each fold of cross-validation gives a classifier and its calibrators, whose
 * probabilities are averaged; else one classifier is fitted on all rows and calibrated by the scores of all folds. More
 * than two classes are calibrated one against the rest and normalised. As scikit-learn's CalibratedClassifierCV, with
 * Newton's method for the sigmoid.
 *
 *     calibratedClassifier({ estimator: svmClassifier(), method: 'sigmoid' })
 *
 * @throws DataError when a fold's training rows lack a class.
 */
export const calibratedClassifier = defineClassifier({
  name: 'calibrated-classifier',
  module: import.meta.url,
  summary: 'A classifier whose scores are turned into well calibrated probabilities.',
  use: 'To get probabilities from a model that has none, such as a support vector machine, or whose own are too bold.',
  input: 'table',
  missing: 'accepted',
  options: z.strictObject({
    estimator: option(specificationOf('classifier'), 'The classifier to calibrate.'),
    method: option(
      z.enum(['sigmoid', 'isotonic']).default('sigmoid'),
      'How scores become probabilities; isotonic needs a thousand rows or so.',
      choices('sigmoid', 'isotonic'),
    ),
    cv: option(
      z
        .union([
          z.int().min(2),
          z.strictObject({ name: z.string(), options: z.record(z.string(), z.unknown()).optional() }),
        ])
        .default(5),
      'Number of stratified folds, or the name and options of a splitter.',
    ),
    ensemble: option(
      z.boolean().default(true),
      'Whether to average the calibrated classifiers of all folds, or to fit one on all rows.',
    ),
  }),
  check({ estimator, cv }) {
    if (typeof cv !== 'number') splitterFrom(cv as { name: string });
    if (scoreMethod(estimator) !== undefined) return;
    throw new OptionError(
      'option/invalid',
      `calibrated-classifier: ${estimator.name} has neither decisionFunction nor predictProba, so there are no scores to calibrate.`,
      { option: 'estimator' },
    );
  },
  rowOperations: ({ rowOperations }: CalibratedState) => rowOperations,
  async fit({ estimator, method, cv, ensemble }, data, job): Promise<CalibratedState> {
    const { x, y, classes, sampleWeight, groups, rows } = data;
    const scoredRows = ensemble && typeof cv === 'number' ? Math.ceil(rows / cv) : rows;
    const advice = 'Calibration needs the scores of every class: merge classes, or fit the estimator itself.';
    requireScoreMemory('calibrated-classifier', scoredRows, classes.length, advice);
    const splits =
      typeof cv === 'number'
        ? innerFolds(cv, { x: { rows }, y, groups: undefined })
        : splitterFrom(cv as { name: string }).split(rows, { y, groups });
    checkCells(estimator, x as Table);
    const count = splits.length + (ensemble ? 0 : 1);
    const table = x as Table;
    const all: TrainingData = { x: table, y, targets: 1, classes, sampleWeight, groups };
    const parts: CalibratedPart[] = [];
    const scored: { readonly test: Int32Array; readonly scores: Float64Array }[] = [];
    for (const [fold, { train, test }] of splits.entries()) {
      requireAllClasses(train, y, classes, fold);
      const state = await fitState(
        estimator,
        takeRows(all, train),
        partJob(job, fold, count, `fold ${fold + 1}`),
      );
      const scores = await scoresOf(estimator, state, table.take(test) as Table, classes.length, job);
      job.checkpoint();
      if (!ensemble) scored.push({ test, scores });
      else {
        const own = { scores, codes: pick(y, test), weights: sampleWeight && pick(sampleWeight, test) };
        parts.push({ state, calibrators: fitCalibrators(method, { ...own, classes: classes.length }) });
      }
      job.progress((fold + 1) / count, `fold ${fold + 1}`);
    }
    if (!ensemble) {
      requireOnce(splits, rows);
      const state = await fitState(estimator, all, partJob(job, count - 1, count, 'all rows'));
      const scores = gather(scored, rows);
      const calibrators = fitCalibrators(method, {
        ...{ scores, codes: y, weights: sampleWeight, classes: classes.length },
      });
      parts.push({ state, calibrators });
    }
    const operations = parts.map(({ state }) => operationsOf(estimator, state, columnCount(table)));
    return { parts, classes: classes.length, rowOperations: operations.reduce((a, b) => a + b, 0) };
  },
  classCount: ({ classes }: CalibratedState) => classes,
  predictProba({ parts, classes }, x, job, { estimator }) {
    const table = x as Table;
    const out = sharedArray(Float64Array, table.rows * classes);
    let done: Eventually<Float64Array> = out;
    for (const { state, calibrators } of parts) {
      done = andThen(done, () =>
        andThen(scoresOf(estimator, state, table, classes, job), (scores) => {
          addProbabilities(calibrators, scores, classes, 1 / parts.length, out);
          return out;
        }),
      );
    }
    return done;
  },
  onnx: (state, x, graph, { estimator }) => calibratedNodes(state, estimator, x, graph),
  attributes: ({ parts }, { estimator }): CalibratedAttributes => ({
    calibrators: parts.map(({ calibrators }) => calibrators),
    estimators: parts.map(({ state }) => attributesOf(estimator, state)),
  }),
});

function scoreMethod({
  definition,
  options,
}: Specification): 'decisionFunction' | 'predictProba' | undefined {
  if (hasMethod(definition, 'decisionFunction', options)) return 'decisionFunction';
  return hasMethod(definition, 'predictProba', options) ? 'predictProba' : undefined;
}

/** Scores, row-major: one column with two classes, else one a class. */
function scoresOf(
  estimator: Specification,
  state: State,
  x: Table,
  classes: number,
  job: Job,
): Eventually<Float64Array> {
  const method = scoreMethod(estimator)!;
  return andThen(applyModel(estimator, state, method, x, job) as Eventually<Float64Array>, (scores) => {
    if (method === 'predictProba' && classes === 2) return scores.filter((_, i) => i % 2 === 1);
    const columns = classes === 2 ? 1 : classes;
    const isPairwise = method === 'decisionFunction' && classes > 2 && scoresPairs(estimator);
    if (scores.length === x.rows * columns && !isPairwise) return scores;
    throw new OptionError(
      'option/invalid',
      `calibrated-classifier needs one score a class, but ${estimator.name} gives one a pair of classes. Set its decisionFunctionShape to 'ovr'.`,
      { option: 'estimator' },
    );
  });
}

/** Asked of four classes: of three, the scores of pairs are as many as those of classes. */
function scoresPairs(estimator: Specification): boolean {
  return scoreColumns(estimator, 4) !== 4;
}

function gather(
  scored: readonly { readonly test: Int32Array; readonly scores: Float64Array }[],
  rows: number,
): Float64Array {
  const { test, scores } = scored[0]!;
  const columns = scores.length / test.length;
  const out = new Float64Array(rows * columns);
  for (const part of scored) {
    part.test.forEach((row, i) => {
      out.set(part.scores.subarray(i * columns, (i + 1) * columns), row * columns);
    });
  }
  return out;
}

/** @throws OptionError when the test parts do not hold every row once. */
function requireOnce(splits: readonly Split[], rows: number): void {
  const seen = new Uint8Array(rows);
  for (const { test } of splits) for (const row of test) seen[row]!++;
  if (seen.every((count) => count === 1)) return;
  throw new OptionError(
    'option/invalid',
    'calibrated-classifier: without ensemble every row must be in the test part of one fold; use ensemble true with this splitter, or another one.',
    { option: 'cv' },
  );
}
