/** What a split of an exact tree makes purer. */
export type Criterion = 'squaredError' | 'poisson' | 'gini' | 'entropy';

/** As the kernels number them. */
export const criterionNumber: Readonly<Record<Criterion, number>> = {
  squaredError: 0,
  poisson: 1,
  gini: 2,
  entropy: 3,
};

/** Of a node's rows: for regression [Σ w, Σ w y, spread], for classes the weight of each. */
export type NodeStatistics = Float64Array;

export interface NodePurity {
  readonly weight: number;
  readonly impurity: number;
  /** The score that a split must exceed by W times the decrease of impurity; see the kernels for the children's. */
  readonly score: number;
}

/**
 * Impurities, W the weight and c_k the weight of class k, p_k = c_k / W:
 * squaredError Σ w (y − mean)² / W; poisson Σ w y log(y / mean) / W; gini 1 − Σ p_k²; entropy −Σ p_k log₂ p_k.
 */
export function purityOf(criterion: Criterion, statistics: NodeStatistics): NodePurity {
  if (criterion === 'squaredError' || criterion === 'poisson') {
    const weight = statistics[0]!;
    const sum = statistics[1]!;
    const spread = statistics[2]!;
    const score =
      criterion === 'squaredError' ? sum ** 2 / weight : sum > 0 ? sum * Math.log(sum / weight) : 0;
    return { weight, impurity: Math.max(0, spread / weight), score };
  }
  let weight = 0;
  let sum = 0;
  for (let k = 0; k < statistics.length; k++) {
    const count = statistics[k]!;
    weight += count;
    sum += criterion === 'gini' ? count * count : phi(count);
  }
  if (criterion === 'gini')
    return { weight, impurity: Math.max(0, 1 - sum / weight ** 2), score: sum / weight };
  const score = sum - phi(weight);
  return { weight, impurity: Math.max(0, -score / weight / Math.LN2), score };
}

/** How much a split with the children's score lowers the impurity of the node. */
export function decreaseOf(criterion: Criterion, score: number, node: NodePurity): number {
  const decrease = (score - node.score) / node.weight;
  return criterion === 'entropy' ? decrease / Math.LN2 : decrease;
}

function phi(count: number): number {
  return count > 0 ? count * Math.log(count) : 0;
}
