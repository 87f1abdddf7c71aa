import { z } from 'zod';
import { DataError } from '../../core/errors.ts';
import { option } from '../../core/options.ts';
import { ascending } from './folds.ts';
import { nSplitsOption } from './option-schemas.ts';
import { defineSplitter, type Splitter } from './splitter.ts';
import { timeOrder, timesOf } from './times.ts';

const schema = z.strictObject({
  nSplits: nSplitsOption(2, 5),
  maxTrainSize: option(
    z.int().min(1).nullable().default(null),
    'Most rows in a training part, the latest ones.',
  ),
  testSize: option(
    z.int().min(1).nullable().default(null),
    'Rows in a test part; by default rows / (nSplits + 1), rounded down.',
  ),
  gap: option(z.int().min(0).default(0), 'Rows left out between the training and the test part.'),
});

/**
 * Test parts are the last `nSplits` runs of `testSize` rows, each after its training part. Rows are taken to be in
 * the order of time, or are put into it when `time` is given (rows of equal time may then fall on both sides:
 * {@link groupTimeSeriesSplit} keeps them together). Options:
 * `nSplits` (default 5), `testSize`, `maxTrainSize`, `gap` (default 0). The same rows as scikit-learn's `TimeSeriesSplit`.
 */
export function timeSeriesSplit(
  options: z.input<typeof schema> = {},
): Splitter<Readonly<z.output<typeof schema>>> {
  const name = 'timeSeriesSplit';
  return defineSplitter(name, schema, options, ({ nSplits, maxTrainSize, gap, ...rest }, n, { time }) => {
    if (n < nSplits + 1) {
      throw new DataError(
        'data/too-few-rows',
        `${name}: ${nSplits} splits need at least ${nSplits + 1} rows, there are ${n}. Lower nSplits.`,
        { owner: name, option: 'nSplits', nSplits, rows: n },
      );
    }
    const testSize = rest.testSize ?? Math.floor(n / (nSplits + 1));
    if (n - gap - testSize * nSplits <= 0) {
      throw new DataError(
        'data/too-few-rows',
        `${name}: ${nSplits} test parts of ${testSize} rows and a gap of ${gap} leave no training rows of the ${n}. ` +
          'Lower nSplits, testSize or gap.',
        { owner: name, nSplits, testSize, gap, rows: n },
      );
    }
    const order = time === undefined ? ascending(n) : timeOrder(timesOf(time, n, name));
    return Array.from({ length: nSplits }, (_, i) => {
      const testStart = n - (nSplits - i) * testSize;
      const trainEnd = testStart - gap;
      const trainStart = maxTrainSize === null ? 0 : Math.max(0, trainEnd - maxTrainSize);
      return { train: order.slice(trainStart, trainEnd), test: order.slice(testStart, testStart + testSize) };
    });
  });
}
