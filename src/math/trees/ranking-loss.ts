import type { Team } from '../../kernels/host/team.ts';
import type { BoostingLoss } from './boosting-loss.ts';

/** What LambdaRank is told. */
export interface RankingRule {
  /** Query of each training row, as codes. */
  readonly queries: Int32Array;
  /** What a row of each relevance 0, 1, … gains. */
  readonly labelGain: readonly number[];
  /** Pairs count of which one row is among so many first of its query. */
  readonly truncationLevel: number;
  /** Steepness of the sigmoid. */
  readonly sigmoid: number;
  /** Whether queries weigh alike, whatever their scores and sizes. */
  readonly normalize: boolean;
}

/** Rows of queries, one after another. */
interface PlacedQueries {
  readonly count: number;
  readonly most: number;
  /** Pointers. */
  readonly gains: number;
  readonly order: number;
  readonly starts: number;
  readonly inverse: number;
  readonly discounts: number;
  readonly scratch: number;
}

/**
 * LambdaRank: pairs of rows of a query pull apart by how much their exchange would change the query's NDCG. See the kernel `rankGradients` for the
 * formulas. Source: C. Burges, "From RankNet to LambdaRank to LambdaMART: an overview" (2010).
 */
export function rankingLoss(rule: RankingRule): BoostingLoss {
  let placed: PlacedQueries | undefined;
  const { truncationLevel, sigmoid, normalize } = rule;
  return {
    baseline: () => Float64Array.of(0),
    allGradients(team, rows, training) {
      const { arena } = team;
      placed ??= placeQueries(team, arena.viewF64(rows.y, training), rule);
      const { count, most, gains, order, starts, inverse, discounts, scratch } = placed;
      team.callIfLarge(
        training * Math.min(truncationLevel, most),
        'rankGradients',
        ...([rows.scores, gains, order, starts, count, inverse, discounts] as const),
        ...([
          truncationLevel,
          sigmoid,
          normalize ? 1 : 0,
          rows.weights,
          rows.gradients,
          scratch,
          most,
        ] as const),
      );
    },
  };
}

/** Placed once, by the first call, and freed with the boosting's memory. */
function placeQueries({ arena, threads }: Team, y: Float64Array, rule: RankingRule): PlacedQueries {
  const { queries, labelGain, truncationLevel } = rule;
  const count = queries.reduce((last, query) => Math.max(last, query), -1) + 1;
  const starts = new Int32Array(count + 1);
  for (const query of queries) starts[query + 1]!++;
  let most = 1;
  for (let q = 0; q < count; q++) {
    most = Math.max(most, starts[q + 1]!);
    starts[q + 1]! += starts[q]!;
  }
  const order = new Int32Array(queries.length);
  const next = starts.slice();
  for (let i = 0; i < queries.length; i++) order[next[queries[i]!]!++] = i;
  const gains = Float64Array.from(y, (label) => labelGain[label]!);
  const discounts = Float64Array.from({ length: most }, (_, place) => 1 / Math.log2(place + 2));
  const inverse = new Float64Array(count);
  for (let q = 0; q < count; q++) {
    const own = Float64Array.from(order.subarray(starts[q]!, starts[q + 1]!), (row) => gains[row]!)
      .sort()
      .reverse();
    let ideal = 0;
    for (let place = 0; place < Math.min(own.length, truncationLevel); place++)
      ideal += own[place]! * discounts[place]!;
    inverse[q] = ideal > 0 ? 1 / ideal : 0;
  }
  return {
    ...{ count, most },
    gains: arena.place(gains),
    order: arena.place(order),
    starts: arena.place(starts),
    inverse: arena.place(inverse),
    discounts: arena.place(discounts),
    scratch: arena.allocate(threads * Math.ceil((28 * most) / 64) * 64),
  };
}
