import { add, divide, mean, multiply, reshape, sqrt, square, subtract } from '../../../tensor/functions.ts';
import { type Shape, sizeOf } from '../../../tensor/tensor.ts';
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
    const spec = (name: string, initializer: typeof ones) => ({
      ...{ name, shape, initializer, fans: noFans, decays: false },
    });
    return [
      ...[spec('scale', ones), spec('shift', zeros)],
      ...[spec('runningMean', zeros), spec('runningVariance', ones)].map((buffer) => ({
        ...buffer,
        isBuffer: true,
      })),
    ];
  },
  build({ epsilon = 1e-5, momentum = 0.1 }, x, context) {
    const [scale, shift, runningMean, runningVariance] = context.parameters;
    const normal = (m: typeof x, variance: typeof x) =>
      add(multiply(subtract(x, m), divide(scale!, sqrt(add(variance, epsilon)))), shift!);
    if (!context.isTraining) return normal(runningMean!, runningVariance!);
    const axes = x.shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
    const how = { axes, keepDims: true };
    const m = mean(x, how);
    const variance = mean(square(subtract(x, m)), how);
    const count = sizeOf(x.shape) / x.shape[1]!;
    const blend = (running: typeof x, now: typeof x, factor: number) =>
      add(multiply(running, 1 - momentum), multiply(now, momentum * factor));
    // Without the batch's axis, as parameters have none.
    const place = (statistic: typeof x) => reshape(statistic, runningMean!.shape);
    context.update(runningMean!, blend(runningMean!, place(m), 1));
    context.update(
      runningVariance!,
      blend(runningVariance!, place(variance), count / Math.max(1, count - 1)),
    );
    return normal(m, variance);
  },
};

/** [channels, 1, …], which broadcasts along the places. */
export function perChannel(input: Shape): Shape {
  return input.map((size, axis) => (axis === 0 ? size : 1));
}
