import type { Cell } from '../../core/frame.ts';
import type { Label } from '../../core/labels.ts';
import type { TableProfile } from '../../data/profile/profile-table.ts';
import type { SpecificationJson } from '../../define/specification.ts';
import type { AutoTrainOptions, ChoiceBudget } from '../auto/auto-options.ts';
import type { ColumnRole } from '../column-role.ts';
import type { Problem } from '../problem.ts';
import type { Spent } from '../search/budget.ts';
import type { TrainTableOptions } from '../train-options.ts';

/**
 * All that a training run leaves to be read later, as plain JSON: what a report shows and what repeats the run. A run's folder
 * holds it as `run.json` beside `model.heddle`. Numbers that are not finite are null.
 */
export interface RunRecord {
  readonly format: 1;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Wall-clock, of everything. */
  readonly seconds: number;
  readonly versions: { readonly heddle: string; readonly node: string };
  readonly data: {
    /** As given to the command; null for a table that a program had in memory. */
    readonly source: string | null;
    readonly rows: number;
    readonly columns: number;
    /** SHA-256 of every cell, name and kind. */
    readonly fingerprint: string;
  };
  readonly problem: { readonly kind: Problem; readonly reason: string };
  readonly target: string;
  readonly classes: readonly Label[] | null;
  readonly positiveClass: Label | null;
  readonly features: readonly string[];
  readonly columns: readonly ColumnRole[];
  readonly preparation: readonly string[];
  readonly rows: { readonly train: number; readonly test: number; readonly dropped: number };
  readonly model: {
    readonly family: string;
    readonly reason: string;
    readonly specification: SpecificationJson;
  };
  /** Null when one model was named, so that nothing was compared. */
  readonly choice: ChoiceRecord | null;
  /** On the test rows. */
  readonly metrics: readonly MetricRecord[];
  readonly test: TestRecord;
  /** Permutation importances on the test rows, largest first; empty when they were not asked for. */
  readonly importances: readonly ImportanceRecord[];
  readonly learningCurve: CurveRecord | null;
  /** Of the whole table, the target included. */
  readonly profile: TableProfile;
  readonly warnings: readonly string[];
  /** The same run again: the options of `trainTable`, or of `autoTrain` where `choice` is not null, and the command where one was used. */
  readonly repeat: {
    readonly options: TrainTableOptions | AutoTrainOptions;
    readonly command: string | null;
  };
}

/** How the model was chosen. */
export interface ChoiceRecord {
  /** The metric that decides, by its name in the metrics registry. */
  readonly metric: string;
  readonly greaterIsBetter: boolean;
  readonly folds: number;
  /** Best first; the baseline is in it. */
  readonly leaderboard: readonly LeaderboardEntry[];
  readonly budget: ChoiceBudget;
  readonly spent: Spent;
  readonly notes: readonly string[];
}

export interface LeaderboardEntry {
  readonly rank: number;
  /** `baseline` for the naive one. */
  readonly family: string;
  readonly isBaseline: boolean;
  readonly specification: SpecificationJson | null;
  /** Cross-validated on the training rows. */
  readonly mean: number | null;
  readonly std: number | null;
  readonly foldScores: readonly (number | null)[];
  readonly trials: number;
  readonly seconds: number;
  readonly state: 'complete' | 'pruned' | 'failed' | 'skipped';
  /** Why it is in the list, was skipped or failed. */
  readonly note: string;
}

export interface MetricRecord {
  readonly name: string;
  readonly value: number | null;
  readonly greaterIsBetter: boolean;
  /** 95% bootstrap interval over test rows; null where it cannot be had. */
  readonly interval: readonly [number, number] | null;
}

/** Test rows in split order; a random sample of at most 5,000 where there are more. */
export interface TestRecord {
  readonly rows: number;
  readonly sampled: number;
  /** Which row of the table each one is, from 0; absent where that is not known. */
  readonly tableRows?: readonly number[] | undefined;
  readonly truth: readonly Cell[];
  readonly predictions: readonly Label[];
  /** Rows × classes, in the order of `classes`; null for a regression or a model without probabilities. */
  readonly probabilities: readonly (readonly number[])[] | null;
  /** Over all test rows; truth by prediction, in the order of `classes`; null for a regression. */
  readonly confusion: readonly (readonly number[])[] | null;
}

export interface ImportanceRecord {
  readonly column: string;
  /** Loss of the deciding metric when the column is shuffled. */
  readonly mean: number;
  readonly std: number;
}

export interface CurveRecord {
  readonly metric: string;
  readonly trainSizes: readonly number[];
  readonly trainScores: readonly { readonly mean: number | null; readonly std: number | null }[];
  readonly testScores: readonly { readonly mean: number | null; readonly std: number | null }[];
}
