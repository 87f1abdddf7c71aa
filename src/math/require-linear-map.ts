import { DataError } from '../core/errors.ts';
import type { LinearMap } from './linear-scores.ts';

/** @throws DataError when the numbers of coefficients and intercepts are not those of so many columns and outputs. */
export function requireLinearMap(
  { coef, intercept }: LinearMap,
  { columns, outputs }: { readonly columns: number; readonly outputs: number },
): void {
  const isArray = coef instanceof Float64Array && intercept instanceof Float64Array;
  if (isArray && intercept.length === outputs && coef.length === outputs * columns) return;
  throw new DataError(
    'model/unfit-state',
    `It has ${coef?.length} coefficients and ${intercept?.length} intercepts where ${columns} columns and ${outputs} ` +
      `${outputs === 1 ? 'output' : 'outputs'} need ${outputs * columns} and ${outputs}.`,
    { columns, outputs },
  );
}
