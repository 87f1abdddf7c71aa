import type { Workers } from '../least-squares-problem.ts';
import { type Coordinates, placePoints } from '../points/points.ts';
import type { MiniBatchProblem } from './mini-batch.ts';
import { labelBatch } from './mini-batch-step.ts';
import { drawRows, seedRows } from './seed.ts';

/** The start that suits a random part of the rows best; the draws are scikit-learn's. In coordinates. */
export async function bestStart(
  workers: Workers,
  problem: MiniBatchProblem,
  coordinates: Coordinates,
  batchSize: number,
): Promise<Float64Array> {
  const { x, sampleWeight, nClusters, random } = problem;
  const { rows, columns } = x;
  let size = problem.initSize ?? 3 * batchSize;
  if (size < nClusters) size = 3 * nClusters;
  size = Math.min(size, rows);
  const valid = random.randint(0, rows, size);
  const validRows = x.take(valid);
  const validWeights = sampleWeight && Float64Array.from(valid, (i) => sampleWeight[i]!);
  let best: Float64Array | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (let start = 0; start < problem.starts; start++) {
    const chosen = size < rows ? random.randint(0, rows, size) : undefined;
    const centers = await startCenters(chosen);
    const { inertia } = await labelBatch(workers, centers, coordinates, validRows, validWeights);
    if (best === undefined || inertia < least) {
      best = centers;
      least = inertia;
    }
  }
  return best!;

  async function startCenters(chosen: Int32Array | undefined): Promise<Float64Array> {
    const { init } = problem;
    const centers = new Float64Array(nClusters * columns);
    if (typeof init !== 'string') {
      for (let at = 0; at < centers.length; at++) {
        const j = at % columns;
        centers[at] = (init[Math.floor(at / columns)]![j]! - coordinates.mean[j]!) * coordinates.scale;
      }
      return centers;
    }
    const table = chosen === undefined ? x : x.take(chosen);
    const weights =
      sampleWeight && chosen ? Float64Array.from(chosen, (i) => sampleWeight[i]!) : sampleWeight;
    return workers.team.arena.scopeAsync(async () => {
      const { arena } = workers.team;
      const points = await placePoints(workers, table, coordinates);
      const data = {
        points,
        sampleWeight: weights,
        weights: weights === undefined ? 0 : arena.place(weights),
      };
      const seeds =
        init === 'random' ? drawRows(data, nClusters, random) : seedRows(workers, data, nClusters, random);
      for (const [c, row] of seeds.entries()) {
        centers.set(arena.viewF64(points.x64 + 8 * row * points.stride64, columns), c * columns);
      }
      return centers;
    });
  }
}
