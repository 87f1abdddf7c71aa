import { type Column, Frame } from '../src/core/frame.ts';
import type { RandomState } from '../src/core/random.ts';

const names = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);

/** A window of a table that never drifts: numbers, categories up to 100 levels, booleans, missing values, identifiers. */
export function steadyTable(random: RandomState, rows: number): Frame {
  const even = (levels: number) => random.randint(0, levels, rows);
  // Level k with probability about 1/k, by the inverse of the logarithm.
  const uneven = (levels: number) =>
    Int32Array.from(random.randomSample(rows), (u) => Math.floor(levels ** u) - 1);
  const text = (prefix: string, codes: Int32Array, levels: number): Column => {
    return { kind: 'string', codes, levels: names(prefix, levels) };
  };
  const sometimes = (share: number) => Uint8Array.from(random.randomSample(rows), (u) => (u < share ? 1 : 0));
  const numbers = (values: Float64Array, missing?: Uint8Array): Column => ({
    kind: 'number',
    values,
    missing,
  });
  const normals = () => random.fillNormal(new Float64Array(rows));
  const own = Int32Array.from({ length: rows }, (_, i) => i);
  return new Frame([
    ['three', text('a', even(3), 3)],
    ['hundred', text('b', even(100), 100)],
    ['hundred more', text('c', even(100), 100)],
    ['hundred uneven', text('d', uneven(100), 100)],
    ['thirty uneven', text('e', uneven(30), 30)],
    ['identifier', text(`f${random.randint(0, 1e9)}-`, own, rows)],
    ['rare', text('g', uneven(100_000), 100_000)],
    ['flag', { kind: 'boolean', values: sometimes(0.02) }],
    ['normal', numbers(normals())],
    ['normal, gaps', numbers(normals(), sometimes(0.1))],
    ['few gaps', numbers(normals(), sometimes(0.003))],
    ['lognormal', numbers(normals().map((z) => Math.exp(2 * z)))],
    ['integer', numbers(Float64Array.from(random.randint(0, 7, rows)))],
    ['mostly zero', numbers(normals().map((z) => Math.max(0, z - 1)))],
  ]);
}
