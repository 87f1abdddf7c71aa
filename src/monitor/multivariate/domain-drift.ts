import { z } from 'zod';
import { DataError } from '../../core/errors.ts';
import { type Frame, takeColumn } from '../../core/frame.ts';
import { option, parseOptions } from '../../core/options.ts';
import { RandomState } from '../../core/random.ts';
import type { ClassifierSpecification, FittedClassifier } from '../../define/define-classifier.ts';
import type { JobOptions } from '../../jobs/job.ts';
import { rocAucScore } from '../../metrics/areas.ts';
import { randomForestClassifier } from '../../models/random-forest/random-forest-classifier.ts';
import { crossValPredict } from '../../select/cross-validate/cross-val-predict.ts';
import { prepareTable } from '../../select/prepare-table.ts';
import { exceeds } from '../drift/missing-drift.ts';
import { upperNormal } from '../performance/upper-normal.ts';
import { joinFrames } from './join-frames.ts';

const optionsSchema = z.strictObject({
  alpha: option(z.number().gt(0).lt(1).default(0.05), 'Probability of an alarm without drift.'),
  threshold: option(
    z.number().min(0.5).max(1).default(0.55),
    'Areas under the ROC curve up to this one are too small to matter.',
  ),
  maxRows: option(z.number().int().min(50).default(2000), 'Rows of each side that are looked at: a sample.'),
  randomState: option(
    z.number().int().min(0).max(0xffffffff).default(0),
    'Seed of the sample, the folds and the model.',
  ),
});

export type DomainDriftOptions = z.input<typeof optionsSchema>;

/** How well a classifier tells two windows apart by all columns together. */
export interface DomainDrift {
  readonly rows: { readonly reference: number; readonly current: number };
  /** Cross-validated area under the ROC curve: ½ when the windows cannot be told apart. Also what is judged. */
  readonly effect: number;
  readonly nullQuantile: number;
  readonly threshold: number;
  readonly drifted: boolean;
  /** By how much the area falls when a column is shuffled, largest first; only of columns that matter, and only with drift. */
  readonly columns: readonly { readonly column: string; readonly importance: number }[];
  readonly skipped: readonly string[];
}

const FOLDS = 5;
/** Fewest rows of a side with which folds still say something. */
const LEAST_ROWS = 50;
/** Shuffling a column that does not matter moves the area by less. */
const LEAST_IMPORTANCE = 0.005;

/**
 * Multivariate drift: a random forest learns to tell rows of the reference from rows of the current window; its area under the
 * ROC curve on rows it did not see says how far they can be told apart. It finds what single columns do not show, such as
 * two columns that no longer go together.
 *
 * Without drift the rows of a fold are exchangeable whatever the model learned from the others, so a fold's area varies as the Mann–Whitney
 * statistic does, σ² = (n + m + 1) / (12nm). Folds share training rows, so their mean varies by (1/K + 1/(K − 1))σ² rather than σ²/K
 * (measured: 1.3 times the standard deviation that independent folds have; this takes 1.5). Columns of dates, identifiers and free
 * text are left out.
 * Sources: D. Lopez-Paz, M. Oquab, "Revisiting classifier two-sample tests", ICLR 2017; C. Nadeau, Y. Bengio, "Inference for the generalization
 * error", Machine Learning 52 (2003), for the variance.
 * @throws DataError when a side has fewer than 50 rows or no column can be used; OptionError; AbortError.
 */
