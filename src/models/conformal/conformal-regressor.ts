import { z } from 'zod';
import { DataError, OptionError } from '../../core/errors.ts';
import { andThen, type Eventually } from '../../core/eventually.ts';
import { choices, option } from '../../core/options.ts';
import { columnCount, type Table } from '../../core/table.ts';
import type { Split } from '../../data/split/splitter.ts';
import { splitterFrom } from '../../data/split/splitter-from.ts';
import { trainTestIndices } from '../../data/split/train-test-indices.ts';
import { addOnnx } from '../../define/add-onnx.ts';
import { defineRegressor } from '../../define/define-regressor.ts';
import type { State } from '../../define/definition.ts';
import { applyModel, fitState, type TrainingData } from '../../define/run.ts';
import { type Specification, specificationOf } from '../../define/specification.ts';
import type { Job } from '../../jobs/job.ts';
import { attributesOf, type StepAttributes } from '../../prepare/fitted-attributes.ts';
import { partJob } from '../../prepare/part-job.ts';
import {
  checkCells,
  dividedRows,
  type NamedSplitter,
  namedSplitter,
  operationsOf,
  pick,
  seedOption,
  takeRows,
} from '../nested-estimator.ts';
import { conformalBounds, coverageRank, sortedResiduals } from './conformal-bounds.ts';

interface ConformalState {
  /** What `predict` asks. */
  readonly estimator: State;
  /** Models of the folds; none with `split`, where the estimator itself is calibrated. */
  readonly folds: readonly State[];
  /** Of each calibrated model, ascending. */
  readonly residuals: readonly Float64Array[];
  readonly rowOperations: number;
}

export interface ConformalAttributes {
  /** Absolute errors on rows that the model did not see, ascending: of the model of each fold, or of the only one. */
  readonly residuals: readonly Float64Array[];
  /** What the regressor that `predict` asks learned. */
  readonly estimator: StepAttributes;
}

/**
 * Any regressor with prediction intervals that hold without assumptions on its errors, as long as new rows come like the old ones
 * (exchangeable): `model.predictInterval(x)` beside `model.predict(x)`, also after saving and in a pipeline. With `cv+` (Barber et al.,
 * "Predictive inference with the jackknife+", 2021) every row calibrates the model of the fold that did not see it, and `predict` asks one
 * more, fitted on all rows; intervals cover about the wished share, and at least 1 − 2(1 − coverage) in theory. With `split` (Lei et al.,
 * "Distribution-free predictive inference for regression", 2018) there is one model, calibrated on rows set aside; intervals cover at least
 * the wished share.
 *
 *     const model = await conformalRegressor({ estimator: ridge(), coverage: 0.9 }).fit(x, y);
 *     const bounds = await model.predictInterval(x); // rows × 2: lower, upper
 *
 * Sample weights reach the fits; every row calibrates alike.
 * @throws DataError when the calibration rows are too few for the coverage.
 */
