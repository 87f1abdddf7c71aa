/** What a split of a tree makes purer. */
export type Criterion = 'squaredError' | 'poisson' | 'absoluteError' | 'gini' | 'entropy';

/** As the kernels number them; the absolute error has kernels of its own. */
export const criterionNumber: Readonly<Record<Criterion, number>> = {
  squaredError: 0,
  poisson: 1,
  gini: 2,
  entropy: 3,
  absoluteError: 4,
};

/** Of a node's rows: for regression [Σ w, Σ w y, spread], with the median for the sum by absolute error; for classes the weight of each. */
export type NodeStatistics = Float64Array;

export interface NodePurity {
  readonly weight: number;
  readonly impurity: number;
  /** The score that a split must exceed by W times the decrease of impurity; see {@link scoreOf} for the children's. */
  readonly score: number;
}

/**
 * Impurities, W the weight and c_k the weight of class k, p_k = c_k / W:
 * squaredError Σ w (y − mean)² / W; poisson Σ w y log(y / mean) / W; absoluteError Σ w |y − median| / W; gini 1 − Σ p_k²;
 * entropy −Σ p_k log₂ p_k.
 */
export function purityOf(criterion: Criterion, statistics: NodeStatistics): NodePurity {
  if (criterion === 'gini' || criterion === 'entropy') {
    const weight = weightOf(criterion, statistics);
    const score = scoreOf(criterion, statistics);
    const impurity = criterion === 'gini' ? 1 - score / weight : -score / weight / Math.LN2;
    return { weight, impurity: Math.max(0, impurity), score };
  }
  const weight = statistics[0]!;
  const spread = statistics[2]!;
  const score = criterion === 'absoluteError' ? -spread : scoreOf(criterion, statistics);
  return { weight, impurity: Math.max(0, spread / weight), score };
}

/** What one side of a split is worth: S² / W, S log(S / W), Σ c_k² / W or Σ φ(c_k) − φ(W). A split's score is the sum of both. */
export function scoreOf(
  criterion: Exclude<Criterion, 'absoluteError'>,
  statistics: ArrayLike<number>,
): number {
  const weight = weightOf(criterion, statistics);
  if (criterion === 'squaredError') return statistics[1]! ** 2 / weight;
  if (criterion === 'poisson')
    return statistics[1]! > 0 ? statistics[1]! * Math.log(statistics[1]! / weight) : 0;
  let sum = 0;
  for (let k = 0; k < statistics.length; k++) {
    const count = statistics[k]!;
    sum += criterion === 'gini' ? count * count : phi(count);
  }
  return criterion === 'gini' ? sum / weight : sum - phi(weight);
}

/** How much a split with the children's score lowers the impurity of the node. */
export function decreaseOf(criterion: Criterion, score: number, node: NodePurity): number {
  const decrease = (score - node.score) / node.weight;
  return criterion === 'entropy' ? decrease / Math.LN2 : decrease;
}

export function weightOf(criterion: Criterion, statistics: ArrayLike<number>): number {
  if (criterion !== 'gini' && criterion !== 'entropy') return statistics[0]!;
  let weight = 0;
  for (let k = 0; k < statistics.length; k++) weight += statistics[k]!;
  return weight;
}

function phi(count: number): number {
  return count > 0 ? count * Math.log(count) : 0;
}