export async function domainDrift(
  reference: Frame,
  current: Frame,
  options: DomainDriftOptions = {},
  job: Pick<JobOptions, 'signal' | 'threads'> = {},
): Promise<DomainDrift> {
  const { alpha, threshold, maxRows, randomState } = parseOptions(optionsSchema, options, 'domainDrift');
  for (const [what, { rows }] of Object.entries({ reference, current })) {
    if (rows >= LEAST_ROWS) continue;
    throw new DataError(
      'data/too-few-rows',
      `The ${what} has ${rows} rows: telling windows apart needs at least ${LEAST_ROWS} on each side.`,
      { what, rows },
    );
  }
  const dates = reference.entries().flatMap(([name, { kind }]) => (kind === 'date' ? [name] : []));
  const names = reference.names.filter((name) => !dates.includes(name));
  const random = new RandomState(randomState);
  const sampleOf = (frame: Frame): Frame => {
    const rows = random.permutation(Int32Array.from({ length: frame.rows }, (_, i) => i));
    return frame.select(names).take(rows.slice(0, maxRows));
  };
  const before = sampleOf(reference);
  const after = sampleOf(current);
  const joined = joinFrames(before, after);
  const side = Array.from({ length: joined.rows }, (_, i) => i >= before.rows);
  // Depth and leaves bounded: noise is not learned by heart, and a forest takes a fraction of a second.
  const forest = randomForestClassifier({ nEstimators: 50, maxDepth: 8, minSamplesLeaf: 5, randomState });
  const prepared = prepareTable(joined, forest);
  const x = joined.select(prepared.features);
  const folds = foldsOf(before.rows, joined.rows);
  const scores = await crossValPredict(prepared.specification, x, side, {
    method: 'predictProba',
    cv: folds,
    ...job,
  });
  const area = (rows: Int32Array) =>
    rocAucScore(
      Array.from(rows, (row) => side[row]),
      Float64Array.from(rows, (row) => scores.at(row, 1)),
    );
  const effect = folds.reduce((sum, { test }) => sum + area(test) / FOLDS, 0);
  const variance = folds.reduce((sum, { test }) => {
    const m = test.reduce((count, row) => count + (side[row] ? 1 : 0), 0);
    const n = test.length - m;
    return sum + (n + m + 1) / (12 * n * m) / FOLDS;
  }, 0);
  const nullQuantile = 0.5 + upperNormal(alpha) * Math.sqrt((1 / FOLDS + 1 / (FOLDS - 1)) * variance);
  const drifted = exceeds(effect, nullQuantile, threshold);
  return {
    rows: { reference: before.rows, current: after.rows },
    ...{ effect, nullQuantile, threshold, drifted },
    columns: drifted ? await importances(prepared.specification, x, side, folds[0], random, job) : [],
    skipped: reference.names.filter((name) => !prepared.features.includes(name)),
  };
}

interface Fold {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/** Every fifth row of each side; both were shuffled. */
function foldsOf(referenceRows: number, rows: number): Fold[] {
  const fold = Int32Array.from(
    { length: rows },
    (_, i) => (i < referenceRows ? i : i - referenceRows) % FOLDS,
  );
  const all = Int32Array.from({ length: rows }, (_, i) => i);
  return Array.from({ length: FOLDS }, (_, k) => ({
    train: all.filter((row) => fold[row] !== k),
    test: all.filter((row) => fold[row] === k),
  }));
}

/** What the area of one fold loses when a column is shuffled: that column's part in telling the windows apart. */
async function importances(
  specification: ClassifierSpecification,
  x: Frame,
  side: readonly boolean[],
  { train, test }: Fold,
  random: RandomState,
  job: Pick<JobOptions, 'signal' | 'threads'>,
): Promise<{ column: string; importance: number }[]> {
  const model = (await specification.fit(
    x.take(train),
    Array.from(train, (row) => side[row]),
    job,
  )) as FittedClassifier;
  const held = x.take(test);
  const truth = Array.from(test, (row) => side[row]);
  const area = async (rows: Frame) => rocAucScore(truth, (await model.predictProba(rows, job)).column(1));
  const whole = await area(held);
  const found: { column: string; importance: number }[] = [];
  for (const [name, column] of held.entries()) {
    const order = random.permutation(Int32Array.from(test, (_, i) => i));
    const importance = whole - (await area(held.with(name, takeColumn(column, order))));
    if (importance > LEAST_IMPORTANCE) found.push({ column: name, importance });
  }
  return found.sort((a, b) => b.importance - a.importance);
}
