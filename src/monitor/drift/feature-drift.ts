import { OptionError, suggestion } from '../../core/errors.ts';
import type { Frame } from '../../core/frame.ts';
import { parseOptions } from '../../core/options.ts';
import type { ColumnView } from './column-view.ts';
import type { CellStatistic } from './compare-cells.ts';
import { compareLevels } from './compare-levels.ts';
import { compareNumbers, type NumberStatistic } from './compare-numbers.ts';
import type { Comparison, DriftStatistic } from './comparison.ts';
import { describeChange } from './describe-change.ts';
import { type DriftSettings, driftOptionsSchema, type FeatureDriftOptions } from './drift-options.ts';
import { driftReason } from './drift-reason.ts';
import { type ColumnPair, matchColumns } from './match-columns.ts';
import { compareMissing, exceeds, type MissingDrift } from './missing-drift.ts';
import type { ReferenceSummary } from './summarise-reference.ts';
import { findUnseenLevels, findVanishedLevels, type UnseenLevels } from './unseen-levels.ts';

export interface ColumnDrift {
  readonly column: string;
  readonly kind: ColumnView['kind'];
  readonly statistic: DriftStatistic;
  /** How the values differ; `null` with statistic 'none' or when a window has no value. */
  readonly comparison: (Comparison & { readonly threshold: number }) | null;
  readonly missing: MissingDrift;
  /** Of text and booleans; `null` for others, and where the reference is a summary that left levels out. */
  readonly unseen: UnseenLevels | null;
  /** Levels of the reference that are gone, with its rows and shares; `null` for numbers and dates. */
  readonly vanished: UnseenLevels | null;
  /** Whether the values, the missing share, new or vanished levels alarm. */
  readonly drifted: boolean;
  /** Why, or why not, in words. */
  readonly reason: string;
  /** What changed, in words; empty where nothing drifted. */
  readonly change: string;
}

export interface FeatureDrift {
  readonly rows: { readonly reference: number; readonly current: number };
  /** Names of the columns that drifted, in order. */
  readonly drifted: readonly string[];
  readonly columns: readonly ColumnDrift[];
  /** Comparisons made, among which `alpha` is shared out equally. */
  readonly tests: number;
}

/**
 * Compares each column of the current window with the reference. A column alarms only when an **effect exceeds both its
 * null quantile and a threshold**: beyond what chance gives for these numbers of rows and levels, and large enough to matter.
 * Null quantiles are those of alpha / tests (Bonferroni), by theory or by a seeded simulation whose cost does not depend on
 * rows; so a window without drift alarms with probability at most about `alpha` (default 0.05), over all columns together.
 * This takes rows for independent: windows of a series that wanders slowly alarm, and rightly differ.
 *
 * Besides the values, the share of missing rows, levels that the reference does not have and levels that are gone are judged by
 * the same rule.
 * Defaults: numbers by Kolmogorov–Smirnov (D > 0.05), text and booleans by χ² (Cohen's w > 0.1; rare levels pooled), dates only by
 * what is missing.
 * @param reference a frame, or what `summariseReference` made of it; then effects may be off by `errorBound`.
 * @throws DataError naming a column that one window lacks or that differs in kind, or when a window has no rows; OptionError.
 */
export function featureDrift(
  reference: Frame | ReferenceSummary,
  current: Frame,
  options: FeatureDriftOptions = {},
): FeatureDrift {
  return compareWindows(reference, current, options);
}

/**
 * {@link featureDrift}, telling after each column.
 * @param onColumn may throw to stop.
 */
export function compareWindows(
  reference: Frame | ReferenceSummary,
  current: Frame,
  options: FeatureDriftOptions,
  onColumn: (done: number, columns: number) => void = () => {},
): FeatureDrift {
  const settings = parseOptions(driftOptionsSchema, options, 'featureDrift');
  const pairs = matchColumns(reference, current);
  const { columns, tests } = comparePairs(pairs, settings, onColumn);
  return {
    rows: { reference: reference.rows, current: current.rows },
    drifted: columns.filter(({ drifted }) => drifted).map(({ column }) => column),
    columns,
    tests,
  };
}

