import { DataError } from '../../core/errors.ts';
import type { OnnxBuilder, OnnxValue } from '../../define/onnx.ts';
import type { Observation } from '../environment.ts';
import type { Space } from '../space.ts';

/** How an observation becomes the inputs of a network: numbers as they are, each whole number as a 1 among zeros. Plain data. */
export interface ObservationFeatures {
  /** Inputs. */
  readonly width: number;
  /** Values of each whole number; empty where observations are numbers. */
  readonly sizes: Int32Array;
}

export function featuresOf(space: Space): ObservationFeatures {
  if (space.kind === 'box') return { width: space.low.length, sizes: new Int32Array(0) };
  const sizes = Int32Array.from(space.kind === 'discrete' ? [space.n] : space.sizes);
  return { width: sizes.reduce((sum, size) => sum + size, 0), sizes };
}

/** Whether observations of the space have these features. */
export function suitsFeatures(features: ObservationFeatures, space: Space): boolean {
  const { width, sizes } = featuresOf(space);
  return (
    width === features.width &&
    sizes.length === features.sizes.length &&
    sizes.every((size, j) => size === features.sizes[j])
  );
}

/** Writes the inputs for an observation from `into[at]` on. Whole numbers are taken to be in range. */
export function writeFeatures(
  { sizes, width }: ObservationFeatures,
  observation: Observation | Float64Array,
  into: Float32Array | Float64Array,
  at: number,
): void {
  if (sizes.length === 0) {
    const numbers = observation as ArrayLike<number>;
    for (let j = 0; j < width; j++) into[at + j] = numbers[j]!;
    return;
  }
  into.fill(0, at, at + width);
  if (typeof observation === 'number') {
    into[at + observation] = 1;
    return;
  }
  let base = at;
  for (let j = 0; j < sizes.length; j++) {
    into[base + observation[j]!] = 1;
    base += sizes[j]!;
  }
}

/**
 * The inputs of each row of a table, row-major, rows × width.
 * @throws DataError for a number that is not one of those that can be observed.
 */
export function featureRows(features: ObservationFeatures, data: Float64Array, rows: number): Float64Array {
  const { sizes, width } = features;
  if (sizes.length === 0) return data;
  const columns = sizes.length;
  const out = new Float64Array(rows * width);
  for (let i = 0; i < rows; i++) {
    const row = data.subarray(i * columns, (i + 1) * columns);
    for (let j = 0; j < columns; j++) {
      if (Number.isInteger(row[j]) && row[j]! >= 0 && row[j]! < sizes[j]!) continue;
      throw new DataError(
        'data/unknown-state',
        `Row ${i} is ${row[j]} in column ${j}, but what can be observed there is a whole number 0 … ${sizes[j]! - 1}.`,
        { row: i, column: j },
      );
    }
    writeFeatures(features, row, out, i * width);
  }
  return out;
}

/** The same in a graph: float64 [rows, columns] → [rows, width]. */
export function featureNodes({ sizes }: ObservationFeatures, x: OnnxValue, graph: OnnxBuilder): OnnxValue {
  if (sizes.length === 0) return x;
  // ONNX Runtime has no OneHot of float64.
  const levels = graph.constant(Float32Array.of(0, 1));
  const parts = Array.from(sizes, (size, j) => {
    const column = sizes.length === 1 ? x : graph.node('Gather', [x, graph.constant([j])], { axis: 1 });
    const places = graph.node('Cast', [graph.node('Reshape', [column, graph.constant([-1])])], { to: 7 });
    const marks = graph.node('OneHot', [places, graph.constant([size]), levels], { axis: -1 });
    return graph.node('Cast', [marks], { to: 11 });
  });
  return parts.length === 1 ? parts[0]! : graph.node('Concat', parts, { axis: 1 });
}
