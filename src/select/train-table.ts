import { type Column, type Frame, takeColumn } from '../core/frame.ts';
import type { Label } from '../core/labels.ts';
import { parseOptions } from '../core/options.ts';
import type { CheckpointOptions } from '../define/definition.ts';
import type { LabelTarget } from '../define/targets.ts';
import type { JobOptions, JobWarning } from '../jobs/job.ts';
import type { ColumnRole } from './column-role.ts';
import { type Evaluation, evaluateModel, type Predictor } from './evaluate-model.ts';
import { featureColumns } from './feature-columns.ts';
import { chooseModel, type ModelChoice, type PredictorSpecification } from './model-choice.ts';
import { prepareColumns } from './prepare-table.ts';
import { type TrainTableOptions, trainTableOptions } from './train-options.ts';
import { planTraining, type TrainingPlan } from './training-plan.ts';

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
 * `prepareTable`, splits (as scikit-learn's `train_test_split`; by groups or time when told), fits the training rows and
 * evaluates the test rows. Rows without a target are dropped and counted. Without a `model` it takes a linear one with a penalty;
 * `autoTrain` compares models instead.
 * @throws DataError and OptionError naming column, row or option.
 */
export async function trainTable(
  table: Frame,
  options: TrainTableOptions,
  job: TrainJobOptions = {},
): Promise<TrainedTable> {
  const parsed = parseOptions(trainTableOptions, options, 'train');
  const whole = table.column(parsed.target);
  const x = featureColumns(table, parsed);
  const choice = await chooseModel(parsed.target, whole, parsed);
  return fitPlan(await planTraining(table, x, choice.problem, parsed), choice, job);
}

/** Fits the chosen model on the training rows of a plan and evaluates it on the test rows. */
export async function fitPlan(
  plan: TrainingPlan,
  choice: ModelChoice,
  job: TrainJobOptions,
): Promise<TrainedTable> {
  const { split, kept, y, positiveClass, tableRows } = plan;
  const prepared = prepareColumns(plan.columns, plan.x.rows, choice.specification);
  const features = plan.x.select(prepared.features);
  const warnings: string[] = [];
  const onWarning = (warning: JobWarning) => {
    warnings.push(warning.message);
    job.onWarning?.(warning);
  };
  const model = await fit(prepared.specification, features.take(split.train), takeColumn(y, split.train), {
    ...job,
    onWarning,
    sampleWeight: plan.weightsAt(split.train),
    ...(plan.group !== undefined && { groups: takeColumn(plan.group, split.train) as LabelTarget }),
    ...(positiveClass !== undefined && { positiveClass }),
  });
  const truth = takeColumn(y, split.test);
  const evaluation = await evaluateModel(model, features.take(split.test), truth, {
    signal: job.signal,
    threads: job.threads,
    sampleWeight: plan.weightsAt(split.test),
  });
  const used = split.train.length + split.test.length;
  return {
    ...{ model, choice, truth, evaluation, warnings },
    features: prepared.features,
    columns: prepared.columns,
    steps: prepared.steps,
    rows: { train: split.train.length, test: split.test.length, dropped: tableRows - used },
    trainRows: split.train.map((i) => kept[i]!),
    testRows: split.test.map((i) => kept[i]!),
    classes: model.kind === 'classifier' ? model.classes : undefined,
    positiveClass: model.kind === 'classifier' ? (model.positiveClass ?? undefined) : undefined,
    seconds: model.summary.seconds,
  };
}

/** What surrounds a training. */
export interface TrainJobOptions extends JobOptions {
  /** See the option of `fit`. */
  readonly checkpoint?: CheckpointOptions | undefined;
}

type Fit = TrainJobOptions & {
  readonly sampleWeight: Float64Array | undefined;
  readonly groups?: LabelTarget;
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
