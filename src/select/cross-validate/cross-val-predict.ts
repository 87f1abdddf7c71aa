import { DataError, OptionError } from '../../core/errors.ts';
import type { Label } from '../../core/labels.ts';
import { Matrix } from '../../core/matrix.ts';
import type { TableLike } from '../../core/table.ts';
import type { Split } from '../../data/split/splitter.ts';
import type { ClassifierSpecification } from '../../define/define-classifier.ts';
import type { RegressorSpecification } from '../../define/define-regressor.ts';
import { hasMethod } from '../../define/run.ts';
import { scoreColumns } from '../../define/score-columns.ts';
import type { Specification } from '../../define/specification.ts';
import type { LabelOf, LabelTarget, NumericTarget, NumericTargets } from '../../define/targets.ts';
import type { JobOptions } from '../../jobs/job.ts';
import { type DivideOptions, divideRows } from './divide-rows.ts';
import { type FoldOutcome, FoldRunner } from './fold-runner.ts';
import { requireKnownOptions } from './known-options.ts';
import { encodeRows, type LabelledRows, type RowOptions, type Target } from './labelled-rows.ts';
import { requirePartition } from './require-partition.ts';
import { runFolds } from './run-folds.ts';
import { decode } from './score-outputs.ts';

export type OutputMethod = 'predict' | 'predictProba' | 'decisionFunction';

export interface CrossValPredictOptions<M extends OutputMethod = 'predict'>
  extends RowOptions,
    DivideOptions,
    JobOptions {
  /** Default `predict`. */
  readonly method?: M | undefined;
}

const optionNames = [
  ...['cv', 'method', 'groups', 'time', 'sampleWeight', 'positiveClass'],
  ...['threads', 'signal', 'onProgress', 'onWarning'],
];

/**
 * A prediction for every row by a model that did not see it, as scikit-learn's `cross_val_predict`. Probabilities of
 * classes that a fold's training rows lack are 0.
 * @returns numbers, labels, or a matrix (several targets, `predictProba`, `decisionFunction`), in the order of the rows.
 * @throws OptionError when the folds do not hold every row exactly once, or the model lacks the method; what a fit throws.
 */
export function crossValPredict(
  specification: RegressorSpecification,
  x: TableLike,
  y: NumericTarget,
  options?: CrossValPredictOptions,
): Promise<Float64Array>;
export function crossValPredict(
  specification: RegressorSpecification,
  x: TableLike,
  y: NumericTargets,
  options?: CrossValPredictOptions,
): Promise<Matrix>;
export function crossValPredict<const Y extends LabelTarget>(
  specification: ClassifierSpecification,
  x: TableLike,
  y: Y,
  options?: CrossValPredictOptions,
): Promise<LabelOf<Y>[]>;
export function crossValPredict(
  specification: ClassifierSpecification,
  x: TableLike,
  y: LabelTarget,
  options: CrossValPredictOptions<'predictProba' | 'decisionFunction'>,
): Promise<Matrix>;
export async function crossValPredict(
  specification: Specification,
  x: TableLike,
  y: Target,
  options: CrossValPredictOptions<OutputMethod> = {},
): Promise<Float64Array | Label[] | Matrix> {
  requireKnownOptions('crossValPredict', options, optionNames);
  const { method = 'predict' } = options;
  const data = await encodeRows(specification, x, y, options);
  const splits = await divideRows(data, options);
  const outputs = await outputsOfRows(specification, data, splits, { ...options, method });
  if (method !== 'predict' || data.several) {
    return new Matrix({
      rows: data.rows,
      columns: outputs.length / data.rows,
      data: outputs as Float64Array,
    });
  }
  return data.classes === undefined
    ? (outputs as Float64Array)
    : decode(Int32Array.from(outputs), data.classes);
}

/** {@link crossValPredict} for coded data: row-major numbers, or codes of classes. */
export async function outputsOfRows(
  specification: Specification,
  data: LabelledRows,
  splits: readonly Split[],
  { method, ...options }: JobOptions & { readonly method: OutputMethod },
): Promise<Float64Array> {
  requirePartition(splits, data.rows);
  if (!hasMethod(specification.definition, method, specification.options)) {
    throw new OptionError('model/no-method', `${specification.name} has no ${method}.`, {
      model: specification.name,
      method,
    });
  }
  const runner = new FoldRunner({
    ...options,
    data,
    scoring: [],
    errorScore: 'raise',
    width: splits.length,
  });
  const outcomes = await runFolds(
    runner,
    splits.map((split) => ({ specification, split, outputs: [method] })),
    options,
  );
  const width = widthOf(specification, data, method);
  const all = new Float64Array(data.rows * width);
  for (const [fold, { test }] of splits.entries()) place(all, width, test, outcomes[fold], method, data);
  return all;
}

function widthOf(
  specification: Specification,
  { classes, targets }: LabelledRows,
  method: OutputMethod,
): number {
  if (method === 'predict' || classes === undefined) return targets;
  return method === 'decisionFunction' ? scoreColumns(specification, classes.length) : classes.length;
}

function place(
  all: Float64Array,
  width: number,
  rows: Int32Array,
  { outputs, classPlaces }: FoldOutcome,
  method: OutputMethod,
  { classes }: LabelledRows,
): void {
  const output = outputs[method]!;
  const known = classPlaces?.length ?? 0;
  if (classes === undefined || (method !== 'predict' && known === classes.length)) {
    for (let i = 0; i < rows.length; i++)
      all.set(output.subarray(i * width, (i + 1) * width), rows[i] * width);
  } else if (method === 'predict') {
    for (let i = 0; i < rows.length; i++) all[rows[i]] = classPlaces![output[i]];
  } else if (method === 'predictProba') {
    for (let i = 0; i < rows.length; i++) {
      for (let k = 0; k < known; k++) all[rows[i] * width + classPlaces![k]] = output[i * known + k];
    }
  } else {
    throw new DataError(
      'data/absent-class',
      `The training rows of a fold hold ${known} of the ${classes.length} classes, so its decision values cannot be ` +
        'compared with those of other folds. Use fewer folds, stratified ones, or predictProba.',
      { known, classes: classes.length },
    );
  }
}
