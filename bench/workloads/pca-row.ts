import { Matrix } from '../../src/core/matrix.ts';
import { pca } from '../../src/models/pca/pca.ts';
import { figuresAgree, type InProcess, readF64 } from '../workload.ts';

export const workload: InProcess = {
  title: 'PCA to 10 components, 500 rows one by one',
  goal: 30,
  async prepare(directory) {
    const x = new Matrix({ rows: 20_000, columns: 50, data: await readF64(`${directory}/x.f64`) });
    const model = await pca({ nComponents: 10 }).fit(x);
    const rows = Array.from({ length: 500 }, (_, i) => x.row(i));
    return {
      run: async () => rows.map((row) => model.transformRow(row)),
      quality: (results: ArrayLike<number>[]) => ({
        squares: results.reduce((sum, row) => sum + Array.from(row).reduce((a, b) => a + b * b, 0), 0),
      }),
    };
  },
  // The first component has most of the squares; the others' eigenvalues are close to each other.
  compare: figuresAgree(1e-6),
};
