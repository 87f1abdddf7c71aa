import { z } from 'zod';
import type { Frame } from '../../core/frame.ts';
import { option, parseOptions } from '../../core/options.ts';
import { type LevelView, type NumberView, viewColumn } from './column-view.ts';

/** A reference window as plain JSON data, about 5 KB per column of numbers; every number in it is finite. */
export interface ReferenceSummary {
  readonly version: 1;
  readonly rows: number;
  readonly columns: readonly ColumnSummary[];
}

export type ColumnSummary = NumberSummary | LevelSummary;

export interface NumberSummary extends NumberView {
  readonly name: string;
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  readonly means: readonly number[];
  readonly counts: readonly number[];
}

export interface LevelSummary extends LevelView {
  readonly name: string;
  /** By falling number of rows. */
  readonly counts: readonly number[];
}

const optionsSchema = z.strictObject({
  cells: option(
    z.number().int().min(10).max(100_000).default(128),
    'Cells of equal share that a column of numbers is summarised in.',
  ),
  maxLevels: option(
    z.number().int().min(1).max(1_000_000).default(1000),
    'Levels of a column of text that are kept with their counts; rarer ones are counted together.',
  ),
});

export type SummariseReferenceOptions = z.input<typeof optionsSchema>;

/**
 * What `featureDrift` needs of a reference window, small enough to live in a model file.
 *
 * Numbers and dates: `cells` (default 128) cells of equal share, a value that fills a cell by itself having its own, with
 * the exact least and largest value, mean and count of each; columns with few distinct values are exact. Against it
 * a Kolmogorov–Smirnov distance is too small by at most the largest cell's share (2 / `cells`), a Wasserstein distance is off by at most
 * Σ share · (largest − least) over the cells; the comparison says its bound as `errorBound`. PSI and Jensen–Shannon bins end at ends of
 * cells, so their counts are exact and their edges are at most a cell away from the frame's.
 * Levels: the `maxLevels` (default 1,000) most frequent with counts. Where levels are left out, they are one cell, and new levels
 * cannot be told from them.
 * @throws OptionError for an option out of range.
 */
export function summariseReference(frame: Frame, options: SummariseReferenceOptions = {}): ReferenceSummary {
  const { cells, maxLevels } = parseOptions(optionsSchema, options, 'summariseReference');
  return {
    version: 1,
    rows: frame.rows,
    columns: frame.entries().map(([name, column]) => {
      const view = viewColumn(column);
      return 'levels' in view ? summariseLevels(name, view, maxLevels) : summariseNumbers(name, view, cells);
    }),
  };
}

function summariseNumbers(name: string, view: NumberView, cells: number): NumberSummary {
  const sorted = view.upper;
  const { kind, missing, present, deviation } = view;
  const least = present / cells;
  const lower: number[] = [];
  const upper: number[] = [];
  const means: number[] = [];
  const counts: number[] = [];
  let from = 0;
  const close = (to: number) => {
    if (to === from) return;
    let sum = 0;
    for (let i = from; i < to; i++) sum += (sorted[i] - sorted[from]) / (to - from);
    lower.push(sorted[from]);
    upper.push(sorted[to - 1]);
    means.push(sorted[from] + sum);
    counts.push(to - from);
    from = to;
  };
  // Runs of one value stay together; one that would fill a cell starts its own.
  for (let run = 0; run < present; ) {
    let end = run + 1;
    while (end < present && sorted[end] === sorted[run]) end++;
    if (end - run >= least) close(run);
    if (end - from >= least) close(end);
    run = end;
  }
  close(present);
  return { name, kind, missing, present, deviation, lower, upper, means, counts };
}

function summariseLevels(name: string, view: LevelView, maxLevels: number): LevelSummary {
  const { kind, missing, present, levels, counts } = view;
  const order = Array.from(levels.keys()).sort((a, b) => counts[b] - counts[a]);
  const kept = order.slice(0, maxLevels);
  const otherRows = order.slice(maxLevels).reduce((rows, level) => rows + counts[level], 0);
  return {
    name,
    kind,
    missing,
    present,
    levels: kept.map((level) => levels[level]),
    counts: kept.map((level) => counts[level]),
    otherRows,
    otherLevels: order.length - kept.length,
  };
}