/** Columns of two windows that are there as views, in whatever way they came about. */
export function comparePairs(
  pairs: readonly ColumnPair[],
  settings: DriftSettings,
  onColumn: (done: number, columns: number) => void = () => {},
): Pick<FeatureDrift, 'columns' | 'tests'> {
  const plans = pairs.map((pair) => ({ pair, statistic: statisticOf(pair, settings) }));
  checkColumnNames(settings, pairs);
  const tests = plans.reduce((count, { pair, statistic }) => {
    return count + (statistic === 'none' ? 1 : 2) + (isNumeric(pair.kind) ? 0 : 2);
  }, 0);
  const columns = plans.map(({ pair, statistic }, i) => {
    const column = compareColumn(pair, statistic, settings, settings.alpha / tests);
    onColumn(i + 1, plans.length);
    return column;
  });
  return { columns, tests };
}

function compareColumn(
  { name, kind, views }: ColumnPair,
  statistic: DriftStatistic,
  settings: DriftSettings,
  tail: number,
): ColumnDrift {
  const { thresholds, randomState } = settings;
  const { reference, current } = views();
  const missing = compareMissing(reference, current, thresholds.missing, tail, randomState);
  const compared = compareValues(reference, current, statistic, settings, tail);
  const threshold = settings.columns[name]?.threshold ?? (statistic === 'none' ? 0 : thresholds[statistic]);
  const comparison = compared === null ? null : { ...compared, threshold };
  const levels = levelsOf(reference, current);
  const unseen = levels && findUnseenLevels(levels.reference, levels.current, thresholds.unseen, tail);
  const vanished = levels && findVanishedLevels(levels.reference, levels.current, thresholds.vanished, tail);
  const valuesDrifted =
    comparison !== null && exceeds(comparison.effect, comparison.nullQuantile, comparison.threshold);
  return {
    column: name,
    kind,
    statistic,
    comparison,
    missing,
    unseen,
    vanished,
    drifted: valuesDrifted || missing.drifted || unseen?.drifted === true || vanished?.drifted === true,
    reason: driftReason(statistic, comparison, missing, { unseen, vanished }),
    change: describeChange(reference, current, { values: valuesDrifted, missing, unseen, vanished }),
  };
}

/** Two columns of levels that both have rows: without any, what is missing says it all. */
function levelsOf(reference: ColumnView, current: ColumnView) {
  if (!('levels' in reference && 'levels' in current)) return null;
  return reference.present > 0 && current.present > 0 ? { reference, current } : null;
}

function compareValues(
  reference: ColumnView,
  current: ColumnView,
  statistic: DriftStatistic,
  { bins, randomState }: DriftSettings,
  tail: number,
): Comparison | null {
  if (statistic === 'none' || reference.present === 0 || current.present === 0) return null;
  if ('levels' in reference || 'levels' in current) {
    if (!('levels' in reference && 'levels' in current)) return null;
    return compareLevels(reference, current, statistic as CellStatistic, { tail, randomState });
  }
  return compareNumbers(reference, current, statistic as NumberStatistic, { tail, bins, randomState });
}

function isNumeric(kind: ColumnView['kind']): kind is 'number' | 'date' {
  return kind === 'number' || kind === 'date';
}

function statisticOf({ name, kind }: ColumnPair, settings: DriftSettings): DriftStatistic {
  const chosen = Object.hasOwn(settings.columns, name) ? settings.columns[name].statistic : undefined;
  if (chosen === undefined) {
    return kind === 'number' ? settings.numeric : kind === 'date' ? settings.date : settings.categorical;
  }
  const fits = isNumeric(kind)
    ? chosen !== 'chiSquared'
    : chosen !== 'kolmogorovSmirnov' && chosen !== 'wasserstein';
  if (!fits) {
    const holds = isNumeric(kind) ? 'numbers or dates' : 'text or booleans';
    const use = isNumeric(kind) ? 'kolmogorovSmirnov, wasserstein' : 'chiSquared';
    throw new OptionError(
      'option/invalid',
      `columns: column '${name}' holds ${holds}, which ${chosen} cannot compare: use ${use}, populationStability, jensenShannon or none.`,
      { option: 'columns', column: name },
    );
  }
  return chosen;
}

function checkColumnNames({ columns }: DriftSettings, pairs: readonly ColumnPair[]): void {
  const names = pairs.map(({ name }) => name);
  const unknown = Object.keys(columns).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new OptionError(
    'option/invalid',
    `columns: there is no column '${unknown}'.${suggestion(unknown, names)}`,
    { option: 'columns', column: unknown },
  );
}
