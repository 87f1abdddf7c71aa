import { z } from 'zod';
import { DataError, OptionError } from '../../core/errors.ts';
import { option, parseOptions } from '../../core/options.ts';
import { RandomState, randomStateFrom } from '../../core/random.ts';
import { ascending } from './folds.ts';
import { groupedParts } from './group-shuffle-split.ts';
import { cutParts, groupTimeline } from './group-timeline.ts';
import { encodeLabels, type RowLabels, takeLabels } from './labels.ts';
import { testSizeOption, trainSizeOption, validationSizeOption } from './option-schemas.ts';
import { shuffledParts } from './shuffle-split.ts';
import { partSizes, type Sizes } from './sizes.ts';
import { checkRows, type Split } from './splitter.ts';
import { checkClasses, stratifiedParts } from './stratified-shuffle-split.ts';
import { type Times, timeOrder, timesOf } from './times.ts';

const owner = 'trainTestSplit';
const perRow = <T>() =>
  z.custom<T>((value) => typeof value === 'object' && value !== null, 'Give one value per row').optional();

const schema = z.strictObject({
  testSize: testSizeOption,
  trainSize: trainSizeOption,
  validationSize: validationSizeOption,
  randomState: option(
    z
      .union(
        [
          z
            .int()
            .min(0)
            .max(2 ** 32 - 1),
          z.null(),
          z.instanceof(RandomState),
        ],
        { error: 'Give an integer from 0 to 4294967295, null or a RandomState' },
      )
      .default(0),
    'Seed of the random order; null draws a new one each time.',
  ),
  shuffle: option(
    z.boolean().optional(),
    'Whether to shuffle before dividing; default true, with time false.',
  ),
  stratify: option(perRow<RowLabels>(), 'Classes whose shares all parts keep.'),
  groups: option(perRow<RowLabels>(), 'Groups of rows that stay together; sizes then count groups.'),
  time: option(perRow<Times>(), 'Time of each row: later rows become the test part.'),
});

export interface TrainTestOptions {
  /** A fraction (rounded up) or a count. Default: what `trainSize` leaves, else 0.25. */
  readonly testSize?: number | undefined;
  /** A fraction (rounded down) or a count. Default: all the rest. */
  readonly trainSize?: number | undefined;
  /** Asks for a third part: a fraction of all rows (rounded up) or a count. */
  readonly validationSize?: number | undefined;
  /** Seed, default 0; null for another division each time. */
  readonly randomState?: number | null | RandomState | undefined;
  /** Default true; false divides in row order (training, validation, test). */
  readonly shuffle?: boolean | undefined;
  /** Classes whose shares all parts keep. */
  readonly stratify?: RowLabels | undefined;
  /** Rows of one group stay on one side. Sizes count groups. */
  readonly groups?: RowLabels | undefined;
  /** Later rows become the test part, rows of equal time stay together; parts are in order of time. */
  readonly time?: Times | undefined;
}

export interface TrainTestIndices extends Split {
  readonly validation?: Int32Array;
}

export interface TrainValidationTestIndices extends Split {
  readonly validation: Int32Array;
}

/**
 * Row numbers of a training and a test part, with `validationSize` also of a validation part.
 *
 * Without `groups` and `time` equal, in order too, to scikit-learn's `train_test_split(rows, test_size=…,
 * random_state=…, stratify=…)`; with
 * `validationSize` to two of them with the same seed, sizes as counts:
 * `rest, test = train_test_split(rows, test_size=nTest, train_size=nTrain + nValidation)`, then
 * `train, validation = train_test_split(rest, test_size=nValidation, train_size=nTrain)` (`stratify` taken at `rest`).
 *
 * With `groups` equal to the first split of `GroupShuffleSplit`. With `time` the latest rows are the test part; a
 * tie at the border goes to the test part. With both, the groups that begin last are tested, and rows are dropped
 * so that every training row is earlier than every test row (`overlap: 'trimBoth'` of {@link
 * groupTimeSeriesSplit}).
 *
 * @throws OptionError for sizes that do not fit and options that exclude each other; DataError for labels that do not allow it.
 */
export function trainTestIndices(
  n: number,
  options: TrainTestOptions & { readonly validationSize: number },
): TrainValidationTestIndices;
export function trainTestIndices(
  n: number,
  options?: TrainTestOptions & { readonly validationSize?: undefined },
): Split;
export function trainTestIndices(n: number, options?: TrainTestOptions): TrainTestIndices;
export function trainTestIndices(n: number, options: TrainTestOptions = {}): TrainTestIndices {
  checkRows(n, owner);
  const parsed = parseOptions(schema, options, owner);
  checkTogether(parsed);
  const { units, unit, divide } = divider(n, parsed);
  const { train, validation, test } = partSizes(units, parsed, 0.25, owner, unit);
  const outer = divide(ascending(n), { train: train + validation, test });
  if (validation === 0) return outer;
  const inner = divide(outer.train, { train, test: validation });
  return { train: inner.train, validation: inner.test, test: outer.test };
}

