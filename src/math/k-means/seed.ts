import type { RandomState } from '../../core/random.ts';
import type { Workers } from '../least-squares-problem.ts';
import type { Points } from '../points/points.ts';
import { clusterShards, shardSlices } from './cluster-shards.ts';

export interface WeightedPoints {
  readonly points: Points;
  readonly sampleWeight: Float64Array | undefined;
  /** Address of the weights, 0 without. */
  readonly weights: number;
}

/** Rows drawn without replacement, in proportion to their weights. */
export function drawRows(
  { points, sampleWeight }: WeightedPoints,
  clusters: number,
  random: RandomState,
): Int32Array {
  return random.choice(points.rows, { size: clusters, replace: false, p: shares(points.rows, sampleWeight) });
}

function shares(rows: number, sampleWeight: Float64Array | undefined): Float64Array {
  if (sampleWeight === undefined) return new Float64Array(rows).fill(1 / rows);
  const total = sampleWeight.reduce((sum, weight) => sum + weight, 0);
  return sampleWeight.map((weight) => weight / total);
}

/**
 * Greedy k-means++ (D. Arthur and S. Vassilvitskii, SODA 2007): each centre is the best of 2 + ⌊log k⌋ rows drawn in proportion to their
 * squared distance from the centres before. The draws are those of scikit-learn for the same random state.
 * @returns the rows that become centres.
 */
export function seedRows(
  workers: Workers,
  data: WeightedPoints,
  clusters: number,
  random: RandomState,
): Int32Array {
  const { team } = workers;
  const { points, sampleWeight, weights } = data;
  const { rows, stride64, x64 } = points;
  const trials = 2 + Math.floor(Math.log(clusters));
  return team.arena.scope(() => {
    const shards = clusterShards(points, trials);
    const closest = team.arena.f64(rows);
    team.arena.viewF64(closest, rows).fill(Number.POSITIVE_INFINITY);
    const candidates = team.arena.f64(trials * stride64);
    const potentials = team.arena.f64(shards.count * trials);
    const measure = (chosen: ArrayLike<number>, keep: 0 | 1): Float64Array => {
      const count = chosen.length;
      for (let c = 0; c < count; c++) {
        const row = team.arena.viewF64(x64 + 8 * chosen[c]! * stride64, stride64);
        team.arena.viewF64(candidates + 8 * c * stride64, stride64).set(row);
      }
      for (const [first, last] of shardSlices(shards, stride64 * count)) {
        team.callIfLarge(
          rows * stride64 * count,
          'seedPotentials',
          ...([x64, stride64, weights, rows, shards.rows, shards.count, first, last] as const),
          ...([candidates, count, keep, closest, potentials] as const),
        );
        workers.checkpoint();
      }
      return team.arena.viewF64(potentials, shards.count * count);
    };

    const found = new Int32Array(clusters);
    found[0] = random.choice(rows, { p: shares(rows, sampleWeight) });
    let parts = measure([found[0]!], 1);
    for (let k = 1; k < clusters; k++) {
      const chosen = drawCandidates(parts, trials);
      const tried = measure(chosen, 0);
      let best = 0;
      let least = Number.POSITIVE_INFINITY;
      for (let c = 0; c < trials; c++) {
        let potential = 0;
        for (let at = c; at < tried.length; at += trials) potential += tried[at]!;
        if (potential < least) {
          least = potential;
          best = c;
        }
      }
      found[k] = chosen[best]!;
      parts = measure([found[k]!], 1);
    }
    return found;

    /** The first row of which the running sum of w · d² reaches u · its total, for each u drawn. */
    function drawCandidates(sums: Float64Array, count: number): Int32Array {
      const before = new Float64Array(sums.length + 1);
      for (let s = 0; s < sums.length; s++) before[s + 1] = before[s]! + sums[s]!;
      const total = before[sums.length]!;
      const distances = team.arena.viewF64(closest, rows);
      return random.randomSample(count).reduce((all, u, c) => {
        const wanted = u * total;
        let shard = 0;
        while (shard < sums.length - 1 && before[shard + 1]! < wanted) shard++;
        let sum = before[shard]!;
        const end = Math.min(rows, (shard + 1) * shards.rows);
        let row = shard * shards.rows;
        for (; row < end; row++) {
          sum += (sampleWeight?.[row] ?? 1) * distances[row]!;
          if (sum >= wanted) break;
        }
        all[c] = Math.min(row, rows - 1);
        return all;
      }, new Int32Array(count));
    }
  });
}
