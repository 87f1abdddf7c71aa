import { Matrix } from '../../src/core/matrix.ts';
import { linkage } from '../../src/models/agglomerative/linkage.ts';
import { figuresAgree, type InProcess, readF64 } from '../workload.ts';

export const workload: InProcess = {
  title: 'ward tree 10,000 × 16',
  goal: 2,
  async prepare(directory) {
    const x = new Matrix({ rows: 10_000, columns: 16, data: await readF64(`${directory}/x.f64`) });
    return {
      run: () => linkage(x, { method: 'ward' }),
      quality: (tree: Matrix) => {
        const heights = tree.column(2);
        return { total: heights.reduce((sum, height) => sum + height, 0), top: heights.at(-1)! };
      },
    };
  },
  // The same tree: centres and the recurrence of distances round differently.
  compare: figuresAgree(1e-10),
};
