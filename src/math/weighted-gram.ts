import type { Team } from '../kernels/host/team.ts';
import type { Design } from './place-design.ts';
import { type Shards, shardRanges, shardsFor } from './shards.ts';

const BLOCK_ROWS = 64;

/** Xᵀ diag(h) X of a placed design, computed again and again for different h. */
export class WeightedGram {
  /** Address of `paddedRows` numbers free for the caller's h. */
  readonly rowWeights: number;
  readonly #team: Team;
  readonly #design: Design;
  readonly #shards: Shards;
  readonly #squares: number;
  readonly #sum: number;
  readonly #scratch: number;
  #values: Float64Array = new Float64Array(0);

  constructor(team: Team, design: Design) {
    const { stride, paddedRows } = design;
    this.#team = team;
    this.#design = design;
    this.#shards = shardsFor(design, stride * stride);
    this.#squares = team.arena.f64(this.#shards.count * stride * stride);
    this.#sum = team.arena.f64(stride * stride);
    this.#scratch = team.arena.f64(team.threads * BLOCK_ROWS * stride);
    this.rowWeights = team.arena.zeros(paddedRows);
  }

  /** Computes the product for the `paddedRows` weights at address `h`; read it with {@link at}. */
  compute(h: number, checkpoint?: () => void): void {
    const { x, stride, paddedRows } = this.#design;
    const { count, rows } = this.#shards;
    const size = stride * stride;
    this.#team.arena.viewF64(this.#squares, count * size).fill(0);
    for (const range of shardRanges(this.#shards, this.#team.threads, size / 2)) {
      const place = [x, stride, h, paddedRows, rows, ...range, this.#scratch, this.#squares] as const;
      this.#team.callIfLarge(paddedRows * size, 'weightedGram', ...place);
      checkpoint?.();
    }
    this.#team.callIfLarge(count * size, 'sumShards', this.#squares, size, count, this.#sum);
    this.#values = this.#team.arena.viewF64(this.#sum, size);
  }

  /** Entry (i, j) for i ≤ j. */
  at(i: number, j: number): number {
    return this.#values[i * this.#design.stride + j]!;
  }
}
