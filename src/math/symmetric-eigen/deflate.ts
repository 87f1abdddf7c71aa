/** What is left of a rank-one update once the eigenpairs that it does not change have been taken out. */
export interface Deflated {
  /** Positions (in d and z) of those that change, by ascending d. */
  readonly kept: number[];
  /** Positions of those that stay. */
  readonly settled: number[];
}

/** Which half's columns a vector has entries in: 1 the first, 2 the second, 3 both. */
export type Halves = Uint8Array;

/**
 * Takes out of diag(d) + ρ z zᵀ what a backward error of a few ε leaves as it is: entries with a negligible z, and, of two d that are close together,
 * one combination, which `rotate` brings about, told which halves either had entries in (J. Dongarra and D. Sorensen, SIAM J. Sci. Stat. Comput. 8, 1987).
 * d, z and `halves` are changed to match.
 */
export function deflate(
  d: Float64Array,
  z: Float64Array,
  rho: number,
  halves: Halves,
  rotate: (a: number, b: number, c: number, s: number, sideA: number, sideB: number) => void,
): Deflated {
  const order = Array.from(d.keys()).sort((a, b) => d[a]! - d[b]!);
  const largest = (values: Float64Array) =>
    values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const tolerance = 8 * Number.EPSILON * Math.max(largest(d), largest(z));
  const kept: number[] = [];
  const settled: number[] = [];
  let last = -1;
  for (const here of order) {
    if (rho * Math.abs(z[here]!) <= tolerance) {
      settled.push(here);
      continue;
    }
    if (last >= 0) {
      const length = Math.hypot(z[last]!, z[here]!);
      const c = z[here]! / length;
      const s = -z[last]! / length;
      if (Math.abs((d[here]! - d[last]!) * c * s) <= tolerance) {
        z[here] = length;
        z[last] = 0;
        rotate(last, here, c, s, halves[last]!, halves[here]!);
        if (halves[here] !== halves[last]) halves[here] = halves[last] = 3;
        const [a, b] = [d[last]!, d[here]!];
        d[last] = a * c * c + b * s * s;
        d[here] = a * s * s + b * c * c;
        settled.push(last);
        last = here;
        continue;
      }
      kept.push(last);
    }
    last = here;
  }
  if (last >= 0) kept.push(last);
  return { kept, settled };
}
