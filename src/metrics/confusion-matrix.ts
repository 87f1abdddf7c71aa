import { DataError } from '../core/errors.ts';
import type { Label } from '../core/labels.ts';
import { codeLabels, type Labels } from './labels.ts';
import { alignRight, displayWidth, formatDecimal } from './text-table.ts';
import { checkOneOf, checkSameLength, type Numbers, toWeights } from './validate.ts';

/** `true`: shares of each true class (rows sum to 1); `predicted`: of each predicted class; `all`: of everything. */
export type ConfusionNormalization = 'none' | 'true' | 'predicted' | 'all';

export interface ConfusionMatrixOptions<L extends Label = Label> {
  /** The classes in order; rows with another label are left out. Default: all present, sorted. */
  readonly labels?: Labels<L> | undefined;
  /** Default `'none'`: (weighted) counts. */
  readonly normalize?: ConfusionNormalization | undefined;
  readonly sampleWeight?: Numbers | undefined;
}

/** `matrix[i][j]`: rows of true class `labels[i]` that were predicted as `labels[j]`. Prints as an aligned table. */
export class ConfusionMatrix<L extends Label = Label> {
  readonly labels: readonly L[];
  readonly matrix: readonly (readonly number[])[];

  constructor(labels: readonly L[], matrix: readonly (readonly number[])[]) {
    this.labels = labels;
    this.matrix = matrix;
  }

  toString(): string {
    const names = this.labels.map(String);
    const whole = this.matrix.every((row) => row.every(Number.isInteger));
    const cells = this.matrix.map((row) =>
      row.map((value) => (whole ? String(value) : formatDecimal(value, 3))),
    );
    const corner = 'true \\ predicted';
    const nameWidth = Math.max(displayWidth(corner), ...names.map(displayWidth));
    const widths = names.map((name, j) => Math.max(displayWidth(name), ...cells.map((row) => row[j].length)));
    const line = (first: string, rest: readonly string[]) =>
      [alignRight(first, nameWidth), ...rest.map((text, j) => alignRight(text, widths[j]))].join('  ');
    return [line(corner, names), ...cells.map((row, i) => line(names[i], row))].join('\n');
  }
}

/**
 * Counts of every pair of true and predicted class; empty rows or columns normalize to 0.
 * @throws DataError for unusable columns, or when no row has a true class among `labels`.
 */
export function confusionMatrix<L extends Label>(
  truth: Labels<L>,
  prediction: Labels<L>,
  { labels, normalize = 'none', sampleWeight }: ConfusionMatrixOptions<L> = {},
): ConfusionMatrix<L> {
  checkOneOf('normalize', normalize, ['none', 'true', 'predicted', 'all'] as const);
  const { classes, counts, size } = countPairs(truth, prediction, { labels, sampleWeight });
  const rowSums = new Float64Array(size);
  const columnSums = new Float64Array(size);
  let total = 0;
  for (let at = 0; at < counts.length; at++) {
    rowSums[Math.floor(at / size)] += counts[at];
    columnSums[at % size] += counts[at];
    total += counts[at];
  }
  const divisor = (i: number, j: number) =>
    ({ none: 1, true: rowSums[i], predicted: columnSums[j], all: total })[normalize];
  const matrix = classes.map((_, i) => classes.map((_, j) => counts[i * size + j] / (divisor(i, j) || 1)));
  return new ConfusionMatrix(classes, matrix);
}

/** Row-major (weighted) counts of (truth, prediction) over the reported classes. */
export function countPairs<L extends Label>(
  truth: Labels<L>,
  prediction: Labels<L>,
  { labels, sampleWeight }: { labels?: Labels<L> | undefined; sampleWeight?: Numbers | undefined },
): { classes: readonly L[]; counts: Float64Array; size: number } {
  const { classes, codes } = codeLabels({ truth, prediction }, labels);
  const [t, p] = codes;
  checkSameLength('truth', t.length, 'prediction', p.length);
  const weights = toWeights(sampleWeight, t.length);
  const size = labels?.length ?? classes.length;
  if (!t.some((code) => code < size)) {
    throw new DataError(
      'data/unknown-label',
      'None of the classes in labels appears in truth: check their spelling.',
    );
  }
  const counts = new Float64Array(size * size);
  for (let i = 0; i < t.length; i++) {
    if (t[i] < size && p[i] < size) counts[t[i] * size + p[i]] += weights === undefined ? 1 : weights[i];
  }
  return { classes: classes.slice(0, size), counts, size };
}
