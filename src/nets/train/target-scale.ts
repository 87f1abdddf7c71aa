/** Targets are trained on as (y − mean) / deviation, one of each a target. */
export interface TargetScale {
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
}

export interface StandardizedTargets {
  readonly scale: TargetScale;
  /** Row-major values in the units of training. */
  scaled(y: Float64Array): Float64Array;
}

/** @param how Whether to standardise, or a scale to keep. */
export function standardizeTargets(
  y: Float64Array,
  targets: number,
  weight: Float64Array | undefined,
  how: boolean | TargetScale,
): StandardizedTargets {
  const scale = typeof how === 'object' ? how : how ? momentsOf(y, targets, weight) : plain(targets);
  const { mean, deviation } = scale;
  return {
    scale,
    scaled: (values) => values.map((value, i) => (value - mean[i % targets]!) / deviation[i % targets]!),
  };
}

function plain(targets: number): TargetScale {
  return { mean: new Float64Array(targets), deviation: new Float64Array(targets).fill(1) };
}

/** A target of one value has deviation 1. */
function momentsOf(y: Float64Array, targets: number, weight: Float64Array | undefined): TargetScale {
  const { mean, deviation } = plain(targets);
  const rows = y.length / targets;
  let total = 0;
  for (let i = 0; i < rows; i++) total += weight?.[i] ?? 1;
  for (let k = 0; k < targets; k++) {
    for (let i = 0; i < rows; i++) mean[k]! += ((weight?.[i] ?? 1) / total) * y[i * targets + k]!;
    let squares = 0;
    for (let i = 0; i < rows; i++)
      squares += ((weight?.[i] ?? 1) / total) * (y[i * targets + k]! - mean[k]!) ** 2;
    const root = Math.sqrt(squares);
    // What rounding leaves of a target of one value is no spread.
    if (root > 1e-12 * Math.abs(mean[k]!)) deviation[k] = root;
  }
  return { mean, deviation };
}
