// The slow oracle of `rankGradients`: the definition, pair by pair.

export interface PlainRankedRow {
  readonly query: number;
  readonly label: number;
  readonly score: number;
  readonly weight: number;
}

export interface PlainRankRule {
  readonly labelGain: readonly number[];
  readonly truncationLevel: number;
  readonly sigmoid: number;
  readonly normalize: boolean;
}

/** First and second derivative of each row. */
export function plainRankDerivatives(
  rows: readonly PlainRankedRow[],
  { labelGain, truncationLevel, sigmoid, normalize }: PlainRankRule,
): [number, number][] {
  const results = rows.map((): [number, number] => [0, 0]);
  for (const query of new Set(rows.map((row) => row.query))) {
    const own = [...rows.keys()]
      .filter((i) => rows[i]!.query === query)
      .sort((a, b) => rows[b]!.score - rows[a]!.score);
    const gain = (i: number) => labelGain[rows[i]!.label]!;
    const discount = (place: number) => 1 / Math.log2(place + 2);
    const ideal = own
      .map(gain)
      .sort((a, b) => b - a)
      .slice(0, truncationLevel)
      .reduce((sum, value, place) => sum + value * discount(place), 0);
    if (ideal === 0) continue;
    const isSpread = normalize && rows[own[0]!]!.score !== rows[own.at(-1)!]!.score;
    let total = 0;
    for (const [p, a] of own.entries()) {
      for (const [q, b] of own.entries()) {
        // Row a is the more relevant one.
        if (gain(a) <= gain(b) || Math.min(p, q) >= truncationLevel) continue;
        const ahead = rows[a]!.score - rows[b]!.score;
        let delta = ((gain(a) - gain(b)) * Math.abs(discount(p) - discount(q))) / ideal;
        if (isSpread) delta /= 0.01 + Math.abs(ahead);
        const rho = 1 / (1 + Math.exp(sigmoid * ahead));
        results[a]![0] -= sigmoid * rho * delta;
        results[b]![0] += sigmoid * rho * delta;
        for (const i of [a, b]) results[i]![1] += sigmoid ** 2 * rho * (1 - rho) * delta;
        total += 2 * sigmoid * rho * delta;
      }
    }
    const factor = normalize && total > 0 ? Math.log2(1 + total) / total : 1;
    for (const i of own) results[i] = [results[i]![0] * factor, results[i]![1] * factor];
  }
  return results.map(([gradient, hessian], i) => [gradient * rows[i]!.weight, hessian * rows[i]!.weight]);
}
