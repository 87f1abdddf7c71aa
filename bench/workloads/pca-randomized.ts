import { Matrix } from '../../src/core/matrix.ts';
import { pca } from '../../src/models/pca/pca.ts';
import { figuresAgree, type InProcess, readF64 } from '../workload.ts';

export const workload: InProcess = {
  title: 'PCA 10,000 × 1,000 to 10, randomized',
  goal: 1.2,
  async prepare(directory) {
    const x = new Matrix({ rows: 10_000, columns: 1_000, data: await readF64(`${directory}/x.f64`) });
    return {
      run: () => pca({ nComponents: 10, svdSolver: 'randomized' }).fit(x),
      quality: ({ explainedVariance }: { explainedVariance: Float64Array }) =>
        Object.fromEntries(Array.from(explainedVariance, (value, k) => [`variance${k}`, value])),
    };
  },
  // The same algorithm and draws on both sides: sums in another order.
  compare: figuresAgree(1e-9),
};
