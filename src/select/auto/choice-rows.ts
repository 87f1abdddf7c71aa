import { type Column, type Frame, takeColumn } from '../../core/frame.ts';
import { RandomState } from '../../core/random.ts';
import { isUsed } from '../column-role.ts';
import type { TrainingPlan } from '../training-plan.ts';

/** The training rows that models are compared on. */
export interface ChoiceRows {
  readonly x: Frame;
  readonly y: Column;
  readonly group: Column | undefined;
  readonly time: Column | undefined;
  readonly sampleWeight: Float64Array | undefined;
  readonly rows: number;
}

/** Most rows, and most cells, that a comparison uses: beyond, more of them change no ranking but take their time. */
const MOST_ROWS = 25_000;
const MOST_CELLS = 1_500_000;
const LEAST_ROWS = 5_000;

/** All training rows of a plan, or a random sample of them where they are very many. */
export function choiceRows({
  split,
  columns,
  x,
  y,
  group,
  time,
  options,
  weightsAt,
}: TrainingPlan): ChoiceRows {
  const features = columns.filter(isUsed).map(({ name }) => name);
  const most = Math.max(LEAST_ROWS, Math.min(MOST_ROWS, Math.floor(MOST_CELLS / features.length)));
  const { train } = split;
  const rows =
    train.length <= most ? train : new RandomState(options.seed).permutation(train).slice(0, most).sort();
  const take = (column: Column | undefined) => column && takeColumn(column, rows);
  return {
    x: x.select(features).take(rows),
    y: takeColumn(y, rows),
    group: take(group),
    time: take(time),
    sampleWeight: weightsAt(rows),
    rows: rows.length,
  };
}
