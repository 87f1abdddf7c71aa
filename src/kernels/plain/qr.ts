/**
 * Slow oracle of the kernels `foldRows` and `pivotedQr`: R of A = QR by modified Gram–Schmidt, with a positive diagonal (R is
 * unique up to the signs of its rows). At each step the column with the largest rest is taken when `pivoted`, the first among equals.
 */
export function plainQr(
  a: readonly (readonly number[])[],
  steps: number,
  order: 'natural' | 'pivoted' = 'natural',
): { readonly r: number[][]; readonly order: number[] } {
  const width = a[0]!.length;
  const columns = Array.from({ length: width }, (_, j) => a.map((row) => row[j]!));
  const rest = columns.map((_, j) => j);
  const taken: number[] = [];
  const rows: number[][] = [];
  for (let k = 0; k < steps; k++) {
    const norms = rest.map((j) => Math.hypot(...columns[j]!));
    const pick = order === 'pivoted' ? norms.indexOf(Math.max(...norms)) : 0;
    const pivot = rest[pick]!;
    // Like the kernel, which swaps the pivot with the column in its place.
    rest[pick] = rest[0]!;
    rest.shift();
    taken.push(pivot);
    const norm = norms[pick]!;
    const q = columns[pivot]!.map((value) => value / norm);
    const row = new Array<number>(width).fill(0);
    row[pivot] = norm;
    for (const j of rest) {
      const along = q.reduce((sum, value, i) => sum + value * columns[j]![i]!, 0);
      row[j] = along;
      columns[j] = columns[j]!.map((value, i) => value - along * q[i]!);
    }
    rows.push(row);
  }
  const full = [...taken, ...rest];
  return { r: rows.map((row) => full.map((j) => row[j]!)), order: full };
}
