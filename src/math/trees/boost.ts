import type { Matrix } from '../../core/matrix.ts';
import type { RandomState } from '../../core/random.ts';
import type { Workers } from '../least-squares-problem.ts';
import { allocateBinned, binInto, chooseBins } from './bin.ts';
import type { BoostingLoss, BoostingRows } from './boosting-loss.ts';
import { chooseRows, gather, spread } from './choose-rows.ts';
import { type GrowLimits, LeafwiseGrower } from './grow-leafwise.ts';
import { sumTrees } from './predict.ts';
import { joinTrees, type Trees, TreesBuilder } from './trees.ts';

export interface BoostingWorkers extends Workers {
  onIteration?(iteration: number): void;
}

export interface BoostingSet {
  readonly x: Matrix;
  /** Values, or codes of classes. */
  readonly y: Float64Array | Int32Array;
  readonly sampleWeight: Float64Array | undefined;
}

export interface BoostingProblem extends BoostingSet {
  readonly loss: BoostingLoss;
  /** Scores a row: 1, or the number of classes. */
  readonly outputs: number;
  readonly validation: BoostingSet | undefined;
  /** Share of the rows that is held out when there is no `validation`; 0 for none. */
  readonly validationFraction: number;
  readonly nEstimators: number;
  readonly learningRate: number;
  readonly maxBins: number;
  /** Share of the rows that each iteration draws. */
  readonly subsample: number;
  readonly limits: GrowLimits;
  /** Iterations without a better validation loss after which to stop; null for never. */
  readonly nIterNoChange: number | null;
  /** By how much a loss must be better. */
  readonly tol: number;
  readonly random: RandomState;
  /** To continue from. */
  readonly from: BoostedTrees | undefined;
}

/** Score k of a row is baseline[k] plus its leaves of trees k, k + outputs, …. */
export interface BoostedTrees {
  readonly trees: Trees;
  readonly baseline: Float64Array;
  /** Mean loss of the held-out rows before the first and after each iteration; empty without such rows. */
  readonly validationLoss: Float64Array;
}

/** Rows of one kernel call on gradients. */
const GRADIENT_ROWS = 1 << 19;

/**
 * Gradient boosting on histograms: each iteration grows one tree an output on the derivatives of the loss at the present
 * scores. Source: J. H. Friedman, "Greedy function approximation: a gradient boosting machine" (2001), with the
 * second-order leaves of T. Chen, C. Guestrin, "XGBoost" (2016) and the leaf-wise histograms of G. Ke et al., "LightGBM"
 * (2017). With held-out rows the trees up to the best validation loss are kept.
 */
export async function boost(workers: BoostingWorkers, problem: BoostingProblem): Promise<BoostedTrees> {
  return workers.team.arena.scopeAsync(async () =>
    new Boosting(workers, problem, await setUp(workers, problem)).run(),
  );
}

interface Placed extends BoostingRows {
  readonly training: number;
  readonly heldOut: number;
  readonly baseline: Float64Array;
  readonly heldOutWeights: Float64Array | undefined;
  readonly heldOutY: Float64Array;
  readonly grower: LeafwiseGrower;
}

async function setUp(workers: BoostingWorkers, problem: BoostingProblem): Promise<Placed> {
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
  const baseline = from?.baseline ?? problem.loss.baseline(trainingY, weights, outputs);

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
  const bins = chooseBins(workers, x, trainingRows, problem.maxBins, random);
  const binned = allocateBinned(workers, bins, all);
  await binInto(workers, binned, x, trainingRows, 0);
  await binInto(workers, binned, held.x, heldOutRows, training);
  const grower = new LeafwiseGrower(workers, binned, problem.limits);
  return { ...rows, training, heldOut, baseline, heldOutWeights, heldOutY: y.slice(training, all), grower };
}

/** One run of the iterations. */
class Boosting {
  readonly #workers: BoostingWorkers;
  readonly #problem: BoostingProblem;
  readonly #placed: Placed;
  readonly #builder = new TreesBuilder(1);

  constructor(workers: BoostingWorkers, problem: BoostingProblem, placed: Placed) {
    this.#workers = workers;
    this.#problem = problem;
    this.#placed = placed;
  }

