/**
 * Mean and variance of all that was seen, one value at a time by T. Chan's updating formulae (1979). It begins, as Gymnasium's, with mean
 * 0 and variance 1 at the weight of 10⁻⁴ values.
 */
export class RunningStatistics {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  count = 1e-4;
  /** Set it to false to keep the statistics as they are, e.g. for evaluation. */
  isUpdating = true;

  constructor(width: number) {
    this.mean = new Float64Array(width);
    this.variance = new Float64Array(width).fill(1);
  }

  update(values: ArrayLike<number>): void {
    if (!this.isUpdating) return;
    const { mean, variance, count } = this;
    const total = count + 1;
    for (let j = 0; j < mean.length; j++) {
      const delta = values[j]! - mean[j]!;
      mean[j] = mean[j]! + delta / total;
      variance[j] = (variance[j]! * count + (delta * delta * count) / total) / total;
    }
    this.count = total;
  }
}
