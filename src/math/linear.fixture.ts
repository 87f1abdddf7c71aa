// Reference fits of linear models: tables, weights and scikit-learn's answers, from parity/linear.py.
import { readFileSync } from 'node:fs';
import { Matrix } from '../core/matrix.ts';
import type { LinearAttributes, LinearAttributesOfTargets } from './linear-attributes.ts';

export interface LinearCase {
  readonly model: 'linear' | 'ridge';
  readonly data: string;
  readonly scaled: boolean;
  readonly weighted: boolean;
  readonly options: {
    readonly fitIntercept?: boolean;
    readonly positive?: boolean;
    readonly alpha?: number;
  };
  readonly coef: readonly number[] | readonly (readonly number[])[];
  readonly intercept: number | readonly number[];
  readonly rank?: number;
  readonly residual?: number;
  readonly norm?: number;
}

interface LinearTable {
  readonly x: readonly (readonly (number | null)[])[];
  readonly y: readonly number[] | readonly (readonly number[])[];
  readonly weights: readonly number[];
}

export const linearFixture = JSON.parse(
  readFileSync(new URL('../../parity/fixtures/linear.json', import.meta.url), 'utf8'),
) as { readonly data: Readonly<Record<string, LinearTable>>; readonly cases: readonly LinearCase[] };

/** The data of a case, prepared as parity/linear.py does: missing values become means, scaled columns get mean 0 and deviation 1. */
export function prepare({ data, scaled, weighted }: LinearCase) {
  const { x, y, weights } = linearFixture.data[data]!;
  const rows = x.length;
  const matrix = Matrix.zeros(rows, x[0]!.length);
  for (let j = 0; j < matrix.columns; j++) {
    const known = x.flatMap((row) => row[j] ?? []);
    const column = x.map((row) => row[j] ?? mean(known));
    const centre = scaled ? mean(column) : 0;
    const variance = mean(column.map((value) => (value - centre) ** 2));
    const scale = scaled && variance > 1e-24 ? Math.sqrt(variance) : 1;
    column.forEach((value, i) => {
      matrix.data[i * matrix.columns + j] = (value - centre) / scale;
    });
  }
  return { x: matrix, y, sampleWeight: weighted ? weights : undefined };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function describeCase({ data, scaled, weighted, options }: LinearCase): string {
  return `${data}${scaled ? ', scaled' : ''}${weighted ? ', weighted' : ''} ${JSON.stringify(options)}`;
}

/** The largest error of coefficients or intercept relative to what rounding errors can reach; see the comments. */
export function largestError(
  reference: LinearCase,
  model: LinearAttributes | LinearAttributesOfTargets,
  x: Matrix,
): number {
  const coef = model.coef instanceof Matrix ? model.coef.data : model.coef;
  const intercepts = Float64Array.of(
    ...[model.intercept].flatMap((value) => (typeof value === 'number' ? value : [...value])),
  );
  const wanted = [reference.coef].flat(2);
  const biggest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  let worst = coef.length === wanted.length ? 0 : Number.POSITIVE_INFINITY;
  wanted.forEach((value, i) => {
    // A coefficient a thousand times smaller than the largest has lost three digits to it, here and at the peer.
    worst = Math.max(worst, Math.abs(coef[i]! - value) / Math.max(Math.abs(value), 1e-3 * biggest));
  });
  // The intercept is ȳ − Σ m_j w_j: its error is that of its terms, which may cancel.
  [reference.intercept].flat().forEach((value, t) => {
    let size = Math.abs(value);
    for (let j = 0; j < x.columns; j++) {
      size += Math.abs(mean([...x.column(j)]) * wanted[t * x.columns + j]!);
    }
    worst = Math.max(worst, Math.abs(intercepts[t]! - value) / (size || 1));
  });
  return worst;
}
