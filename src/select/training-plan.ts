import { DataError, OptionError, suggestion } from '../core/errors.ts';
import { type Column, type Frame, takeColumn } from '../core/frame.ts';
import type { Label } from '../core/labels.ts';
import type { Split } from '../data/split/splitter.ts';
import { type TrainTestOptions, trainTestIndices } from '../data/split/train-test-indices.ts';
import { encodeLabels } from '../define/targets.ts';
import type { ColumnRole } from './column-role.ts';
import { weightColumn } from './feature-columns.ts';
import { columnRoles } from './prepare-table.ts';
import type { Problem } from './problem.ts';
import { rowsWithTarget } from './target-values.ts';
import { timeColumn } from './time-column.ts';
import type { ParsedTrainOptions } from './train-options.ts';

/** Which rows train, which test, and by what: all of a training on a table but the model. */
export interface TrainingPlan {
  readonly options: ParsedTrainOptions;
  readonly problem: Problem;
  /** Rows of the whole table. */
  readonly tableRows: number;
  /** Rows of the table that have a target; all of what follows counts in these. */
  readonly kept: Int32Array;
  /** Every column that could be used. */
  readonly x: Frame;
  readonly columns: readonly ColumnRole[];
  readonly y: Column;
  readonly group: Column | undefined;
  readonly time: Column | undefined;
  readonly positiveClass: Label | undefined;
  readonly split: Split;
  /** Weights of some rows, or undefined where all weigh the same. */
  weightsAt(rows: Int32Array): Float64Array | undefined;
}

/**
 * Drops rows without a target, finds what the columns are, and divides the rows.
 * @param x The columns to learn from, in all rows of `table`.
 * @throws DataError and OptionError naming column, row or option.
 */
export async function planTraining(
  table: Frame,
  x: Frame,
  problem: Problem,
  options: ParsedTrainOptions,
): Promise<TrainingPlan> {
  const { target } = options;
  const whole = table.column(target);
  const kept = rowsWithTarget(whole);
  requireRows(kept, target, table.rows);
  const isWhole = kept.length === table.rows;
  const take = (column: Column) => (isWhole ? column : takeColumn(column, kept));
  const y = take(whole);
  requireFiniteTarget(target, whole, kept);
  const positiveClass = await resolvePositive(options, y, problem);
  const presentX = isWhole ? x : x.take(kept);
  const columns = columnRoles(presentX, { named: options.features, categorical: options.categorical });
  const group = options.group === undefined ? undefined : take(table.column(options.group));
  const time =
    options.time === undefined ? undefined : take(timeColumn(options.time, table.column(options.time)));
  const split = trainTestIndices(kept.length, splitOptions(options, { target: y, group, time }, problem));
  const weights =
    options.weight === undefined ? undefined : weightColumn(options.weight, table.column(options.weight));
  return {
    ...{ options, problem, kept, columns, y, group, time, positiveClass, split },
    tableRows: table.rows,
    x: presentX,
    weightsAt: (rows) => weights && Float64Array.from(rows, (i) => weights[kept[i]!]!),
  };
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
