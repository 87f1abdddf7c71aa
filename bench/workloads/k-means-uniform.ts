import { Matrix } from '../../src/core/matrix.ts';
import { kMeans } from '../../src/models/k-means/k-means.ts';
import { figuresAgree, type InProcess, readF64 } from '../workload.ts';

export const workload: InProcess = {
  title: 'k-means 200,000 × 32, k = 64, uniform points',
  goal: 2,
  async prepare(directory) {
    const x = new Matrix({ rows: 200_000, columns: 32, data: await readF64(`${directory}/x.f64`) });
    const init = Array.from({ length: 64 }, (_, c) => Array.from(x.row(c)));
    return {
      run: () => kMeans({ nClusters: 64, init, maxIter: 30, tol: 0 }).fit(x, { onWarning() {} }),
      quality: ({ inertia, nIter }: { inertia: number; nIter: number }) => ({ inertia, iterations: nIter }),
    };
  },
  // The same start and as many iterations: sums in another order.
  compare: figuresAgree(1e-9),
};
