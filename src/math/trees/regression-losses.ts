import type { Team } from '../../kernels/host/team.ts';
import { type BoostingRows, type KernelLoss, weightedMean } from './boosting-loss.ts';
import { residualQuantile } from './residual-quantile.ts';

// Losses of values beside the squared error. Those of the residual that are not smooth grow on its gradient, and leaves then take the
// value that is best for their rows. Source: J. H. Friedman, "Greedy function approximation" (2001), algorithms 3 and 4.

function clipped(
  team: Team,
  { scores, y, weights, gradients }: BoostingRows,
  from: number,
  to: number,
  [slope, low, high]: readonly [number, number, number],
): void {
  team.callIfLarge(
    to - from,
    'clippedGradients',
    ...([scores, y, weights, from, to, slope, low, high, gradients] as const),
  );
}

/** q · r above the score, (q − 1) · r below it, r = y − score: least at the quantile q. */
export function quantileLoss(q: number): KernelLoss {
  return {
    baseline: (y, weights) => Float64Array.of(residualQuantile(y.slice(), weights, q)),
    gradients: (team, rows, from, to) => clipped(team, rows, from, to, [0, -q, 1 - q]),
    lossOfRow(scores, at, y) {
      const residual = y - scores[at]!;
      return residual > 0 ? q * residual : (q - 1) * residual;
    },
    leafOfResiduals: (residuals, weights) => residualQuantile(residuals, weights, q),
  };
}

/** |y − score|: least at the median. */
export const absoluteErrorLoss: KernelLoss = {
  baseline: (y, weights) => Float64Array.of(residualQuantile(y.slice(), weights, 0.5)),
  gradients: (team, rows, from, to) => clipped(team, rows, from, to, [0, -1, 1]),
  lossOfRow: (scores, at, y) => Math.abs(y - scores[at]!),
  leafOfResiduals: (residuals, weights) => residualQuantile(residuals, weights, 0.5),
};

/**
 * ½ r² up to δ, δ (|r| − ½ δ) beyond, where δ is the quantile `alpha` of |r| at each iteration. Since δ moves, held-out rows are judged by
 * |r|. A loss serves one fit.
 */
export function huberLoss(alpha: number): KernelLoss {
  let delta = 1;
  return {
    ...absoluteErrorLoss,
    prepare(residuals, weights) {
      delta = residualQuantile(residuals.map(Math.abs), weights, alpha);
    },
    gradients: (team, rows, from, to) => clipped(team, rows, from, to, [1, -delta, delta]),
    leafOfResiduals(residuals, weights) {
      const median = residualQuantile(residuals.slice(), weights, 0.5);
      const steps = residuals.map((residual) => Math.max(-delta, Math.min(delta, residual - median)));
      return median + weightedMean(steps, weights);
    },
  };
}

/**
 * Half the Tweedie deviance of a mean e^score with variance power 1 (Poisson) … 2 (gamma), less what depends on y alone:
 * −y e^((1−p) s) / (1 − p) + e^((2−p) s) / (2 − p), at the ends −y s + e^s and y e^−s + s.
 */
export function tweedieLoss(power: number): KernelLoss {
  return {
    baseline: (y, weights) => Float64Array.of(Math.log(weightedMean(y, weights))),
    gradients: (team, { scores, y, weights, gradients }, from, to) =>
      team.callIfLarge(
        (to - from) * 10,
        'tweedieGradients',
        ...([scores, y, weights, from, to, power, gradients] as const),
      ),
    lossOfRow(scores, at, y) {
      const score = scores[at]!;
      if (power === 1) return Math.exp(score) - y * score;
      if (power === 2) return y * Math.exp(-score) + score;
      return Math.exp((2 - power) * score) / (2 - power) - (y * Math.exp((1 - power) * score)) / (1 - power);
    },
    // Poisson's second derivative does not see y: in leaves far above their mean the step would overshoot by orders of magnitude. The
    // best is log(1 + step).
    ...(power === 1 && { dampStep: (step: number) => (step > 4 ? 4 + Math.log(step / 4) : step) }),
  };
}
