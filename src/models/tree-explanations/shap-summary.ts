import type { ShapOutput, ShapValues } from './shap-values.ts';

export interface ShapImportance {
  readonly column: string;
  /** Mean of |value| over the rows, summed over the outputs; in the unit of the values. */
  readonly meanAbsolute: number;
  /** The same for each output. */
  readonly byOutput: readonly number[];
}

/** How much each column moves the predictions on average, the most important first: SHAP's global importance. */
export function shapSummary({ outputs, names }: Pick<ShapValues, 'outputs' | 'names'>): ShapImportance[] {
  const means = outputs.map(meanAbsolute);
  return names
    .map((column, j) => {
      const byOutput = means.map((mean) => mean[j]!);
      return { column, meanAbsolute: byOutput.reduce((sum, value) => sum + value, 0), byOutput };
    })
    .sort((a, b) => b.meanAbsolute - a.meanAbsolute);
}

/** One number a column. */
export function meanAbsolute({ values }: ShapOutput): Float64Array {
  const sums = new Float64Array(values.columns);
  for (let i = 0; i < values.rows; i++) {
    const row = values.row(i);
    for (let j = 0; j < row.length; j++) sums[j]! += Math.abs(row[j]!);
  }
  return sums.map((sum) => sum / Math.max(1, values.rows));
}
