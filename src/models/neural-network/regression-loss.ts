import { z } from 'zod';
import { choices, option } from '../../core/options.ts';
import type { Loss } from '../../nets/losses/loss.ts';

/** The options of a regressor's loss. */
export const lossOptions = {
  loss: option(
    z.enum(['squaredError', 'absoluteError', 'huber']).default('squaredError'),
    'What is minimised: half the squared error; the absolute error, for medians; or huber, which is squared up to huberDelta and absolute beyond, against outliers.',
    choices('squaredError', 'huber'),
  ),
  huberDelta: option(
    z.number().positive().default(1),
    'Error from which huber counts as absolute, in standard deviations of the target where that is standardised.',
  ),
};

export function regressionLoss(options: {
  readonly loss: 'squaredError' | 'absoluteError' | 'huber';
  readonly huberDelta: number;
}): Loss {
  switch (options.loss) {
    case 'squaredError':
      return { kind: 'squaredError' };
    case 'absoluteError':
      return { kind: 'meanAbsoluteError' };
    case 'huber':
      return { kind: 'huber', delta: options.huberDelta };
    default:
      return options.loss satisfies never;
  }
}
