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
/** What is always compared, however short the time. */
export const LEAST_ROWS = 5_000;

/** How many of a plan's training rows a comparison takes when time is no matter. */
export function mostChoiceRows(plan: TrainingPlan): number {
  const cells = Math.floor(MOST_CELLS / featuresOf(plan).length);
  return Math.min(plan.split.train.length, Math.max(LEAST_ROWS, Math.min(MOST_ROWS, cells)));
}

/** Training rows of a plan: all, or a random sample of so many. */
export function choiceRows(plan: TrainingPlan, count: number): ChoiceRows {
  const { split, x, y, group, time, options } = plan;
  const { train } = split;
  const rows =
    train.length <= count ? train : new RandomState(options.seed).permutation(train).slice(0, count).sort();
  const take = (column: Column | undefined) => column && takeColumn(column, rows);
  return {
    x: x.select(featuresOf(plan)).take(rows),
    y: takeColumn(y, rows),
    group: take(group),
    time: take(time),
    sampleWeight: plan.weightsAt(rows),
    rows: rows.length,
  };
}

function featuresOf({ columns }: TrainingPlan): string[] {
  return columns.filter(isUsed).map(({ name }) => name);
}
