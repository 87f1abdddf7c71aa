import { Team } from '../../src/kernels/host/team.ts';
import { type SymmetricEigen, symmetricEigen } from '../../src/math/symmetric-eigen/symmetric-eigen.ts';
import { figuresAgree, type InProcess, readF64 } from '../workload.ts';

export const workload: InProcess = {
  title: 'eigenvalues and vectors, symmetric 1,000 × 1,000',
  goal: 0.8,
  async prepare(directory) {
    const matrix = await readF64(`${directory}/a.f64`);
    const team = new Team(Number(process.env.HEDDLE_THREADS ?? 2));
    return {
      run: async () => symmetricEigen({ team, checkpoint() {} }, matrix, 1000),
      quality: ({ values }: SymmetricEigen) =>
        Object.fromEntries([0, 250, 999].map((k) => [`value${k}`, values[k]!])),
    };
  },
  // Backward stable on both sides.
  compare: figuresAgree(1e-10),
};
