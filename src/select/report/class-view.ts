import type { RunRecord } from '../run/run-record.ts';

/** The classes as a page can show them. */
export interface ClassView {
  readonly names: readonly string[];
  /** Test rows of each class. */
  readonly support: readonly number[];
  /** Indexes of the classes with most test rows, in the order of `classes`; the positive class is among them. */
  top(most: number): readonly number[];
  /** Index of the positive class of two; undefined for more. */
  readonly positive: number | undefined;
}

export function classView({ classes, positiveClass, test }: RunRecord): ClassView {
  const all = classes ?? [];
  const support = all.map((label, i) =>
    test.confusion === null
      ? test.truth.filter((truth) => truth === label).length
      : (test.confusion[i] ?? []).reduce((sum, count) => sum + count, 0),
  );
  const named = positiveClass === null ? -1 : all.indexOf(positiveClass);
  const positive = all.length === 2 ? (named >= 0 ? named : 1) : undefined;
  return {
    names: all.map(String),
    support,
    positive,
    top(most) {
      const order = Array.from(all.keys()).sort((a, b) => support[b]! - support[a]! || a - b);
      return order.slice(0, most).sort((a, b) => a - b);
    },
  };
}

/** Truth (1 for the class) and probability of one class over the rows of the sample that have one. */
export function oneAgainstRest(
  { classes, test }: RunRecord,
  index: number,
): { readonly truth: Float64Array; readonly probability: Float64Array; readonly positives: number } {
  const label = classes![index];
  const rows = Array.from(test.truth.keys()).filter((i) => {
    const probability = test.probabilities![i]?.[index];
    return typeof probability === 'number' && probability >= 0 && probability <= 1;
  });
  const truth = Float64Array.from(rows, (i) => (test.truth[i] === label ? 1 : 0));
  return {
    truth,
    probability: Float64Array.from(rows, (i) => test.probabilities![i]![index]!),
    positives: truth.reduce((sum, value) => sum + value, 0),
  };
}
