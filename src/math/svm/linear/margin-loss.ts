import type { Team } from '../../../kernels/host/team.ts';
import type { CurvedObjective } from '../../newton-cholesky.ts';
import type { Design } from '../../place-design.ts';
import { type Shards, shardRanges, shardsFor } from '../../shards.ts';
import { WeightedGram } from '../../weighted-gram.ts';

export interface MarginLossOptions {
  readonly team: Team;
  readonly design: Design;
  /** ±1 for the hinge, else values. */
  readonly y: Float64Array;
  /** Errors that cost nothing; null for the hinge max(0, 1 − y m). */
  readonly epsilon: number | null;
  readonly C: number;
  /** Value of the column that the intercept weighs, which is penalised like any other. */
  readonly interceptScaling: number;
  readonly checkpoint?: () => void;
}

/**
 * A linear machine with a squared loss, divided by the weight of all rows, in the design's coordinates:
 *
 *     F(w, b) = (½‖w‖² + ½ (b / interceptScaling)² + C Σ s_i e_i²) / (C Σ s_i)
 *
 * with e = max(0, 1 − y m) or max(0, |y − m| − epsilon) of the margin m = ⟨w, x⟩ + b. The design centres the columns,
 * so that b is what its last parameter leaves when the centres' part is taken off: the penalty on it is not diagonal
 * there.
 */
export class MarginLoss implements CurvedObjective {
  readonly size: number;
  readonly #options: MarginLossOptions;
  readonly #shards: Shards;
  readonly #block: number;
  readonly #y: number;
  readonly #w: number;
  readonly #parts: number;
  readonly #sums: number;
  readonly #scratch: number;
  readonly #curvature: number;
  /** b = last parameter − Σ shift_j w_j */
  readonly #shift: Float64Array;
  readonly #gram: WeightedGram | undefined;

  constructor(options: MarginLossOptions, derivatives: 'gradient' | 'hessian') {
    const { team, design, y } = options;
    const { arena } = team;
    this.#options = options;
    this.size = design.width;
    this.#shards = shardsFor(design, 2 + design.stride);
    // The block of rows should stay in the second-level cache between its margins and its gradient.
    this.#block = design.stride <= 512 ? 64 : design.stride <= 2048 ? 16 : 8;
    this.#y = arena.zeros(design.paddedRows);
    arena.viewF64(this.#y, design.rows).set(y);
    this.#w = arena.zeros(design.stride);
    this.#parts = arena.f64(this.#shards.count * (2 + design.stride));
    this.#sums = arena.f64(2 + design.stride);
    this.#scratch = arena.f64(team.threads * this.#block);
    this.#gram = derivatives === 'hessian' ? new WeightedGram(team, design) : undefined;
    this.#curvature = this.#gram?.rowWeights ?? 0;
    this.#shift = design.center.map((mean, j) => mean / design.scale[j]!);
  }

  evaluate(w: Float64Array, gradientOut: Float64Array): number {
    const { team, design, epsilon, C, checkpoint } = this.#options;
    const { x, stride, width, columns, weights, paddedRows, totalWeight, scale } = design;
    const { arena } = team;
    arena.viewF64(this.#w, width).set(w);
    arena.viewF64(this.#parts, this.#shards.count * (2 + stride)).fill(0);
    for (const range of shardRanges(this.#shards, team.threads, 2 * stride)) {
      team.callIfLarge(
        2 * stride * paddedRows,
        'marginSweep',
        ...([x, stride, this.#y, weights, paddedRows, this.#shards.rows, ...range, this.#w] as const),
        ...([epsilon ?? -1, this.#curvature, this.#parts, this.#scratch, this.#block] as const),
      );
      checkpoint?.();
    }
    const size = 2 + stride;
    team.callIfLarge(
      this.#shards.count * size,
      'sumShards',
      this.#parts,
      size,
      this.#shards.count,
      this.#sums,
    );
    const sums = arena.viewF64(this.#sums, size);
    const factor = 1 / (C * totalWeight);
    let value = sums[0]! / totalWeight;
    for (let j = 0; j < width; j++) gradientOut[j] = sums[2 + j]! / totalWeight;
    for (let j = 0; j < columns; j++) {
      const own = w[j]! / scale[j]!;
      value += 0.5 * factor * own * own;
      gradientOut[j]! += (factor * own) / scale[j]!;
    }
    if (width > columns) {
      const pull = factor / this.#options.interceptScaling ** 2;
      const b = this.#intercept(w);
      value += 0.5 * pull * b * b;
      gradientOut[columns]! += pull * b;
      for (let j = 0; j < columns; j++) gradientOut[j]! -= pull * b * this.#shift[j]!;
    }
    return value;
  }

  hessian(out: Float64Array): void {
    const { design, C, checkpoint, interceptScaling } = this.#options;
    const { width, columns, scale, totalWeight } = design;
    this.#gram!.compute(this.#curvature, checkpoint);
    for (let i = 0; i < width; i++) {
      for (let j = i; j < width; j++) {
        const value = this.#gram!.at(i, j) / totalWeight;
        out[i * width + j] = value;
        out[j * width + i] = value;
      }
    }
    const factor = 1 / (C * totalWeight);
    for (let j = 0; j < columns; j++) out[j * (width + 1)]! += factor / scale[j]! ** 2;
    if (width === columns) return;
    const pull = factor / interceptScaling ** 2;
    const direction = (j: number) => (j === columns ? 1 : -this.#shift[j]!);
    for (let i = 0; i < width; i++) {
      for (let j = 0; j < width; j++) out[i * width + j]! += pull * direction(i) * direction(j);
    }
  }

  /** The coefficients and the intercept in the units of the table. */
  solution(w: Float64Array): { readonly coef: Float64Array; readonly intercept: number } {
    const { columns, width, scale } = this.#options.design;
    const coef = Float64Array.from({ length: columns }, (_, j) => w[j]! / scale[j]!);
    return { coef, intercept: width > columns ? this.#intercept(w) : 0 };
  }

  #intercept(w: Float64Array): number {
    const { columns } = this.#options.design;
    let b = w[columns]!;
    for (let j = 0; j < columns; j++) b -= this.#shift[j]! * w[j]!;
    return b;
  }
}
