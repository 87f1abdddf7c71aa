import type { Team } from '../kernels/host/team.ts';
import type { Design } from './place-design.ts';
import { type Shards, shardRanges, shardsFor } from './shards.ts';
import { WeightedGram } from './weighted-gram.ts';

export interface LogisticLossOptions {
  readonly team: Team;
  readonly design: Design;
  /** Class of each row. */
  readonly codes: Int32Array;
  readonly classes: number;
  /** λ of each of the design's columns, 0 for the intercept. */
  readonly penalty: Float64Array;
  /** What the solver asks for: with a Hessian the sweeps also keep each row's probabilities. */
  readonly derivatives: 'gradient' | 'hessian';
  /** Called between kernel calls; may throw to stop. */
  readonly checkpoint?: () => void;
}

/**
 * The penalised loss of logistic regression, in the design's coordinates:
 *
 *     f(w) = Σ s_i ℓ_i(w) / Σ s_i + ½ Σ_c Σ_j λ_j w_cj²
 *
 * with ℓ = log(1 + e^m) − y m for two classes (one vector of parameters, y = 1 for the second class), else
 * ℓ = log Σ_c e^m_c − m_y (one vector a class). Parameters are class by class, the intercept last in each.
 */
export class LogisticLoss {
  /** Number of parameters. */
  readonly size: number;
  readonly #options: LogisticLossOptions;
  readonly #vectors: number;
  /** Classes rounded up to whole tiles; 1 for two classes. */
  readonly #lanes: number;
  readonly #shards: Shards;
  readonly #block: number;
  readonly #y: number;
  readonly #w: number;
  readonly #parts: number;
  readonly #sums: number;
  readonly #scratch: number;
  /** Of each row: s p (1 − p) for two classes, the probabilities of all classes otherwise. 0: not kept. */
  readonly #kept: number;
  #gram: WeightedGram | undefined;

