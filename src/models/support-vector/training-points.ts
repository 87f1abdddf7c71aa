import type { Matrix } from '../../core/matrix.ts';
import type { Job } from '../../jobs/job.ts';
import type { KernelFunction } from '../../math/svm/kernel-function.ts';
import type { KernelMachine } from '../../math/svm/kernel-machine.ts';
import { placeGram } from '../../math/svm/place-gram.ts';
import { type KernelPoints, kernelPoints } from '../../math/svm/points.ts';
import type { PlacedGram } from '../../math/svm/smo-problem.ts';
import type { UserKernel } from '../../math/svm/user-kernel.ts';

export interface TrainingPoints {
  readonly points: KernelPoints | PlacedGram;
  /** What the fitted machine keeps of the points, given the rows that are support vectors. */
  machineOf(parts: Pick<KernelMachine, 'support' | 'coefs' | 'segments' | 'intercept'>): KernelMachine;
}

/** The training rows as the kernel sees them. */
export async function trainingPoints(
  job: Job,
  model: string,
  x: Matrix,
  kernel: KernelFunction,
  user: UserKernel | undefined,
): Promise<TrainingPoints> {
  const isGram = kernel.name === 'precomputed';
  const points = isGram ? await placeGram(job, model, x, user) : kernelPoints(kernel, x);
  return {
    points,
    machineOf: (parts) => ({
      ...parts,
      kernel,
      columns: x.columns,
      center: 'center' in points ? points.center : new Float64Array(x.columns),
      supportVectors: isGram && user === undefined ? new Float64Array(0) : x.take(parts.support).data,
    }),
  };
}