export const conformalRegressor = defineRegressor({
  name: 'conformal-regressor',
  module: import.meta.url,
  summary: 'A regressor with prediction intervals calibrated on rows that it did not see.',
  use: 'When it matters how far a prediction may be off, whatever the errors look like.',
  input: 'table',
  missing: 'accepted',
  selfTuning: true,
  options: z.strictObject({
    estimator: option(specificationOf('regressor'), 'The regressor to calibrate.'),
    coverage: option(
      z.number().gt(0).lt(1).default(0.9),
      'Share of new rows that the intervals are to hold (1 − alpha).',
    ),
    method: option(
      z.enum(['cv+', 'split']).default('cv+'),
      "'cv+': every row calibrates the model of a fold that did not see it; 'split': one model, calibrated on rows set aside.",
      choices('cv+', 'split'),
    ),
    cv: option(
      z.union([z.int().min(2), namedSplitter]).default(5),
      'Folds of cv+, which keep groups whole, or the name and options of a splitter that tests every row once.',
    ),
    calibrationSize: option(
      z.union([z.number().gt(0).lt(1), z.int().positive()]).default(0.25),
      'Share (or count) of rows that split sets aside.',
    ),
    randomState: seedOption('the rows that split sets aside'),
  }),
  check({ cv }) {
    if (typeof cv !== 'number') splitterFrom(cv as { name: string });
  },
  rowOperations: ({ rowOperations }: ConformalState) => rowOperations,
  async fit(options, data, job): Promise<ConformalState> {
    const { estimator, method, coverage } = options;
    const { y } = data;
    const all: TrainingData = { ...data, x: data.x as Table, classes: undefined, from: undefined };
    checkCells(estimator, all.x);
    const splits = divisionsOf(options, all);
    coverageRank(
      coverage,
      splits.reduce((sum, { test }) => sum + test.length, 0),
    );
    const count = splits.length + (method === 'split' ? 0 : 1);
    const states: State[] = [];
    const residuals: Float64Array[] = [];
    for (const [fold, { train, test }] of splits.entries()) {
      const part = partJob(job, fold, count, `fold ${fold + 1}`);
      const state = await fitState(estimator, takeRows(all, train), part);
      const predicted = await applyTo(estimator, state, all.x.take(test) as Table, job);
      states.push(state);
      residuals.push(sortedResiduals(pick(y, test), predicted));
      job.progress((fold + 1) / count, `fold ${fold + 1}`);
    }
    const last =
      method === 'split'
        ? states.pop()!
        : await fitState(estimator, all, partJob(job, count - 1, count, 'all rows'));
    const columns = columnCount(all.x);
    const operations = [last, ...states].map((state) => operationsOf(estimator, state, columns));
    const rowOperations = operations.reduce((a, b) => a + b, 0);
    return { estimator: last, folds: states, residuals, rowOperations };
  },
  predict: ({ estimator: state }, x, job, { estimator }) => applyTo(estimator, state, x as Table, job),
  predictInterval({ estimator: state, folds, residuals }, x, job, { estimator, coverage }) {
    let done: Eventually<Float64Array[]> = [];
    for (const model of folds.length === 0 ? [state] : folds) {
      done = andThen(done, (before) =>
        andThen(applyTo(estimator, model, x as Table, job), (values) => [...before, values]),
      );
    }
    return andThen(done, (predictions) => conformalBounds(predictions, residuals, coverage));
  },
  onnx: ({ estimator: state }, x, graph, { estimator }) => addOnnx(estimator, state, x, graph),
  attributes: ({ estimator: state, residuals }, { estimator }): ConformalAttributes => ({
    residuals,
    estimator: attributesOf(estimator, state),
  }),
});

function applyTo(estimator: Specification, state: State, x: Table, job: Job): Eventually<Float64Array> {
  return applyModel(estimator, state, 'predict', x, job) as Eventually<Float64Array>;
}

interface Division {
  readonly method: 'cv+' | 'split';
  readonly cv: number | NamedSplitter;
  readonly calibrationSize: number;
  readonly randomState: number | null;
}

function divisionsOf(options: Division, data: TrainingData): Split[] {
  const { method, cv, calibrationSize: testSize, randomState } = options;
  const { rows } = data.x;
  if (method === 'split') {
    if (rows < 2) {
      throw new DataError(
        'data/too-few-rows',
        `conformal-regressor: of ${rows} row none can be set aside; give more rows.`,
        { rows },
      );
    }
    const { train, test } = trainTestIndices(rows, { testSize, randomState, groups: data.groups });
    return [{ train, test }];
  }
  const splits = dividedRows(cv, data);
  const times = new Int32Array(rows);
  for (const { test } of splits) for (const row of test) times[row]!++;
  const row = times.findIndex((count) => count !== 1);
  if (row < 0) return splits;
  throw new OptionError(
    'option/invalid',
    `conformal-regressor: cv must hold every row in exactly one test part, but row ${row} is in ${times[row]}. Take e.g. kFold.`,
    { option: 'cv', row },
  );
}