type Parsed = Readonly<z.output<typeof schema>>;

interface Divider {
  /** What sizes count. */
  readonly units: number;
  readonly unit: 'rows' | 'groups';
  /** Divides the given rows into parts with that many units. */
  readonly divide: (rows: Int32Array, sizes: Omit<Sizes, 'validation'>) => Split;
}

function divider(n: number, { trainSize, randomState, shuffle, stratify, groups, time }: Parsed): Divider {
  const at = (rows: Int32Array, { train, test }: Split) => ({
    train: train.map((i) => rows[i]!),
    test: test.map((i) => rows[i]!),
  });
  if (groups !== undefined) {
    const labels = encodeLabels(groups, n, 'groups', owner);
    const times = time === undefined ? undefined : timesOf(time, n, owner);
    return {
      units: labels.values.length,
      unit: 'groups',
      divide: (rows, { train, test }) => {
        const here = takeLabels(labels, rows);
        if (times === undefined)
          return at(rows, groupedParts(here, train, test, randomStateFrom(randomState)));
        const timeline = groupTimeline(
          here,
          Float64Array.from(rows, (row) => times[row]!),
        );
        const trainTo = Math.max(0, timeline.groups - test);
        const parts = cutParts(
          timeline,
          { from: Math.max(0, trainTo - train), to: trainTo },
          { from: trainTo, to: timeline.groups },
          0,
          'trimBoth',
        );
        return at(
          rows,
          checkParts(parts, 'No training row is earlier than the rows of the groups that begin last'),
        );
      },
    };
  }
  if (time !== undefined) {
    const times = timesOf(time, n, owner);
    return {
      units: n,
      unit: 'rows',
      divide: (rows, { train, test }) =>
        at(
          rows,
          latestParts(
            Float64Array.from(rows, (row) => times[row]!),
            trainSize === undefined ? rows.length : train,
            test,
          ),
        ),
    };
  }
  if (stratify !== undefined) {
    const labels = encodeLabels(stratify, n, 'stratify', owner);
    return {
      units: n,
      unit: 'rows',
      divide: (rows, { train, test }) => {
        const here = takeLabels(labels, rows);
        checkClasses(here, train, test, 'stratify', owner);
        return at(rows, stratifiedParts(here, train, test, randomStateFrom(randomState)));
      },
    };
  }
  return {
    units: n,
    unit: 'rows',
    divide: (rows, { train, test }) =>
      shuffle === false
        ? { train: rows.slice(0, train), test: rows.slice(train, train + test) }
        : at(rows, shuffledParts(rows.length, train, test, randomStateFrom(randomState))),
  };
}

/**
 * The last `test` rows in time and at most `train` before them; a tie at the border goes to the test part, unless it
 * reaches to the first row.
 */
function latestParts(times: Float64Array, train: number, test: number): Split {
  const order = timeOrder(times);
  let border = Math.max(0, order.length - test);
  const tied = (i: number) => i > 0 && i < order.length && times[order[i]!] === times[order[i - 1]!];
  while (tied(border)) border--;
  if (border === 0) {
    border = Math.max(1, order.length - test);
    while (tied(border)) border++;
  }
  return checkParts(
    { train: order.slice(Math.max(0, border - train), border), test: order.slice(border) },
    'All rows have the same time',
  );
}

function checkParts(parts: Split, reason: string): Split {
  if (parts.train.length > 0 && parts.test.length > 0) return parts;
  throw new DataError(
    'data/no-training-rows',
    `${owner}: ${reason}, so no division by 'time' leaves rows on both sides. Leave 'time' out or use other sizes.`,
    { owner, what: 'time' },
  );
}

function checkTogether({ shuffle, stratify, groups, time }: Parsed): void {
  const conflict = (first: string, second: string, advice: string): never => {
    throw new OptionError(
      'option/conflict',
      `${owner}: ${first} and ${second} exclude each other. ${advice}`,
      {
        owner,
        options: [first, second],
      },
    );
  };
  if (stratify !== undefined && groups !== undefined)
    conflict('stratify', 'groups', 'stratifiedGroupKFold divides by both.');
  if (stratify !== undefined && time !== undefined)
    conflict('stratify', 'time', 'Rows in order of time cannot also keep the shares of classes.');
  if (stratify !== undefined && shuffle === false)
    conflict('stratify', 'shuffle: false', 'Leave shuffle out to stratify.');
  if (groups !== undefined && shuffle === false)
    conflict('groups', 'shuffle: false', "Give 'time' to divide groups in order.");
  if (time !== undefined && shuffle === true)
    conflict('time', 'shuffle: true', 'Leave shuffle out to divide by time.');
}
