export interface PlainDenseBackward {
  readonly x: ArrayLike<number>;
  readonly rows: number;
  readonly inputs: number;
  /** Row-major, inputs × outputs. */
  readonly weights: ArrayLike<number>;
  /** Slopes of the loss at x · weights + bias. */
  readonly dy: ArrayLike<number>;
  /** Of the layer that made x, as the kernel counts them: none, ReLU, tanh, logistic. */
  readonly before: number;
}

export interface PlainDenseSlopes {
  /** At what the layer that made x had before its activation. */
  readonly dx: Float64Array;
  readonly dWeights: Float64Array;
  readonly dBias: Float64Array;
}

/** Derivatives of the activations where they gave x. */
const derivatives = [
  () => 1,
  (x: number) => Number(x > 0),
  (x: number) => 1 - x * x,
  (x: number) => x * (1 - x),
] as const;

/** What the kernels `panelBackward` and `panelGradient` give, in float64. */
export function denseBackward({
  x,
  rows,
  inputs,
  weights,
  dy,
  before,
}: PlainDenseBackward): PlainDenseSlopes {
  const outputs = weights.length / inputs;
  const dx = new Float64Array(rows * inputs);
  const dWeights = new Float64Array(weights.length);
  const dBias = new Float64Array(outputs);
  for (let row = 0; row < rows; row++) {
    for (let o = 0; o < outputs; o++) {
      const slope = dy[row * outputs + o]!;
      dBias[o]! += slope;
      for (let i = 0; i < inputs; i++) {
        dWeights[i * outputs + o]! += x[row * inputs + i]! * slope;
        dx[row * inputs + i]! += weights[i * outputs + o]! * slope;
      }
    }
  }
  for (let at = 0; at < dx.length; at++) dx[at]! *= derivatives[before]!(x[at]!);
  return { dx, dWeights, dBias };
}