  constructor(options: LogisticLossOptions) {
    this.#options = options;
    const { team, design, codes, classes } = options;
    const { arena } = team;
    const binary = classes === 2;
    this.#vectors = binary ? 1 : classes;
    this.#lanes = binary ? 1 : Math.ceil(classes / 4) * 4;
    this.size = this.#vectors * design.width;
    this.#shards = shardsFor(design, this.#partSize);
    // The block of rows should stay in the second-level cache between its margins and its gradient.
    const rowBytes = design.stride * (this.#isSingle ? 4 : 8);
    this.#block = rowBytes <= 4096 ? 64 : rowBytes <= 16_384 ? 16 : 8;
    if (binary) {
      this.#y = arena.zeros(design.paddedRows);
      arena.viewF64(this.#y, design.rows).set(codes);
    } else {
      this.#y = arena.i32(design.paddedRows);
      arena.viewI32(this.#y, design.paddedRows).fill(0).set(codes);
    }
    this.#w = arena.zeros(design.stride * this.#lanes);
    if (this.#isSingle && options.derivatives === 'hessian') throw new Error('Hessians need float64 rows.');
    this.#parts = arena.f64(this.#shards.count * this.#partSize);
    this.#sums = arena.f64(this.#partSize);
    const own = this.#lanes * this.#block;
    // Float32 sums too; whole cache lines a thread.
    const single = Math.ceil((4 * own + this.#lanes * design.stride) / 8) * 8;
    this.#scratch = arena.f64(team.threads * (this.#isSingle ? single : own));
    this.#kept = options.derivatives === 'hessian' ? arena.f64(design.paddedRows * this.#lanes) : 0;
  }

  get #isSingle(): boolean {
    return this.#options.design.precision === 'single';
  }

  /** Loss, an unused number, gradient. */
  get #partSize(): number {
    return 2 + this.#options.design.stride * this.#lanes;
  }

  /** f(w); writes its gradient. */
  evaluate(w: Float64Array, gradientOut: Float64Array): number {
    const { team, design, penalty } = this.#options;
    this.#placeParameters(w);
    this.#sweep();
    const sums = team.arena.viewF64(this.#sums, this.#partSize);
    const { width, totalWeight } = design;
    let value = sums[0]! / totalWeight;
    for (let c = 0; c < this.#vectors; c++) {
      for (let j = 0; j < width; j++) {
        const at = c * width + j;
        gradientOut[at] = sums[2 + j * this.#lanes + c]! / totalWeight + penalty[j]! * w[at]!;
        value += 0.5 * penalty[j]! * w[at]! * w[at]!;
      }
    }
    return value;
  }

  /** Writes the Hessian (row-major, `size × size`) at the point of the last evaluation. */
  hessian(out: Float64Array): void {
    const { design, penalty } = this.#options;
    const { width } = design;
    for (let a = 0; a < this.#vectors; a++) {
      for (let b = a; b < this.#vectors; b++) this.#hessianBlock(out, a, b);
    }
    for (let c = 0; c < this.#vectors; c++) {
      for (let j = 0; j < width; j++) out[(c * width + j) * (this.size + 1)]! += penalty[j]!;
    }
    if (this.#vectors > 1) this.#fixGauge(out);
  }

  #placeParameters(w: Float64Array): void {
    const { team, design } = this.#options;
    const count = design.stride * this.#lanes;
    const view = this.#isSingle ? team.arena.viewF32(this.#w, count) : team.arena.viewF64(this.#w, count);
    for (let c = 0; c < this.#vectors; c++) {
      for (let j = 0; j < design.width; j++) view[j * this.#lanes + c] = w[c * design.width + j]!;
    }
  }

  #sweep(): void {
    const { team, design, classes, checkpoint } = this.#options;
    const { x, stride, weights, paddedRows } = design;
    const work = 2 * stride * this.#lanes;
    team.arena.viewF64(this.#parts, this.#shards.count * this.#partSize).fill(0);
    for (const range of shardRanges(this.#shards, team.threads, work)) {
      const rows = [x, stride, this.#y, weights, paddedRows, this.#shards.rows, ...range, this.#w] as const;
      const end = [this.#parts, this.#scratch, this.#block] as const;
      const tail = [this.#kept, ...end] as const;
      if (this.#isSingle) {
        if (this.#vectors === 1) team.callIfLarge(work * paddedRows, 'logisticSweepSingle', ...rows, ...end);
        else team.callIfLarge(work * paddedRows, 'softmaxSweepSingle', ...rows, classes, this.#lanes, ...end);
      } else if (this.#vectors === 1) team.callIfLarge(work * paddedRows, 'logisticSweep', ...rows, ...tail);
      else team.callIfLarge(work * paddedRows, 'softmaxSweep', ...rows, classes, this.#lanes, ...tail);
      checkpoint?.();
    }
    const adds = this.#shards.count * this.#partSize;
    team.callIfLarge(adds, 'sumShards', this.#parts, this.#partSize, this.#shards.count, this.#sums);
  }

  /** Σ s p_a (1[a = b] − p_b) x xᵀ / Σ s, into rows of class a and columns of class b, and mirrored. */
  #hessianBlock(out: Float64Array, a: number, b: number): void {
    const { team, design, checkpoint } = this.#options;
    const { width, weights, paddedRows, totalWeight } = design;
    this.#gram ??= new WeightedGram(team, design);
    let h = this.#kept;
    if (this.#vectors > 1) {
      h = this.#gram.rowWeights;
      team.callIfLarge(
        8 * paddedRows,
        'softmaxCurvature',
        ...([this.#kept, this.#lanes, weights, paddedRows, a, b, h] as const),
      );
    }
    this.#gram.compute(h, checkpoint);
    for (let i = 0; i < width; i++) {
      for (let j = i; j < width; j++) {
        const value = this.#gram.at(i, j) / totalWeight;
        out[(a * width + i) * this.size + b * width + j] = value;
        out[(a * width + j) * this.size + b * width + i] = value;
        out[(b * width + i) * this.size + a * width + j] = value;
        out[(b * width + j) * this.size + a * width + i] = value;
      }
    }
  }

  /**
   * Adding a constant to an unpenalised parameter of all classes changes nothing, so the Hessian is singular along that
   * direction z and the gradient has no part in it. Adding a multiple of zzᵀ makes it regular without changing any Newton step.
   */
  #fixGauge(out: Float64Array): void {
    const { design, penalty } = this.#options;
    const { width } = design;
    for (let j = 0; j < width; j++) {
      if (penalty[j] !== 0) continue;
      let trace = 0;
      for (let a = 0; a < this.#vectors; a++) trace += out[(a * width + j) * (this.size + 1)]!;
      const amount = trace > 0 ? trace / this.#vectors ** 2 : 1;
      for (let a = 0; a < this.#vectors; a++) {
        for (let b = 0; b < this.#vectors; b++) {
          out[(a * width + j) * this.size + b * width + j]! += amount;
        }
      }
    }
  }
}
