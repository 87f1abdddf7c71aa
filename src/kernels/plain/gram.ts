/** Slow oracles of the kernels `fillDesignRows`, `addGram` and `addResidualGradient`. Matrices are arrays of rows. */

export interface PlainDesign {
  readonly x: readonly (readonly number[])[];
  readonly y: readonly (readonly number[])[];
  readonly weights?: readonly number[] | undefined;
  readonly one: number;
  readonly shift: ArrayLike<number>;
  readonly scale: ArrayLike<number>;
}

/** √w · [one, (X − m) ∘ s, (Y − m) ∘ s] */
export function plainDesignRows({ x, y, weights, one, shift, scale }: PlainDesign): number[][] {
  return x.map((row, i) => {
    const root = Math.sqrt(weights?.[i] ?? 1);
    const values = [...row, ...y[i]!].map((value, j) => (value - shift[1 + j]!) * scale[1 + j]!);
    return [one, ...values].map((value) => value * root);
  });
}

/** ZᵀZ */
export function plainGram(z: readonly (readonly number[])[]): number[][] {
  const width = z[0]!.length;
  return Array.from({ length: width }, (_, i) =>
    Array.from({ length: width }, (_, j) => z.reduce((sum, row) => sum + row[i]! * row[j]!, 0)),
  );
}

/** −Zᵀ(Zv) */
export function plainResidualGradient(z: readonly (readonly number[])[], v: ArrayLike<number>): number[] {
  const residuals = z.map((row) => -row.reduce((sum, value, j) => sum + value * v[j]!, 0));
  return z[0]!.map((_, j) => z.reduce((sum, row, i) => sum + row[j]! * residuals[i]!, 0));
}
