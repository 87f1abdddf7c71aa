import { DataError, OptionError, suggestion } from '../core/errors.ts';
import { type Column, type Frame, takeColumn } from '../core/frame.ts';
import type { Label } from '../core/labels.ts';
import { parseOptions } from '../core/options.ts';
import { type TrainTestOptions, trainTestIndices } from '../data/split/train-test-indices.ts';
import { encodeLabels } from '../define/targets.ts';
import type { JobOptions, JobWarning } from '../jobs/job.ts';
import type { ColumnRole } from './column-role.ts';
import { type Evaluation, evaluateModel, type Predictor } from './evaluate-model.ts';
import { featureColumns, weightColumn } from './feature-columns.ts';
import { chooseModel, type ModelChoice, type PredictorSpecification } from './model-choice.ts';
import { prepareTable } from './prepare-table.ts';
import type { Problem } from './problem.ts';
import { rowsWithTarget } from './target-values.ts';
import { timeColumn } from './time-column.ts';
import { type ParsedTrainOptions, type TrainTableOptions, trainTableOptions } from './train-options.ts';

/** Everything about one training run on a table. */
export interface TrainedTable {
  /** The fitted model with its preparation, from the training rows alone: what is saved. */
  readonly model: Predictor;
  readonly choice: ModelChoice;
  /** The columns that are used. */
  readonly features: readonly string[];
  /** Every column that could have been used, with its role and the reason. */
  readonly columns: readonly ColumnRole[];
  /** The preparation in words. */
  readonly steps: readonly string[];
  /** `dropped`: rows without a target, and those that a split by group and time leaves out. */
  readonly rows: { readonly train: number; readonly test: number; readonly dropped: number };
  /** Rows of the table, in split order. */
  readonly trainRows: Int32Array;
  readonly testRows: Int32Array;
  /** The target of the test rows, in split order. */
  readonly truth: Column;
  /** On the test rows, in split order. */
  readonly evaluation: Evaluation;
  readonly classes: readonly Label[] | undefined;
  readonly positiveClass: Label | undefined;
  readonly warnings: readonly string[];
  /** Of the fit alone. */
  readonly seconds: number;
}

/**
 * Trains on a table and evaluates on rows that the model never saw: infers the problem from the target, prepares the columns by
 * {@link prepareTable}, splits (as scikit-learn's `train_test_split`; by groups or time when told), fits the training rows and
 * evaluates the test rows. Rows without a target are dropped and counted.
 * @throws DataError and OptionError naming column, row or option.
 */
export async function trainTable(
  table: Frame,
  options: TrainTableOptions,
  job: JobOptions = {},
): Promise<TrainedTable> {
  const parsed = parseOptions(trainTableOptions, options, 'train');
  const whole = table.column(parsed.target);
  const x = featureColumns(table, parsed);
  const choice = await chooseModel(parsed.target, whole, parsed);
  const kept = rowsWithTarget(whole);
  requireRows(kept, parsed.target, table.rows);
  const isWhole = kept.length === table.rows;
  const take = (column: Column) => (isWhole ? column : takeColumn(column, kept));
  const y = take(whole);
  requireFiniteTarget(parsed.target, whole, kept);
  const positiveClass = await resolvePositive(parsed, y, choice.problem);
  const presentX = isWhole ? x : x.take(kept);
  const prepared = prepareTable(presentX, choice.specification, {
    named: parsed.features,
    categorical: parsed.categorical,
  });
  const labels = {
    target: y,
    group: parsed.group === undefined ? undefined : take(table.column(parsed.group)),
    time: parsed.time === undefined ? undefined : take(timeColumn(parsed.time, table.column(parsed.time))),
  };
  const split = trainTestIndices(kept.length, splitOptions(parsed, labels, choice.problem));
  const weights =
    parsed.weight === undefined ? undefined : weightColumn(parsed.weight, table.column(parsed.weight));
  const weightsAt = (rows: Int32Array) => weights && Float64Array.from(rows, (i) => weights[kept[i]!]!);
  const features = presentX.select(prepared.features);
  const warnings: string[] = [];
  const onWarning = (warning: JobWarning) => {
    warnings.push(warning.message);
    job.onWarning?.(warning);
  };
  const model = await fit(prepared.specification, features.take(split.train), takeColumn(y, split.train), {
    ...job,
    onWarning,
    sampleWeight: weightsAt(split.train),
    ...(positiveClass !== undefined && { positiveClass }),
  });
  const truth = takeColumn(y, split.test);
  const evaluation = await evaluateModel(model, features.take(split.test), truth, {
    signal: job.signal,
    threads: job.threads,
    sampleWeight: weightsAt(split.test),
  });
  const used = split.train.length + split.test.length;
  return {
    ...{ model, choice, truth, evaluation, warnings },
    features: prepared.features,
    columns: prepared.columns,
    steps: prepared.steps,
    rows: { train: split.train.length, test: split.test.length, dropped: table.rows - used },
    trainRows: split.train.map((i) => kept[i]!),
    testRows: split.test.map((i) => kept[i]!),
    classes: model.kind === 'classifier' ? model.classes : undefined,
    positiveClass: model.kind === 'classifier' ? (model.positiveClass ?? undefined) : undefined,
    seconds: model.summary.seconds,
  };
}

