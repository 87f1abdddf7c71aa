import { allocateBinned, binInto, chooseBins } from './bin.ts';
import type { BoostingProblem, BoostingWorkers } from './boost.ts';
import type { BoostingRows } from './boosting-loss.ts';
import { chooseRows, gather, spread } from './choose-rows.ts';
import { LeafwiseGrower } from './grow-leafwise.ts';
import { sumTrees } from './predict.ts';

/** A problem in the team's memory. */
export interface PlacedBoosting extends BoostingRows {
  readonly training: number;
  readonly heldOut: number;
  readonly baseline: Float64Array;
  readonly heldOutWeights: Float64Array | undefined;
  readonly heldOutY: Float64Array;
  readonly grower: LeafwiseGrower;
}

/** Gathers, bins and scores the rows; training rows come first, the held-out ones follow. */
export async function placeBoosting(
  workers: BoostingWorkers,
  problem: BoostingProblem,
): Promise<PlacedBoosting> {
  const { x, validation, outputs, random, from } = problem;
  const { arena, threads } = workers.team;
  const [trainingRows, heldOutRows] = chooseRows(problem);
  const training = trainingRows.rows;
  const heldOut = heldOutRows.rows;
  const all = training + heldOut;
  const held = validation ?? problem;
  const yPointer = arena.f64(all + 1);
  const y = arena.viewF64(yPointer, all + 1);
  y[all] = 0;
  gather(problem.y, trainingRows, y, 0);
  gather(held.y, heldOutRows, y, training);
  const weights = problem.sampleWeight && new Float64Array(training);
  if (weights !== undefined) gather(problem.sampleWeight!, trainingRows, weights, 0);
  const heldOutWeights = held.sampleWeight && new Float64Array(heldOut);
  if (heldOutWeights !== undefined) gather(held.sampleWeight!, heldOutRows, heldOutWeights, 0);
  const trainingY = y.subarray(0, training);
  const baseline = from?.baseline ?? (await problem.loss.baseline(trainingY, weights, outputs));

  // One score fills a lane; several are padded to whole vectors.
  const lanes = outputs === 1 ? 1 : outputs + (outputs % 2);
  const scores = arena.f64((all + 1) * lanes);
  const view = arena.viewF64(scores, (all + 1) * lanes);
  if (from === undefined) {
    for (let i = 0; i < view.length; i += lanes) {
      for (let k = 0; k < lanes; k++) view[i + k] = baseline[k] ?? Number.NEGATIVE_INFINITY;
    }
  } else {
    view.fill(Number.NEGATIVE_INFINITY);
    const before = await sumTrees(workers, from.trees, x, baseline);
    const heldBefore =
      validation === undefined ? before : await sumTrees(workers, from.trees, validation.x, baseline);
    spread(before, trainingRows, outputs, lanes, view, 0);
    spread(heldBefore, heldOutRows, outputs, lanes, view, training);
    for (let k = 0; k < lanes; k++) view[all * lanes + k] = 0;
  }
  const plane = 8 * (training + (training % 2));
  const rows = {
    ...{ scores, lanes, outputs, plane },
    y: yPointer,
    weights: weights === undefined ? 0 : arena.place(weights),
    gradients: arena.allocate(plane * outputs + 64),
    scratch: arena.allocate(threads * Math.ceil((8 * lanes) / 64) * 64),
  };
  const bins = chooseBins(workers, x, trainingRows, problem.maxBins, random, problem.categories);
  const binned = allocateBinned(workers, bins, all);
  await binInto(workers, binned, x, trainingRows, 0);
  await binInto(workers, binned, held.x, heldOutRows, training);
  const grower = new LeafwiseGrower(workers, binned, problem.limits);
  return { ...rows, training, heldOut, baseline, heldOutWeights, heldOutY: y.slice(training, all), grower };
}
