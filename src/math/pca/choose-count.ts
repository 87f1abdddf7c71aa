import { lnGamma } from './ln-gamma.ts';

/** The fewest directions whose share of the variance exceeds `share`, given the shares of all, descending. */
export function countForShare(ratios: Float64Array, share: number): number {
  let sum = 0;
  for (let k = 0; k < ratios.length; k++) {
    sum += ratios[k]!;
    if (sum > share) return k + 1;
  }
  return ratios.length;
}

const LEAST = 1e-15;

/**
 * The number of directions with the largest evidence (T. Minka, "Automatic choice of dimensionality for PCA", NIPS 2000), from 1 to p − 1; 0 where no
 * variance tells.
 * @param variances Of all p directions, descending.
 */
export function countByEvidence(variances: Float64Array, rows: number): number {
  let best = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (let rank = 1; rank < variances.length; rank++) {
    const evidence = logEvidence(variances, rank, rows);
    if (evidence > most) [best, most] = [rank, evidence];
  }
  return best;
}

/** log p(D | rank) by Laplace's approximation, equation 31 of the paper with its factors named as there. */
function logEvidence(variances: Float64Array, rank: number, rows: number): number {
  const p = variances.length;
  if (variances[rank - 1]! < LEAST) return Number.NEGATIVE_INFINITY;
  let prior = -rank * Math.LN2;
  for (let i = 1; i <= rank; i++) {
    const half = (p - i + 1) / 2;
    prior += lnGamma(half) - Math.log(Math.PI) * half;
  }
  let [logs, rest] = [0, 0];
  for (let i = 0; i < rank; i++) logs += Math.log(variances[i]!);
  for (let i = rank; i < p; i++) rest += variances[i]!;
  const noise = Math.max(LEAST, rest / (p - rank));
  const parameters = p * rank - (rank * (rank + 1)) / 2;
  let curvature = 0;
  for (let i = 0; i < rank; i++) {
    for (let j = i + 1; j < p; j++) {
      const other = j < rank ? variances[j]! : noise;
      curvature +=
        Math.log((variances[i]! - variances[j]!) * (1 / other - 1 / variances[i]!)) + Math.log(rows);
    }
  }
  return (
    prior -
    (logs * rows) / 2 -
    (Math.log(noise) * rows * (p - rank)) / 2 +
    (Math.log(2 * Math.PI) * (parameters + rank)) / 2 -
    curvature / 2 -
    (rank * Math.log(rows)) / 2
  );
}