type Fit = JobOptions & {
  readonly sampleWeight: Float64Array | undefined;
  readonly positiveClass?: Label;
};

async function fit(
  specification: PredictorSpecification,
  x: Frame,
  y: Column,
  options: Fit,
): Promise<Predictor> {
  if (specification.kind === 'classifier') return specification.fit(x, y, options);
  const { positiveClass: _, ...rest } = options;
  return specification.fit(x, y, rest);
}

function requireRows(kept: Int32Array, target: string, rows: number): void {
  if (kept.length >= 2) return;
  const what = rows === kept.length ? `The table has ${rows}` : `Of ${rows} rows, ${kept.length}`;
  throw new DataError(
    'data/too-few-rows',
    `${what} ${kept.length === 1 ? 'row' : 'rows'} with a target '${target}'; at least 2 are needed, one to train and one to test.`,
    { target, rows: kept.length },
  );
}

function requireFiniteTarget(name: string, column: Column, kept: Int32Array): void {
  if (column.kind !== 'number') return;
  const row = kept.find((i) => !Number.isFinite(column.values[i]));
  if (row === undefined) return;
  throw new DataError(
    'data/infinite-value',
    `The target '${name}' is ${column.values[row]} in data row ${row + 1}. Correct or drop the row.`,
    { column: name, row },
  );
}

/** The positive class as a label of the target, whose text may be given. */
async function resolvePositive(
  { positiveClass: wish, target }: ParsedTrainOptions,
  y: Column,
  problem: Problem,
): Promise<Label | undefined> {
  if (wish === undefined) return undefined;
  if (problem === 'regression') {
    throw new OptionError('option/conflict', `A positive class ('${wish}') has no meaning in regression.`, {
      option: 'positiveClass',
    });
  }
  const { classes } = await encodeLabels(y);
  const found = classes.find((label) => label === wish || String(label) === String(wish));
  const shown = classes.slice(0, 10).map(String);
  if (found === undefined || classes.length !== 2) {
    const list = `${shown.join(', ')}${classes.length > 10 ? ', …' : ''}`;
    throw new OptionError(
      'option/invalid',
      found === undefined
        ? `The target '${target}' has no class '${wish}'.${suggestion(String(wish), shown)} Its classes are ${list}.`
        : `The target '${target}' has ${classes.length} classes (${list}); only two have a positive one.`,
      { option: 'positiveClass' },
    );
  }
  return found;
}

function splitOptions(
  { testSize, seed, stratify }: ParsedTrainOptions,
  { target, group, time }: { target: Column; group: Column | undefined; time: Column | undefined },
  problem: Problem,
): TrainTestOptions {
  if (stratify && problem === 'regression') {
    throw new OptionError('option/conflict', 'Only classes can be stratified, but this is a regression.', {
      option: 'stratify',
    });
  }
  return {
    testSize,
    randomState: seed,
    ...(stratify && { stratify: target }),
    ...(group !== undefined && { groups: group }),
    ...(time !== undefined && { time }),
  };
}
