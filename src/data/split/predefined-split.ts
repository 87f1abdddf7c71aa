import { z } from 'zod';
import { DataError } from '../../core/errors.ts';
import { option } from '../../core/options.ts';
import { splitsOfFolds } from './folds.ts';
import { checkLength } from './labels.ts';
import { defineSplitter, type Splitter } from './splitter.ts';

const schema = z.strictObject({
  testFold: option(
    z.array(z.int().min(-1)).readonly(),
    'Per row the fold in which it is tested; −1 is never tested, always in the training part.',
  ),
});

/**
 * Folds given by hand: per row the number of the fold whose test part it belongs to, −1 for none. Folds come in
 * ascending order. The same rows as scikit-learn's `PredefinedSplit`.
 */
export function predefinedSplit(options: {
  readonly testFold: ArrayLike<number>;
}): Splitter<Readonly<z.output<typeof schema>>> {
  // Typed arrays become plain arrays, so that the options stay JSON.
  const { testFold } = options ?? {};
  const input = ArrayBuffer.isView(testFold) ? { ...options, testFold: Array.from(testFold) } : options;
  return defineSplitter('predefinedSplit', schema, input, ({ testFold }, n) => {
    checkLength(testFold.length, n, 'testFold', 'predefinedSplit');
    const numbers = [...new Set(testFold)].filter((fold) => fold >= 0).sort((a, b) => a - b);
    if (numbers.length === 0) {
      throw new DataError(
        'data/no-folds',
        "predefinedSplit: 'testFold' puts no row into a fold; all are −1.",
        {
          option: 'testFold',
        },
      );
    }
    const place = new Map(numbers.map((fold, i) => [fold, i]));
    return splitsOfFolds(
      Int32Array.from(testFold, (fold) => place.get(fold) ?? -1),
      numbers.length,
    );
  });
}
