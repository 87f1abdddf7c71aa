export interface PlainDense {
  readonly x: ArrayLike<number>;
  readonly rows: number;
  readonly inputs: number;
  /** Row-major, inputs × outputs. */
  readonly weights: ArrayLike<number>;
  readonly bias: ArrayLike<number>;
  /** As the kernel counts them: none, ReLU, tanh, logistic. */
  readonly activation: number;
}

const activations = [
  (x: number) => x,
  (x: number) => Math.max(x, 0),
  Math.tanh,
  (x: number) => 1 / (1 + Math.exp(-x)),
] as const;

/** What the kernel `denseForward` gives, in float64. */
export function denseForward({ x, rows, inputs, weights, bias, activation }: PlainDense): Float64Array {
  const outputs = bias.length;
  return Float64Array.from({ length: rows * outputs }, (_, at) => {
    const [row, j] = [Math.floor(at / outputs), at % outputs];
    let sum = bias[j]!;
    for (let i = 0; i < inputs; i++) sum += x[row * inputs + i]! * weights[i * outputs + j]!;
    return activations[activation]!(sum);
  });
}
