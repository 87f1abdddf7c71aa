import { Matrix } from '../../src/core/matrix.ts';
import { kMeans } from '../../src/models/k-means/k-means.ts';
import { figuresAgree, type InProcess, readF64 } from '../workload.ts';

export const workload: InProcess = {
  title: 'k-means of 8 clusters, 500 rows one by one',
  goal: 30,
  async prepare(directory) {
    const x = new Matrix({ rows: 20_000, columns: 50, data: await readF64(`${directory}/x.f64`) });
    const model = await kMeans({ nClusters: 8 }).fit(x);
    const rows = Array.from({ length: 500 }, (_, i) => x.row(i));
    return {
      run: async () => rows.map((row) => model.predictRow(row)),
      quality: (results: number[]) => ({ clusters: new Set(results).size }),
    };
  },
  // Both may end in different optima, which are not what is measured.
  compare: figuresAgree(0.5),
};
