// Slow oracles of the tree kernels: the definitions, row by row.

/** The bin of a value: how many thresholds lie below it; that of NaN comes after all. */
export function plainBin(value: number, thresholds: readonly number[]): number {
  return Number.isNaN(value) ? thresholds.length + 1 : thresholds.filter((t) => t < value).length;
}

export interface PlainHistogramSplit {
  readonly score: number;
  readonly bin: number;
  readonly missingLeft: boolean;
}

/** The best split of one column's bins by G² / (H + l2) of both sides; the last of `pairs` is the bin of missing values. */
export function plainHistogramSplit(
  pairs: readonly (readonly [gradient: number, hessian: number])[],
  l2: number,
  minRows: number,
): PlainHistogramSplit | undefined {
  const values = pairs.slice(0, -1);
  const missing = pairs.at(-1)!;
  const sum = (part: readonly (readonly [number, number])[]) =>
    part.reduce<[number, number]>(([g, h], [a, b]) => [g + a, h + b], [0, 0]);
  let best: PlainHistogramSplit | undefined;
  for (const missingLeft of missing[1] > 0 ? [false, true] : [false]) {
    for (let bin = 0; bin < values.length; bin++) {
      const left = sum([...values.slice(0, bin + 1), ...(missingLeft ? [missing] : [])]);
      const right = sum([...values.slice(bin + 1), ...(missingLeft ? [] : [missing])]);
      if (left[1] < minRows || right[1] < minRows || left[1] === 0 || right[1] === 0) continue;
      const score = left[0] ** 2 / (left[1] + l2) + right[0] ** 2 / (right[1] + l2);
      if (best === undefined || score > best.score) best = { score, bin, missingLeft };
    }
  }
  return best;
}

/** The largest Σ G² / (H + l2) of both sides over all divisions of the categories into two sets; undefined when there is none. */
export function plainCategorySplit(
  pairs: readonly (readonly [gradient: number, hessian: number])[],
  l2: number,
  minRows: number,
): number | undefined {
  let best: number | undefined;
  for (let set = 0; set < 2 ** pairs.length; set++) {
    const sides = [0, 1].map((side) => pairs.filter((_, code) => ((set >> code) & 1) === side));
    const [left, right] = sides.map((side) =>
      side.reduce<[number, number]>(([g, h], [a, b]) => [g + a, h + b], [0, 0]),
    ) as [[number, number], [number, number]];
    if (Math.min(left[1], right[1]) < Math.max(1, minRows)) continue;
    const score = left[0] ** 2 / (left[1] + l2) + right[0] ** 2 / (right[1] + l2);
    if (best === undefined || score > best) best = score;
  }
  return best;
}

export interface PlainRow {
  readonly x: readonly number[];
  /** A value, or the code of a class. */
  readonly y: number;
  readonly weight: number;
}

export type PlainCriterion = 'squaredError' | 'poisson' | 'absoluteError' | 'gini' | 'entropy';

/** Impurity times weight. */
export function plainImpurity(rows: readonly PlainRow[], criterion: PlainCriterion): number {
  const weight = rows.reduce((sum, row) => sum + row.weight, 0);
  if (criterion === 'absoluteError') {
    // A weighted median is one of the targets.
    const losses = rows.map(({ y: m }) =>
      rows.reduce((sum, { y, weight: w }) => sum + w * Math.abs(y - m), 0),
    );
    return Math.min(...losses);
  }
  if (criterion === 'squaredError' || criterion === 'poisson') {
    const mean = rows.reduce((sum, row) => sum + row.weight * row.y, 0) / weight;
    return rows.reduce((sum, { y, weight: w }) => {
      if (criterion === 'squaredError') return sum + w * (y - mean) ** 2;
      return sum + (y > 0 ? w * y * Math.log(y / mean) : 0);
    }, 0);
  }
  const shares = new Map<number, number>();
  for (const { y, weight: w } of rows) shares.set(y, (shares.get(y) ?? 0) + w / weight);
  const terms = [...shares.values()].map((p) => (criterion === 'gini' ? p * (1 - p) : -p * Math.log2(p)));
  return weight * terms.reduce((sum, term) => sum + term, 0);
}

/**
 * The largest decrease of impurity times weight that one split can make, over all columns, thresholds and sides of
 * missing values.
 */
export function plainBestDecrease(
  rows: readonly PlainRow[],
  criterion: PlainCriterion,
  minSamplesLeaf: number,
): number | undefined {
  const whole = plainImpurity(rows, criterion);
  let best: number | undefined;
  for (let j = 0; j < rows[0]!.x.length; j++) {
    const values = [...new Set(rows.map(({ x }) => x[j]!).filter((v) => !Number.isNaN(v)))];
    for (const threshold of values) {
      for (const missingLeft of [false, true]) {
        const goesLeft = ({ x }: PlainRow) => x[j]! <= threshold || (missingLeft && Number.isNaN(x[j]));
        const left = rows.filter(goesLeft);
        const right = rows.filter((row) => !goesLeft(row));
        if (Math.min(left.length, right.length) < minSamplesLeaf) continue;
        if (criterion === 'poisson' && [left, right].some((side) => side.every(({ y }) => y === 0))) continue;
        const decrease = whole - plainImpurity(left, criterion) - plainImpurity(right, criterion);
        if (best === undefined || decrease > best) best = decrease;
      }
    }
  }
  return best;
}
