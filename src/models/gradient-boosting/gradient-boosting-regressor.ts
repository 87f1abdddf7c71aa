import { z } from 'zod';
import { DataError, OptionError } from '../../core/errors.ts';
import { option } from '../../core/options.ts';
import { defineRegressor } from '../../define/define-regressor.ts';
import { boost } from '../../math/trees/boost.ts';
import { type BoostingLoss, boostingLosses } from '../../math/trees/boosting-loss.ts';
import {
  absoluteErrorLoss,
  huberLoss,
  quantileLoss,
  tweedieLoss,
} from '../../math/trees/regression-losses.ts';
import { requireCounts } from '../../math/trees/require-counts.ts';
import { stateOf, trainingTable } from '../tree-training-table.ts';
import { boostedValues } from './boosted-values.ts';
import type { BoostingState } from './boosting-attributes.ts';
import { boostingOptions, boostingSettings, boostingWorkers } from './boosting-options.ts';
import { boostingLossOf, customLossSchema } from './custom-loss.ts';
import { type EvalMetric, heldOutMetricOf } from './eval-metric.ts';

const lossName = z.enum([
  ...(['squaredError', 'absoluteError', 'huber', 'quantile', 'poisson', 'gamma', 'tweedie'] as const),
]);

const options = boostingOptions.extend({
  loss: option(
    z
      .union([lossName, customLossSchema], {
        error: `It takes one of ${lossName.options.join(', ')}, or customLoss({ gradientHessian })`,
      })
      .default('squaredError'),
    'What is minimised: the squared or absolute error, a mixture of both (huber), the loss of a quantile, or the deviance of counts (poisson), of positive amounts (gamma) or of amounts that are often 0 (tweedie), the last three of a mean that is never negative; or a loss of your own, see customLoss.',
  ),
  quantile: option(z.number().gt(0).lt(1).default(0.5), "With loss 'quantile': which quantile is predicted."),
  alpha: option(
    z.number().gt(0).lt(1).default(0.9),
    "With loss 'huber': the share of the residuals that count by their square, the others by their size.",
  ),
  power: option(
    z.number().gt(1).lt(2).default(1.5),
    "With loss 'tweedie': the variance is the mean to this power; near 1 it is Poisson's, near 2 that of amounts.",
  ),
});

const MODEL = 'gradient-boosting-regressor';

/** The loss, and what the prediction is of the sum of the trees. */
function lossOf({ loss, quantile, alpha, power }: z.output<typeof options>): {
  readonly loss: BoostingLoss;
  readonly link: 'identity' | 'log';
} {
  if (typeof loss !== 'string')
    return { loss: boostingLossOf(loss), link: loss.inverseLink === 'exp' ? 'log' : 'identity' };
  switch (loss) {
    case 'squaredError':
      return { loss: boostingLosses.squaredError, link: 'identity' };
    case 'absoluteError':
      return { loss: absoluteErrorLoss, link: 'identity' };
    case 'huber':
      return { loss: huberLoss(alpha), link: 'identity' };
    case 'quantile':
      return { loss: quantileLoss(quantile), link: 'identity' };
    case 'poisson':
      return { loss: tweedieLoss(1), link: 'log' };
    case 'gamma':
      return { loss: tweedieLoss(2), link: 'log' };
    case 'tweedie':
      return { loss: tweedieLoss(power), link: 'log' };
    default:
      return loss satisfies never;
  }
}

/**
 * Gradient-boosted trees on histograms of up to 255 bins, grown leaf by leaf. Minimises Σ s_i loss(y_i, f(x_i)) with s the sample
 * weights; the losses of counts and amounts predict e^f. Missing values go the way of each split that fits best. Names
 * follow scikit-learn's HistGradientBoosting and GradientBoosting.
 */
export const gradientBoostingRegressor = defineRegressor({
  name: MODEL,
  module: import.meta.url,
  summary: 'Many small trees, each correcting the errors of those before it.',
  use: 'The most accurate choice for most tables, columns of text and missing values included.',
  ...boostedValues,
  continues: true,
  options,
  async fit(settings, data, job): Promise<BoostingState> {
    const { y, sampleWeight } = data;
    const from = data.from as BoostingState | undefined;
    const table = trainingTable(data, { ...settings, maxCategories: settings.maxBins }, MODEL);
    const { loss, link } = lossOf(settings);
    requireTargets(settings.loss, y);
    if (data.validation !== undefined) requireTargets(settings.loss, data.validation.y, 'validation.y');
    requireSameLink(from, link);
    const found = await boost(boostingWorkers(job, settings.nEstimators), {
      ...{ x: table.x, y, sampleWeight, validation: table.validation, from, outputs: 1, loss },
      ...boostingSettings(settings, table),
      metric: heldOutMetricOf(metricOf(settings.evalMetric), link),
    });
    return { ...found, ...stateOf(table), link };
  },
});

/** @throws OptionError for a metric of classes. */
function metricOf(metric: z.output<typeof options>['evalMetric']): EvalMetric {
  if (metric !== 'accuracy' && metric !== 'rocAuc') return metric;
  throw new OptionError(
    'option/conflict',
    `evalMetric '${metric}' judges classes; a regressor takes 'loss', 'rootMeanSquaredError', 'meanAbsoluteError' or a function.`,
    { option: 'evalMetric' },
  );
}

/** @throws DataError naming the first target that the loss cannot take. */
function requireTargets(loss: z.output<typeof options>['loss'], y: Float64Array, name = 'y'): void {
  if (loss === 'poisson' || loss === 'tweedie') {
    if (name === 'y' || y.some((value) => value < 0)) requireCounts(y, `the ${loss} loss`);
  }
  if (loss !== 'gamma') return;
  const row = y.findIndex((value) => value <= 0);
  if (row < 0) return;
  throw new DataError(
    'data/negative-target',
    `The target ${name} is ${y[row]} in row ${row}; the gamma loss needs targets above 0. Use loss 'tweedie' where some are 0, or squaredError.`,
    { row },
  );
}

function requireSameLink(from: BoostingState | undefined, link: 'identity' | 'log'): void {
  if (from === undefined || (from.link ?? 'identity') === link) return;
  throw new OptionError(
    'option/conflict',
    "The fit continues from a model whose trees sum to another thing: poisson, gamma and tweedie learn the logarithm of the prediction, the other losses the prediction. Continue with one of the model's own kind.",
    { option: 'loss' },
  );
}
