import type { RandomState } from '../../core/random.ts';

/**
 * Orthonormal rows, or columns where these are fewer, times `gain`: row-major [inputs, outputs]. A. Saxe et al., Exact solutions to the
 * nonlinear dynamics of learning in deep linear neural networks (2014).
 */
export function orthogonalWeights(
  inputs: number,
  outputs: number,
  gain: number,
  random: RandomState,
): Float32Array {
  const [count, length] = inputs <= outputs ? [inputs, outputs] : [outputs, inputs];
  const vectors: Float64Array[] = [];
  for (let k = 0; k < count; k++) {
    const vector = random.fillNormal(new Float64Array(length));
    // Gram and Schmidt's method; the second pass takes what rounding left of the first.
    for (let pass = 0; pass < 2; pass++) for (const earlier of vectors) removePart(vector, earlier);
    const norm = Math.sqrt(dot(vector, vector));
    for (let i = 0; i < length; i++) vector[i] = vector[i]! / norm;
    vectors.push(vector);
  }
  const out = new Float32Array(inputs * outputs);
  for (let i = 0; i < inputs; i++) {
    for (let j = 0; j < outputs; j++)
      out[i * outputs + j] = gain * (inputs <= outputs ? vectors[i]![j]! : vectors[j]![i]!);
  }
  return out;
}

/** Uniform within ±1 ÷ √inputs. */
export function uniformWeights(count: number, inputs: number, random: RandomState): Float32Array {
  const bound = 1 / Math.sqrt(inputs);
  return Float32Array.from(random.fillUniform(new Float64Array(count), -bound, bound));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function removePart(vector: Float64Array, unit: Float64Array): void {
  const share = dot(vector, unit);
  for (let i = 0; i < vector.length; i++) vector[i] = vector[i]! - share * unit[i]!;
}
