/** When a training gets no better. */
export interface SettleOptions {
  /** By how much a loss must fall (or a score rise) to count as better. Default 1e-4. */
  readonly tol?: number;
  /** Passes without anything better after which training ends; null for none. Default 10. */
  readonly nIterNoChange?: number | null;
  /** Instead of ending, the learning rate is multiplied by `factor` while it is above `least` times that of the start. */
  readonly plateau?: { readonly factor: number; readonly least: number } | undefined;
}

export interface Settling {
  readonly hasSettled: boolean;
  /** What plateaus have made of the learning rate. */
  readonly rateFactor: number;
}

/**
 * Where a training stands after passes with these losses, the less the better: a function of nothing else, so that one that is
 * continued stands where it stood.
 */
export function settling(losses: readonly number[], options: SettleOptions): Settling {
  const { tol = 1e-4, nIterNoChange = 10, plateau } = options;
  let [best, idle, rateFactor] = [Number.POSITIVE_INFINITY, 0, 1];
  if (nIterNoChange === null) return { hasSettled: false, rateFactor };
  for (const loss of losses) {
    idle = loss > best - tol ? idle + 1 : 0;
    best = Math.min(best, loss);
    if (idle <= nIterNoChange) continue;
    if (plateau === undefined || rateFactor <= plateau.least) return { hasSettled: true, rateFactor };
    rateFactor *= plateau.factor;
    idle = 0;
  }
  return { hasSettled: false, rateFactor };
}
