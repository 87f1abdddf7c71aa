import type { TeamThread } from '../../kernels/host/thread.ts';
import type { FusedOptimizer } from './fuse.ts';
import { NORM_EPSILON } from './transforms.ts';

/** Where an optimizer works, as addresses of kernel memory; counts are multiples of 4 float32 numbers. */
export interface OptimizerMemory {
  readonly weights: number;
  /** One block of `size` numbers for each shard. */
  readonly gradients: number;
  readonly first: number;
  readonly second: number;
  readonly size: number;
  /** Weights up to this decay, those beyond do not. */
  readonly decaying: number;
  /** Sums of squares, one float64 for each block. */
  readonly squares: number;
}

/** Numbers that a thread takes at a time; the kernel's. */
export const OPTIMIZER_BLOCK = 4096;

/** Blocks whose sums of squares a step of so many weights writes. */
export const blocksOf = (count: number): number => Math.ceil(count / OPTIMIZER_BLOCK);

export interface StepInputs {
  /** Shards whose gradients there are. */
  readonly shards: number;
  /** Number of the step from 0, for the corrections of Adam. */
  readonly step: number;
  readonly rate: number;
  /** L2 penalty in this step, beside that of the optimizer; where there is one, `squares` gets Σ w² before the step. */
  readonly decay: number;
}

/**
 * This thread's part of one step. All threads of a team call it alike; they meet before and after it.
 */
export function fusedStep(
  { kernels, thread, threads, memory: { buffer } }: TeamThread,
  optimizer: FusedOptimizer,
  memory: OptimizerMemory,
  { shards, step, rate, decay }: StepInputs,
): void {
  const { size, gradients, squares, decaying } = memory;
  const stride = 4 * size;
  let [factor, left] = [1, shards];
  if (optimizer.clipNorm < Number.POSITIVE_INFINITY) {
    kernels.gradientSquares(thread, threads, gradients, shards, stride, size, squares);
    kernels.meet(thread, threads);
    // Every thread adds the sums of the blocks in the same order.
    const norm = Math.sqrt(new Float64Array(buffer, squares, blocksOf(size)).reduce((a, b) => a + b, 0));
    factor = Math.min(1, optimizer.clipNorm / (norm + NORM_EPSILON));
    left = 1;
    kernels.meet(thread, threads);
  }
  update(0, decaying, optimizer.decay + decay, optimizer.decoupledDecay, decay === 0 ? 0 : squares);
  update(decaying, size - decaying, 0, 0, 0);

  function update(from: number, count: number, penalty: number, decoupled: number, sums: number): void {
    if (count === 0) return;
    const at = (address: number) => address + 4 * from;
    const place = [at(memory.weights), at(gradients), left, stride] as const;
    const common = [count, factor, optimizer.clipValue, penalty] as const;
    const { core } = optimizer;
    switch (core.kind) {
      case 'momentum': {
        const { momentum, nesterov, rateFirst } = core;
        const rates = rateFirst ? ([rate, 1] as const) : ([1, rate] as const);
        kernels.momentumStep(
          thread,
          threads,
          ...place,
          at(memory.first),
          ...common,
          rates[0],
          momentum,
          Number(nesterov),
          rates[1],
          rate * decoupled,
          sums,
        );
        return;
      }
      case 'adam': {
        const { beta1, beta2, epsilon, epsilonAt } = core;
        const [c1, c2] = [1 - beta1 ** (step + 1), 1 - beta2 ** (step + 1)];
        const [root, scaled] =
          epsilonAt === 'corrected' ? [1 / Math.sqrt(c2), rate / c1] : [1, (rate * Math.sqrt(c2)) / c1];
        const betas = [beta1, beta2, 1 - beta1, 1 - beta2] as const;
        kernels.adamStep(
          thread,
          threads,
          ...place,
          at(memory.first),
          at(memory.second),
          ...common,
          ...betas,
          root,
          epsilon,
          scaled,
          rate * decoupled,
          sums,
        );
        return;
      }
      case 'rms': {
        const { rho, epsilon, momentum } = core;
        kernels.rmsStep(
          thread,
          threads,
          ...place,
          at(memory.first),
          at(memory.second),
          ...common,
          rho,
          1 - rho,
          epsilon,
          momentum,
          rate,
          rate * decoupled,
          sums,
        );
        return;
      }
      default:
        core satisfies never;
    }
  }
}
