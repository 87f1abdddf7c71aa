import type { Matrix } from '../../core/matrix.ts';
import { columnwiseRows, type LinkageMetric } from './metric.ts';

/** The distance of two rows, summed in the order of the columns as in the kernels. */
export function rowDistance(x: Matrix, metric: LinkageMetric): (a: number, b: number) => number {
  if (metric === 'precomputed') return (a, b) => x.data[Math.min(a, b) * x.rows + Math.max(a, b)]!;
  const { data, stride, columns } = columnwiseRows(x, metric, 1);
  const sum = (a: number, b: number, term: (u: number, v: number) => number) => {
    let total = 0;
    for (let j = 0; j < columns; j++) total += term(data[j * stride + a]!, data[j * stride + b]!);
    return total;
  };
  switch (metric) {
    case 'euclidean':
      return (a, b) => Math.sqrt(sum(a, b, (u, v) => (u - v) * (u - v)));
    case 'sqeuclidean':
      return (a, b) => sum(a, b, (u, v) => (u - v) * (u - v));
    case 'manhattan':
      return (a, b) => sum(a, b, (u, v) => Math.abs(u - v));
    case 'chebyshev':
      return (a, b) => {
        let most = 0;
        for (let j = 0; j < columns; j++) {
          most = Math.max(most, Math.abs(data[j * stride + a]! - data[j * stride + b]!));
        }
        return most;
      };
    case 'cosine':
    case 'correlation':
      return (a, b) => Math.max(0, 1 - sum(a, b, (u, v) => u * v));
    default:
      return metric satisfies never;
  }
}