  run(): BoostedTrees {
    const { nEstimators, nIterNoChange, tol, outputs, from } = this.#problem;
    const { baseline, heldOut } = this.#placed;
    const losses = heldOut > 0 ? [this.#heldOutLoss()] : [];
    let best = 0;
    for (let iteration = 1; iteration <= nEstimators; iteration++) {
      this.#iterate();
      this.#workers.onIteration?.(iteration);
      if (heldOut === 0) continue;
      losses.push(this.#heldOutLoss());
      if (losses[iteration]! < losses[best]! - tol) best = iteration;
      if (nIterNoChange !== null && iteration - best >= nIterNoChange) break;
    }
    const isTrimmed = heldOut > 0 && nIterNoChange !== null;
    const trees = this.#builder.finish(isTrimmed ? best * outputs : this.#builder.trees);
    return {
      trees: from === undefined ? trees : joinTrees([from.trees, trees]),
      baseline,
      validationLoss: Float64Array.from(losses),
    };
  }

  #iterate(): void {
    const { loss, learningRate, outputs, subsample, random } = this.#problem;
    const { training, heldOut, scores, lanes, gradients, plane, grower } = this.#placed;
    const { team, checkpoint } = this.#workers;
    if (loss.prepare !== undefined) {
      const rows = Int32Array.from({ length: training }, (_, i) => i);
      loss.prepare(this.#residuals(rows), this.#weightsOf(rows));
    }
    for (let from = 0; from < training; from += GRADIENT_ROWS) {
      loss.gradients(team, this.#placed, from, Math.min(training, from + GRADIENT_ROWS));
      checkpoint();
    }
    const drawn = subsample < 1 ? Math.max(1, Math.round(subsample * training)) : training;
    const rows = { training: drawn, following: training - drawn + heldOut };
    if (drawn < training) this.#draw(drawn);
    for (let k = 0; k < outputs; k++) {
      // The last tree left the list in its own order.
      if (drawn < training) this.#restoreDrawn();
      else {
        const all = training + heldOut;
        team.callIfLarge(all, 'countRows', grower.list, all, 0);
      }
      grower.grow(this.#builder, rows, gradients + k * plane, drawn === training, learningRate, random);
      if (loss.dampStep !== undefined) grower.reviseLeaves(this.#builder, learningRate, loss.dampStep);
      if (loss.leafOfResiduals !== undefined) {
        grower.reviseLeaves(this.#builder, learningRate, (_, list) => {
          checkpoint();
          return loss.leafOfResiduals!(this.#residuals(list), this.#weightsOf(list));
        });
      }
      grower.addTo(scores + 8 * k, 8 * lanes);
    }
  }

  /** y − score of training rows, of a loss with one score. */
  #residuals(rows: Int32Array): Float64Array {
    const { scores, training, y } = this.#placed;
    const { arena } = this.#workers.team;
    const [score, target] = [arena.viewF64(scores, training), arena.viewF64(y, training)];
    return Float64Array.from(rows, (row) => target[row]! - score[row]!);
  }

  #weightsOf(rows: Int32Array): Float64Array | undefined {
    const { weights, training } = this.#placed;
    if (weights === 0) return undefined;
    const view = this.#workers.team.arena.viewF64(weights, training);
    return Float64Array.from(rows, (row) => view[row]!);
  }

  #drawn = new Int32Array(0);

  /** `count` of the training rows at random in rising order, then the others. Selection sampling (Knuth, algorithm S). */
  #draw(count: number): void {
    const { training, heldOut } = this.#placed;
    const { random } = this.#problem;
    this.#drawn = new Int32Array(training + heldOut);
    let [taken, passed] = [0, 0];
    for (let i = 0; i < training; i++) {
      if ((training - i) * random.randomSample() < count - taken) this.#drawn[taken++] = i;
      else this.#drawn[count + passed++] = i;
    }
    for (let i = training; i < training + heldOut; i++) this.#drawn[i] = i;
  }

  #restoreDrawn(): void {
    this.#workers.team.arena.viewI32(this.#placed.grower.list, this.#drawn.length).set(this.#drawn);
  }

  #heldOutLoss(): number {
    const { loss, outputs } = this.#problem;
    const { training, heldOut, scores, lanes, heldOutY, heldOutWeights } = this.#placed;
    const view = this.#workers.team.arena.viewF64(scores + 8 * training * lanes, heldOut * lanes);
    let sum = 0;
    let total = 0;
    for (let i = 0; i < heldOut; i++) {
      const weight = heldOutWeights?.[i] ?? 1;
      sum += weight * loss.lossOfRow(view, i * lanes, heldOutY[i]!, outputs);
      total += weight;
    }
    return sum / total;
  }
}
