import { Matrix } from '../../src/core/matrix.ts';
import { miniBatchKMeans } from '../../src/models/mini-batch-k-means/mini-batch-k-means.ts';
import { type InProcess, readF64 } from '../workload.ts';

export const workload: InProcess = {
  title: 'mini-batch k-means 500,000 × 16, k = 32',
  goal: 1.5,
  async prepare(directory) {
    const x = new Matrix({ rows: 500_000, columns: 16, data: await readF64(`${directory}/x.f64`) });
    return {
      run: () => miniBatchKMeans({ nClusters: 32, randomState: 0 }).fit(x, { onWarning() {} }),
      quality: ({ inertia, nSteps }: { inertia: number; nSteps: number }) => ({ inertia, steps: nSteps }),
    };
  },
  // The same draws; after some steps rounding sends a row to another centre here and there.
  compare: ({ inertia }, { inertia: peer }) =>
    inertia! <= peer! * 1.01 ? undefined : `inertia ${inertia} against ${peer}`,
};
