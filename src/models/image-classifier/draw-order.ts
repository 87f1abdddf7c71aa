import type { RandomState } from '../../core/random.ts';
import { sharedArray } from '../../core/shared.ts';

/** Which pictures a pass shows. */
export interface EpochOrder {
  /** Pictures of a pass. */
  readonly length: number;
  /** Share of each class in a pass. */
  readonly shares: Float64Array;
  /** Numbers of the pictures of the next pass, shuffled. */
  next(): Int32Array;
}

/**
 * Classes are shown in shares ∝ n_c^(1 − balance) of their pictures n_c. Each class goes through all its pictures in random order before one
 * comes again, from pass to pass.
 * @param pictures Numbers of the pictures to choose from.
 * @param length Pictures of a pass; null: as many as there are.
 */
export function epochOrder(
  pictures: Int32Array,
  codes: Int32Array,
  {
    classes,
    balance,
    length,
  }: { readonly classes: number; readonly balance: number; readonly length: number | null },
  random: RandomState,
): EpochOrder {
  const own: number[][] = Array.from({ length: classes }, () => []);
  for (const i of pictures) own[codes[i]!]!.push(i);
  const count = length ?? pictures.length;
  const raw = own.map((members) => (members.length === 0 ? 0 : members.length ** (1 - balance)));
  const total = raw.reduce((sum, value) => sum + value, 0);
  const shares = Float64Array.from(raw, (value) => value / total);
  const quotas = wholeShares(shares, count);
  const queues = own.map((members) => queueThrough(members, random));
  return {
    length: count,
    shares,
    next() {
      const order = sharedArray(Int32Array, count);
      let at = 0;
      for (const [c, quota] of quotas.entries()) for (let k = 0; k < quota; k++) order[at++] = queues[c]!();
      random.shuffle(order);
      return order;
    },
  };
}

/** Whole numbers that sum to `count`, nearest to the shares by largest remainders; a class that is there gets one at least. */
function wholeShares(shares: Float64Array, count: number): Int32Array {
  const quotas = Int32Array.from(shares, (share) => (share > 0 ? Math.max(1, Math.floor(share * count)) : 0));
  const byRemainder = [...shares.keys()].sort((a, b) => {
    const rest = (c: number) => shares[c]! * count - quotas[c]!;
    return rest(b) - rest(a) || a - b;
  });
  let left = count - quotas.reduce((sum, quota) => sum + quota, 0);
  for (let k = 0; left > 0; k = (k + 1) % byRemainder.length) {
    const c = byRemainder[k]!;
    if (shares[c]! === 0) continue;
    quotas[c]!++;
    left--;
  }
  // Where classes outnumber the pictures of a pass, the largest give way.
  for (; left < 0; left++) {
    const most = quotas.indexOf(Math.max(...quotas));
    quotas[most]!--;
  }
  return quotas;
}

function queueThrough(members: readonly number[], random: RandomState): () => number {
  const order = Int32Array.from(members);
  let at = order.length;
  return () => {
    if (at === order.length) {
      random.shuffle(order);
      at = 0;
    }
    return order[at++]!;
  };
}
