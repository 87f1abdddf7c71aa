import type { Eventually } from '../../core/eventually.ts';
import type { Matrix } from '../../core/matrix.ts';
import type { RandomState } from '../../core/random.ts';
import type { Workers } from '../least-squares-problem.ts';
import type { BoostingLoss } from './boosting-loss.ts';
import type { GrowLimits } from './grow-leafwise.ts';
import { type HeldOutMetric, meanLoss } from './held-out.ts';
import { type PlacedBoosting, placeBoosting } from './place-boosting.ts';
import { type DrawnRows, drawByGradient, drawUniform, type RowSampling } from './row-sampling.ts';
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
  /** Factor of the leaves of iteration 0, 1, …, those of the model that is continued counted. */
  readonly learningRate: number | ((iteration: number) => Eventually<number>);
  readonly maxBins: number;
  /** Of each column how many categories it holds, as codes; 0 for numbers. */
  readonly categories?: Int32Array | undefined;
  readonly sampling: RowSampling;
  readonly limits: GrowLimits;
  /** Iterations without a better validation loss after which to stop; null for never. */
  readonly nIterNoChange: number | null;
  /** By how much a loss must be better. */
  readonly tol: number;
  /** What held-out rows are judged by, smaller is better; without it by the loss. */
  readonly metric?: HeldOutMetric | undefined;
  readonly random: RandomState;
  /** To continue from. */
  readonly from: BoostedTrees | undefined;
}

/** Score k of a row is baseline[k] plus its leaves of trees k, k + outputs, …. */
export interface BoostedTrees {
  readonly trees: Trees;
  readonly baseline: Float64Array;
  /** Mean loss (or the metric) of the held-out rows before the first and after each iteration; empty without such rows. */
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
    new Boosting(workers, problem, await placeBoosting(workers, problem)).run(),
  );
}

/** One run of the iterations. */
class Boosting {
  readonly #workers: BoostingWorkers;
  readonly #problem: BoostingProblem;
  readonly #placed: PlacedBoosting;
  readonly #builder = new TreesBuilder(1);
  /** Iterations of the model that is continued. */
  readonly #before: number;

  constructor(workers: BoostingWorkers, problem: BoostingProblem, placed: PlacedBoosting) {
    this.#workers = workers;
    this.#problem = problem;
    this.#placed = placed;
    this.#before = (problem.from?.trees.roots.length ?? 0) / problem.outputs;
  }

  async run(): Promise<BoostedTrees> {
    const { nEstimators, nIterNoChange, tol, outputs, from } = this.#problem;
    const { baseline, heldOut } = this.#placed;
    const losses = heldOut > 0 ? [await this.#heldOutLoss()] : [];
    let best = 0;
    for (let iteration = 1; iteration <= nEstimators; iteration++) {
      await this.#iterate(this.#before + iteration - 1);
      this.#workers.onIteration?.(iteration);
      if (heldOut === 0) continue;
      losses.push(await this.#heldOutLoss());
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

  async #iterate(iteration: number): Promise<void> {
    const { loss, learningRate, outputs, random } = this.#problem;
    const { training, heldOut, scores, lanes, gradients, plane, grower } = this.#placed;
    const { team, checkpoint } = this.#workers;
    const shrinkage = typeof learningRate === 'number' ? learningRate : await learningRate(iteration);
    await this.#derive();
    const drawn = this.#drawRows(iteration, shrinkage);
    const rows = { training: drawn?.count ?? training, following: 0 };
    rows.following = training - rows.training + heldOut;
    for (let k = 0; k < outputs; k++) {
      // The last tree left the list in its own order.
      team.callIfLarge(training + heldOut, 'countRows', grower.list, training + heldOut, 0);
      if (drawn !== undefined) team.arena.viewI32(grower.list, training).set(drawn.list);
      grower.grow(this.#builder, rows, gradients + k * plane, drawn === undefined, shrinkage, random);
      if (loss.dampStep !== undefined) grower.reviseLeaves(this.#builder, shrinkage, loss.dampStep);
      if (loss.leafOfResiduals !== undefined) {
        grower.reviseLeaves(this.#builder, shrinkage, (_, list) => {
          checkpoint();
          return loss.leafOfResiduals!(this.#residuals(list), this.#weightsOf(list));
        });
      }
      grower.addTo(scores + 8 * k, 8 * lanes);
    }
  }

  /** The derivatives of all training rows. */
  async #derive(): Promise<void> {
    const { loss } = this.#problem;
    const { training } = this.#placed;
    const { team, checkpoint } = this.#workers;
    if (loss.prepare !== undefined) {
      const rows = Int32Array.from({ length: training }, (_, i) => i);
      loss.prepare(this.#residuals(rows), this.#weightsOf(rows));
    }
    if (loss.allGradients !== undefined) return loss.allGradients(team, this.#placed, training);
    for (let from = 0; from < training; from += GRADIENT_ROWS) {
      loss.gradients!(team, this.#placed, from, Math.min(training, from + GRADIENT_ROWS));
      checkpoint();
    }
  }

  /** The rows of this iteration's trees; undefined for all. */
  #drawRows(iteration: number, shrinkage: number): DrawnRows | undefined {
    const { sampling, random } = this.#problem;
    const { training } = this.#placed;
    if (sampling.kind === 'uniform') {
      if (sampling.share >= 1) return undefined;
      return drawUniform(training, Math.max(1, Math.round(sampling.share * training)), random);
    }
    // Until the scores have settled, gradients say little; as LightGBM does.
    if (iteration < 1 / shrinkage || sampling.topRate + sampling.otherRate >= 1) return undefined;
    return drawByGradient(this.#workers.team.arena, this.#placed, sampling, random);
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

  #heldOutLoss(): Eventually<number> {
    const { loss, outputs, metric = meanLoss(loss) } = this.#problem;
    const { training, heldOut, scores, lanes, heldOutY, heldOutWeights } = this.#placed;
    const view = this.#workers.team.arena.viewF64(scores + 8 * training * lanes, heldOut * lanes);
    return metric({ rows: heldOut, scores: view, lanes, outputs, y: heldOutY, weights: heldOutWeights });
  }
}
