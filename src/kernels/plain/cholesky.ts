/** Slow oracle of the kernel `choleskyPanel`: U with A = UᵀU, row by row from the definition; undefined at a pivot ≤ 0. */
export function plainCholesky(a: readonly (readonly number[])[]): number[][] | undefined {
  const order = a.length;
  const u = a.map(() => new Array<number>(order).fill(0));
  for (let i = 0; i < order; i++) {
    for (let j = i; j < order; j++) {
      let sum = a[i]![j]!;
      for (let k = 0; k < i; k++) sum -= u[k]![i]! * u[k]![j]!;
      if (j > i) u[i]![j] = sum / u[i]![i]!;
      else if (sum > 0) u[i]![i] = Math.sqrt(sum);
      else return undefined;
    }
  }
  return u;
}
