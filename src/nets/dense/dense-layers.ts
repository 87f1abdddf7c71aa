import type { Eventually } from '../../core/eventually.ts';
import { type FloatArray, sharedArray } from '../../core/shared.ts';
import type { Workers } from '../../kernels/host/over-blocks.ts';
import { addProduct, PRODUCT_SCRATCH, rowMajor } from '../../math/product.ts';

export type DenseActivation = 'identity' | 'relu' | 'tanh' | 'logistic';

/** A fitted dense layer: activation(x · weights + bias). */
export interface DenseLayer {
  /** Row-major, inputs × outputs. */
  readonly weights: FloatArray;
  readonly bias: FloatArray;
  readonly activation: DenseActivation;
}

const functions: { readonly [A in DenseActivation]: (x: number) => number } = {
  identity: (x) => x,
  relu: (x) => Math.max(x, 0),
  tanh: Math.tanh,
  logistic: (x) => 1 / (1 + Math.exp(-x)),
};

function activate(values: Float64Array, from: number, to: number, activation: DenseActivation): void {
  if (activation === 'identity') return;
  const f = functions[activation];
  for (let i = from; i < to; i++) values[i] = f(values[i]!);
}

/** Multiplications of a row. */
export function denseOperations(layers: readonly DenseLayer[]): number {
  return layers.reduce((total, { weights }) => total + weights.length, 0);
}

/** One row through the layers, in float64, at once. */
export function denseRow(row: Float64Array, layers: readonly DenseLayer[]): Float64Array {
  let values = row;
  for (const { weights, bias, activation } of layers) {
    const outputs = bias.length;
    const next = Float64Array.from(bias);
    for (let i = 0, at = 0; i < values.length; i++, at += outputs) {
      const x = values[i]!;
      if (x === 0) continue;
      for (let j = 0; j < outputs; j++) next[j]! += x * weights[at + j]!;
    }
    activate(next, 0, outputs, activation);
    values = next;
  }
  return values;
}

/** Rows that go through all layers together. */
const BLOCK_ROWS = 512;
/** Multiplications up to which the kernel's preparations cost more than they save. */
const FEW_OPERATIONS = 200_000;

/**
 * Rows through the layers, in float64 whatever the precision of the training, so that a row gets the same numbers by itself, among many, on
 * any thread and in an ONNX file, but for the last places. Large tables go through the kernel for products on all threads.
 */
export function denseRows(
  workers: Workers,
  x: { readonly data: Float64Array; readonly rows: number; readonly columns: number },
  layers: readonly DenseLayer[],
): Eventually<Float64Array> {
  const { data, rows, columns } = x;
  const width = layers.at(-1)!.bias.length;
  const results = sharedArray(Float64Array, rows * width);
  if (rows * denseOperations(layers) <= FEW_OPERATIONS) {
    for (let i = 0; i < rows; i++)
      results.set(denseRow(data.subarray(i * columns, (i + 1) * columns), layers), i * width);
    return results;
  }
  const { arena, threads } = workers.team;
  return arena.scope(() => {
    const scratch = arena.f64(PRODUCT_SCRATCH * threads);
    const weights = layers.map((layer) => arena.place(Float64Array.from(layer.weights)));
    const widest = layers.reduce((most, { bias }) => Math.max(most, bias.length), columns);
    const places = [arena.f64(BLOCK_ROWS * widest), arena.f64(BLOCK_ROWS * widest)];
    for (let from = 0; from < rows; from += BLOCK_ROWS) {
      const count = Math.min(BLOCK_ROWS, rows - from);
      arena.viewF64(places[0]!, count * columns).set(data.subarray(from * columns, (from + count) * columns));
      let inputs = columns;
      for (const [k, { bias, activation }] of layers.entries()) {
        const outputs = bias.length;
        const [a, c] = [places[k % 2]!, places[(k + 1) % 2]!];
        const sums = arena.viewF64(c, count * outputs);
        for (let i = 0; i < count; i++) sums.set(bias, i * outputs);
        addProduct(workers, scratch, {
          ...{ rows: count, depth: inputs, columns: outputs, factor: 1 },
          ...{ a: rowMajor(a, inputs), b: rowMajor(weights[k]!, outputs), c: rowMajor(c, outputs) },
        });
        activate(sums, 0, sums.length, activation);
        inputs = outputs;
      }
      const last = places[layers.length % 2]!;
      results.set(arena.viewF64(last, count * width), from * width);
    }
    return results;
  });
}
