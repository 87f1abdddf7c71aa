import { OptionError } from '../core/errors.ts';
import { Frame, takeColumn } from '../core/frame.ts';
import { Matrix } from '../core/matrix.ts';
import { RandomState } from '../core/random.ts';
import { sharedArray } from '../core/shared.ts';
import { columnCount, type Table, type TableLike } from '../core/table.ts';
import { applyFitted, type FittedModel } from '../define/fitted.ts';
import type { JobOptions } from '../jobs/job.ts';
import type { Scorer } from '../metrics/registry.ts';
import { columnLabels, placeOfColumn } from './column-places.ts';
import { requireKnownOptions } from './cross-validate/known-options.ts';
import {
  encodeRows,
  type LabelledRows,
  type RowOptions,
  type Target,
} from './cross-validate/labelled-rows.ts';
import { scoreOutputs } from './cross-validate/score-outputs.ts';
import { resolveScoring, scorersToWire } from './cross-validate/scoring.ts';
import { requireCount } from './search/search-options.ts';

export interface PermutationImportanceOptions
  extends Pick<JobOptions, 'threads' | 'signal' | 'onProgress'>,
    Pick<RowOptions, 'sampleWeight' | 'positiveClass'> {
  /** A metric by name or a scorer of your own. Default: `r2` for a regressor, `accuracy` for a classifier. */
  readonly scoring?: string | Scorer | undefined;
  /** How often each column is shuffled. Default 5. */
  readonly nRepeats?: number | undefined;
  /** Seed of the shuffles; null takes a new one. Default 0. */
  readonly randomState?: number | null | undefined;
  /** Most rows that are used, drawn at random; a share (at most 1) or a count. Default 1. */
  readonly maxSamples?: number | undefined;
  /** Which columns, by name (by number where `x` has no names); names in a list are shuffled together. Default: each. */
  readonly columns?: readonly (string | number | readonly (string | number)[])[] | undefined;
}

export interface PermutationImportance {
  /** What each row of `importances` is about: names, joined by ` + ` where columns were shuffled together. */
  readonly names: readonly string[];
  /** By how much the score falls, columns × repeats; above 0: the column matters. */
  readonly importances: Matrix;
  readonly importancesMean: Float64Array;
  /** Divided by the number of repeats. */
  readonly importancesStd: Float64Array;
  /** Score of the rows as they are; a loss is not negated here. */
  readonly baselineScore: number;
}

const optionNames = [
  ...['scoring', 'nRepeats', 'randomState', 'maxSamples', 'columns', 'sampleWeight', 'positiveClass'],
  ...['threads', 'signal', 'onProgress'],
];
/** Cells of a table in which several shuffles are predicted at once. */
const STACKED_CELLS = 2_000_000;

/**
 * How much a fitted model relies on each column: the score of `x`, minus the score when the column is shuffled so that it says nothing of
 * its row (Breiman, "Random Forests", 2001). The columns are those that the model was given, before any preparation: a category
 * is one column. scikit-learn's `permutation_importance`, with its shuffles for the same seed. Where two columns say the
 * same, neither may seem important; shuffle them together.
 * @param x Rows that the model has not seen, preferably.
 * @throws OptionError for an unknown metric, column or option; DataError for data that do not suit the model; AbortError.
 */
export async function permutationImportance(
  model: FittedModel,
  x: TableLike,
  y: Target,
  options: PermutationImportanceOptions = {},
): Promise<PermutationImportance> {
  requireKnownOptions('permutationImportance', options, optionNames);
  const { nRepeats = 5, randomState = 0, maxSamples = 1, threads, signal, onProgress } = options;
  requireCount('nRepeats', nRepeats, 1);
  const random = new RandomState(randomState);
  const whole = await encodeRows(model.specification, x, y, {
    sampleWeight: options.sampleWeight,
    positiveClass: options.positiveClass,
  });
  const data = sample(whole, maxSamples, random);
  const judge = judgeOf(model, data, options.scoring, { threads, signal });
  const { x: table, rows } = data;
  const wanted = resolveColumns(table, options.columns);
  const orders = shuffles(rows, nRepeats, random.randint(0, 2 ** 31));
  const baselineScore = (await judge.scores(table, 1))[0]!;
  const importances = Matrix.zeros(wanted.length, nRepeats);
  const step = Math.max(1, Math.min(nRepeats, Math.floor(STACKED_CELLS / (rows * columnCount(table)))));
  for (let from = 0; from < nRepeats; from += step) {
    const block = orders.slice(from, from + step);
    const stacked = table.take(repeated(rows, block.length)) as Table;
    for (const [at, { places }] of wanted.entries()) {
      const shuffled = withShuffled(stacked, table, places, block);
      for (const [k, score] of (await judge.scores(shuffled, block.length)).entries()) {
        const fall = baselineScore - score;
        importances.data[at * nRepeats + from + k] = judge.greaterIsBetter ? fall : -fall;
      }
      const done = (from / nRepeats) * wanted.length + ((at + 1) * block.length) / nRepeats;
      onProgress?.({ fraction: done / wanted.length, message: `column ${at + 1} of ${wanted.length}` });
    }
  }
  return { names: wanted.map(({ name }) => name), importances, ...moments(importances), baselineScore };
}

