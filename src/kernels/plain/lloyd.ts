// Slow oracle of the k-means kernels: Lloyd's iteration by the formulas, on arrays of rows.

export interface PlainClustering {
  readonly centers: number[][];
  readonly labels: number[];
}

/** argmin_c ‖x − c‖², the first among equals. */
export function plainNearestCenter(x: readonly number[], centers: readonly (readonly number[])[]): number {
  const distances = centers.map((c) => x.reduce((sum, value, j) => sum + (value - c[j]!) ** 2, 0));
  return distances.indexOf(Math.min(...distances));
}

/** `iterations` times: rows to the nearest centre, centres to the weighted mean of their rows (which none may lack). */
export function plainLloyd(
  x: readonly (readonly number[])[],
  weights: readonly number[],
  start: readonly (readonly number[])[],
  iterations: number,
): PlainClustering {
  let centers = start.map((row) => [...row]);
  for (let k = 0; k < iterations; k++) {
    const labels = x.map((row) => plainNearestCenter(row, centers));
    centers = centers.map((center, c) =>
      center.map((_, j) => {
        let [sum, weight] = [0, 0];
        for (const [i, row] of x.entries()) {
          if (labels[i] !== c) continue;
          sum += weights[i]! * row[j]!;
          weight += weights[i]!;
        }
        return sum / weight;
      }),
    );
  }
  return { centers, labels: x.map((row) => plainNearestCenter(row, centers)) };
}
