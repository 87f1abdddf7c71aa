import {
  add,
  divide,
  multiply,
  reshape,
  sqrt,
  square,
  subtract,
  sumRows,
} from '../../../tensor/functions.ts';
import { rowsByChannel } from '../../../tensor/places/rows-by-channel.ts';
import type { Shape, Tensor } from '../../../tensor/tensor.ts';
import { noFans, ones, zeros } from '../initializers.ts';
import type { LayerRule } from '../layer-rule.ts';

export interface BatchNormOptions {
  /** Added to variances. Default 1e-5. */
  readonly epsilon?: number;
  /** Share of a batch in the running statistics. Default 0.1. */
  readonly momentum?: number;
}

/**
 * Each feature, or channel of [channels, …], to mean 0 and variance 1 over the batch and all places, then scaled and shifted
 * (S. Ioffe and C. Szegedy, arXiv:1502.03167). Predictions use running statistics, which every step moves by `momentum` towards those of
 * its batch: the mean, and the variance with n − 1, as PyTorch does. A batch in shards is normalised shard by shard, and the running
 * statistics take the mean of the shards' by their rows; weights of rows do not count.
 */
export const batchNorm: LayerRule<BatchNormOptions> = {
  parameters(_, input) {
    const shape = perChannel(input);
    const spec = (name: string, initializer: typeof ones, isBuffer: boolean) => ({
      ...{ name, shape, initializer, fans: noFans, decays: false, isBuffer },
    });
    return [
      ...[spec('scale', ones, false), spec('shift', zeros, false)],
      ...[spec('runningMean', zeros, true), spec('runningVariance', ones, true)],
    ];
  },
  build({ epsilon = 1e-5, momentum = 0.1 }, x, { parameters, isTraining, update }) {
    const [scale, shift, runningMean, runningVariance] = parameters as [Tensor, Tensor, Tensor, Tensor];
    if (!isTraining) {
      const factor = divide(scale, sqrt(add(runningVariance, epsilon)));
      return add(multiply(x, factor), subtract(shift, multiply(runningMean, factor)));
    }
    return rowsByChannel(x, (rows) => {
      const [count, channels] = rows.shape as [number, number];
      const mean = multiply(sumRows(rows), 1 / count);
      const centred = subtract(rows, mean);
      const variance = multiply(sumRows(square(centred)), 1 / count);
      const blend = (running: Tensor, now: Tensor, factor: number) =>
        update(
          running,
          add(multiply(running, 1 - momentum), reshape(multiply(now, momentum * factor), running.shape)),
        );
      blend(runningMean, mean, 1);
      blend(runningVariance, variance, count / Math.max(1, count - 1));
      const inverse = divide(like(rows, 1), sqrt(add(variance, epsilon)));
      const own = [scale, shift].map((one) => reshape(one, [channels]));
      return rows.graph.apply('normalizeColumns', [rows, centred, inverse, ...own], {});
    });
  },
};

const like = ({ graph }: Tensor, value: number): Tensor =>
  graph.apply('constant', [], { shape: [], values: [value] });

/** [channels, 1, …], which broadcasts along the places. */
export function perChannel(input: Shape): Shape {
  return input.map((size, axis) => (axis === 0 ? size : 1));
}