interface Judge {
  readonly greaterIsBetter: boolean;
  /** Of a table that holds the rows of the data several times, one score each time. */
  scores(table: Table, times: number): Promise<number[]>;
}

function judgeOf(
  model: FittedModel,
  { y, targets, classes, sampleWeight, positiveClass }: LabelledRows,
  scoring: string | Scorer | undefined,
  how: Pick<JobOptions, 'threads' | 'signal'>,
): Judge {
  const { specification, target } = model;
  const modelClasses = target.kind === 'classes' ? target.classes : undefined;
  const [scorer] = resolveScoring(specification, scoring);
  const [wire] = scorersToWire(specification, [scorer!], modelClasses?.length ?? 0);
  const { method } = wire!;
  const positive =
    positiveClass ?? (target.kind === 'classes' ? (target.positiveClass ?? undefined) : undefined);
  return {
    greaterIsBetter: scorer!.greaterIsBetter,
    async scores(table, times) {
      const output = (await applyFitted(model, method, table, how)) as Float64Array | Int32Array;
      const size = output.length / times;
      return Array.from({ length: times }, (_, k) =>
        scoreOutputs(scorer!, {
          ...{ truth: y, targets, method, classes, modelClasses, sampleWeight, positiveClass: positive },
          output: output.subarray(k * size, (k + 1) * size),
        }),
      );
    },
  };
}

function sample(data: LabelledRows, maxSamples: number, random: RandomState): LabelledRows {
  const { rows, x, y, targets, sampleWeight } = data;
  const count = maxSamples <= 1 ? Math.floor(maxSamples * rows) : maxSamples;
  if (!(Number.isInteger(count) && count >= 1)) {
    throw new OptionError(
      'option/invalid',
      `maxSamples is a share of the ${rows} rows above 0 or a whole number of rows, got ${maxSamples}.`,
      { option: 'maxSamples' },
    );
  }
  if (count >= rows) return data;
  const drawn = random.permutation(rows).slice(0, count).sort();
  const picked =
    y instanceof Int32Array
      ? sharedArray(Int32Array, count * targets)
      : sharedArray(Float64Array, count * targets);
  for (let i = 0; i < count; i++) {
    for (let t = 0; t < targets; t++) picked[i * targets + t] = y[drawn[i]! * targets + t]!;
  }
  return {
    ...data,
    ...{ x: x.take(drawn) as Table, y: picked, rows: count },
    sampleWeight: sampleWeight && Float64Array.from(drawn, (row) => sampleWeight[row]!),
  };
}

/** The orders of the successive shuffles of one column, each on top of the one before. */
function shuffles(rows: number, count: number, seed: number): Int32Array[] {
  const random = new RandomState(seed);
  const step = Int32Array.from({ length: rows }, (_, i) => i);
  let order = step.slice();
  return Array.from({ length: count }, () => {
    random.shuffle(step);
    order = step.map((i) => order[i]!);
    return order;
  });
}

function repeated(rows: number, times: number): Int32Array {
  return Int32Array.from({ length: rows * times }, (_, i) => i % rows);
}

/** `stacked` holds `table` once for each of `orders`; the columns at `places` follow them. */
function withShuffled(
  stacked: Table,
  table: Table,
  places: readonly number[],
  orders: readonly Int32Array[],
): Table {
  const { rows } = table;
  if (stacked instanceof Frame) {
    const order = new Int32Array(stacked.rows);
    for (const [k, own] of orders.entries()) order.set(own, k * rows);
    return places.reduce((frame, place) => {
      const name = frame.names[place]!;
      return frame.with(name, takeColumn((table as Frame).column(name), order));
    }, stacked);
  }
  const { columns, names } = stacked;
  const { data: source } = table as Matrix;
  const data = sharedArray(Float64Array, stacked.data.length);
  data.set(stacked.data);
  for (const [k, order] of orders.entries()) {
    for (let i = 0; i < rows; i++) {
      for (const place of places)
        data[(k * rows + i) * columns + place] = source[order[i]! * columns + place]!;
    }
  }
  return new Matrix({ rows: stacked.rows, columns, names, data });
}

interface Shuffled {
  readonly name: string;
  readonly places: readonly number[];
}

function resolveColumns(table: Table, wanted: PermutationImportanceOptions['columns']): Shuffled[] {
  const known = columnLabels(table);
  if (wanted === undefined) return known.map((name, place) => ({ name, places: [place] }));
  return wanted.map((entry) => {
    const places = [entry].flat().map((column) => placeOfColumn(column as string | number, known, 'columns'));
    return { name: places.map((place) => known[place]!).join(' + '), places };
  });
}

function moments({
  rows,
  columns,
  data,
}: Matrix): Pick<PermutationImportance, 'importancesMean' | 'importancesStd'> {
  const importancesMean = new Float64Array(rows);
  const importancesStd = new Float64Array(rows);
  for (let j = 0; j < rows; j++) {
    const own = data.subarray(j * columns, (j + 1) * columns);
    const mean = own.reduce((sum, value) => sum + value, 0) / columns;
    importancesMean[j] = mean;
    importancesStd[j] = Math.sqrt(own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / columns);
  }
  return { importancesMean, importancesStd };
}
