// Slow oracle of the hierarchical kernels: merges by the definition of each linkage, from the distances of all pairs of rows.

export type PlainLinkage = 'single' | 'complete' | 'average' | 'ward';

/** Distances of the merges, each of the two clusters that are nearest of all, and the rows that each merge brings together, sorted. */
export interface PlainMerge {
  readonly distance: number;
  readonly rows: readonly number[];
}

export function plainMerges(x: readonly (readonly number[])[], linkage: PlainLinkage): PlainMerge[] {
  let clusters = x.map((_, i) => [i]);
  const merges: PlainMerge[] = [];
  while (clusters.length > 1) {
    let [best, first, second] = [Number.POSITIVE_INFINITY, 0, 1];
    for (let a = 0; a < clusters.length; a++) {
      for (let b = a + 1; b < clusters.length; b++) {
        const distance = between(x, clusters[a]!, clusters[b]!, linkage);
        if (distance < best) [best, first, second] = [distance, a, b];
      }
    }
    const rows = [...clusters[first]!, ...clusters[second]!].sort((a, b) => a - b);
    merges.push({ distance: best, rows });
    clusters = [...clusters.filter((_, c) => c !== first && c !== second), rows];
  }
  return merges;
}

function between(
  x: readonly (readonly number[])[],
  a: readonly number[],
  b: readonly number[],
  linkage: PlainLinkage,
): number {
  if (linkage === 'ward') {
    const [ca, cb] = [meanOf(x, a), meanOf(x, b)];
    return Math.sqrt((2 * a.length * b.length) / (a.length + b.length)) * euclidean(ca, cb);
  }
  const distances = a.flatMap((i) => b.map((j) => euclidean(x[i]!, x[j]!)));
  if (linkage === 'single') return Math.min(...distances);
  if (linkage === 'complete') return Math.max(...distances);
  return distances.reduce((sum, value) => sum + value, 0) / distances.length;
}

function euclidean(a: readonly number[], b: readonly number[]): number {
  return Math.sqrt(a.reduce((sum, value, j) => sum + (value - b[j]!) ** 2, 0));
}

function meanOf(x: readonly (readonly number[])[], rows: readonly number[]): number[] {
  return x[0]!.map((_, j) => rows.reduce((sum, i) => sum + x[i]![j]!, 0) / rows.length);
}
